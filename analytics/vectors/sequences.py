"""What each customer did, as sequences of tokens: kind, time, amount, category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.event_kinds import EVENT_KINDS

__all__ = ["KINDS", "LONGEST", "MASKED", "NOW", "ORDER", "PAD", "Batch", "Outcomes", "Tokens", "tokenise"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

LONGEST = 64  # tokens of a customer: the newest ones, the last place is NOW
PAD, MASKED, NOW, ORDER, REFUND, FIRST_EVENT = range(6)
LEFT_OUT = "purchase"  # the orders say it, with their amount
_EVENTS = [kind for kind in EVENT_KINDS if kind != LEFT_OUT]
KINDS = FIRST_EVENT + len(_EVENTS)
CATEGORIES = 128  # most frequent ones that get a code of their own
NO_CATEGORY, OTHER, FIRST_CATEGORY = range(3)
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Batch:
    """Sequences of n customers seen from their cut, padded on the left to L places; the last place is NOW.

    kind, category: (n, L) codes; gap, age: ln(1 + days) since the token before and until the cut; amount: ln(1 + money)
    of orders (negative for refunds), ln(times) of events.
    """

    kind: Integers
    category: Integers
    gap: Floats
    age: Floats
    amount: Floats


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What n customers did from the cut to `horizon` days later.

    bought: 0/1; orders, revenue: ln(1 + ·); gap: ln(1 + days) to the next order, `horizon` when none came.
    """

    bought: Floats
    orders: Floats
    revenue: Floats
    gap: Floats


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens, by customer and time. Customer i's are `offsets[i]:offsets[i + 1]`; `second` counts from 1970."""

    customer_ids: Integers
    offsets: Integers
    second: Integers
    kind: Integers
    category: Integers
    amount: Floats
    categories: tuple[int, ...]
    keys: Integers = field(init=False, repr=False)  # ascending over all tokens: customer, then second

    def __post_init__(self) -> None:
        owner = np.repeat(np.arange(self.customer_ids.size), np.diff(self.offsets))
        begin, end = self.span
        object.__setattr__(self, "keys", owner * (end - begin + 2) + (self.second - begin))

    @property
    def span(self) -> tuple[int, int]:
        """First and last second."""
        return (int(self.second.min()), int(self.second.max())) if self.second.size else (0, 0)

    def known(self, rows: Integers, cut: Integers) -> Integers:
        """How many tokens each customer of `rows` has before its `cut` (seconds)."""
        begin, end = self.span
        width = end - begin + 2
        wanted = rows * width + np.clip(cut - begin, 0, width - 1)
        return np.asarray(np.searchsorted(self.keys, wanted) - self.offsets[rows], dtype=np.int64)

    def batch(self, rows: Integers, cut: Integers, counts: Integers) -> Batch:
        """The last LONGEST - 1 tokens before the cut of each customer of `rows`, then NOW."""
        length = int(min(counts.max(initial=0), LONGEST - 1))
        place = np.arange(-length, 0)
        there = place[None, :] >= -np.minimum(counts, length)[:, None]
        index = np.where(there, (self.offsets[rows] + counts)[:, None] + place[None, :], 0)
        second = np.where(there, self.second[index], 0)
        first = there & (index == self.offsets[rows][:, None])
        before = np.where(first | ~there, second, self.second[np.maximum(index - 1, 0)])
        last = np.where(counts > 0, self.second[np.maximum(self.offsets[rows] + counts - 1, 0)], cut)
        return Batch(
            kind=_with(np.where(there, self.kind[index], PAD), np.full(rows.size, NOW)),
            category=_with(np.where(there, self.category[index], NO_CATEGORY), np.zeros(rows.size, np.int64)),
            gap=_with(_log_days(second - before), _log_days(cut - last)),
            age=_with(np.where(there, _log_days(cut[:, None] - second), 0), np.zeros(rows.size, np.float32)),
            amount=_with(np.where(there, self.amount[index], 0), np.zeros(rows.size, np.float32)),
        )

    def outcomes(self, rows: Integers, cut: Integers, counts: Integers, horizon: int) -> Outcomes:
        """What each customer of `rows` ordered in [cut, cut + horizon days)."""
        until = self.known(rows, cut + horizon * DAY_S)
        bought, revenue = np.zeros(rows.size), np.zeros(rows.size)
        wait = np.full(rows.size, float(horizon))
        width = int((until - counts).max(initial=0))
        for step in range(width):  # a few dozen at most: the tokens of one window
            inside = counts + step < until
            index = np.minimum(self.offsets[rows] + counts + step, self.second.size - 1)
            order = inside & (self.kind[index] == ORDER)
            bought += order
            revenue += np.where(order, np.expm1(self.amount[index]), 0.0)
            wait = np.where(order, np.minimum(wait, (self.second[index] - cut) / DAY_S), wait)
        logs = (np.log1p(a).astype(np.float32) for a in (bought, np.maximum(revenue, 0.0), wait))
        return Outcomes((bought > 0).astype(np.float32), *logs)


