"""What quiet hours and the frequency cap would do to a campaign, told before anybody approves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from connectors.channels.contract import Provider
from core.quiet_hours import QuietHours
from database.queries import organisations, sending_rules
from database.queries.sending_rules import Cap
from tools.channels.rules import Clock, clock_of, dry_ones

__all__ = ["delays"]


def delays(
    connection: Connection, customers: Collection[int], provider: Provider, now: datetime, send_at: datetime | None
) -> list[str]:
    """Whom the rules would hold back of those who get the message, a sentence each; none where no rule is set.

    Quiet hours are those of the time it is to be sent at; the cap is counted as of now.
    """
    rules, said = sending_rules.get(connection), []
    if rules.cap and customers:
        said += _over(connection, customers, rules.cap, provider, now)
    if rules.quiet and customers:
        said += _asleep(connection, customers, rules.quiet, send_at or now, at_once=send_at is None)
    return said


def _over(connection: Connection, customers: Collection[int], cap: Cap, provider: Provider, now: datetime) -> list[str]:
    over = sending_rules.recipients_over(connection, customers, cap, now, dry=provider.dry, dry_ones=dry_ones())
    if not over:
        return []
    who = "1 customer has" if over == 1 else f"{over:,} customers have"
    them = "they" if over > 1 else "that one"
    return [f"{who} had {cap} already, which is your frequency cap: if it went out today, {them} would be left out."]


def _asleep(
    connection: Connection, customers: Collection[int], quiet: QuietHours, at: datetime, *, at_once: bool
) -> list[str]:
    shop = organisations.profile(connection).time_zone
    people: Counter[Clock] = Counter()
    for place, who in sending_rules.places(connection, customers).items():
        people[clock_of(place, shop)] += len(who)
    asleep = sum(number for clock, number in people.items() if quiet.holds(at, clock.zone))
    unknown = sum(number for clock, number in people.items() if not clock.by)
    if not asleep:
        return []
    where = f" (of {unknown:,} it is not known where they are: your own time zone counts)" if unknown else ""
    when = "now" if at_once else "then"
    return [
        f"It is in your quiet hours ({quiet}) for {asleep:,} of {len(customers):,} recipients {when}: "
        f"their messages wait until these are over where they are{where}."
    ]
