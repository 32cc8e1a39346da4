"""The headline figures of a period: each now, in the period before, and over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, Field

from core.conventions import conventions
from core.errors import NoSuchData
from database.time_buckets import first_day
from tools.context import Context
from tools.dashboard.periods import Days, grain_of
from tools.figures import Cell, change, figure
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.headlines import TITLES as HEADLINE_TITLES
from tools.metrics.query import QueryMetrics, query_metrics
from tools.metrics.volume import unless_few

__all__ = ["GROUPS", "Asked", "Bucket", "Headline", "buckets", "headlines"]

# Metrics of one source each: a source without data for the period takes only its own figures away.
GROUPS: Final = (
    ("revenue", "orders", "average_order_value", "customers", "new_customers", "returning_customers"),
    ("visits",),
    ("emails_sent", "open_rate"),
    ("spend", "roas"),
)
TITLES: Final = {**HEADLINE_TITLES, "roas": "Return on ad spend"}
HINTS: Final = {
    "average_order_value": "Orders before refunds, so not revenue over orders.",
    "customers": "New and returning together; who only gave something back counts too.",
    "roas": "Revenue the ad platforms credit themselves with, over spend.",
    "revenue": "Refunds taken off.",
}
NEITHER: Final = frozenset({"spend", "emails_sent"})  # more is neither good nor bad
MEANS: Final = frozenset({"average_order_value"})  # there is none of nothing
MOST_BUCKETS: Final = 1_000


class Bucket(BaseModel):
    """A day, week or month of the period."""

    start: date = Field(description="Its first day.")
    whole: bool = Field(description="False: the period holds only part of it.")


class Headline(BaseModel):
    """One figure of the period."""

    metric: str = Field(description="Name, as in query_metrics.")
    title: str = figure("Figure", "What people read above it.")
    hint: str = Field(description="What to know of it; empty: nothing.")
    unit: str = Field(description="money, orders, customers, share …")
    now: Cell = figure("Now", "In the period; null: a rate over too few.")
    before: Cell = figure("Before", "In the days compared with; null: no data.")
    change: float | None = figure(
        "Change", "now over before, less 1 (of shares: the difference); null: nothing to compare.", unit="share"
    )
    good: Literal["up", "neither"] = Field(description="Whether more of it is good.")
    over_time: list[Cell] = Field(description="By bucket of the period.")
    over_time_before: list[Cell] = Field(description="By bucket of the days compared with; empty: none.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Two runs of days over which everything on a dashboard is asked."""

    context: Context
    days: Days
    before: Days | None

    def query(self, names: Sequence[str], days: Days | None, **more: object) -> QueryMetrics | None:
        """The figures of some days; None where there is no data for them."""
        if days is None or not names:
            return None
        asked = {"metrics": list(names), "start": days.start, "end": days.end, **more}
        try:
            return query_metrics.run(self.context, QueryMetricsArguments.model_validate(asked))
        except NoSuchData:
            return None


def buckets(days: Days, grain: Literal["day", "week", "month"]) -> list[Bucket]:
    """The buckets of the days, in order; a whole one begins and ends within them."""
    every = [date.fromordinal(n) for n in range(days.start.toordinal(), days.end.toordinal() + 1)]
    firsts = list(dict.fromkeys(first_day(grain, day, conventions().week_start) for day in every))
    after = date.fromordinal(days.end.toordinal() + 1)
    ends_whole = first_day(grain, after, conventions().week_start) != firsts[-1]
    last = len(firsts) - 1
    return [
        Bucket(start=max(first, days.start), whole=first >= days.start and (n < last or ends_whole))
        for n, first in enumerate(firsts)
    ]


def headlines(asked: Asked, has: Mapping[str, bool]) -> tuple[list[Headline], list[QueryMetrics]]:
    """Every headline there is data for, and the answers they come from."""
    found: list[Headline] = []
    answers: list[QueryMetrics] = []
    grain = grain_of(asked.days)
    for group in GROUPS:
        names = [name for name in group if has[name]]
        now = asked.query(names, asked.days, grain=grain, limit=MOST_BUCKETS)
        if now is None:
            continue
        before = asked.query(names, asked.before, grain=grain, limit=MOST_BUCKETS)
        found += [_headline(name, now, before, asked, grain) for name in names]
        answers.append(now)
    return found, answers


def _headline(
    name: str,
    now: QueryMetrics,
    before: QueryMetrics | None,
    asked: Asked,
    grain: Literal["day", "week", "month"],
) -> Headline:
    column = next(column for column in now.columns if column.name == name)
    current, earlier = unless_few(name, now.totals), unless_few(name, before.totals) if before else None
    return Headline(
        metric=name,
        title=TITLES.get(name) or column.title,
        hint=HINTS.get(name, ""),
        unit=column.unit,
        now=current,
        before=earlier,
        change=change(current, earlier, column.unit),
        good="neither" if name in NEITHER else "up",
        over_time=_over_time(name, now, asked.days, grain),
        over_time_before=_over_time(name, before, asked.before, grain) if before and asked.before else [],
    )


def _over_time(name: str, answer: QueryMetrics, days: Days, grain: Literal["day", "week", "month"]) -> list[Cell]:
    """The figure by bucket; where nothing happened, 0 of what is counted and nothing of a rate."""
    names = [column.name for column in answer.columns]
    rows = {str(row[0]): dict(zip(names, row, strict=True)) for row in answer.rows}
    empty = None if answer.columns[names.index(name)].unit in ("share", "ratio") or name in MEANS else 0
    firsts = [first_day(grain, bucket.start, conventions().week_start).isoformat() for bucket in buckets(days, grain)]
    return [unless_few(name, rows[first]) if first in rows else empty for first in firsts]
