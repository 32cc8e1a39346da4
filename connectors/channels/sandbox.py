"""The sandbox: nothing leaves the machine; the courier keeps the message in the mailbox with its receipt."""

from __future__ import annotations

from collections.abc import Callable

from connectors.channels.channel import Email, Receipt

__all__ = ["SandboxChannel"]


class SandboxChannel:
    """Takes every message. The row in the mailbox and the state "sent" are written in one transaction by the caller."""

    provider = "sandbox"

    def deliver(self, email: Email, before_handover: Callable[[], None]) -> Receipt:
        """A receipt whose reference is the Message-ID."""
        before_handover()
        return Receipt(self.provider, email.headers["Message-ID"])

    def close(self) -> None:
        """Nothing is held."""
