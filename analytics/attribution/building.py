"""Journeys out of touches and orders: which touches count for which order, and which led to none.

Touches of one channel less than half an hour apart are one, and a direct touch so soon after another is none of its
own. A touch counts for the next order of its customer if that comes within the window of its channel. All others are
journeys that did not convert: they end where the customer orders, or is silent for longer than the window. One that
could still convert is left out. An order that was given back in full is no conversion: the journey that led to it did
not convert.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import polars as pl

from analytics.attribution.journeys import Journeys
from analytics.attribution.rules import DIRECT
from core.errors import NoSuchData

__all__ = ["VIEW_DAYS", "WINDOW_DAYS", "JourneyTable", "Wanted", "Whose", "Windows", "build_journeys"]

WINDOW_DAYS, VIEW_DAYS = 30.0, 1.0
SESSION_MINUTES = 30
Whose = Literal["all", "new", "returning"]


@dataclass(frozen=True, slots=True)
class Windows:
    """Days in which a touch counts: of any channel, of those named in `channels`, and at most of a view."""

    days: float = WINDOW_DAYS
    channels: Mapping[str, float] = field(default_factory=dict)
    view_days: float = VIEW_DAYS

    @property
    def longest(self) -> float:
        """The longest of them."""
        return max([self.days, *self.channels.values()])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conversions from `start` to `end` (exclusive), of whose first or later orders; `as_of` is where the data end."""

    start: datetime
    end: datetime
    as_of: datetime
    whose: Whose = "all"
    views: bool = False
    by: Literal["channel", "campaign"] = "channel"
    no_campaign: str = "(no campaign)"

    def __post_init__(self) -> None:
        """Instants of any time zone are compared with those of frames, which are UTC."""
        for name in ("start", "end", "as_of"):
            object.__setattr__(self, name, getattr(self, name).astimezone(UTC))


@dataclass(frozen=True, slots=True)
class JourneyTable:
    """Journeys; `touches` has theirs one by one (journey, at, label, channel, is_view, age), `orders` the wanted ones.

    `order` is the row of `orders` each journey ended in, -1 for none; `still_open` counts those left out.
    """

    journeys: Journeys
    touches: pl.DataFrame
    orders: pl.DataFrame
    order: np.ndarray
    still_open: int


def build_journeys(touches: pl.DataFrame, orders: pl.DataFrame, windows: Windows, wanted: Wanted) -> JourneyTable:
    """The journeys of `touches` (customer_id, at, channel, campaign, is_view) and `orders` (customer_id, at, value,
    is_first, and kept: false of those given back in full; without it all are kept), instants as UTC; NoSuchData
    without any.
    """
    bought = orders if "kept" in orders.columns else orders.with_columns(kept=pl.lit(True))
    bought = bought.sort("customer_id", "at", maintain_order=True).with_row_index("order")
    met = _to_orders(_sessions(touches, wanted), bought, windows)
    chosen = bought.filter(_in_period("at", wanted) & _of("is_first", wanted.whose))
    won = met.filter(pl.col("counts")).join(chosen.select("order"), on="order", how="semi")
    won = won.with_columns(journey=pl.col("order").cast(pl.Int64))
    lost, still_open = _without_order(met.filter(~pl.col("counts")), windows, wanted)
    kept = ("journey", "at", "label", "channel", "is_view", "age", "order")
    every = pl.concat([won.select(kept), lost.select(kept)]).sort("journey", "at", maintain_order=True)
    if every.is_empty():
        raise NoSuchData("No touch, a visit or a click of a known customer, falls into that time.")
    return _table(every, chosen, still_open)


def _sessions(touches: pl.DataFrame, wanted: Wanted) -> pl.DataFrame:
    """Touches that count by themselves, by customer and time, with the label they are credited under."""
    label = pl.col("channel") if wanted.by == "channel" else pl.col("campaign").fill_null(wanted.no_campaign)
    found = touches if wanted.views else touches.filter(~pl.col("is_view"))
    found = found.filter(pl.col("at") < wanted.as_of).with_columns(label=label).sort("customer_id", "at", "channel")
    soon = (pl.col("at") - pl.col("at").shift()) < pl.duration(minutes=SESSION_MINUTES)
    same = (pl.col("customer_id") == pl.col("customer_id").shift()) & soon
    again = (pl.col("label") == pl.col("label").shift()) | (pl.col("channel") == DIRECT)
    return found.filter(~(same & again).fill_null(False))


