"""Weeks, fiscal years and dates as an organisation told them hold in figures, rules, words and files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from agent.conversation import Conversation
from core.errors import FixArguments, NotAllowed
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import person
from tests.integration.asking import named, no_queue
from tests.integration.field_shops import FieldShop, shop
from tests.unit.fake_toolbox import offline_graph
from tools.catalogue import catalogue
from tools.people.settings import change_settings, settings_of
from tools.runtime import Runtime

__all__ = ["shop"]

HEADER = "order_id,customer_id,order_date,total\n"
FIRST = date(2025, 9, 1)
# One order a day, each worth its place: 1, 2, 3 …
ORDERS = [(FIRST + timedelta(days=n), Decimal(n + 1)) for n in range(60)]


@pytest.fixture
def daily(shop: FieldShop) -> FieldShop:
    """A shop with one order a day, whose weeks begin on Sunday."""
    lines = "".join(f"o{n},c{n % 9},{on},{total}\n" for n, (on, total) in enumerate(ORDERS))
    shop.bring(shop.write(HEADER + lines))
    change_settings(shop.database, person(shop.org_id), currency="EUR", time_zone="UTC")
    change_settings(shop.database, person(shop.org_id), week_start="Sunday", fiscal_year="10-01", formats="en-US")
    return shop


def weeks(begin: int) -> dict[str, Decimal]:
    """Revenue by week from the orders themselves; `begin` is the weekday weeks begin with."""
    out: dict[str, Decimal] = {}
    for on, total in ORDERS:
        first = str(on - timedelta(days=(on.weekday() - begin) % 7))
        out[first] = out.get(first, Decimal(0)) + total
    return out


def by_week(shop: FieldShop, **more: object) -> dict[str, Decimal]:
    rows = named(shop.ask("query_metrics", metrics=["revenue"], grain="week", **more))
    return {str(row["time"]): Decimal(str(row["revenue"])) for row in rows}


def test_every_figure_by_week_follows(daily: FieldShop) -> None:
    assert by_week(daily) == weeks(6) != weeks(0)
    stepped = named(daily.ask("query_metrics", metrics=["revenue"], grain="week", steps=True))
    assert Decimal(str(stepped[2]["revenue_before"])) == list(weeks(6).values())[1]
    (per,) = named(daily.ask("query_metrics", metrics=["revenue"], per="week"))
    assert Decimal(str(per["revenue_per_week"])) == round(sum(weeks(6).values()) / len(weeks(6)), 2)
    for monday_or_sunday in daily.ask("headlines")["weeks"]:
        assert date.fromisoformat(monday_or_sunday).weekday() == 6
    change_settings(daily.database, person(daily.org_id), week_start="monday")
    assert by_week(daily) == weeks(0)


def test_a_rule_counts_weeks_of_the_same_kind(daily: FieldShop) -> None:
    # Customer 0 buys every ninth day: on which days of which weeks differs between the two ways of counting.
    def customers(n: int) -> int:
        rule = {"purchase": "weeks", "operator": "ge", "value": n, "start": "2025-09-05", "end": "2025-09-15"}
        return int(daily.ask("count_segment", rule=rule)["segment"]["customers"])

    def expected(begin: int, n: int) -> int:
        seen: dict[int, set[date]] = {}
        for place, (on, _) in enumerate(ORDERS):
            if date(2025, 9, 5) <= on <= date(2025, 9, 15):
                seen.setdefault(place % 9, set()).add(on - timedelta(days=(on.weekday() - begin) % 7))
        return sum(len(found) >= n for found in seen.values())

    assert customers(2) == expected(6, 2)
    change_settings(daily.database, person(daily.org_id), week_start="monday")
    assert customers(2) == expected(0, 2)


async def test_a_conversation_counts_and_writes_so(daily: FieldShop) -> None:
    runtime = Runtime(catalogue(), daily.database, no_queue)
    asking = Conversation(offline_graph(InProcessToolbox(build_server(runtime))), runtime.conventions)
    someone = person(daily.org_id)
    last_week = sum(total for on, total in ORDERS if date(2025, 10, 19) <= on <= date(2025, 10, 25))
    answer = await asking.answer("What was our revenue last week?", someone, str(uuid4()))
    assert f"€{last_week:,.2f}" in answer.text
    assert "October 19, 2025" in answer.text
    year = sum(total for on, total in ORDERS if on >= date(2025, 10, 1))
    answer = await asking.answer("What was our revenue this fiscal year?", someone, str(uuid4()))
    assert f"€{year:,.0f}" in answer.text
    assert answer.withheld == []


def test_files_are_read_as_the_organisation_writes_dates(daily: FieldShop) -> None:
    file = daily.write(HEADER + "x1,c1,03/04/2025,10\nx2,c1,05/06/2025,10\n", "american.csv")
    daily.bring(file)
    assert "as your organisation writes dates" in daily.said()
    assert daily.figure("orders", start="2025-03-04", end="2025-03-04") == 1
    shown = daily.write(HEADER + "y1,c1,25/04/2025,10\ny2,c1,05/06/2025,10\n", "british.csv")
    daily.bring(shown)
    assert daily.figure("orders", start="2025-06-05", end="2025-06-05") == 1, "what a file shows comes first"


def test_only_what_can_be_is_kept(daily: FieldShop) -> None:
    admin = person(daily.org_id)
    for wrong in (
        {"week_start": "tuesday"},
        {"fiscal_year": "02-30"},
        {"formats": "de"},
        {"name": " \x00"},
        {"name": ""},
    ):
        with pytest.raises(FixArguments):
            change_settings(daily.database, admin, **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        change_settings(daily.database, person(daily.org_id, "analyst"), name="Ours")
    change_settings(daily.database, admin, name="  Tea   and more ")
    told = settings_of(daily.database, admin)
    assert (told.name, told.week_starts, told.fiscal_year_starts, told.formats) == (
        "Tea and more", "sunday", "10-01", "en-US",
    )  # fmt: skip
    with pytest.raises(IntegrityError), daily.database.transaction(daily.org_id) as connection:
        connection.execute(text("update organisations set week_starts = 'someday'"))
