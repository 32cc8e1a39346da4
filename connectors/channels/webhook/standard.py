"""Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec 1.0): how a call is signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

__all__ = ["key_in", "signed_headers", "verified"]

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
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
    return {ID: id_, TIME: str(seconds), SIGNATURE: _signature(key, id_, str(seconds), body)}


def verified(key: bytes, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the signatures of a call is that of its id, its time and its body."""
    id_, made = headers.get(ID, ""), headers.get(TIME, "")
    expected = _signature(key, id_, made, body).encode()
    given = headers.get(SIGNATURE, "").encode().split(b" ")
    # each is compared, so that how long it takes tells nothing
    return bool(id_) and any([hmac.compare_digest(expected, one) for one in given])  # noqa: C419


def _signature(key: bytes, id_: str, made: str, body: bytes) -> str:
    signed = f"{id_}.{made}.".encode("utf-8", "replace") + body
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"
