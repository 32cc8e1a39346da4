"""A claimed message with all that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.channels.contract import Channel, Message
from database.queries.handover import Claimed, Recipient
from workers.letters import Letter

__all__ = ["Parcel"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a campaign says to one person, to be filled in when it is sent; `code` is theirs alone."""

    message: Claimed
    channel: Channel
    letter: Letter
    recipient: Recipient
    code: str | None = None

    def composed(self, now: datetime) -> Message:
        """The message; FixArguments says why there must be none."""
        return self.letter.addressed(self.message, self.recipient, self.channel, now, self.code)
