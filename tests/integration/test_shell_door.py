"""`aima ask` beside a running AIMA: over its own door, as its owner, in little time; in its own process otherwise."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import polars as pl
import pytest

from cli.engines import Engines
from cli.shell_door import ASK_PATH, ShellDoor
from database.engine import Database
from tests.conftest import PROJECT, make_organisation, person
from tools.imports.load import load_frames

HEAVY = ("sqlalchemy", "langchain_core", "langgraph", "fastapi", "httpx", "pandas", "pydantic_settings", "asyncio")


@pytest.fixture(scope="module")
def shop(database: Database) -> str:
    """A shop with three customers; its name."""
    org_id = make_organisation(database)
    orders = pl.DataFrame(
        {
            "order_id": ["1", "2", "3"],
            "customer_id": ["a", "b", "c"],
            "ordered_at": [datetime(2024, 5, day, tzinfo=UTC) for day in (1, 2, 3)],
            "revenue": [10.0, 20.0, 30.0],
            "country": ["France", "Norway", "France"],
        }
    )
    load_frames(database, person(org_id), [("orders", orders)], now=datetime(2024, 5, 4, tzinfo=UTC))
    return f"test-{org_id}"


class Asked:
    """`aima ask` in a process of its own."""

    def __init__(self, home: Path, *questions: str, org: str, **env: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AIMA_", "OPENAI_", "DATABASE_", "BROKER_"))}
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", "ask", *questions, "--org", org],
            capture_output=True, text=True, cwd=PROJECT, timeout=120, check=False,
            env=kept | {"AIMA_HOME": str(home), "PYTHONPATH": str(PROJECT)} | env,
        )  # fmt: skip
        self.out, self.err, self.status = done.stdout, done.stderr, done.returncode


@pytest.fixture(scope="module")
def alone(engines: Engines) -> dict[str, str]:
    """What a process of its own needs to reach the same data."""
    return {
        "DATABASE_URL": engines.owner_url,
        "AIMA_APP_DATABASE_URL": engines.app_url,
        "BROKER_URL": engines.broker_url,
    }


@pytest.fixture(scope="module")
def up(address: str, short_home: Path) -> Path:
    """The data folder of an AIMA that runs."""
    assert ShellDoor.find(short_home).address == address
    return short_home


@pytest.mark.slow
def test_a_running_aima_answers_as_this_process_would(
    up: Path, shop: str, alone: dict[str, str], tmp_path: Path
) -> None:
    questions = ("how many customers do we have?", "and in France?")
    asked = Asked(up, *questions, org=shop)
    assert (asked.status, asked.err) == (0, "")
    assert "**3 customers**" in asked.out
    assert "**2 customers**" in asked.out, "the second question belongs to the conversation of the first"
    here = Asked(tmp_path, *questions, org=shop, **alone)
    assert here.out == asked.out
    assert here.err.startswith("Answering in this process: AIMA is not running")
    assert here.err.count("\n") == 1


@pytest.mark.slow
def test_the_json_form_is_the_same(up: Path, shop: str, alone: dict[str, str], tmp_path: Path) -> None:
    forms = [
        json.loads(Asked(home, "customers by country", "--json", org=shop, **env).out)
        for home, env in ((up, {}), (tmp_path, alone))
    ]
    for form in forms:
        for line in form["evidence"]:
            line["as_of"] = None  # the instant of asking
    assert forms[0] == forms[1]
    assert forms[0]["tables"][0]["rows"]


def test_errors_and_exit_codes_come_through(up: Path, shop: str) -> None:
    wrong = Asked(up, "how many customers?", org="nowhere")
    assert (wrong.status, wrong.out) == (2, "")
    assert "There is no organisation 'nowhere'" in wrong.err
    empty = Asked(up, " ", org=shop)
    assert (empty.status, empty.out, empty.err.strip()) == (2, "", "The question is empty.")


def test_asking_loads_next_to_nothing(up: Path, shop: str) -> None:
    program = (
        "import sys, cli.main\n"
        f"try: cli.main.main(['ask', 'how many customers?', '--org', {shop!r}])\n"
        f"except SystemExit: print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AIMA_", "OPENAI_"))} | {"AIMA_HOME": str(up)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, env=env, check=True
    )
    assert (done.stderr.strip(), "**3 customers**" in done.stdout) == ("[]", True)


def test_only_the_key_of_the_data_folder_opens_the_door(up: Path, shop: str) -> None:
    door, file = ShellDoor.find(up), ShellDoor.file(up)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert door.key not in repr(door)
    asked = {"question": "how many customers?", "thread": f"shell-{uuid4()}", "org": shop}
    url = door.address + ASK_PATH
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {door.key}x"}, {"Cookie": door.key}):
        assert httpx.post(url, json=asked, headers=headers).status_code == 401
    opened = {"Authorization": f"Bearer {door.key}"}
    assert httpx.post(url, json=asked, headers=opened).status_code == 200
    for thread in ("ours", "shell-1", f"{uuid4()}"):
        assert httpx.post(url, json=asked | {"thread": thread}, headers=opened).status_code == 422
    assert "aima ask" not in httpx.get(door.address + "/api/openapi.json").text
    assert httpx.post(door.address + "/api/v1/tools/describe_data", headers=opened).status_code == 401


def test_the_answer_comes_word_by_word_and_results_stay_inside(up: Path, shop: str) -> None:
    door = ShellDoor.find(up)
    events = list(door.ask("how many customers do we have?", f"shell-{uuid4()}", shop))
    kinds = [event["kind"] for event in events]
    assert kinds[-1] == "answer_done"
    assert "token" in kinds
    assert "step_finished" in kinds
    assert not any("result" in event for event in events)
    assert "".join(e["text"] for e in events if e["kind"] == "token") == events[-1]["text"]


@pytest.mark.slow
def test_a_shell_with_another_model_is_not_answered_by_the_running_one(
    up: Path, shop: str, alone: dict[str, str]
) -> None:
    asked = Asked(up, "hello", org=shop, OPENAI_API_KEY="sk-other", OPENAI_BASE_URL="http://127.0.0.1:9/v1", **alone)
    assert "the running AIMA was started with another OPENAI_BASE_URL" in asked.err
    assert asked.status == 4
    assert "sk-other" not in asked.err + asked.out + ShellDoor.file(up).read_text()


def test_a_door_left_by_a_process_that_died_is_not_knocked_at(tmp_path: Path, shop: str, alone: dict[str, str]) -> None:
    left = {"address": "http://127.0.0.1:9", "process": {"pid": 1, "started": "long ago"}, "key": "k", "marks": {}}
    for written in (json.dumps(left), "{", "[]"):
        ShellDoor.file(tmp_path).write_text(written)
        with pytest.raises(Exception, match=r"not running|cannot be asked"):
            ShellDoor.find(tmp_path)
    asked = Asked(tmp_path, "how many customers do we have?", org=shop, **alone)
    assert (asked.status, "**3 customers**" in asked.out) == (0, True)


def test_nothing_secret_is_logged(up: Path, shop: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    key = ShellDoor.find(up).key
    logs = list(tmp_path_factory.getbasetemp().rglob("web.log"))
    assert logs
    assert all(key not in path.read_text() for path in logs)
