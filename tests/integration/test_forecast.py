"""Forecasts, targets and their record from loaded orders, as every door asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl
import pytest

from core.errors import FixArguments, NoSuchData
from core.identity import Identity
from database.engine import Database
from tests.conftest import make_organisation, person
from tests.integration.asking import ask, no_queue, rows
from tools.catalogue import catalogue
from tools.context import Context
from tools.imports.load import load_frames

FIRST = date(2024, 1, 1)
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAYS = (NOW.date() - FIRST).days + 1  # the last one is not over
RNG = np.random.default_rng(6)
COUNTS = np.maximum(RNG.poisson(4 * (1 + 0.4 * (np.arange(DAYS) % 7 == 4)), DAYS), 1)


def orders(days: int = DAYS, first: int = 0) -> pl.DataFrame:
    """Each day some orders of 10, every third in Germany, by customers who come again."""
    made = []
    for day in range(first, days):
        for number in range(int(COUNTS[day])):
            at = datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(days=day, hours=8, minutes=number)
            customer = f"C{(day * 7 + number * 13) % 900:03}"
            made.append((f"O{day}-{number}", customer, at, 10.0, False, "Germany" if number % 3 == 0 else "France"))
    names = ["order_id", "customer_id", "ordered_at", "revenue", "is_refund", "country"]
    return pl.DataFrame(made, schema=names, orient="row")


def frames(days: int = DAYS, first: int = 0) -> Iterator[tuple[str, pl.DataFrame]]:
    found = orders(days, first)
    yield "customers", found.select("customer_id").unique().sort("customer_id")
    yield "orders", found


@pytest.fixture(scope="module")
def shop(database: Database) -> UUID:
    org_id = make_organisation(database)
    load_frames(database, person(org_id), frames(), now=NOW)
    return org_id


def came(start: date, end: date) -> int:
    return int(COUNTS[(start - FIRST).days : (end - FIRST).days + 1].sum())


def test_next_month_with_its_range_and_a_year_before(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "forecast", metric="orders", start="2026-07-01", end="2026-07-31", grain="week")
    total = result["total"]
    assert total["low"] < total["expected"] < total["high"]
    assert total["expected"] == pytest.approx(31 * COUNTS.mean(), rel=0.12)
    assert total["year_before"] == came(date(2025, 7, 1), date(2025, 7, 31))
    assert sum(part["expected"] for part in result["periods"]) == pytest.approx(total["expected"], abs=0.5)
    assert result["known_until"] == "2026-06-14", "the running day is not over"
    assert result["against_naive"] < 1
    assert 0.8 <= result["coverage"] <= 1
    assert not result["is_rule"]


def test_the_running_month_is_what_came_and_what_is_to_come(database: Database, shop: UUID) -> None:
    total = ask(database, shop, "forecast", metric="orders", start="2026-06-01", end="2026-06-30")["total"]
    assert total["so_far"] == came(date(2026, 6, 1), date(2026, 6, 14))
    assert total["low"] > total["so_far"]
    assert total["expected"] == pytest.approx(total["so_far"] + 16 * COUNTS.mean(), rel=0.1)


def test_four_weeks_from_tomorrow_where_nothing_is_said(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "forecast")
    assert (result["metric"], result["unit"], result["currency"]) == ("revenue", "money", "GBP")
    assert (result["periods"][0]["start"], result["periods"][-1]["end"]) == ("2026-06-15", "2026-07-12")
    assert len(result["periods"]) == 4
    assert result["grain"] == "week"


def test_one_country_is_a_third_of_it(database: Database, shop: UUID) -> None:
    whole = ask(database, shop, "forecast", metric="revenue")["total"]["expected"]
    filters = [{"dimension": "country", "operator": "eq", "value": "Germany"}]
    part = ask(database, shop, "forecast", metric="revenue", filters=filters)["total"]["expected"]
    german = orders().filter(pl.col("country") == "Germany").height / orders().height
    assert part / whole == pytest.approx(german, rel=0.1)
    with pytest.raises(FixArguments, match="Narnia"):
        ask(database, shop, "forecast", filters=[{"dimension": "country", "operator": "eq", "value": "Narnia"}])


def test_customers_are_foreseen_by_week_and_not_added_up(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "forecast", metric="customers", grain="week", start="2026-06-15", end="2026-06-28")
    assert result["total"] is None
    lately = pl.col("ordered_at").is_between(datetime(2026, 4, 6, tzinfo=UTC), datetime(2026, 6, 15, tzinfo=UTC))
    by_week = orders().filter(lately).group_by(pl.col("ordered_at").dt.week()).agg(pl.col("customer_id").n_unique())
    usual = np.median(by_week["customer_id"].to_numpy())
    assert [part["expected"] for part in result["periods"]] == pytest.approx([usual, usual], rel=0.12)
    with pytest.raises(FixArguments, match="by week or month"):
        ask(database, shop, "forecast", metric="customers", grain="day")


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"start": "2026-05-01", "end": "2026-05-31"}, FixArguments, "ask what it was"),
        ({"start": "2026-08-01", "end": "2026-07-01"}, FixArguments, "begin on 2026-08-01"),
        ({"end": "2028-07-01"}, NoSuchData, "more than a year ahead"),
    ],
)
def test_days_that_cannot_be_foreseen(
    database: Database, shop: UUID, arguments: dict[str, str], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        ask(database, shop, "forecast", **arguments)


def test_eight_weeks_are_refused_with_what_is_missing(database: Database, organisation: UUID) -> None:
    load_frames(database, person(organisation), frames(DAYS, DAYS - 56), now=NOW)
    with pytest.raises(NoSuchData, match=r"55 days of history are known; .* needs about \d+"):
        ask(database, organisation, "forecast")
    with pytest.raises(NoSuchData, match="needs about"):
        ask(database, organisation, "target_pace", amount=1000, start="2026-06-01", end="2026-06-30")


def test_without_orders_there_is_nothing_to_foresee(database: Database, organisation: UUID) -> None:
    with pytest.raises(NoSuchData):
        ask(database, organisation, "forecast")
    with pytest.raises(NoSuchData, match="No forecast has been told"):
        ask(database, organisation, "forecast_record")


def test_what_is_needed_a_day_and_the_chance(database: Database, shop: UUID) -> None:
    month = {"metric": "orders", "start": "2026-06-01", "end": "2026-06-30"}
    so_far = came(date(2026, 6, 1), date(2026, 6, 14))
    expected = ask(database, shop, "target_pace", amount=10_000, **month)["expected"]
    far = ask(database, shop, "target_pace", amount=so_far + 1600, **month)
    assert (far["verdict"], far["days_left"], far["needed_a_day"]) == ("behind", 16, 100.0)
    near = ask(database, shop, "target_pace", amount=round(expected * 0.85), **month)
    assert near["verdict"] == "on track"
    assert near["chance"] > 0.9 > 0.1 > far["chance"]
    assert ask(database, shop, "target_pace", amount=so_far, **month)["verdict"] == "reached"
    assert near["a_day_so_far"] == pytest.approx(so_far / 14, abs=0.01)


def test_a_target_is_kept_replaced_and_used(database: Database, organisation: UUID, identity: Identity) -> None:
    load_frames(database, identity, frames(), now=NOW)
    days = {"start": "2026-06-01", "end": "2026-06-30"}
    with pytest.raises(NoSuchData, match="No target for orders"):
        ask(database, organisation, "target_pace", metric="orders")
    assert ask(database, organisation, "set_target", metric="orders", amount=200, **days)["created"]
    assert not ask(database, organisation, "set_target", metric="orders", amount=150, **days)["created"]
    pace = ask(database, organisation, "target_pace", metric="orders")
    assert (pace["target"], pace["kept"], pace["start"]) == (150, True, "2026-06-01")
    with pytest.raises(FixArguments, match="begin on"):
        ask(database, organisation, "set_target", amount=5, start="2026-07-01", end="2026-06-01")


def test_others_see_neither_targets_nor_forecasts(database: Database, shop: UUID, organisation: UUID) -> None:
    ask(database, shop, "set_target", amount=900, start="2026-06-01", end="2026-06-30")
    ask(database, shop, "forecast")
    for table in ("targets", "forecasts"):
        assert rows(database, shop, f"select 1 from {table}")
        assert not rows(database, organisation, f"select 1 from {table}")


def test_what_was_told_is_held_against_what_came(database: Database, organisation: UUID, identity: Identity) -> None:
    then = DAYS - 45
    load_frames(database, identity, frames(then), now=NOW - timedelta(days=45))
    asked = {"metric": "orders", "start": "2026-05-04", "end": "2026-05-31", "grain": "week"}
    told = ask(database, organisation, "forecast", **asked)
    again = ask(database, organisation, "forecast", **asked)
    assert told["total"] == again["total"]
    waiting = ask(database, organisation, "forecast_record")
    assert (waiting["over"], waiting["held"]) == (0, None)
    load_frames(database, identity, frames(DAYS, then), now=NOW)
    found = ask(database, organisation, "forecast_record", metric="orders")
    assert found["over"] == 5, "the whole and four weeks, each once though asked for twice"
    whole = next(one for one in found["forecasts"] if one["end"] == "2026-05-31" and one["start"] == "2026-05-04")
    assert whole["came"] == came(date(2026, 5, 4), date(2026, 5, 31))
    assert whole["expected"] == told["total"]["expected"]
    assert whole["held"] == (told["total"]["low"] <= whole["came"] <= told["total"]["high"])
    assert found["mean_off"] < 0.25


def test_who_may_only_look_keeps_no_target(database: Database, shop: UUID) -> None:
    from core.errors import NotAllowed

    context = Context(person(shop, "viewer"), database, NOW, no_queue)
    given: dict[str, Any] = {"amount": 5, "start": "2026-06-01", "end": "2026-06-30"}
    with pytest.raises(NotAllowed):
        catalogue().call("set_target", given, context)
