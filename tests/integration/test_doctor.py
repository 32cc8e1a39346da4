"""`aima doctor` against a healthy machine, a wrong schema, and services that are not there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from cli.doctor import Finding, checks
from cli.engines import Engines
from core.settings import Settings
from database import migrate


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def found(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in checks(settings)}


def test_a_healthy_installation_has_nothing_that_fails(engines: Engines, short_home: Path, unused_port: int) -> None:
    findings = found(
        Settings(home=short_home, port=unused_port, database_url=engines.owner_url, broker_url=engines.redis_url)
    )
    assert [finding for finding in findings.values() if finding.grade == "fail"] == []
    assert findings["database schema"] == Finding("database schema", "ok", f"at the newest revision, {migrate.head()}")
    assert findings["broker"].words == "answers"


def test_the_embedded_programs_are_run_and_pgvector_found(short_home: Path, unused_port: int) -> None:
    findings = found(Settings(home=short_home, port=unused_port))
    assert findings["PostgreSQL program"].words.startswith("postgres (PostgreSQL) 18.")
    assert findings["Valkey program"].words.startswith("Valkey server")
    assert findings["pgvector"].grade == "ok"
    assert findings["database schema"].grade == findings["broker"].grade == "warn"


def test_what_is_not_there_fails_with_what_to_do_and_the_rest_is_still_looked_at(
    short_home: Path, unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = f"127.0.0.1:{unused_port}"
    monkeypatch.setenv("AIMA_SMTP_URL", f"smtp://user:hidden@{nowhere}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(
            home=short_home,
            port=taken.getsockname()[1],
            database_url=f"postgresql+psycopg://owner:hidden@{nowhere}/x",
            broker_url=f"redis://{nowhere}/0",
            openai_base_url=f"http://{nowhere}/v1",
        )
        findings = found(settings)
    failed = {name for name, finding in findings.items() if finding.grade == "fail"}
    assert failed == {"port", "database schema", "broker", "language model", "email"}
    assert "--port or AIMA_PORT" in findings["port"].words
    assert not any("hidden" in finding.words for finding in findings.values())
