"""What integration tests share beyond the engines of the session."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from cli.engines import Engines
from core.settings import get_settings
from tests.conftest import PROJECT
from tests.mail_server import MailServer

PATIENCE_S = 300


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder of one's own that the unprivileged account of the engines can reach."""
    base = Path(tempfile.mkdtemp(prefix="aima-", dir="/tmp"))
    base.chmod(0o711)
    yield base / "home"
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def smtp(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Proposals are made for the module's mail server."""
    monkeypatch.setenv("AIMA_SMTP_URL", server.url)
    get_settings.cache_clear()
    yield server
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def address(engines: Engines, short_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A web process over the test engines, started from a folder that has nothing to do with it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "AIMA_HOME": str(short_home),
        "AIMA_PORT": str(port),
        "AIMA_APP_DATABASE_URL": engines.app_url,
        "AIMA_SECRET_KEY": "a key of this test",
        "BROKER_URL": engines.broker_url,
        "PYTHONPATH": str(PROJECT),
    }
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    log = elsewhere / "web.log"
    command = [sys.executable, "-m", "uvicorn", "cli.asgi:create_app", "--factory", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=elsewhere, env=env, stdout=out, stderr=out)
    base = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + PATIENCE_S
        while not _answers(base):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait(30)
    assert sorted(path.name for path in elsewhere.iterdir()) == ["web.log"], (
        "it wrote into the folder it was started in"
    )


def _answers(base: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{base}/health").status_code == 200
    return False
