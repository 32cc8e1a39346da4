"""What of each order was kept: refunds are taken off the order that they give money back for.

A refund that names its order is that order's. One that names none is taken off an earlier order of its customer: the
latest that was still worth as much, else the earlier ones one after the other, the latest first. What names an order
that is not known, comes before any order, or goes beyond what was charged belongs to no order.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

__all__ = ["CENT", "assign_refunds", "net_orders"]

CENT = 0.005
"""Less than this of an order's value is nothing: it was given back in full."""
_DIGITS = 4  # decimals that amounts are stored with


def assign_refunds(orders: pl.DataFrame, refunds: pl.DataFrame) -> pl.DataFrame:
    """Refunds with the order each is taken off: at, order_id (null for none), amount; a refund may come in parts.

    `orders`: order_id (unique), customer_id (null where not known), at, value. `refunds`: at, customer_id, refund_of
    (null where it names no order), amount (positive: given back). The amounts add up to those that came in.
    """
    named = refunds.filter(pl.col("refund_of").is_not_null()).sort("at", maintain_order=True)
    parts = [_capped(named, orders)]
    rest = refunds.filter(pl.col("refund_of").is_null() & pl.col("customer_id").is_not_null() & (pl.col("amount") > 0))
    left = orders.filter(pl.col("customer_id").is_in(rest["customer_id"].unique().implode()))
    parts.append(_by_customer(rest, _less(left, parts[0])))
    parts.append(
        refunds.filter(pl.col("refund_of").is_null() & (pl.col("customer_id").is_null() | (pl.col("amount") <= 0)))
        .select("at", order_id=pl.lit(None, pl.String), amount="amount")
    )  # fmt: skip
    return pl.concat(parts).filter(pl.col("amount") != 0)


def net_orders(orders: pl.DataFrame, assigned: pl.DataFrame) -> pl.DataFrame:
    """`orders` with `value` net of the refunds assigned to them, and `kept`: not given back in full."""
    back = assigned.filter(pl.col("order_id").is_not_null()).group_by("order_id").agg(given_back=pl.col("amount").sum())
    joined = orders.join(back, on="order_id", how="left", maintain_order="left")
    joined = joined.with_columns(pl.col("given_back").fill_null(0.0))
    net = (pl.col("value") - pl.col("given_back")).round(_DIGITS)
    return joined.with_columns(value=net, kept=(pl.col("given_back") == 0) | (net >= CENT))


def _capped(named: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Refunds that name their order, as far as its value goes; the rest of each is of no order."""
    known = named.join(orders.select(refund_of="order_id", room="value"), on="refund_of", how="left")
    room = pl.col("room").fill_null(0.0).clip(lower_bound=0.0)
    until = pl.col("amount").cum_sum().over("refund_of").round(_DIGITS)
    before = (until - pl.col("amount")).round(_DIGITS)
    taken = _within(until, room) - _within(before, room)
    known = known.with_columns(taken=taken.round(_DIGITS))
    whole = known.filter(pl.col("taken") != 0).select("at", order_id="refund_of", amount="taken")
    over = known.select("at", order_id=pl.lit(None, pl.String), amount=(pl.col("amount") - "taken").round(_DIGITS))
    return pl.concat([whole, over])


def _within(amount: pl.Expr, room: pl.Expr) -> pl.Expr:
    return pl.min_horizontal(amount.clip(lower_bound=0.0), room)


def _less(orders: pl.DataFrame, assigned: pl.DataFrame) -> pl.DataFrame:
    """Orders of those customers with what is left of their value."""
    return net_orders(orders, assigned).sort("customer_id", "at", "order_id")


def _by_customer(refunds: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Refunds that name no order, taken off their customer's earlier orders."""
    found: list[tuple[datetime, str | None, float]] = []
    held = {key[0]: frame for key, frame in orders.partition_by("customer_id", as_dict=True).items()}
    for key, own in refunds.sort("customer_id", "at").partition_by("customer_id", as_dict=True).items():
        bought = held.get(key[0])
        ids = [] if bought is None else bought["order_id"].to_list()
        at = np.array([], dtype="datetime64[us]") if bought is None else bought["at"].to_numpy()
        left = np.array([]) if bought is None else np.maximum(bought["value"].to_numpy(), 0.0)
        for when, instant, amount in zip(own["at"], own["at"].to_numpy(), own["amount"], strict=True):
            for place, part in _places(left[: int(np.searchsorted(at, instant, side="right"))], amount):
                found.append((when, None if place is None else ids[place], part))
    schema = {"at": refunds.schema["at"], "order_id": pl.String(), "amount": pl.Float64()}
    return pl.DataFrame(found, schema=schema, orient="row")


def _places(left: np.ndarray, amount: float) -> list[tuple[int | None, float]]:
    """Which of the orders an amount is taken off, and how much of each; `left` of their values becomes less."""
    enough = np.flatnonzero(left >= amount - CENT)
    order = [enough[-1]] if enough.size else np.flatnonzero(left > 0)[::-1]
    parts: list[tuple[int | None, float]] = []
    for place in order:
        part = round(min(float(left[place]), amount), _DIGITS)
        left[place] = round(float(left[place]) - part, _DIGITS)
        parts.append((int(place), part))
        amount = round(amount - part, _DIGITS)
        if amount <= 0:
            break
    return [*parts, (None, amount)] if amount > 0 else parts
