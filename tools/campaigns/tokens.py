"""Tokens in addresses that lead back to us: ids, signed so that nobody makes one up."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

__all__ = ["read", "sign"]

SIGNATURE_BYTES = 16


def sign(key: bytes, purpose: bytes, *ids: UUID) -> str:
    """The ids, signed with HMAC-SHA-256 (128 bits kept) for one `purpose`: a token for another one is none."""
    named = b"".join(one.bytes for one in ids)
    return base64.urlsafe_b64encode(named + _signature(key, purpose, named)).rstrip(b"=").decode()


def read(key: bytes, purpose: bytes, token: str, ids: int) -> tuple[UUID, ...] | None:
    """The ids of a token of ours; None for anything else."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    named, signature = raw[: 16 * ids], raw[16 * ids :]
    if len(named) != 16 * ids or not hmac.compare_digest(signature, _signature(key, purpose, named)):
        return None
    return tuple(UUID(bytes=named[start : start + 16]) for start in range(0, 16 * ids, 16))


def _signature(key: bytes, purpose: bytes, named: bytes) -> bytes:
    return hmac.new(key, purpose + named, hashlib.sha256).digest()[:SIGNATURE_BYTES]
