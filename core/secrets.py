"""The installation's secret key, and text sealed with it: what is kept at rest and nobody else may read."""

from __future__ import annotations

import base64
import os
from contextlib import suppress
from pathlib import Path

from core.errors import AskPerson
from core.settings import Settings

__all__ = ["Vault", "secret_key"]

PURPOSE = b"aima vault 1"
NONCE_BYTES = 12


class Vault:
    """Seals text with AES-256-GCM under a key derived (HKDF-SHA256) from the installation's secret key.

    `place` names what the text belongs to (an organisation's connection): sealed text opens at its own place only, so
    that moving it to another row in the database gives nobody anything.
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        self._cipher = AESGCM(HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(key))

    @classmethod
    def of(cls, settings: Settings) -> Vault:
        """The vault of this installation."""
        return cls(secret_key(settings))

    def seal(self, text: str, place: str) -> bytes:
        """`text` as bytes that only `open` with the same key and place can read."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """The text; AskPerson where it was sealed with another key, at another place, or was changed."""
        from cryptography.exceptions import InvalidTag

        try:
            opened = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except InvalidTag:
            raise AskPerson("What was stored cannot be read with this installation's secret key.") from None
        return opened.decode()


def secret_key(settings: Settings) -> bytes:
    """AIMA_SECRET_KEY, or a key that is made once and kept in the data folder."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.home / "secret_key"
    if not path.exists():
        _make_key(path)
    return path.read_bytes()


def _make_key(path: Path) -> None:
    """Write a new key: whole or not at all, readable by us alone, never over another process's key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(base64.urlsafe_b64encode(os.urandom(32)))
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
