"""What the children are and what they are told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli.children import aima_children, child_environment
from cli.engines import Engines
from cli.supervisor import web_address
from core.settings import Settings

ENGINES = Engines("postgresql://owner@/aima", "postgresql://app@/aima", "redis+socket:///s", "unix:///s")


def test_children_get_the_restricted_login_and_never_the_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner@/aima")
    env = child_environment(Settings(home=Path("relative"), port=8123), ENGINES, "key")
    assert "postgresql://owner@/aima" not in env.values()
    assert env["AIMA_APP_DATABASE_URL"] == "postgresql://app@/aima"
    assert (env["BROKER_URL"], env["AIMA_SECRET_KEY"], env["AIMA_PORT"]) == ("redis+socket:///s", "key", "8123")
    assert Path(env["AIMA_HOME"]).is_absolute()


def test_web_worker_and_beat_are_declared(tmp_path: Path) -> None:
    children = aima_children(Settings(home=tmp_path, port=8123, log_level="WARNING"), {})
    assert [child.name for child in children] == ["web", "worker", "beat"]
    assert [child.essential for child in children] == [True, False, False]
    assert all(child.argv[0] == sys.executable for child in children)
    web, worker, _ = (" ".join(child.argv[1:]) for child in children)
    assert "--factory --host 127.0.0.1 --port 8123" in web
    assert "--loglevel INFO" in worker  # its health is read from an INFO line


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "0.0.0.0", "port": 80}, "http://localhost:80"),
        ({"host": "::1", "port": 9}, "http://[::1]:9"),
        ({"public_url": "https://aima.example/"}, "https://aima.example"),
    ],
)
def test_the_address_shown_is_one_that_can_be_opened(given: dict[str, object], address: str) -> None:
    assert web_address(Settings(**given)) == address  # type: ignore[arg-type]
