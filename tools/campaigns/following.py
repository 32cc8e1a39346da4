"""Links by way of AIMA: what they look like, and what is noted when somebody, or a program, follows one.

A link is signed together with the message it stands in and the address it leads to, so that nobody makes one up and
none leads anywhere else. What is noted counts like a provider's report, once a message; it is neither consent nor a
sale.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Literal
from urllib.parse import quote, urlsplit
from uuid import UUID

from connectors.channels.discovery import providers
from connectors.channels.events import by_machine, digest, place
from core.errors import FixArguments
from database.engine import Database
from database.queries import events, sending_rules
from tools.campaigns import tokens

__all__ = ["PATH", "Trail", "by_program", "note", "opened_by", "target_of"]

PATH = "/m/"
CLICK, OPEN = b"aima click 1", b"aima open 1"
_LINK = re.compile(r'<a\b(?:[^>"]|"[^"]*")*>', re.IGNORECASE)
_HREF = re.compile(r'(\shref=")([^"]*)(")', re.IGNORECASE)
_FETCHED_AHEAD = {"purpose": "prefetch", "sec-purpose": "prefetch", "x-purpose": "preview", "x-moz": "prefetch"}

Kind = Literal["opened", "clicked"]


@dataclass(frozen=True, slots=True)
class Trail:
    """The links of one message. `base` is the public address."""

    key: bytes
    base: str
    org_id: UUID
    message: UUID

    def marked(self, html: str) -> str:
        """The HTML with its links led by way of AIMA, and a picture of one dot that tells of its opening."""
        led = _LINK.sub(lambda tag: _HREF.sub(self._led, tag[0], count=1), html)
        body, end, rest = led.rpartition("</body>")
        dot = f'<img src="{escape(self.opening())}" width="1" height="1" alt="" border="0">'
        return f"{body}{dot}{end}{rest}" if end else f"{led}{dot}"

    def opening(self) -> str:
        """The address of the dot."""
        return f"{self.base}{PATH}{tokens.sign(self.key, OPEN, self.org_id, self.message)}/dot.gif"

    def to(self, target: str) -> str:
        """The address that leads on to `target`."""
        token = tokens.sign(self.key, _purpose(target), self.org_id, self.message)
        return f"{self.base}{PATH}{token}?to={quote(target, safe='')}"

    def _led(self, found: re.Match[str]) -> str:
        target = unescape(found[2])
        if not _leads_on(target) or target.startswith(f"{self.base}/"):  # unsubscribing needs no way round
            return found[0]
        return f"{found[1]}{escape(self.to(target))}{found[3]}"


def target_of(key: bytes, token: str, target: str) -> tuple[UUID, UUID]:
    """Organisation and message of a link to `target`; FixArguments where it is not the one that was sent."""
    ids = tokens.read(key, _purpose(target), token, 2) if _leads_on(target) else None
    if ids is None:
        raise FixArguments(
            "This link is not the one that stood in the message, so it leads nowhere. Open it from the message itself."
        )
    return ids[0], ids[1]


def opened_by(key: bytes, token: str) -> tuple[UUID, UUID] | None:
    """Organisation and message of a dot; None for one that is not ours."""
    ids = tokens.read(key, OPEN, token, 2)
    return None if ids is None else (ids[0], ids[1])


def by_program(headers: Mapping[str, str]) -> bool:
    """Whether a program asks that no person looks at: it says so, says nothing of itself, or fetches ahead."""
    name = headers.get("user-agent", "").strip()
    ahead = any(value in headers.get(header, "").lower() for header, value in _FETCHED_AHEAD.items())
    return not name or ahead or by_machine(name)


def note(
    database: Database,
    org_id: UUID,
    message: UUID,
    kind: Kind,
    now: datetime,
    *,
    machine: bool,
    target: str | None = None,
) -> bool:
    """Keep that a message was opened, or a link in it followed; once for people and once for programs.

    False where nothing is kept: the message is gone, went no further than the sandbox, or the organisation does not
    follow its messages any more.
    """
    url = place(target) if target else None
    with database.transaction(org_id) as connection:
        if not sending_rules.get(connection).follows:
            return False
        dry = [one.name for one in providers().values() if one.dry]
        name = digest(message, kind, machine, url or "")
        return events.seen(connection, message, kind, now, machine=machine, url=url, event_id=name, but=dry)


def _purpose(target: str) -> bytes:
    return CLICK + hashlib.sha256(target.encode("utf-8", "surrogatepass")).digest()


def _leads_on(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
