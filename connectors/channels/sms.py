"""SMS: short texts to telephone numbers."""

from __future__ import annotations

import re

from pydantic import Field

from connectors.channels import headers as names
from connectors.channels.contract import AddressKind, Channel, Limits, SenderSettings

__all__ = ["CHANNEL"]


class SmsSettings(SenderSettings):
    """Whom text messages come from."""

    sender: str = Field(
        default="AIMA", validation_alias="AIMA_SMS_SENDER", description="Sender of SMS: a number, or a name."
    )


def number(text: str) -> str:
    """A telephone number without what people write between its digits; 00 before the country is a plus."""
    return re.sub(r"^00(?=[1-9])", "+", re.sub(r"[\s().\-/]", "", text))


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
    limits=Limits(text=1_400),  # providers join 1,600 from several parts; how to get no more is among them
    opt_out="No more SMS from {sender}: {link}",
)
