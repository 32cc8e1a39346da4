"""Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec 1.0): how a call is signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

__all__ = ["key_in", "signed_headers"]

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a key


def key_in(secret: str) -> bytes:
    """The key that a secret holds; ValueError where it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"must be {PREFIX} and {SHORTEST} to {LONGEST} bytes in Base64")
    return key


def signed_headers(key: bytes, id_: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """The headers of a call: its id, when it is made (seconds since 1970), and HMAC-SHA256 of both and the body."""
    signature = hmac.new(key, f"{id_}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
