"""When an organisation's messages go out and how many a person gets, and what has to be known of people for that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from core.quiet_hours import QuietHours
from language.local_zone import has_regions

__all__ = ["QUIET_WORDS", "Cap", "Had", "Rules", "ask_again", "get", "had", "hold", "places", "put", "recipients_over"]

QUIET_WORDS = "quiet hours"
"""How the reason of a message begins that waits for their end."""

# What exports call the column of a customer's state, province or region.
_REGIONS = (
    "state", "State", "STATE", "state_code", "State Code", "province", "Province", "province_code", "Province Code",
    "region", "Region", "State/Province", "State / Province", "Province/State", "Address State", "Mailing State",
    "Default Address Province Code", "Default Address Province", "Shipping Province", "Shipping State",
    "Billing Province", "Billing State",
)  # fmt: skip
_REGION = "coalesce({})".format(", ".join(f"nullif(trim(c.raw ->> '{name}'), '')" for name in _REGIONS))
_LATELY = """
    m.status in ('claimed', 'handing_over', 'sent', 'unknown') and coalesce(m.sent_at, m.updated_at) > :since
    and (:dry or m.provider <> all(:dry_ones))
"""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many messages in so many days for one person, over all campaigns and channels."""

    messages: int
    days: int

    @property
    def window(self) -> timedelta:
        """Those days."""
        return timedelta(days=self.days)

    def __str__(self) -> str:
        many = "1 message" if self.messages == 1 else f"{self.messages:,} messages"
        return f"{many} in {'1 day' if self.days == 1 else f'{self.days} days'}"


@dataclass(frozen=True, slots=True)
class Rules:
    """What an organisation has set; `follows`: opens and clicks are followed by links of our own."""

    quiet: QuietHours | None = None
    cap: Cap | None = None
    follows: bool = False
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Had:
    """Messages somebody has had lately or may have had, and those that couriers have in hand."""

    sent: int
    in_hand: int


Place = tuple[str | None, str | None, str | None, str | None]
"""Time zone, country, region and city of a customer, as their data have them."""


def get(connection: Connection) -> Rules:
    """What is set; without any rule where nothing ever was."""
    row = connection.execute(
        text(
            "select quiet_from, quiet_until, most_messages, most_days, follows, changed_by, changed_at"
            " from sending_rules"
        )
    ).one_or_none()
    if row is None:
        return Rules()
    quiet = None if row.quiet_from is None else QuietHours(row.quiet_from, row.quiet_until)
    cap = None if row.most_messages is None else Cap(row.most_messages, row.most_days)
    return Rules(quiet, cap, row.follows, row.changed_by, row.changed_at)


def put(connection: Connection, rules: Rules, by: str) -> None:
    """Keep the rules in place of those before."""
    quiet, cap = rules.quiet, rules.cap
    values: dict[str, time | int | bool | str | None] = {
        "start": quiet.start if quiet else None,
        "end": quiet.end if quiet else None,
        "messages": cap.messages if cap else None,
        "days": cap.days if cap else None,
        "follows": rules.follows,
        "by": by,
    }
    connection.execute(
        text(
            """
            insert into sending_rules (quiet_from, quiet_until, most_messages, most_days, follows, changed_by)
            values (:start, :end, :messages, :days, :follows, :by)
            on conflict (org_id) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
                most_messages = excluded.most_messages, most_days = excluded.most_days, follows = excluded.follows,
                changed_by = excluded.changed_by, changed_at = clock_timestamp()
            """
        ),
        values,
    )


def ask_again(connection: Connection, now: datetime) -> None:
    """Let messages that wait for other reasons than their own time be looked at now: the rules have changed."""
    connection.execute(
        text("update messages set due_at = :now where status = 'pending' and due_at > :now and reason like :waits"),
        {"now": now, "waits": f"{QUIET_WORDS}%"},
    )


def places(connection: Connection, customers: Collection[int]) -> dict[Place, list[int]]:
    """Customers by what is known of where they are; those that are gone are left out.

    Regions are looked up where they tell the time zone.
    """
    which = "from customers c where c.id = any(:ids)"
    bound: dict[str, object] = {"ids": list(customers)}

    def asked(query: str, **more: object) -> Sequence[Any]:
        typed = text(query).bindparams(bindparam("ids", type_=ARRAY(BIGINT)))
        return connection.execute(typed, bound | more).all()

    countries = [row[0] for row in asked(f"select distinct c.country {which}")]
    region = f"case when c.country = any(:regional) then {_REGION} end"
    rows = asked(
        f"select c.time_zone, c.country, {region}, c.city, array_agg(c.id) {which} group by 1, 2, 3, 4",
        regional=[country for country in countries if has_regions(country)],
    )
    return {(row[0], row[1], row[2], row[3]): list(row[4]) for row in rows}


def had(
    connection: Connection,
    customers: Collection[int],
    since: datetime,
    *,
    dry: bool,
    dry_ones: Sequence[str],
    but: Collection[UUID] = (),
) -> Mapping[int, Had]:
    """What each of these customers has had since then, by customer; who has had nothing is left out.

    What went no further than the sandbox (`dry_ones`) counts for what goes there (`dry`) alone.
    """
    query = text(
        f"""
        select m.customer_id, count(*) filter (where m.status in ('sent', 'unknown')),
               count(*) filter (where m.status not in ('sent', 'unknown'))
        from messages m where m.customer_id = any(:ids) and {_LATELY} and m.id <> all(cast(:but as uuid[]))
        group by m.customer_id
        """  # noqa: S608 - constants
    ).bindparams(bindparam("ids", type_=ARRAY(BIGINT)))
    values = {
        "ids": list(customers),
        "since": since,
        "dry": dry,
        "dry_ones": list(dry_ones),
        "but": list(map(str, but)),
    }
    return {row[0]: Had(row[1], row[2]) for row in connection.execute(query, values)}


def recipients_over(
    connection: Connection, customers: Collection[int], cap: Cap, now: datetime, *, dry: bool, dry_ones: Sequence[str]
) -> int:
    """How many of these customers have had as many messages as the cap allows."""
    lately = had(connection, customers, now - cap.window, dry=dry, dry_ones=dry_ones)
    return sum(one.sent + one.in_hand >= cap.messages for one in lately.values())


def hold(connection: Connection, claim_id: int, messages: Sequence[UUID], until: datetime, reason: str) -> None:
    """Let messages of this claim wait until an instant, with words why."""
    connection.execute(
        text(
            """
            update messages set status = 'pending', claimed_by = null, due_at = :until, reason = :reason,
                   updated_at = now()
            where id = any(cast(:ids as uuid[])) and claimed_by = :claim and status = 'claimed'
            """
        ),
        {"ids": list(map(str, messages)), "claim": claim_id, "until": until, "reason": reason},
    )
