"""Random orders, order lines and events, as hard on the features as a small shop can be."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from analytics.features.tables import EVENTS, ITEMS, ORDERS
from core.event_kinds import EVENT_KINDS
from tests.unit.features_reference import utc

AS_OF = utc(2026, 3, 29, 12)  # the day London's clocks go forward
Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def instants(rng: np.random.Generator, n: int, grain_s: int) -> pl.Series:
    """Random instants over 900 days up to 30 days past AS_OF; a coarse grain makes equal instants likely."""
    start = (AS_OF - timedelta(days=870)).timestamp()
    seconds = start + rng.integers(0, 900 * 86_400 // grain_s, n) * grain_s
    return pl.Series((seconds * 1e6).astype(np.int64)).cast(pl.Datetime("us", "UTC"))


def random_frames(seed: int, customers: int = 40, orders: int = 400, grain_s: int = 1800) -> Frames:
    """Orders, lines and events with refunds, unknown codes, amounts of zero and people of events alone; unsorted."""
    rng = np.random.default_rng(seed)
    skewed = rng.integers(0, customers, customers * 4) ** 2 // customers + 1
    refund = rng.random(orders) < 0.2
    sign = np.where(refund, -1.0, 1.0)
    order_frame = pl.DataFrame(
        {
            "customer_id": rng.choice(skewed, orders),
            "ordered_at": instants(rng, orders, grain_s),
            "revenue": sign * rng.gamma(2, 20, orders).round(2) * (rng.random(orders) < 0.95),
            "discount": np.where(rng.random(orders) < 0.3, rng.gamma(1, 8, orders).round(2), 0.0),
            "quantity": sign * rng.integers(1, 9, orders),
            "is_refund": refund,
            "channel": rng.integers(-1, 3, orders),
            "location": rng.integers(-1, 6, orders),
        },
        schema=dict(ORDERS),
    )
    lines = 3 * orders
    item_frame = pl.DataFrame(
        {
            "customer_id": rng.choice(skewed, lines),
            "ordered_at": instants(rng, lines, grain_s),
            "product": rng.integers(-1, 60, lines),
            "category": rng.integers(-1, 7, lines),
            "revenue": rng.normal(15, 9, lines).round(2),
            "quantity": rng.integers(-2, 6, lines).astype(float),
        },
        schema=dict(ITEMS),
    )
    n = 5 * orders
    event_frame = pl.DataFrame(
        {
            "customer_id": rng.choice(skewed, n) + rng.integers(0, 2, n) * 3,
            "occurred_at": instants(rng, n, grain_s),
            "kind": rng.choice(
                len(EVENT_KINDS), n, p=[0.2, 0.1, 0.2, 0.05, 0.02, 0.2, 0.1, 0.05, 0.02, 0.01, 0.03, 0.02]
            ),
        },
        schema=dict(EVENTS),
    )
    return order_frame, item_frame, event_frame


def no_rows() -> Frames:
    """The three tables, empty."""
    return pl.DataFrame(schema=dict(ORDERS)), pl.DataFrame(schema=dict(ITEMS)), pl.DataFrame(schema=dict(EVENTS))
