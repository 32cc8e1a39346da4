"""An email taken apart and checked, before a mail server or the API of a mail service gets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from connectors.channels.contract import Message, Refused
from connectors.channels.sender import ADDRESS, Sender
from core.storable import storable
from language.one_line import one_line

__all__ = ["LONGEST_LINE", "PLAIN", "Mail", "rehearsal"]

LONGEST_LINE = 998  # octets, RFC 5322 2.1.1
PLAIN = re.compile(r"[ -~]*")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Mail:
    """One email to one address. `headers` are plain ASCII; `subject` is one line without anything hidden in it."""

    sender: Sender
    recipient: str
    subject: str
    text: str
    html: str | None
    headers: Mapping[str, str]

    @classmethod
    def of(cls, message: Message) -> Mail:
        """The email a message is; Refused where it has no address, or a field holds what no header may."""
        sender = Sender.parse(message.sender)
        if not sender.address:
            raise _unfit("the sender has no email address")
        if not ADDRESS.fullmatch(message.address):
            raise _unfit("this is no address that mail can be sent to")
        return cls(
            sender=sender,
            recipient=message.address,
            subject=one_line(message.subject or ""),
            text=storable(message.text),
            html=None if message.html is None else storable(message.html),
            headers=dict(_checked(message.fields)),
        )

    @property
    def answers_to(self) -> Sender | None:
        """Where answers go, if elsewhere."""
        found = Sender.parse(self.headers.get("Reply-To", ""))
        return found if found.address else None

    @property
    def other_headers(self) -> Mapping[str, str]:
        """Those that mail services take as they are: they write the date, and have a field of their own for answers."""
        return {name: value for name, value in self.headers.items() if name not in ("Date", "Reply-To")}


def rehearsal(sender: str, address: str) -> Message:
    """A message that is only to be judged, never sent."""
    return Message(uuid4(), "email", sender, address, "Test", "Test", "<p>Test</p>")


def _checked(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if not HEADER_NAME.fullmatch(name) or not PLAIN.fullmatch(value):
            raise _unfit(f"the header {name[:40]!r} holds what no header may")
        if len(name) + len(value) + 2 > LONGEST_LINE:
            raise _unfit(f"the header {name} is too long")
        yield name, value


def _unfit(why: str) -> Refused:
    return Refused(f"The message cannot be written as an email: {why}")
