"""The command line itself: what it lists, loads and answers for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli import main as command_line
from cli.environment import settings_for
from core.errors import AskPerson, FixArguments, RetryLater

HEAVY = (
    "pydantic",
    "rich",
    "sqlalchemy",
    "celery",
    "chainlit",
    "fastmcp",
    "langchain_core",
    "numpy",
    "pandas",
    "polars",
)
PROJECT = Path(command_line.__file__).parents[1]


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, cli.main\n"
        "try: cli.main.main(['--help'])\n"
        f"except SystemExit: print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in command_line.COMMANDS)


@pytest.mark.parametrize("name", list(command_line.COMMANDS))
def test_every_listed_command_exists_and_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main([name, "--help"])
    assert ended.value.code == 0
    assert f"Usage: aima {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "status"), [(FixArguments("no", valid=["yes"]), 2), (AskPerson("log in"), 3), (RetryLater("later"), 4)]
)
def test_an_error_is_said_on_standard_error_and_sets_the_exit_code(
    error: FixArguments | AskPerson | RetryLater,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*, args: object, prog_name: str) -> None:
        raise error

    monkeypatch.setattr(command_line, "app", fail)
    with pytest.raises(SystemExit) as ended:
        command_line.main([])
    assert ended.value.code == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert error.message in captured.err


def test_an_unknown_command_is_a_wrong_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main(["fly"])
    assert ended.value.code == 2
    assert "No such command 'fly'" in capsys.readouterr().err


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIMA_PORT", "eighty")
    with pytest.raises(FixArguments, match="port: Input should be a valid integer"):
        settings_for()


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AIMA_PORT", "8001")
    monkeypatch.setenv("AIMA_HOST", "127.0.0.2")
    settings = settings_for(tmp_path, port=8002)
    assert (settings.home, settings.port, settings.host) == (tmp_path.resolve(), 8002, "127.0.0.2")
