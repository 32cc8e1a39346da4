"""Journeys out of touches and orders, each case written out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from analytics.attribution.building import JourneyTable, Wanted, Windows, build_journeys
from core.errors import NoSuchData

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=200)
Bought = tuple[int, float]


def built(
    touches: list[tuple[Any, ...]], orders: list[Bought], windows: Windows | None = None, **wanted: Any
) -> JourneyTable:
    met = pl.DataFrame(
        [
            (customer, START + timedelta(days=day), channel, more[0] if more else None, len(more) > 1)
            for customer, day, channel, *more in touches
        ],
        schema={"customer_id": pl.Int64, "at": pl.Datetime("us", "UTC"), "channel": pl.String, "campaign": pl.String,
                "is_view": pl.Boolean},
        orient="row",
    )  # fmt: skip
    firsts: set[int] = set()
    rows = []
    for number, (customer, day) in enumerate(sorted(orders)):
        rows.append((customer, START + timedelta(days=day), f"O{number}", 10.0 * (number + 1), customer not in firsts))
        firsts.add(customer)
    bought = pl.DataFrame(
        rows,
        schema={"customer_id": pl.Int64, "at": pl.Datetime("us", "UTC"), "order_id": pl.String, "value": pl.Float64,
                "is_first": pl.Boolean},
        orient="row",
    )  # fmt: skip
    asked = {"start": START, "end": END, "as_of": END} | wanted
    return build_journeys(met, bought, windows or Windows(), Wanted(**asked))


def paths(table: JourneyTable) -> tuple[list[list[str]], list[list[str]]]:
    """Those with an order and those without."""
    every = [(table.journeys.path(n), bool(table.journeys.conversions[n])) for n in range(table.journeys.size)]
    return [path for path, won in every if won], [path for path, won in every if not won]


def test_touches_count_for_the_next_order_alone() -> None:
    table = built([(1, 1, "email"), (1, 2, "video"), (1, 11, "direct")], [(1, 3), (1, 12)])
    assert paths(table) == ([["email", "video"], ["direct"]], [])
    assert table.journeys.value.tolist() == [10.0, 20.0]
    assert table.journeys.ages is not None
    assert table.journeys.ages.tolist() == [2.0, 1.0, 1.0]


def test_a_touch_at_the_edge_of_the_window_counts_and_one_before_it_is_a_journey_without_order() -> None:
    table = built([(1, 9.99, "email"), (1, 10, "video")], [(1, 40)])
    assert paths(table) == ([["video"]], [["email"]])


def test_each_channel_has_its_window() -> None:
    windows = Windows(days=30, channels={"email": 7})
    assert paths(built([(1, 1, "email"), (1, 2, "video")], [(1, 10)], windows)) == ([["video"]], [["email"]])


def test_one_visit_is_one_touch() -> None:
    minute = 1 / 1440
    touches = [
        (1, 1, "email"), (1, 1 + 20 * minute, "email"), (1, 1 + 40 * minute, "email"), (1, 1 + 50 * minute, "direct"),
        (1, 1 + 90 * minute, "email"), (2, 1 + 91 * minute, "email"),
    ]  # fmt: skip
    assert paths(built(touches, [(1, 2), (2, 2)])) == ([["email", "email"], ["email"]], [])


def test_silence_longer_than_the_window_ends_a_journey() -> None:
    touches = [(1, 1, "email"), (1, 20, "video"), (1, 60, "email")]
    assert paths(built(touches, [(2, 1)])) == ([], [["email"], ["email", "video"]])


def test_what_could_still_become_an_order_is_left_out() -> None:
    table = built([(1, 100, "email"), (2, 195, "email"), (3, 190, "video")], [(3, 199)])
    assert paths(table) == ([["video"]], [["email"]])
    assert table.still_open == 1


def test_views_count_for_a_day_and_only_where_asked_for() -> None:
    touches = [(1, 1, "email", None, True), (1, 8.5, "video", None, True), (1, 8, "direct")]
    assert paths(built(touches, [(1, 9)])) == ([["direct"]], [])
    assert paths(built(touches, [(1, 9)], views=True)) == ([["direct", "video"]], [["email"]])


def test_first_orders_and_journeys_of_those_who_had_not_bought() -> None:
    touches = [(1, 1, "email"), (1, 50, "video"), (1, 110, "direct"), (2, 20, "sms")]
    orders = [(1, 2), (1, 51)]
    assert paths(built(touches, orders, whose="new")) == ([["email"]], [["sms"]])
    assert paths(built(touches, orders, whose="returning")) == ([["video"]], [["direct"]])


def test_the_period_is_of_orders_and_of_the_last_touch() -> None:
    touches = [(1, 1, "email"), (1, 31, "video"), (2, 5, "sms"), (3, 45, "sms")]
    table = built(touches, [(1, 3), (1, 33)], start=START + timedelta(days=30), end=START + timedelta(days=60))
    assert paths(table) == ([["video"]], [["sms"]])
    assert table.orders.height == 1


def test_campaigns_are_credited_by_their_names() -> None:
    table = built([(1, 1, "email", "Spring"), (1, 2, "video")], [(1, 3)], by="campaign")
    assert paths(table) == ([["Spring", "(no campaign)"]], [])


def test_without_a_touch_there_is_nothing() -> None:
    with pytest.raises(NoSuchData, match="No touch"):
        built([(1, 1, "email")], [(1, 2)], start=START + timedelta(days=90))
