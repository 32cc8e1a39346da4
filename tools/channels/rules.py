"""When messages go out and how many a person gets: an organisation's own rules, set by an administrator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy import Connection

from connectors.channels.discovery import providers
from core.errors import FixArguments
from core.identity import ADMIN, READ, Identity
from core.quiet_hours import QuietHours
from core.settings import Settings
from database.engine import Database
from database.queries import sending_rules
from database.queries.audit import record
from database.queries.sending_rules import Cap, Rules
from language.local_zone import Place, zone_of

__all__ = ["Clock", "change_rules", "clock_of", "dry_ones", "rules_in_words", "rules_of"]

NEVER = "off"


@dataclass(frozen=True, slots=True)
class Clock:
    """The time zone that counts for somebody, and what it is known by; empty: it is the shop's."""

    zone: str
    by: str = ""

    def __str__(self) -> str:
        if not self.by:
            return f"in {self.zone}, your own time zone, as the customer's is not known"
        return f"in {self.zone}, known by the customer's {self.by}"


def clock_of(place: sending_rules.Place, shop: str) -> Clock:
    """By whose clocks somebody is written to: where they are, as far as one time zone is known, else the shop's."""
    found = zone_of(Place(*place))
    return Clock(found.zone, found.by) if found else Clock(shop)


def dry_ones() -> Sequence[str]:
    """The providers that let nothing leave this machine."""
    return [one.name for one in providers().values() if one.dry]


def rules_of(database: Database, identity: Identity) -> Rules:
    """What is set."""
    identity.require(READ)
    with database.transaction(identity.org_id) as connection:
        return sending_rules.get(connection)


def change_rules(
    database: Database,
    identity: Identity,
    settings: Settings,
    now: datetime,
    *,
    quiet: str | None = None,
    most: str | None = None,
    follows: bool | None = None,
) -> Rules:
    """Keep what is told, for all that is sent from now on; what is not told stays. FixArguments says what is wrong.

    `quiet` is "21:00-08:00", `most` is "3/7" (messages in days); "off": none.
    """
    identity.require(ADMIN)
    with database.transaction(identity.org_id) as connection:
        before = sending_rules.get(connection)
        rules = before
        if quiet is not None:
            rules = replace(rules, quiet=_quiet(quiet))
        if most is not None:
            rules = replace(rules, cap=_cap(most))
        if follows is not None:
            rules = replace(rules, follows=_followed(settings, on=follows))
        sending_rules.put(connection, rules, identity.actor)
        sending_rules.ask_again(connection, now)
        _note(connection, identity, rules)
        return sending_rules.get(connection)


def rules_in_words(rules: Rules) -> list[str]:
    """What is set, a sentence each."""
    quiet = (
        f"Quiet hours: {rules.quiet}, by the clocks of where each customer is; messages wait."
        if rules.quiet
        else "Quiet hours: none; messages go out when they are due."
    )
    most = (
        f"Frequency cap: at most {rules.cap} for one person, over all campaigns and channels; what is more is left out."
        if rules.cap
        else "Frequency cap: none."
    )
    follows = (
        "Opens and clicks in emails are followed by links of AIMA's own."
        if rules.follows
        else "Opens and clicks are not followed by AIMA."
    )
    return [quiet, most, follows]


def _quiet(told: str) -> QuietHours | None:
    if told.strip().lower() in ("", NEVER):
        return None
    found = re.fullmatch(r"(\d{1,2}):(\d\d)\s*(?:-|–|to)\s*(\d{1,2}):(\d\d)", told.strip())
    try:
        start, end = (time(int(found[at]), int(found[at + 1])) for at in (1, 3)) if found else (None, None)
    except ValueError:
        start = end = None
    if start is None or end is None:
        raise FixArguments(f"'{told}' are no quiet hours; write them such as 21:00-08:00, or off.", field="quiet")
    if start == end:
        raise FixArguments("Quiet hours that end when they begin leave no time to send in.", field="quiet")
    return QuietHours(start, end)


def _cap(told: str) -> Cap | None:
    if told.strip().lower() in ("", NEVER):
        return None
    found = re.fullmatch(r"(\d{1,4})\s*(?:/|in|per)\s*(\d{1,3})(?:\s*days?)?", told.strip())
    cap = Cap(int(found[1]), int(found[2])) if found else None
    if cap is None or not (1 <= cap.messages <= 1000 and 1 <= cap.days <= 365):
        raise FixArguments(
            f"'{told}' is no frequency cap; write messages and days such as 3/7 (1 to 1,000 in 1 to 365 days), or off.",
            field="most",
        )
    return cap


def _followed(settings: Settings, *, on: bool) -> bool:
    if on and settings.public_url is None:
        raise FixArguments(
            "Links by way of AIMA would lead nowhere: whoever runs it has to set its public address (AIMA_PUBLIC_URL) "
            "first.",
            field="follows",
        )
    return on


def _note(connection: Connection, by: Identity, rules: Rules) -> None:
    detail = {
        "quiet": str(rules.quiet) if rules.quiet else None,
        "most": str(rules.cap) if rules.cap else None,
        "follows": rules.follows,
    }
    record(connection, actor=by.actor, door=by.door, action="sending_rules", subject="organisation", detail=detail)
