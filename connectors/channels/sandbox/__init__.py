"""The sandbox: nothing leaves the machine; the courier keeps each message in the mailbox with its receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from connectors.channels.contract import Attempt, Message, Provider, ProviderSettings, Receipt, Undelivered

__all__ = ["PROVIDER", "SandboxTransport"]


class SandboxSettings(ProviderSettings):
    """Nothing that an organisation could set."""

    installed: ClassVar[frozenset[str]] = frozenset({"messages_per_second"})


class SandboxTransport:
    """Takes every message; the courier writes the row in the mailbox and the state "sent" in one transaction."""

    def __init__(self, _settings: ProviderSettings | None = None) -> None:
        """Nothing to set."""

    def deliver(self, message: Message, before_handover: Callable[[], None]) -> Receipt:
        """A receipt whose reference is the message's own id."""
        before_handover()
        return Receipt(PROVIDER.name, str(message.id))

    def reconcile(self, attempt: Attempt) -> Undelivered:
        """What is not marked as sent is not in the mailbox either."""
        return Undelivered()

    def close(self) -> None:
        """Nothing is held."""


PROVIDER = Provider(
    "sandbox",
    "the sandbox mailbox",
    channel=None,
    open=SandboxTransport,
    settings=SandboxSettings,
    dry=True,
    at_once=1,
)
