"""SMS: short texts to telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import Field

from connectors.channels import headers as names
from connectors.channels.contract import AddressKind, Channel, Envelope, Limits, SenderSettings
from core.errors import FixArguments

__all__ = ["CHANNEL"]


class SmsSettings(SenderSettings):
    """Whom text messages come from."""

    sender: str = Field(
        default="AIMA", validation_alias="AIMA_SMS_SENDER", description="Sender of SMS: a number, or a name."
    )


def parameters(envelope: Envelope) -> Mapping[str, str]:
    """Where the provider tells what becomes of the message, if it can."""
    return {"callback": envelope.callback} if envelope.callback else {}


def number(text: str) -> str:
    """A telephone number without what people write between its digits; 00 before the country is a plus."""
    return re.sub(r"^00(?=[1-9])", "+", re.sub(r"[\s().\-/]", "", text))


def sender(text: str) -> str:
    """A number, a short code, or a name as telephones show it (3GPP TS 23.040: 11 characters, one a letter)."""
    digits, name = number(text), text.strip()
    if re.fullmatch(r"\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7}", digits):
        return digits
    if not re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", name):
        raise FixArguments(
            "A sender of SMS is a number such as +4915112345678, or a name of up to 11 letters and digits.",
            field="sender",
        )
    return name


CHANNEL = Channel(
    name="sms",
    title="SMS",
    plural="SMS",
    address=AddressKind(
        name="phone",
        title="telephone number",
        heading="Phone",
        form=r"^\+[1-9][0-9]{6,14}$",  # E.164
        headers=names.TELEPHONES,
        clean=number,
        plain=r"^[+][0-9]+$",
        identifies=True,
        shared=True,
    ),
    settings=SmsSettings,
    consent_headers=names.SMS,
    consent_beside=names.SMS_BESIDE,
    limits=Limits(text=1_400, footer=80),  # providers join 1,600 from several parts; how to get no more is among them
    check_sender=sender,
    opt_out="No more SMS from {sender}: {link}",
    fields=parameters,
)
