# Two commands for everybody: `make chat` and `make test`. The rest is for those who change AIMA.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
# A core each: threads of linear algebra that wait for each other would only spin.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
# One more than there are cores: some always wait for a browser or a server.
TESTERS = $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

.PHONY: chat test test-slow evals lint lock clean

chat: $(READY)  ## install, start everything with the demo shop, print the address
	$(BIN)/aima up --demo

test: $(READY) lint  ## every test but the slow ones, a file of them at a time, those of the browser together and first
	$(ONE_THREAD) $(BIN)/pytest --numprocesses $(TESTERS) --dist loadfile --no-loadscope-reorder

test-slow: $(READY)  ## the statistics that take minutes, and the rest of long families of cases
	$(ONE_THREAD) $(BIN)/pytest -m slow

evals: $(READY)  ## how many of 1,850 requests are understood; see evals/README.md
	$(BIN)/python -m evals

lint: $(READY)  ## formatting, rules, types, who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "AIMA needs Python 3.11 or newer; this is %s" % sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $@

lock: ## write the versions installed here into constraints.txt
	$(BIN)/pip freeze --exclude-editable | grep -v ' @ ' | sed 's/+cpu$$//' > constraints.txt

clean:  ## remove the environment; data folders stay
	rm -rf $(VENV) build dist *.egg-info
