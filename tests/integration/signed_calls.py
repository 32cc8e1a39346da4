"""Calls as providers make them, signed with keys of the tests, and the settings that hold those keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.channels.twilio.webhooks import signature_of

SENDGRID_KEY = generate_private_key(SECP256R1())
PUBLIC = SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
MAILGUN_KEY, POSTMARK_SECRET, TWILIO_KEY = "mailgun-key-of-the-tests", "postmark-secret-of-the-tests", "twilio-key"

Call = tuple[bytes, dict[str, str]]


def set_keys(environment: pytest.MonkeyPatch) -> None:
    """The keys, as an administrator sets them."""
    environment.setenv("AIMA_SENDGRID_WEBHOOK_KEY", base64.b64encode(PUBLIC).decode())
    environment.setenv("AIMA_MAILGUN_WEBHOOK_KEY", MAILGUN_KEY)
    environment.setenv("AIMA_POSTMARK_WEBHOOK_SECRET", POSTMARK_SECRET)
    environment.setenv("AIMA_TWILIO_WEBHOOK_KEY", TWILIO_KEY)


def sendgrid(events: Any, at: datetime) -> Call:
    """Body and headers of a call of SendGrid's."""
    body, made = json.dumps(events).encode(), str(int(at.timestamp()))
    signature = base64.b64encode(SENDGRID_KEY.sign(made.encode() + body, ECDSA(SHA256()))).decode()
    return body, {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": made,
        "Content-Type": "application/json",
    }


def mailgun(event: Any, at: datetime, token: str | None = None, key: str = MAILGUN_KEY) -> Call:
    """Body and headers of a call of Mailgun's."""
    made, token = str(int(at.timestamp())), token or uuid4().hex
    signature = hmac.new(key.encode(), f"{made}{token}".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": made, "token": token, "signature": signature}
    return json.dumps({"signature": signed, "event-data": event}).encode(), {"Content-Type": "application/json"}


def postmark(record: Any) -> Call:
    """Body and headers of a call of Postmark's."""
    return json.dumps(record).encode(), {"X-Webhook-Secret": POSTMARK_SECRET}


def twilio(url: str, **parameters: str) -> Call:
    """Body and headers of a call that Twilio makes to `url`."""
    signature = signature_of(TWILIO_KEY.encode(), url, list(parameters.items()), shared=False)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return urlencode(parameters).encode(), headers


def told(kind: str, message: UUID | None, at: datetime, **more: Any) -> dict[str, Any]:
    """An event as SendGrid tells it."""
    named = {"message": str(message)} if message else {}
    return {"event": kind, "sg_event_id": uuid4().hex, "timestamp": int(at.timestamp()), **named, **more}
