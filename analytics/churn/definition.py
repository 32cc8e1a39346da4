"""When a customer without a contract has left, and how long others stayed.

A customer has left at the instant their silence exceeds their own limit L = clamp(3 × typical gap, floor, ceiling).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from analytics.value.summary import purchase_days, transactions_of

__all__ = ["CEILING_DAYS", "LeftDefinition", "define_left", "labels_at", "standing_at"]

DAY_SECONDS = 86_400.0
CEILING_DAYS = 180.0
LOG_GAP = pl.col("day").diff().over("customer_id").dt.total_days().log().alias("log_gap")


@dataclass(frozen=True, slots=True)
class LeftDefinition:
    """What "left" means for one organisation; lengths in days.

    typical_gap_days: the population's, a geometric mean in which each customer with a gap counts once. A customer's own
    typical gap is the geometric mean of their gaps, pooled as if `pooled_gaps` gaps of the population's length had been
    added; so who has ordered once is judged by everybody's rhythm. with_gap: customers who have a gap at all (null: not
    counted); without any of them nobody's rhythm is known, and nobody can be said to have left.
    """

    typical_gap_days: float
    multiple: float = 3.0
    floor_days: float = 30.0
    ceiling_days: float = CEILING_DAYS
    pooled_gaps: float = 2.0
    with_gap: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether anybody came back, so that it can be told how long a usual gap is."""
        return self.with_gap is None or self.with_gap > 0

    def in_words(self) -> str:
        """One sentence for people."""
        if not self.is_known:
            return "Nobody has bought on two different days, so how long a usual gap between orders is cannot be told."
        return (
            f"A customer has left when silent for more than {self.multiple:g} times their own typical gap between "
            f"orders (at least {self.floor_days:.0f}, at most {self.ceiling_days:.0f} days; "
            f"the population's typical gap is {self.typical_gap_days:.0f} days)."
        )


def define_left(
    orders: pl.DataFrame, *, as_of: datetime, multiple: float = 3.0, floor_days: float = 30.0
) -> LeftDefinition:
    """Fit the definition to the orders before `as_of`.

    The ceiling is 180 days, or a third of the history where that is shorter (never below the floor), so that leaving
    can be seen in short histories too.
    """
    days = purchase_days(transactions_of(orders), end=as_of)
    span = days.select((pl.col("day").max() - pl.col("day").min()).dt.total_days().fill_null(0)).item()
    ceiling = max(floor_days, min(CEILING_DAYS, span / 3.0))
    own = days.with_columns(LOG_GAP).group_by("customer_id", maintain_order=True).agg(pl.col("log_gap").mean())
    mean = own["log_gap"].drop_nulls().mean()
    typical = math.exp(mean) if isinstance(mean, float) else ceiling / multiple  # no gaps: never used (is_known)
    return LeftDefinition(typical, multiple, floor_days, ceiling, with_gap=own["log_gap"].drop_nulls().len())


def standing_at(orders: pl.DataFrame, definition: LeftDefinition, *, at: datetime) -> pl.DataFrame:
    """Each customer's standing at `at`, from orders before it.

    Out: customer_id, last_at, silence_days, limit_days, days_to_limit (negative when left), left.
    """
    days = purchase_days(transactions_of(orders), end=at)
    weight = definition.pooled_gaps
    population = pl.lit(definition.typical_gap_days).log()
    typical = ((pl.col("log_gap").sum() + weight * population) / (pl.col("log_gap").count() + weight)).exp()
    limit = (definition.multiple * typical).clip(definition.floor_days, definition.ceiling_days)
    last = purchases(orders, until=at).group_by("customer_id").agg(pl.col("at").max().alias("last_at"))
    silence = (pl.lit(at) - pl.col("last_at")).dt.total_microseconds() / (DAY_SECONDS * 1e6)
    return (
        days.with_columns(LOG_GAP)
        .group_by("customer_id")
        .agg(limit.alias("limit_days"))
        .join(last, on="customer_id", how="inner")
        .with_columns(silence.alias("silence_days"))
        .with_columns((pl.col("limit_days") - pl.col("silence_days")).alias("days_to_limit"))
        .with_columns((pl.col("days_to_limit") < 0).alias("left"))
        .select("customer_id", "last_at", "silence_days", "limit_days", "days_to_limit", "left")
        .sort("customer_id")
    )


def labels_at(
    orders: pl.DataFrame, definition: LeftDefinition, *, cutoff: datetime, followed_until: datetime
) -> pl.DataFrame:
    """Time to leaving of those still there at `cutoff`, seen until `followed_until`.

    Out: customer_id, silence_days, limit_days, days_to_limit, duration (days from the cut-off to the instant silence
    first exceeds the limit, or to the end of sight), event (true when it did). The limit is the one known at the
    cut-off. Customers who have left by then are absent.
    """
    present = standing_at(orders, definition, at=cutoff).filter(~pl.col("left"))
    later = purchases(orders, until=followed_until).filter(pl.col("at") >= cutoff)
    start = present.select("customer_id", "limit_days", pl.col("last_at").alias("at"))
    chain = pl.concat([start.select("customer_id", "at"), later.select("customer_id", "at")])
    limits = present.select("customer_id", pl.duration(seconds=pl.col("limit_days") * DAY_SECONDS).alias("limit"))
    following = pl.col("at").shift(-1).over("customer_id").fill_null(followed_until)
    crossing = (
        chain.join(limits, on="customer_id", how="inner")
        .sort("customer_id", "at")
        .with_columns((pl.col("at") + pl.col("limit")).alias("leaves_at"), following.alias("next_at"))
        .filter(pl.col("leaves_at") < pl.col("next_at"))
        .group_by("customer_id")
        .agg(pl.col("leaves_at").min())
    )
    end = pl.coalesce("leaves_at", pl.lit(followed_until))
    duration = (end - pl.lit(cutoff)).dt.total_microseconds() / (DAY_SECONDS * 1e6)
    return (
        present.join(crossing, on="customer_id", how="left")
        .with_columns(duration.alias("duration"), pl.col("leaves_at").is_not_null().alias("event"))
        .select("customer_id", "silence_days", "limit_days", "days_to_limit", "duration", "event")
        .sort("customer_id")
    )


def purchases(orders: pl.DataFrame, *, until: datetime) -> pl.DataFrame:
    """customer_id, at of every purchase instant before `until` on a day that counts as a purchase."""
    rows = transactions_of(orders).filter(pl.col("at") < until, pl.col("revenue") >= 0)
    counted = purchase_days(transactions_of(orders), end=until).select("customer_id", "day")
    return (
        rows.with_columns(pl.col("at").dt.date().alias("day"))
        .join(counted, on=["customer_id", "day"], how="semi")
        .select("customer_id", "at")
    )


def cutoffs(first: datetime, last: datetime, *, every_days: int, most: int) -> list[datetime]:
    """Cut-offs from `last` backwards every `every_days`, none before `first`, oldest first."""
    steps = range(most)
    wanted = [last - timedelta(days=every_days * k) for k in steps]
    return sorted(at for at in wanted if at >= first)
