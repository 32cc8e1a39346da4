"""What integration tests share beyond the engines of the session."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import get_settings
from tests.mail_server import MailServer


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