def _to_orders(touches: pl.DataFrame, orders: pl.DataFrame, windows: Windows) -> pl.DataFrame:
    """Each touch with the next order of its customer, the days to it, whether it counts for it, and who had bought."""
    bought = orders.select("customer_id", "order", ordered_at="at").sort("ordered_at")
    by = touches.sort("at")
    met = by.join_asof(
        bought, left_on="at", right_on="ordered_at", by="customer_id", strategy="forward", check_sortedness=False
    )
    before = by.join_asof(
        bought, left_on="at", right_on="ordered_at", by="customer_id", strategy="backward", check_sortedness=False
    )
    age = _days(pl.col("ordered_at") - pl.col("at"))
    return met.with_columns(age=age, window=_window(windows), is_first=before["order"].is_null()).with_columns(
        counts=(pl.col("age") <= pl.col("window")).fill_null(False)
    )


def _window(windows: Windows) -> pl.Expr:
    days = pl.lit(windows.days)
    for channel, own in windows.channels.items():
        days = pl.when(pl.col("channel") == channel).then(pl.lit(float(own))).otherwise(days)
    return pl.when(pl.col("is_view")).then(pl.min_horizontal(days, pl.lit(windows.view_days))).otherwise(days)


def _without_order(touches: pl.DataFrame, windows: Windows, wanted: Wanted) -> tuple[pl.DataFrame, int]:
    """Touches of journeys that ended in no order, numbered below 0, and how many could still end in one."""
    rows = touches.sort("customer_id", "at", "channel").with_columns(place=pl.col("order").fill_null(2**32 - 1))
    silence = _days(pl.col("at") - pl.col("at").shift()) > windows.longest
    other = (pl.col("customer_id") != pl.col("customer_id").shift()) | (pl.col("place") != pl.col("place").shift())
    rows = rows.with_columns(journey=-1 - (other | silence).fill_null(True).cast(pl.Int64).cum_sum())
    until = pl.col("at") + pl.duration(seconds=pl.col("window") * 86_400)
    ends = rows.group_by("journey").agg(
        pl.col("at").max(), until.max().alias("until"), pl.col("order").is_null().all().alias("waits"),
        pl.col("is_first").last(),
    )  # fmt: skip
    ends = ends.filter(_in_period("at", wanted) & _of("is_first", wanted.whose))
    waiting = pl.col("waits") & (pl.col("until") > wanted.as_of)
    over = ends.filter(~waiting)
    return rows.join(over.select("journey"), on="journey", how="semi"), ends.height - over.height


def _table(touches: pl.DataFrame, orders: pl.DataFrame, still_open: int) -> JourneyTable:
    labels = touches["label"].unique().sort()
    codes = touches["label"].cast(pl.Enum(labels)).to_physical().cast(pl.Int64).to_numpy()
    ids = touches["journey"].to_numpy()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(ids)) + 1, [ids.size]]).astype(np.int64)
    ended = ids[starts[:-1]]
    worth = pl.DataFrame({"order": ended[ended >= 0]}).join(
        orders.select(pl.col("order").cast(pl.Int64), "value", "kept"), on="order", how="left", maintain_order="left"
    )
    won, value = np.zeros(ended.size), np.zeros(ended.size)
    won[ended >= 0] = worth["kept"].to_numpy()
    value[won > 0] = worth.filter("kept")["value"].fill_null(0.0).to_numpy()
    ages = touches["age"].fill_null(0.0).to_numpy().astype(np.float64)  # of journeys without an order nobody asks
    journeys = Journeys(tuple(labels), codes, starts, won, value, 1.0 - won, ages)
    return JourneyTable(journeys, touches, orders, np.where(ended >= 0, ended, -1), still_open)


def _days(duration: pl.Expr) -> pl.Expr:
    return duration.dt.total_microseconds() / 86_400_000_000


def _in_period(column: str, wanted: Wanted) -> pl.Expr:
    return (pl.col(column) >= wanted.start) & (pl.col(column) < wanted.end)


def _of(column: str, whose: Whose) -> pl.Expr:
    return pl.lit(True) if whose == "all" else pl.col(column) == (whose == "new")
