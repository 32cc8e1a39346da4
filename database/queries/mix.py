"""What the marketing mix model is fitted to, week by week, and the experiments it is calibrated by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from core.errors import NotFound

__all__ = ["LiftRow", "forget_lift", "keep_lift", "keep_lifts", "lifts", "spent", "weekly_sales", "weekly_spend"]


@dataclass(frozen=True, slots=True)
class LiftRow:
    """One experiment as stored; money a week."""

    id: UUID
    channel: str
    spend: Decimal
    change: Decimal
    lift: Decimal
    error: Decimal
    measured_on: date | None
    note: str | None
    created_by: str
    created_at: datetime
    started_on: date | None
    source: str | None


_LIFTS = ", ".join(LiftRow.__dataclass_fields__)
_SPENT = """
    select day, channel, spend from channel_spend
    union all
    select d.day, c.channel, d.cost from campaign_daily d join campaigns c on c.campaign_id = d.campaign_id
    where d.cost is not null and c.channel is not null and not exists (select from channel_spend)
"""


def weekly_sales(connection: Connection, until: datetime) -> Mapping[date, float]:
    """What sale orders charged, by week from Monday in the organisation's time zone; orders before `until`."""
    rows = connection.execute(
        text(
            """
            select date_trunc('week', ordered_at at time zone (select time_zone from organisations))::date as week,
                sum(revenue)
            from orders where kind = 'sale' and revenue is not null and ordered_at < :until group by 1
            """
        ),
        {"until": until},
    )
    return {week: float(total) for week, total in rows}


def weekly_spend(connection: Connection) -> tuple[Mapping[tuple[date, str], float], date | None, date | None]:
    """Advertising spend by week from Monday and channel, and the first and last day with any.

    From the channels' days; from the campaigns' costs where no channel's days were ever loaded.
    """
    rows = connection.execute(
        text(
            f"""
            select date_trunc('week', day)::date, channel, sum(spend), min(day), max(day)
            from ({_SPENT}) s group by 1, 2
            """  # noqa: S608 - constants
        )
    ).all()
    spent = {(week, channel): float(total) for week, channel, total, _first, _last in rows}
    first = min((row[3] for row in rows), default=None)
    return spent, first, max((row[4] for row in rows), default=None)


def spent(connection: Connection, channel: str, first: date, until: date) -> float:
    """What was spent on a channel from `first` to before `until`."""
    query = text(f"select coalesce(sum(spend), 0) from ({_SPENT}) s where channel = :channel and day >= :first"  # noqa: S608
                 " and day < :until")  # fmt: skip
    return float(connection.execute(query, {"channel": channel, "first": first, "until": until}).scalar_one())


def lifts(connection: Connection) -> Sequence[LiftRow]:
    """All experiments kept, the newest first."""
    rows = connection.execute(text(f"select {_LIFTS} from lift_tests order by created_at desc, id"))  # noqa: S608
    return [LiftRow(*row) for row in rows]


def keep_lift(connection: Connection, values: Mapping[str, Any], by: str) -> UUID:
    """Keep what an experiment measured; returns its id."""
    kept: UUID = connection.execute(
        text(
            """
            insert into lift_tests (channel, spend, change, lift, error, measured_on, note, created_by)
            values (:channel, :spend, :change, :lift, :error, :measured_on, :note, :by) returning id
            """
        ),
        {**values, "by": by},
    ).scalar_one()
    return kept


def keep_lifts(connection: Connection, rows: Sequence[Mapping[str, Any]], source: str, by: str) -> int:
    """Keep the experiments of a file, each with its period, but those of a channel and period known; how many new."""
    query = text(
        """
        insert into lift_tests (channel, spend, change, lift, error, started_on, measured_on, note, source, created_by)
        values (:channel, :spend, :change, :lift, :error, :started_on, :measured_on, :note, :source, :by)
        on conflict (org_id, channel, started_on, measured_on) where source is not null do nothing returning id
        """
    )
    return sum(connection.execute(query, {**row, "source": source, "by": by}).rowcount for row in rows)


def forget_lift(connection: Connection, lift_id: UUID) -> None:
    """Take an experiment away; NotFound when there is none of that id."""
    if not connection.execute(text("delete from lift_tests where id = :id"), {"id": lift_id}).rowcount:
        raise NotFound(f"There is no experiment {lift_id}. list_lift_tests shows what there is.", field="lift_test_id")
