"""The dashboard and the report of random shops equal what pandas makes of the same orders, refunds and visits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.calendar import period_before
from core.errors import NoSuchData
from database.acts.packing import pack
from database.engine import Database
from tests.conftest import person
from tests.integration.asking import ask, no_queue
from tests.integration.pandas_figures import Books, figure
from tests.integration.random_shops import FIRST, Line, Order, Shop, opened, shops
from tools.catalogue import catalogue
from tools.context import Context
from tools.figures import growth

METRICS = ("revenue", "orders", "average_order_value", "customers", "new_customers", "returning_customers")
MONEY = 0.006
NIGHT = FIRST.replace(hour=11, minute=30)  # past midnight in New Zealand, the day before in New York


def order(
    days: int,
    kind: str = "sale",
    customer: str | None = "ann",
    price: str = "10",
    country: str = "Spain",
    sku: str = "MUG",
) -> Order:
    lines = (Line(sku, 1, Decimal(price)),)
    return Order(NIGHT + timedelta(days=days), customer, kind, country, "web", Decimal(0), lines)


ONE = Shop("Pacific/Auckland", (order(20),), ())
REFUNDED = Shop(
    "America/New_York",
    (order(2), order(3, customer="bob", price="80"), order(12, "refund", price="10"), order(13, customer=None)),
    ((NIGHT + timedelta(days=12), "ann", "visit"), (NIGHT + timedelta(days=13), "bob", "visit")),
)
MORE_BACK_THAN_SOLD = Shop("UTC", (order(2), order(12, "refund", price="90"), order(13, country="France")), ())


def expected(books: Books, name: str, start: date, end: date) -> float | None:
    return figure(name, books.rows(False, start, end, ()), start)


def visitors(shop: Shop, books: Books, start: date, end: date) -> tuple[int, int, int]:
    """Known people who visited in the days, and of them who filled a cart, and who ordered."""
    zone, did = ZoneInfo(shop.zone), {"visit": set[str](), "cart": set[str]()}
    for at, who, kind in shop.events:
        if who is not None and kind in did and start <= at.astimezone(zone).date() <= end:
            did[kind].add(who)
    rows = books.rows(False, start, end, ())
    bought = set(rows[rows["kind"] == "sale"].dropna(subset=["customer"])["customer"])
    return len(did["visit"]), len(did["visit"] & did["cart"]), len(did["visit"] & bought)


def check_breakdowns(result: dict[str, Any], books: Books, start: date, end: date) -> None:
    rows = books.rows(False, start, end, ())
    for one in result["breakdowns"]:
        assert sum(part["value"] for part in one["parts"]) == pytest.approx(one["total"], abs=MONEY * len(one["parts"]))
        if one["dimension"] not in ("channel", "country"):
            continue
        by = rows.groupby(one["dimension"], dropna=True)["revenue"].sum()
        names = {"Web": "web", "Store": "store"}
        for part in one["parts"]:
            if (key := names.get(part["name"], part["name"])) in by.index:
                assert part["value"] == pytest.approx(by[key], abs=MONEY), part["name"]
            if one["total"] > 0:
                assert part["share"] == pytest.approx(part["value"] / one["total"], abs=0.01)


def check(database: Database, shop: Shop, start: date, length: int) -> None:
    org_id, books = opened(database, shop), Books(shop)
    end = min(start + timedelta(days=length), books.span[1])
    try:
        result = ask(database, org_id, "dashboard", period="custom", start=start.isoformat(), end=end.isoformat())
    except NoSuchData:
        assert books.rows(False, start, end, ()).empty
        return
    pack(database, org_id)
    counted = ask(database, org_id, "dashboard", period="custom", start=start.isoformat(), end=end.isoformat())
    assert counted == result, "of packed rows"
    first, last = period_before(start, end)
    found = {line["metric"]: line for line in result["headlines"]}
    for name in METRICS if "revenue" in found else ():
        line = found[name]
        now, before = expected(books, name, start, end), expected(books, name, first, last)
        assert line["now"] == (None if now is None else pytest.approx(now, abs=MONEY)), name
        if line["before"] is None:
            assert not before, name
        else:
            assert line["before"] == pytest.approx(before, abs=MONEY), name
        change = growth(line["now"], line["before"])
        assert line["change"] == (None if change is None else pytest.approx(change, abs=1e-6)), name
    if "revenue" in found:
        together = found["new_customers"]["now"] + found["returning_customers"]["now"]
        assert together == found["customers"]["now"]
        check_breakdowns(result, books, start, end)
    visited, filled, ordered = visitors(shop, books, start, end)
    if result["funnel"] is None:
        assert visited == 0
    else:
        steps = {step["title"]: step["customers"] for step in result["funnel"]["steps"]}
        assert (steps["Visited"], steps.get("Filled a cart", 0), steps["Ordered"]) == (visited, filled, ordered)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(shop=shops, day=st.integers(-3, 140), length=st.sampled_from([0, 6, 27, 30, 89]))
@example(shop=ONE, day=18, length=6)
@example(shop=REFUNDED, day=10, length=6)
@example(shop=MORE_BACK_THAN_SOLD, day=10, length=6)
def test_a_dashboard_is_what_pandas_makes_of_the_shop(database: Database, shop: Shop, day: int, length: int) -> None:
    start = min((FIRST + timedelta(days=day)).date(), Books(shop).span[1])
    check(database, shop, start, length)


def test_winners_and_losers_are_what_the_revenue_of_each_moved(database: Database) -> None:
    shop = Shop(
        "Asia/Kolkata",
        (
            order(1), order(2, country="France", price="50"), order(8, price="70"),
            order(9, country="France", price="5"), order(10, "refund", country="France", price="20"),
            order(10, country="Denmark", price="1"), order(11, sku="POST", price="300"),
        ),
        (),
    )  # fmt: skip
    org_id, books = opened(database, shop), Books(shop)
    end = books.span[1]
    start = end - timedelta(days=6)
    result = ask(database, org_id, "period_report", start=start.isoformat(), end=end.isoformat())
    now, before = (
        books.rows(False, *days, ()).groupby("country")["revenue"].sum()
        for days in ((start, end), period_before(start, end))
    )
    moved = now.sub(before, fill_value=0.0)
    countries = {one["name"]: one["change"] for one in result["grew"] + result["fell"] if one["kind"] == "country"}
    assert countries == pytest.approx({"Spain": 360.0, "France": -65.0, "Denmark": 1.0})
    assert countries == pytest.approx(moved.to_dict())
    assert "Postage" not in [one["name"] for one in result["grew"] + result["fell"]], "it is no product"


def at_this_minute(database: Database, shop: Shop, now: datetime, tool: str, **arguments: Any) -> dict[str, Any]:
    context = Context(person(opened(database, shop)), database, now, no_queue)
    return catalogue().call(tool, arguments, context).model_dump(mode="json")


def test_a_day_that_is_not_over_is_no_part_of_the_last_days_and_is_said_elsewhere(database: Database) -> None:
    shop = Shop("Pacific/Auckland", tuple(order(day, price=str(100 + day)) for day in range(20)), ())
    now = NIGHT + timedelta(days=19, hours=2)
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    yesterday, minute = today - timedelta(days=1), (database, shop, now)
    rolling = at_this_minute(*minute, "dashboard", period="last_7_days")
    assert (rolling["end"], rolling["data_end"], rolling["notes"]) == (yesterday.isoformat(), today.isoformat(), [])
    for tool, asked in (("period_report", {}), ("headlines", {"days": 7})):
        assert at_this_minute(*minute, tool, **asked)["end"] == yesterday.isoformat()
    running = at_this_minute(*minute, "dashboard", period="this_month")
    assert running["end"] == today.isoformat()
    assert running["notes"][-1].endswith("is not over: it counts as far as it is known.")
    days = {"metrics": ["revenue"], "start": (today - timedelta(days=2)).isoformat(), "end": today.isoformat()}
    alone = at_this_minute(*minute, "query_metrics", **{**days, "start": today.isoformat()})
    assert alone["previous"] is None, "some hours are not set against a day"
    assert at_this_minute(*minute, "query_metrics", **days)["previous"]["running"] == today.isoformat()
    by_day = at_this_minute(*minute, "query_metrics", **days, grain="day")
    assert (by_day["partial"], by_day["latest_growth"]) == ([today.isoformat()], pytest.approx(118 / 117 - 1, abs=1e-6))
    over = Context(person(opened(database, shop)), database, datetime(2026, 6, 15, tzinfo=UTC), no_queue)
    assert (
        catalogue().call("dashboard", {"period": "last_7_days"}, over).model_dump(mode="json")["end"]
        == today.isoformat()
    )


def test_growth_of_the_data_is_no_growth_of_the_shop(database: Database) -> None:
    """Orders are known for ten days, visits for four: seven days against the seven before would be invented growth."""
    visited = tuple((NIGHT + timedelta(days=day), "ann", "visit") for day in range(12, 16))
    org_id = opened(database, Shop("UTC", tuple(order(day) for day in range(6, 16)), visited))
    lines = {line["metric"]: line for line in ask(database, org_id, "headlines", days=7)["headlines"]}
    assert [(lines[name]["before"], lines[name]["change"]) for name in ("revenue", "visits")] == [(None, None)] * 2
    notes = ask(database, org_id, "dashboard", period="last_7_days")["notes"]
    first = [(FIRST + timedelta(days=day)).date() for day in (6, 12)]
    assert notes == [
        f"Orders are known from {first[0]:%-d %B %Y} on: the days compared with are only partly covered.",
        f"Visits and emails are known from {first[1]:%-d %B %Y} on: part of these days is not covered.",
    ]
    report = ask(database, org_id, "period_report")
    assert any(said.startswith("The data cover only part") for said in report["evidence"]["definitions"])


def test_without_orders_nobody_is_said_not_to_have_ordered(database: Database) -> None:
    visited = tuple((NIGHT + timedelta(days=day), "ann", "visit") for day in range(4))
    result = ask(database, opened(database, Shop("UTC", (), visited)), "dashboard")
    assert [line["metric"] for line in result["headlines"]] == ["visits"]
    assert result["funnel"] is None
