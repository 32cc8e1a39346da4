"""Email: addresses with an @, a subject, text and HTML, and the headers by which mail programs unsubscribe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from email.utils import format_datetime

from pydantic import Field

from connectors.channels import headers as names
from connectors.channels.contract import LONGEST_SENDER, AddressKind, Channel, Envelope, Limits, SenderSettings
from connectors.channels.sender import Sender
from core.errors import FixArguments

__all__ = ["CHANNEL"]


class EmailSettings(SenderSettings):
    """Whom emails come from."""

    sender: str = Field(default="AIMA <marketing@localhost>", description="From address of emails.")


def headers(envelope: Envelope) -> Mapping[str, str]:
    """Message-ID (always the same for a message), Date, Reply-To, the unsubscribe headers of RFC 2369 and RFC 8058."""
    address = Sender.parse(envelope.sender).address
    host = address.rpartition("@")[2] or "localhost"
    answers = {"Reply-To": envelope.reply_to} if envelope.reply_to else {}
    return answers | {
        "Date": format_datetime(envelope.at),
        "Message-ID": f"<{envelope.id}@{host}>",
        "List-Unsubscribe": f"<{envelope.unsubscribe}>, <mailto:{address}?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def sender(text: str) -> str:
    """ "Name <address>", or the address alone; FixArguments where mail cannot come from there."""
    found = Sender.parse(text)
    if not found.address:
        raise FixArguments("Messages need an address to come from, such as news@your-shop.com.", field="sender")
    if len(found.name) > LONGEST_SENDER:
        raise FixArguments(f"The name of a sender has at most {LONGEST_SENDER} characters.", field="sender")
    name = re.sub(r'["\\]', "", found.name).strip()
    return f"{name} <{found.address}>" if name else found.address


def address(text: str) -> str:
    """An address without what people write around it; a host in other scripts in the form that mail is sent by.

    "Ann <ann@example.com>" and mailto:ann@example.com are ann@example.com. Where the part before the @ is in another
    script too, the host is kept readable: such mail cannot be sent by the ASCII form alone. What stands for none is "".
    """
    bare = unicodedata.normalize("NFKC", re.sub(r"[\s\u200b-\u200f\u2060\ufeff]", " ", text)).strip()
    if found := re.search(r"<([^<>@]+@[^<>]+)>", bare):
        bare = found[1]
    bare = re.sub(r"(?i)^mailto:", "", bare).split("?")[0].strip("\"'<>,;. ")
    name, at, host = bare.rpartition("@")
    if not at:
        return ""
    try:
        ascii_host = host.lower().encode("idna").decode() if not host.isascii() else host
        readable = ascii_host.lower().encode().decode("idna") if not name.isascii() else ascii_host
    except UnicodeError:
        return bare
    return f"{name}@{readable}"


CHANNEL = Channel(
    name="email",
    title="email",
    plural="emails",
    address=AddressKind(
        name="email",
        title="email address",
        heading="Email",
        # one @, a host with a dot, ASCII, nothing that mail headers give a meaning to ("=?" begins an encoded word)
        form=r"^(?!.*=\?)[A-Za-z0-9._%+'/=?^`{|}~!#$&*-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$",
        headers=names.ADDRESSES,
        identifies=True,
        clean=address,
        plain=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]*[A-Za-z0-9]$",
    ),
    settings=EmailSettings,
    consent_headers=names.EMAIL,
    consent_beside=names.EMAIL_BESIDE,
    limits=Limits(text=50_000, subject=150),
    reason="You receive this email because you agreed to emails from {sender}.",
    html=True,
    named=True,
    check_sender=sender,
    fields=headers,
)