def tokenise(
    orders: pl.DataFrame,
    items: pl.DataFrame,
    events: pl.DataFrame,
    *,
    before: datetime,
    categories: Sequence[int] | None = None,
) -> Tokens:
    """Everything before `before` as tokens: one an order or refund, one a kind of event and (UTC) day.

    An order's category is the category (of shops without categories: the product) that most of its money went to; the
    `CATEGORIES` most frequent have a code of their own. `categories` fixes them, as a trained model needs it. Events
    on one day are one token, so cuts that fall on midnight UTC see no later event.
    """
    bought = _order_tokens(orders.filter(pl.col("ordered_at") < before), items.filter(pl.col("ordered_at") < before))
    chosen = tuple(categories) if categories is not None else _frequent(bought)
    rows = pl.concat([_coded(bought, chosen), _event_tokens(events.filter(pl.col("occurred_at") < before))])
    rows = rows.sort("customer_id", "second", "kind", maintain_order=True)
    counted = rows.group_by("customer_id", maintain_order=True).len()
    return Tokens(
        customer_ids=counted["customer_id"].to_numpy().astype(np.int64),
        offsets=np.concatenate(([0], np.cumsum(counted["len"].to_numpy()))).astype(np.int64),
        second=rows["second"].to_numpy().astype(np.int64),
        kind=rows["kind"].to_numpy().astype(np.int64),
        category=rows["category"].to_numpy().astype(np.int64),
        amount=rows["amount"].to_numpy().astype(np.float32),
        categories=chosen,
    )


def _order_tokens(orders: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    named = items.filter(pl.col("category") >= 0)
    what = "category" if named.height else "product"
    keys = ["customer_id", "ordered_at"]
    spent = (named if named.height else items).group_by(*keys, what).agg(pl.col("revenue").sum())
    main = spent.sort(*keys, "revenue", what, descending=[False, False, True, False]).unique(
        keys, keep="first", maintain_order=True
    )
    size = pl.col("revenue").abs().log1p()
    return orders.join(main.select(*keys, code=what), on=keys, how="left").select(
        "customer_id",
        second=pl.col("ordered_at").dt.epoch("s"),
        kind=pl.when(pl.col("is_refund")).then(REFUND).otherwise(ORDER).cast(pl.Int64),
        code=pl.col("code").cast(pl.Int64),
        amount=pl.when(pl.col("is_refund")).then(-size).otherwise(size),
    )


def _frequent(bought: pl.DataFrame) -> tuple[int, ...]:
    counted = bought["code"].drop_nulls().value_counts().sort("count", "code", descending=[True, False])
    return tuple(int(code) for code in counted["code"].head(CATEGORIES))


def _coded(bought: pl.DataFrame, chosen: tuple[int, ...]) -> pl.DataFrame:
    codes = [FIRST_CATEGORY + place for place in range(len(chosen))]
    known = pl.col("code").replace_strict(list(chosen), codes, default=OTHER, return_dtype=pl.Int64)
    category = pl.when(pl.col("code").is_null()).then(NO_CATEGORY).otherwise(known if chosen else OTHER)
    return bought.select("customer_id", "second", "kind", category=category.cast(pl.Int64), amount="amount")


def _event_tokens(events: pl.DataFrame) -> pl.DataFrame:
    codes = [EVENT_KINDS.index(kind) for kind in _EVENTS]
    kinds = [FIRST_EVENT + place for place in range(len(codes))]
    told = events.filter(pl.col("kind").is_in(codes)).group_by(
        "customer_id", pl.col("occurred_at").dt.truncate("1d").alias("day"), "kind"
    )
    return told.agg(second=pl.col("occurred_at").min().dt.epoch("s"), times=pl.len()).select(
        "customer_id",
        "second",
        kind=pl.col("kind").cast(pl.Int64).replace_strict(codes, kinds, return_dtype=pl.Int64),
        category=pl.lit(NO_CATEGORY, pl.Int64),
        amount=pl.col("times").cast(pl.Float64).log(),
    )


def _with(left: np.ndarray, last: np.ndarray) -> np.ndarray:
    kind = np.int64 if np.issubdtype(left.dtype, np.integer) else np.float32
    return np.concatenate([left, last[:, None]], axis=1).astype(kind)


def _log_days(seconds: np.ndarray) -> np.ndarray:
    days: np.ndarray = np.log1p(np.maximum(seconds, 0) / DAY_S)
    return days
