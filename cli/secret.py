"""The key for logins and signatures: the setting, or one made once and kept in the data folder."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from cli.engines.folders import write_private

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = ["secret_key"]


def secret_key(settings: Settings) -> str:
    """AIMA_SECRET_KEY, else the content of `secret_key` in the data folder (made on first use, mode 0600)."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.home / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")
