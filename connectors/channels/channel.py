"""What every channel is given and gives back: an e-mail, the permission to hand it over, a receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.errors import GiveUp, RetryLater

__all__ = ["Channel", "Email", "OutcomeUnknown", "Postponed", "Receipt", "Refused", "Unreachable"]


@dataclass(frozen=True, slots=True)
class Email:
    """One rendered message for one address. `headers` are added as they are (Message-ID, List-Unsubscribe …)."""

    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider has taken the message over; `reference` is what it calls it."""

    provider: str
    reference: str


class Refused(GiveUp):
    """The provider will never take this message (bad address, SMTP 5xx). Nothing was delivered."""


class Postponed(RetryLater):
    """The provider does not take this message now (SMTP 4xx). Nothing was delivered."""


class Unreachable(RetryLater):
    """The provider takes no message at all: not reachable, or our login or sender is wrong. Nothing was delivered."""


class OutcomeUnknown(GiveUp):
    """The message was handed over, and no answer came: it may or may not have been delivered."""


class Channel(Protocol):
    """A way out for messages."""

    provider: str

    def deliver(self, email: Email, before_handover: Callable[[], None]) -> Receipt:
        """Deliver one message.

        `before_handover` is called once, right before the step after which the provider may deliver; when it raises,
        nothing is delivered and its error passes through. Errors: Refused, Postponed, Unreachable before or after
        that step, OutcomeUnknown only after it.
        """

    def close(self) -> None:
        """Give back what the channel holds (a connection)."""
