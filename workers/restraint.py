"""Why messages to people who agreed to them must not go out at this moment: quiet hours, and the frequency cap.

Both are asked of each batch when it is claimed, right before it is handed over. In quiet hours a message waits until
they are over where its recipient is; one over the cap is left out, for what it says is of its day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from connectors.channels.discovery import providers
from core.quiet_hours import QuietHours
from database.queries import handover, organisations, sending_rules
from database.queries.sending_rules import Cap
from tools.channels.rules import clock_of, dry_ones

__all__ = ["released"]

IN_HAND = timedelta(minutes=1)


def released(
    connection: Connection, claim_id: int, batch: Sequence[handover.Claimed], now: datetime
) -> tuple[list[handover.Claimed], Counter[str]]:
    """Those of a claimed batch that may go out now; of the rest, how many wait and how many are skipped."""
    rules = sending_rules.get(connection)
    tally: Counter[str] = Counter()
    free = list(batch)
    if rules.quiet:
        free = _awake(connection, claim_id, free, rules.quiet, now)
        tally["postponed"] += len(batch) - len(free)
    if rules.cap and free:
        free = _below(connection, claim_id, free, rules.cap, now, tally)
    return free, tally


def _awake(
    connection: Connection, claim_id: int, batch: Sequence[handover.Claimed], quiet: QuietHours, now: datetime
) -> list[handover.Claimed]:
    """Those whose recipients have no quiet hour; the others wait until it is over."""
    shop = organisations.profile(connection).time_zone
    places = sending_rules.places(connection, {message.customer_id for message in batch})
    clocks = {customer: clock_of(place, shop) for place, who in places.items() for customer in who}
    free, waiting = [], defaultdict(list)
    for message in batch:
        clock = clocks.get(message.customer_id)  # none: the customer is gone, which the letter says
        until = quiet.over(now, clock.zone) if clock else None
        if clock is None or until is None:
            free.append(message)
        else:
            waiting[clock, until].append(message.id)
    for (clock, until), ids in waiting.items():
        reason = f"{sending_rules.QUIET_WORDS} ({quiet}) {clock}: waits until they are over"
        sending_rules.hold(connection, claim_id, ids, until, reason)
    return free


def _below(
    connection: Connection,
    claim_id: int,
    batch: Sequence[handover.Claimed],
    cap: Cap,
    now: datetime,
    tally: Counter[str],
) -> list[handover.Claimed]:
    """Those whose recipients get no more than the cap allows, this batch included."""
    known = providers()
    free: list[handover.Claimed] = []
    for dry in (False, True):
        part = [one for one in batch if (one.provider in known and known[one.provider].dry) == dry]
        customers, ids = {one.customer_id for one in part}, [one.id for one in part]
        lately = sending_rules.had(connection, customers, now - cap.window, dry=dry, dry_ones=dry_ones(), but=ids)
        given: Counter[int] = Counter()
        for message in part:
            had = lately.get(message.customer_id)
            sent, in_hand = (had.sent, had.in_hand) if had else (0, 0)
            if sent >= cap.messages:
                said = f"frequency cap: the customer has had {cap} already"
                skipped = handover.Outcome("skipped", now, said, attempted=False)
                handover.settle(connection, claim_id, {message.id: skipped})
                tally["skipped"] += 1
            elif sent + in_hand + given[message.customer_id] >= cap.messages:
                said = "another message to the same customer is on its way"
                sending_rules.hold(connection, claim_id, [message.id], now + IN_HAND, said)
                tally["postponed"] += 1
            else:
                given[message.customer_id] += 1
                free.append(message)
    return free
