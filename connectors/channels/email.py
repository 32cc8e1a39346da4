"""E-mail: addresses with an @, a subject, text and HTML, and the headers by which mail programs unsubscribe."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import format_datetime, parseaddr

from pydantic import Field

from connectors.channels.contract import AddressKind, Channel, Envelope, Limits, SenderSettings

__all__ = ["CHANNEL"]


class EmailSettings(SenderSettings):
    """Whom e-mails come from."""

    sender: str = Field(default="AIMA <marketing@localhost>", description="From address of e-mails.")


def headers(envelope: Envelope) -> Mapping[str, str]:
    """Message-ID (always the same for a message), Date, and the unsubscribe headers of RFC 2369 and RFC 8058."""
    address = parseaddr(envelope.sender)[1]
    host = address.rpartition("@")[2] or "localhost"
    return {
        "Date": format_datetime(envelope.at),
        "Message-ID": f"<{envelope.id}@{host}>",
        "List-Unsubscribe": f"<{envelope.unsubscribe}>, <mailto:{address}?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


CHANNEL = Channel(
    name="email",
    title="e-mail",
    plural="e-mails",
    address=AddressKind(
        name="email",
        title="e-mail address",
        heading="E-mail",
        # one @, a host with a dot, ASCII, nothing that mail headers give a meaning to
        form=r"^[A-Za-z0-9._%+'/=?^`{|}~!#$&*-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$",
        headers=("email", "emailaddress", "customeremail", "mail", "contactemail"),
        identifies=True,
    ),
    settings=EmailSettings,
    consent_headers=("emailconsent", "acceptsmarketing", "emailoptin", "optin", "subscribed", "marketingconsent"),
    limits=Limits(text=50_000, subject=150),
    reason="You receive this e-mail because you agreed to e-mails from {sender}.",
    html=True,
    fields=headers,
)
