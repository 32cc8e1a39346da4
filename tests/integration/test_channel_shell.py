"""`aima channel`: set, shown, checked, tried and reset at the shell, where no credential is an argument."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cli.main import main
from connectors.mail_domain import Note
from core.settings import get_settings
from database.engine import Database
from tests.integration.accounts import someone
from tests.mail_server import MailServer
from tools.campaigns.hooks import hook_url

SECRET = "mark-of-a-password"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "mail.log")
    yield server
    server.stop()


@pytest.fixture
def run(
    database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run `aima channel …` for the organisation; exit code and what it said. `typed` is its standard input."""
    monkeypatch.setenv("AIMA_SECRET_KEY", "key of the tests")
    get_settings.cache_clear()

    @contextmanager
    def opened(_home: Path | None = None) -> Iterator[Any]:
        yield SimpleNamespace(database=database, settings=get_settings())

    monkeypatch.setattr("cli.session.opened", opened)
    monkeypatch.setattr("cli.session.organisation", lambda *_: organisation)

    def command(*words: str, typed: Sequence[str] = ()) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        with pytest.raises(SystemExit) as ended:
            main(["channel", *words])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    yield command
    monkeypatch.undo()
    get_settings.cache_clear()


def test_an_account_is_set_shown_and_reset(
    database: Database, organisation: UUID, run: Run, server: MailServer, tmp_path: Path
) -> None:
    (tmp_path / "footer.txt").write_text("Shop Ltd\n1 High Street\n")
    told = ["--set", "smtp_host=127.0.0.1", "--set", f"smtp_port={server.port}", "--set", "smtp_security=none"]
    about = ["--from", "Shop <news@shop.example>", "--reply-to", "hello@shop.example"]
    code, said = run(
        "set", "email", "--provider", "smtp", *told, *about, "--footer", str(tmp_path / "footer.txt"), typed=[""]
    )
    assert (code, said.splitlines()[0]) == (0, "email: Sent by the mail server, from Shop <news@shop.example>.")
    admin = someone(database, organisation, "admin")
    assert run("check", "email", "--to", admin) == (0, "The mail server takes emails from Shop <news@shop.example>.\n")
    assert run("test", "email", "--to", admin)[0] == 0
    assert dict(server.recipients()) == {admin: 1}
    assert run("set", "email", "--set", "smtp_user=ann", typed=[SECRET])[0] == 0
    _code, listed = run("list")
    for line in ("from: Shop <news@shop.example>", "answers to: hello@shop.example", "smtp_user: ann"):
        assert f"  {line}\n" in listed
    assert "  at the end: Shop Ltd / 1 High Street\n" in listed
    assert "  smtp_password: (set)\n" in listed
    assert "smtp_host (required): Name of the mail server" in listed
    assert "(starttls, tls, none)" in listed
    assert run("set", "email", "--set", "smtp_port=2525", typed=[""])[0] == 2, "the password is asked for anew"
    assert run("set", "email", "--reply-to", "")[0] == 0, "what is not said stays"
    assert "answers to" not in run("list")[1]
    assert run("reset", "email") == (0, "email is as the environment says again.\n")
    assert run("reset", "email") == (0, "email had nothing of its own.\n")
    assert SECRET not in said + listed + run("list")[1] + audited(database, organisation)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["set", "email", "--provider", "smtp", "--set", f"smtp_password={SECRET}"], "'smtp_password' is a credential"),
        (["set", "email", "--provider", "smtp", "--set", "smtp_hots=x"], "Valid: smtp_host"),
        (["set", "email", "--provider", "pigeon"], "'pigeon' carries no emails"),
        (["set", "pigeon", "--from", "x"], "There is no channel 'pigeon'"),
        (["test", "email", "--to", "stranger@example.com"], "Nobody who logs in here"),
        (["check", "email", "--to", "stranger@example.com"], "cannot be asked without sending"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    database: Database, organisation: UUID, run: Run, words: list[str], said: str
) -> None:
    code, told = run(*words)
    assert (code, said in told) == (2, True), told
    assert SECRET not in told
    with database.transaction(organisation) as connection:
        assert connection.execute(text("select count(*) from channel_accounts")).scalar() == 0


def test_the_domain_of_the_sender_is_looked_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def of(_notes: object, domain: str) -> list[Note]:
        asked.append(domain)
        return [Note("SPF", "fail", "Nothing is set up.")]

    monkeypatch.setattr("tools.channels.domain.DomainNotes.of", of)
    assert run("set", "email", "--provider", "sandbox", "--from", "Shop <news@shop.example>")[0] == 0
    assert run("domain") == (0, "fail SPF: Nothing is set up.\n")
    assert asked == ["shop.example"]
    assert run("domain", "sms")[0] == 2


def test_where_a_provider_is_to_report_is_shown(run: Run, organisation: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "its webhooks lead to: nowhere, until AIMA_PUBLIC_URL is set" in run("list")[1]
    monkeypatch.setenv("AIMA_PUBLIC_URL", "https://aima.example.com/")
    get_settings.cache_clear()
    address = hook_url(b"key of the tests", "https://aima.example.com", "mailgun", organisation)
    assert f"    its webhooks lead to: {address}\n" in run("list")[1]


def test_going_back_to_the_installations_provider_keeps_the_sender(run: Run) -> None:
    assert run("set", "email", "--provider", "sandbox", "--from", "Shop <news@shop.example>")[0] == 0
    assert run("set", "email", "--provider", "installation")[0] == 0
    assert "  from: Shop <news@shop.example>\n" in run()[1]


def audited(database: Database, org_id: UUID) -> str:
    with database.transaction(org_id) as connection:
        return json.dumps([list(row) for row in connection.execute(text("select action, detail from audit_log"))])
