"""Credit from loaded events, own messages, orders and spend, against the same worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from analytics.attribution.credit import METHODS
from core.errors import FixArguments, NoSuchData, NotFound
from database.engine import Database
from tests.conftest import make_organisation, person
from tests.integration.asking import NOW, ask, rows
from tools.imports.load import load_frames

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
SCHEMA = {"customer_id": pl.String, "occurred_at": pl.Datetime("us", "UTC"), "kind": pl.String, "channel": pl.String,
          "campaign_id": pl.String, "properties": pl.String}  # fmt: skip
SEARCH = {"utm_medium": "cpc", "utm_source": "google"}
# (touches as (kind, channel, properties)), how many customers did so, whether they ordered
WAYS: list[tuple[list[tuple[str, str | None, dict[str, Any] | None]], int, bool]] = [
    ([("visit", None, SEARCH), ("email_click", None, None), ("visit", None, None)], 40, True),
    ([("visit", "Paid Social", None), ("visit", None, {"context": {"campaign": {"medium": "organic"}}})], 30, True),
    ([("visit", None, SEARCH)], 20, True),
    ([("visit", "Paid Social", None)], 60, False),
    ([("visit", None, SEARCH), ("visit", None, None)], 50, False),
    ([("email_open", None, None), ("visit", None, SEARCH)], 10, True),
]
# worked out from the ways above
FIRST = {"paid_search": 70, "paid_social": 30}
LAST = {"direct": 40, "organic": 30, "paid_search": 30}
LAST_NON_DIRECT = {"email": 40, "organic": 30, "paid_search": 30}
LINEAR = {"paid_search": 40 / 3 + 30, "email": 40 / 3, "direct": 40 / 3, "paid_social": 15, "organic": 15}


def frames() -> Iterator[tuple[str, pl.DataFrame]]:
    events, orders, number = [], [], 0
    for touches, customers, ordered in WAYS:
        for _ in range(customers):
            number += 1
            who = f"C{number:04}"
            for place, (kind, channel, properties) in enumerate(touches):
                at = START + timedelta(days=place, minutes=number)
                events.append((who, at, kind, channel, None, json.dumps(properties) if properties else None))
            if ordered:
                at = START + timedelta(days=len(touches), minutes=number)
                orders.append((who, at, f"O{number:04}", 20.0, False))
    names = ["customer_id", "ordered_at", "order_id", "revenue", "is_refund"]
    yield "customers", pl.DataFrame({"customer_id": [f"C{n:04}" for n in range(1, number + 1)]})
    yield "events", pl.DataFrame(events, schema=SCHEMA, orient="row").with_row_index("event_id").cast({"event_id": str})
    yield "orders", pl.DataFrame(orders, schema=names, orient="row")
    yield (
        "channel_spend",
        pl.DataFrame({"day": [START.date()] * 2, "channel": ["Paid search", "tv"], "spend": [300.0, 99.0]}),
    )
    # the data reach far enough for every window to be closed
    yield "orders", pl.DataFrame([("C0001", NOW - timedelta(hours=1), "O9999", 1.0, False)], schema=names, orient="row")


@pytest.fixture(scope="module")
def shop(database: Database) -> UUID:
    org_id = make_organisation(database)
    load_frames(database, person(org_id), frames(), now=NOW)
    return org_id


def credited(result: dict[str, Any], method: str) -> dict[str, float]:
    return {row["channel"]: row[method] for row in result["rows"] if row[method]}


def spring(**more: Any) -> dict[str, Any]:
    return {"start": "2026-03-01", "end": "2026-04-30"} | more


def test_every_rule_is_what_the_ways_come_to(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "attribution_report", **spring())
    for method, known in (("first", FIRST), ("last", LAST), ("last_non_direct", LAST_NON_DIRECT), ("linear", LINEAR)):
        assert credited(result, method) == pytest.approx(known, abs=1e-5), method
    assert (result["orders"], result["credited"], result["journeys"]) == (100, 100, 210)
    assert result["left_out"] == []
    for method in ("time_decay", "position", "shapley", "markov", "data_driven"):
        assert sum(credited(result, method).values()) == pytest.approx(100, abs=1e-4), method
    assert sum(line["share"] for line in result["lines"] if line["method"] == "markov") == pytest.approx(1, abs=1e-5)


def test_value_and_spend_stand_beside_the_credit(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "attribution_report", **spring(method="first"))
    found = {row["channel"]: (row["value"], row["spend"], row["roas"]) for row in result["rows"]}
    assert found["paid_search"] == (1400.0, 300.0, pytest.approx(1400 / 300, abs=1e-5))
    assert found["paid_social"] == (600.0, None, None)
    assert [row["channel"] for row in result["rows"][:2]] == ["paid_search", "paid_social"]


def test_views_count_for_a_day_where_they_are_asked_for(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "attribution_report", **spring(touches="all"))
    assert credited(result, "first") == FIRST, "the opened mail is two days before the order"
    wide = ask(database, shop, "attribution_report", **spring(touches="all", windows={"email": 90}))
    assert credited(wide, "first") == FIRST, "a view counts for a day at most"


def test_windows_are_those_asked_for(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "attribution_report", **spring(window_days=1))
    assert result["credited"] == 100
    assert credited(result, "first") == LAST, "only the touch a day before the order is left"
    own = ask(database, shop, "attribution_report", **spring(windows={"paid_search": 1}))
    assert credited(own, "first") == {"email": 40, "paid_social": 30, "paid_search": 30}
    with pytest.raises(FixArguments, match="radio"):
        ask(database, shop, "attribution_report", **spring(windows={"radio": 1}))


def test_new_and_returning(database: Database, shop: UUID) -> None:
    assert ask(database, shop, "attribution_report", **spring(customers="new"))["credited"] == 100
    with pytest.raises(NoSuchData, match=r"journeys are known|conversions|No touch"):
        ask(database, shop, "attribution_report", **spring(customers="returning"))


def test_one_channel_is_one_row_and_an_unknown_one_is_named(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "attribution_report", **spring(channels=["Paid Search"]))
    assert [row["channel"] for row in result["rows"]] == ["paid_search"]
    assert result["credited"] == 100
    with pytest.raises(NotFound, match="paid_search"):
        ask(database, shop, "attribution_report", **spring(channels=["radio"]))


def test_the_path_of_one_customer_with_its_parts(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "customer_path", customer="C0001", orders=5)
    assert [order["path"] for order in result["orders"]] == ["", "Paid search → Email → Direct"]
    assert [touch["channel"] for touch in result["touches"]] == ["paid_search", "email", "direct"]
    assert [touch["last_non_direct"] for touch in result["touches"]] == [0, 1, 0]
    assert [touch["days_before"] for touch in result["touches"]] == [3.0, 2.0, 1.0]
    for rule in ("first", "last", "linear", "time_decay", "position", "shapley"):
        assert sum(touch[rule] for touch in result["touches"]) == pytest.approx(1, abs=1e-5), rule
    with pytest.raises(NoSuchData, match="has no order"):
        ask(database, shop, "customer_path", customer="C0150")


def test_refunds_are_taken_off_the_touches_that_had_the_credit(database: Database) -> None:
    org_id = make_organisation(database, time_zone="Europe/London")
    whole = [("R1", f"O{n:04}", NOW - timedelta(hours=2), 20.0) for n in range(1, 11)]  # of those of way 1
    part = [("R2", f"O{n:04}", START + timedelta(days=9), 5.0) for n in range(71, 81)]  # of those of way 3
    beyond = [("R3", "O0041", NOW - timedelta(hours=2), 30.0), ("R4", "O8888", NOW - timedelta(hours=2), 3.0)]
    schema = ["refund_id", "order_id", "refunded_at", "amount"]
    given_back = pl.DataFrame([*whole, *part, *beyond], schema=schema, orient="row")
    load_frames(database, person(org_id), [*frames(), ("refunds", given_back)], now=NOW)
    result = ask(database, org_id, "attribution_report", **spring(method="last"))
    assert credited(result, "first") == {"paid_search": 60, "paid_social": 29}
    assert credited(result, "last") == {"direct": 30, "organic": 29, "paid_search": 30}
    worth = {row["channel"]: row["value"] for row in result["rows"] if row["value"]}
    assert worth == {"direct": 600.0, "organic": 580.0, "paid_search": 20 * 20 - 10 * 5 + 10 * 20.0}
    assert (result["orders"], result["credited"], result["credited_value"]) == (89, 89, 1730.0)
    assert (result["refunded_orders"], result["refunded"], result["journeys"]) == (11, 270.0, 210)
    assert {line["part"]: (line["orders"], line["value"]) for line in result["revenue"]} == {
        "Credited orders, refunds taken off": (89, 1730.0),
        "Orders given back in full": (11, 0.0),
        "Refunds of these orders on other days": (0, 220.0),
        "Net revenue of these days": (100, 1950.0),
    }
    net = ask(database, org_id, "query_metrics", metrics=["revenue", "orders"], **spring())["totals"]
    assert net == {"revenue": 1950.0, "orders": 100}
    path = ask(database, org_id, "customer_path", customer="C0071")
    assert [(order["value"], order["given_back"]) for order in path["orders"]] == [(15.0, 5.0)]


def test_one_path_has_all_nine_methods_that_come_to_the_customers_revenue(database: Database, shop: UUID) -> None:
    result = ask(database, shop, "customer_path", customer="C0001", method="markov")
    assert (result["method"], result["credited"], result["left_out"]) == ("markov", 20.0, [])
    for method in METHODS:
        assert round(sum(row[method] for row in result["channels"]), 2) == 20.0, method
        assert sum(touch[method] for touch in result["touches"]) == pytest.approx(1, abs=1e-5), method
    found = {row["channel"]: row["markov"] for row in result["channels"]}
    every = credited(ask(database, shop, "attribution_report"), "markov")
    whole = sum(every[channel] for channel in found)
    assert found == pytest.approx({channel: 20 * every[channel] / whole for channel in found}, abs=0.011)
    assert any("fitted to the journeys of all" in line for line in result["evidence"]["definitions"])


def test_clicks_in_our_own_messages_are_touches(database: Database) -> None:
    org_id = make_organisation(database)
    load_frames(database, person(org_id), frames(), now=NOW)
    with database.transaction(org_id) as connection:
        connection.execute(
            text(
                "insert into messages (campaign_id, customer_id, channel, status, due_at, clicked_at)"
                " select 'M1', customer_id, 'sms', 'sent', ordered_at, ordered_at - interval '1 hour'"
                " from orders where order_id = 'O0001'"
            )
        )
    result = ask(database, org_id, "attribution_report", **spring())
    assert credited(result, "last")["sms"] == 1
    path = ask(database, org_id, "customer_path", customer="C0001")
    assert path["orders"][-1]["path"] == "Paid search → Email → Direct → SMS"


def test_another_organisation_sees_none_of_it(database: Database, shop: UUID, organisation: UUID) -> None:
    assert rows(database, shop, "select 1 from events limit 1")
    with pytest.raises(NoSuchData, match="No visits or clicks"):
        ask(database, organisation, "attribution_report")
    with pytest.raises(NotFound):
        ask(database, organisation, "customer_path", customer="C0001")


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        ("search", "one channel, paid_search"),
        ("few", "journeys are known"),
        ("none", "No visits or clicks"),
        ("no orders", "no orders with a known customer"),
    ],
)
def test_too_little_is_refused_with_the_reason(database: Database, organisation: UUID, keep: str, said: str) -> None:
    known = {name: pl.concat(one for other, one in frames() if other == name) for name, _ in frames()}
    search = pl.col("properties").str.contains("cpc").fill_null(False)
    events = {
        "search": known["events"].filter(search), "few": known["events"].head(100), "none": known["events"].clear(),
        "no orders": known["events"],
    }[keep]  # fmt: skip
    orders = known["orders"].clear() if keep == "no orders" else known["orders"]
    tables = [("customers", known["customers"]), ("orders", orders), ("events", events)]
    load_frames(database, person(organisation), [pair for pair in tables if pair[1].height], now=NOW)
    with pytest.raises(NoSuchData, match=said):
        ask(database, organisation, "attribution_report")


def test_days_the_wrong_way_round(database: Database, shop: UUID) -> None:
    with pytest.raises(FixArguments, match="begin on 2026-05-01"):
        ask(database, shop, "attribution_report", start="2026-05-01", end="2026-04-01")
