"""Names that are known again and cannot be read: HMAC-SHA256 under a key of the organisation."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

__all__ = ["KeyedHash"]

PURPOSE = b"aima erased people 1"
BLOCK = 64  # of SHA-256, in bytes


@dataclass(frozen=True, slots=True, repr=False)
class KeyedHash:
    """Hashes of texts without regard to case or blanks at the ends, as hex.

    The key is derived (HKDF-SHA256) from the installation's secret key for one organisation: equal names of two have
    nothing in common, and a copy of the database alone is not enough to try out addresses.
    """

    key: bytes

    @classmethod
    def of(cls, secret: bytes, org_id: UUID) -> KeyedHash:
        """That of an organisation of this installation."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return cls(HKDF(SHA256(), 32, salt=org_id.bytes, info=PURPOSE).derive(secret))

    def hash(self, text: str) -> str:
        """The hash of one text."""
        return hmac.new(self.key, text.strip().lower().encode(), hashlib.sha256).hexdigest()
