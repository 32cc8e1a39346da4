"""Calls of Amazon SNS: which are genuine, and how a subscription is confirmed.

docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. Anybody may have SNS sign messages of a topic of
theirs: besides the signature the topic has to be ours. Certificates and confirmations are fetched from SNS alone.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.channels.events import EARLY, Forged, HookRequest, instant, json_of
from core.errors import FixArguments, RetryLater

__all__ = ["LONGEST", "confirm", "notice_of", "require_genuine"]

LONGEST = timedelta(hours=3)  # SNS calls again for an hour at most
SUBSCRIPTION = "SubscriptionConfirmation"
_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-f]{8,64}\.pem")
_SIGNED: Mapping[str, tuple[str, ...]] = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_TIMEOUT_S, _LARGEST = 10.0, 64 << 10


def notice_of(request: HookRequest) -> dict[str, str]:
    """What SNS sends around a message, as texts; Forged where it is nothing of its kind."""
    try:
        told = json_of(request.body)
    except FixArguments:
        told = None
    if not isinstance(told, dict) or told.get("Type") not in _SIGNED:
        raise Forged("The call is none of Amazon SNS's.")
    return {name: value for name, value in told.items() if isinstance(value, str)}


def require_genuine(notice: Mapping[str, str], topic: str, request: HookRequest) -> None:
    """Forged unless SNS signed it, of that topic, not long ago; RetryLater where its certificate cannot be had."""
    if notice.get("TopicArn") != topic:
        raise Forged("The call is of another topic than the one in the settings.")
    named = (name for name in _SIGNED[notice["Type"]] if name in notice or name != "Subject")
    signed = "".join(f"{name}\n{notice.get(name, '')}\n" for name in named)
    if not _verified(notice, signed.encode()):
        raise Forged("The signature is not Amazon SNS's.")
    made = instant(notice.get("Timestamp"), request.now + EARLY * 2)
    if not request.now - LONGEST <= made <= request.now + EARLY:
        raise Forged("The call was made too long ago, or its clock is wrong.")


def confirm(notice: Mapping[str, str], topic: str) -> bool:
    """Answer the question whether we want to be told of the topic, if it is one; errors: Forged, RetryLater."""
    if notice["Type"] != SUBSCRIPTION:
        return False
    url = notice.get("SubscribeURL", "")
    asked = parse_qs(urlsplit(url).query) if _of_sns(url) else {}
    if asked.get("Action") != ["ConfirmSubscription"] or asked.get("TopicArn") != [topic]:
        raise Forged("The address to confirm at is not one of Amazon SNS's.")
    fetched(url)
    return True


def _of_sns(url: str) -> bool:
    try:
        parts = urlsplit(url)
        usual = parts.port in (None, 443)
    except ValueError:
        return False
    whole = parts.scheme == "https" and usual and not parts.username and not parts.password
    return whole and bool(_HOST.fullmatch(parts.hostname or ""))


def _verified(notice: Mapping[str, str], signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    url = notice.get("SigningCertURL", "")
    version = {"1": SHA1(), "2": SHA256()}.get(notice.get("SignatureVersion", ""))  # noqa: S303 - what SNS signs with
    if version is None or not _of_sns(url) or not _CERTIFICATE.fullmatch(urlsplit(url).path) or urlsplit(url).query:
        return False
    try:
        _key(url).verify(base64.b64decode(notice.get("Signature", ""), validate=True), signed, PKCS1v15(), version)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


@lru_cache(maxsize=32)
def _key(url: str) -> Any:
    """The public key of a certificate, fetched once; ValueError where it is none of RSA."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import load_pem_x509_certificate

    key = load_pem_x509_certificate(fetched(url)).public_key()
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA key")
    return key


def fetched(url: str) -> bytes:
    """What stands at an address of SNS; RetryLater where nothing can be had."""
    import httpx

    from connectors.channels.http import trusted

    try:
        with httpx.Client(timeout=_TIMEOUT_S, verify=trusted()) as client, client.stream("GET", url) as response:
            content = next(response.iter_bytes(_LARGEST), b"") if response.status_code == httpx.codes.OK else b""
    except httpx.HTTPError as error:
        raise RetryLater(f"Amazon SNS cannot be reached ({type(error).__name__}).", retry_after_s=60) from None
    if not content:
        raise RetryLater(f"Amazon SNS answered {response.status_code}.", retry_after_s=60)
    return content
