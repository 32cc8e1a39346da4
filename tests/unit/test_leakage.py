"""Nothing of later enters what is known at a cut-off: churn rows and windows of sequences, by random histories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.churn.definition import LeftDefinition
from analytics.churn.training import rows_at
from analytics.features.compute import compute_features
from analytics.features.dictionary import NUMBER_NAMES
from analytics.features.tables import EVENTS, ITEMS
from analytics.vectors.sequences import tokenise
from core.event_kinds import EVENT_KINDS

START = datetime(2025, 1, 1, tzinfo=UTC)
CUT, SEEN = START + timedelta(days=300), START + timedelta(days=390)
LEFT = LeftDefinition(typical_gap_days=30.0, multiple=3.0, floor_days=30.0, ceiling_days=120.0)
Row = tuple[int, float, float]  # customer, day, revenue
minutes = st.integers(0, 500 * 1440).map(lambda m: m / 1440)
row = st.tuples(st.integers(1, 8), minutes, st.integers(-50, 200).map(float))
histories = st.lists(row, min_size=12, max_size=80, unique_by=lambda r: r[:2])  # ties have no order


def orders_of(rows: list[Row]) -> pl.DataFrame:
    at = pl.Series([START + timedelta(days=r[1]) for r in rows], dtype=pl.Datetime("us", "UTC"))
    frame = pl.DataFrame({"customer_id": [r[0] for r in rows], "revenue": [r[2] for r in rows]})
    return frame.with_columns(
        at.alias("ordered_at"),
        discount=pl.lit(0.0),
        quantity=pl.lit(1.0),
        is_refund=pl.col("revenue") < 0,
        channel=pl.lit(0, pl.Int32),
        location=pl.lit(0, pl.Int32),
    ).sort("customer_id", "ordered_at")


def rows_then(orders: pl.DataFrame, seen: datetime) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, durations and events of the training rows at CUT, followed until `seen`."""
    no_items, no_events = pl.DataFrame(schema=ITEMS), pl.DataFrame(schema=EVENTS)
    features = compute_features(orders, no_items, no_events, as_of=CUT)
    told = orders.select("customer_id", "ordered_at", "revenue")
    made = rows_at(
        told, features, LEFT, list(NUMBER_NAMES), cutoff=CUT, followed_until=seen, most=100, seed=1
    )  # fmt: skip
    return made.features, made.duration, made.event


@settings(max_examples=20, deadline=None)
@given(rows=histories, later=st.lists(row, min_size=1, max_size=30))
def test_churn_rows_know_the_past_alone_and_labels_the_time_they_are_followed(
    rows: list[Row], later: list[Row]
) -> None:
    day = (CUT - START).days
    between = [(c, day + d % 90, r) for c, d, r in later]
    after = [(c, day + 90 + d, r) for c, d, r in later]
    past = [r for r in rows if r[1] < day]
    if not past:
        return
    features, duration, event = rows_then(orders_of(past), SEEN)
    for more in (between, after):
        again, *_ = rows_then(orders_of([*past, *more]), SEEN)
        np.testing.assert_allclose(features, again, rtol=1e-9)
    _, same_duration, same_event = rows_then(orders_of([*past, *after]), SEEN)
    np.testing.assert_array_equal(duration, same_duration)
    np.testing.assert_array_equal(event, same_event)
    assert (duration <= (SEEN - CUT).days).all()


def test_labels_do_move_with_what_happens_while_they_are_followed() -> None:
    """The property above would hold for labels that look at nothing; these do look."""
    past = [(1, 200.0, 20.0), (1, 230.0, 20.0), (1, 260.0, 20.0)]
    _, gone, left = rows_then(orders_of(past), SEEN)
    _, longer, stayed = rows_then(orders_of([*past, (1, 320.0, 20.0), (1, 370.0, 20.0)]), SEEN)
    assert left.tolist() == [True]
    assert stayed.tolist() == [False]
    assert longer[0] > gone[0]


@settings(max_examples=40, deadline=None)
@given(rows=histories, later=st.lists(row, min_size=1, max_size=30), visits=st.lists(row, max_size=30))
def test_windows_of_sequences_end_at_their_cut(rows: list[Row], later: list[Row], visits: list[Row]) -> None:
    day = (CUT - START).days
    past = [r for r in rows if r[1] < day]
    if not past:
        return

    def seen(more: list[Row], events: list[Row]) -> list[np.ndarray]:
        when = pl.Series([START + timedelta(days=e[1]) for e in events], dtype=pl.Datetime("us", "UTC"))
        kinds = [len(EVENT_KINDS) - 1] * len(events)
        told = pl.DataFrame(
            {"customer_id": [e[0] for e in events], "kind": kinds}, schema={"customer_id": pl.Int64, "kind": pl.Int16}
        )
        tokens = tokenise(
            orders_of([*past, *more]), pl.DataFrame(schema=ITEMS), told.with_columns(occurred_at=when),
            before=START + timedelta(days=2000), categories=(),
        )  # fmt: skip
        chosen = np.flatnonzero(np.isin(tokens.customer_ids, sorted({r[0] for r in past})))
        cut = np.full(chosen.size, int(CUT.timestamp()))
        batch = tokens.batch(chosen, cut, tokens.known(chosen, cut))
        return [batch.kind, batch.category, batch.gap, batch.age, batch.amount]

    before = [v for v in visits if v[1] < day]
    plain = seen([], before)
    changed = seen([(c, day + d, r) for c, d, r in later], [*before, *((c, day + d, r) for c, d, r in later)])
    for one, other in zip(plain, changed, strict=True):
        np.testing.assert_array_equal(one, other)
