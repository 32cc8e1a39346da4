"""Why a figure changed: contributions that add up to the change, on shops at random and on real ones."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import FixArguments, NoSuchData
from database.engine import Database
from tests.integration.asking import ask
from tests.integration.random_shops import GOODS, Order, Shop, opened, shops

NOVEMBER = {"start": "2011-11-01", "end": "2011-11-30"}


def exactly(number: float) -> Decimal:
    return Decimal(str(number))


def adds_up(result: dict[str, Any]) -> None:
    """Every dimension, and the split, is the whole change to the last decimal."""
    assert exactly(result["now"]) - exactly(result["before"]) == exactly(result["change"])
    for found in result["dimensions"]:
        parts = [exactly(one["change"]) for one in found["contributions"]]
        assert sum(parts, exactly(found["rest"])) == exactly(result["change"]), found["dimension"]
        for one in found["contributions"]:
            assert exactly(one["now"]) - exactly(one["before"]) == exactly(one["change"])
    if result["split"]:
        split = result["split"]
        assert exactly(split["from_orders"]) + exactly(split["from_average"]) == exactly(result["change"])


def revenue(order: Order) -> Decimal:
    return sum((order.sign * line.quantity * line.price for line in order.lines), Decimal(0))


def before(start: date, end: date) -> date:
    """Where the days before begin: as many days, and before whole months as many whole months."""
    after = end + timedelta(days=1)
    if start.day != 1 or after.day != 1:
        return start - (after - start)
    months = (after.year - start.year) * 12 + after.month - start.month
    at = start.year * 12 + start.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(shop=shops, data=st.data())
def test_contributions_are_those_counted_by_hand(database: Database, shop: Shop, data: st.DataObject) -> None:
    zone = ZoneInfo(shop.zone)
    days = [order.at.astimezone(zone).date() for order in shop.orders]
    start = min(days) + timedelta(days=data.draw(st.integers(0, (max(days) - min(days)).days)))
    length = data.draw(st.integers(1, 60))
    end = start + timedelta(days=length - 1)
    first = before(start, end)
    arguments: dict[str, Any] = {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "top": data.draw(st.integers(1, 9)),
    }
    org_id = opened(database, shop)
    if start - timedelta(days=1) < min(days):
        with pytest.raises(NoSuchData, match="nothing to compare with"):
            ask(database, org_id, "explain_change", **arguments)
        return
    result = ask(database, org_id, "explain_change", **arguments)
    adds_up(result)

    def side(day: date) -> int | None:
        return 0 if start <= day <= end else 1 if first <= day < start else None

    totals, products, channels = (
        [Decimal(0)] * 2,
        defaultdict(lambda: [Decimal(0)] * 2),
        defaultdict(lambda: [Decimal(0)] * 2),
    )
    for order, day in zip(shop.orders, days, strict=True):
        if (at := side(day)) is None:
            continue
        totals[at] += revenue(order)
        channels[order.channel][at] += revenue(order)
        for line in order.lines:
            products[GOODS[line.sku][0]][at] += order.sign * line.quantity * line.price
    assert [exactly(result["now"]), exactly(result["before"])] == totals
    counted = {"channel": channels, "product": products}
    for found in result["dimensions"]:
        if found["dimension"] in counted:
            own = counted[found["dimension"]]
            assert len(found["contributions"]) + found["rest_values"] == len(own)
            for one in found["contributions"]:
                assert [exactly(one["now"]), exactly(one["before"])] == own[one["value"]]


def test_a_real_change_adds_up(database: Database, retail: UUID) -> None:
    october = {"compare_start": "2011-10-01", "compare_end": "2011-10-31"}
    result = ask(database, retail, "explain_change", **NOVEMBER, **october)
    adds_up(result)
    assert (result["now"], result["before"]) == (1461756.25, 1070704.67)
    assert [found["dimension"] for found in result["dimensions"]] == ["country", "customer_type", "product"]
    assert result["dimensions"][0]["contributions"][0]["value"] == "United Kingdom"
    assert result["split"]["orders_now"] == 2884
    said = result["evidence"]["definitions"]
    assert "The periods differ in length: 30 and 31 days." in said
    assert any(line.startswith("split: revenue = orders x average") for line in said)


def test_postage_is_part_of_a_change(database: Database, retail: UUID) -> None:
    """Rankings leave charges out; a change does not, for it would not add up."""
    result = ask(database, retail, "explain_change", **NOVEMBER, dimensions=["product"], top=50)
    adds_up(result)
    assert "DOTCOM POSTAGE" in [one["value"] for one in result["dimensions"][0]["contributions"]]


def test_the_same_days_a_year_before(database: Database, demo: UUID) -> None:
    result = ask(
        database, demo, "explain_change", metric="orders", start="2026-02-28", end="2026-03-31", against="last_year"
    )
    adds_up(result)
    assert (result["compare_start"], result["compare_end"]) == ("2025-02-28", "2025-03-31")
    assert result["split"] is None
    assert "category" not in [found["dimension"] for found in result["dimensions"]]  # an order is in several


def test_a_filter_holds_for_both_periods(database: Database, demo: UUID) -> None:
    country = {"dimension": "country", "operator": "eq", "value": "Germany"}
    asked = {"start": "2026-04-01", "end": "2026-04-30"}
    result = ask(database, demo, "explain_change", **asked, filters=[country])
    adds_up(result)
    whole = ask(
        database, demo, "query_metrics", metrics=["revenue"], filters=[country], **asked,
        compare_start=result["compare_start"], compare_end=result["compare_end"],
    )["totals"]  # fmt: skip
    assert (whole["revenue"], whole["revenue_before"]) == pytest.approx((result["now"], result["before"]), abs=0.006)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"metric": "customers"}, "does not add up over groups"),
        ({"metric": "average_order_value"}, "does not add up over groups"),
        ({"metric": "orders", "dimensions": ["product"]}, "orders overlaps in product"),
        ({"dimensions": ["channel"]}, "No row says its channel"),
        ({"compare_start": "2011-10-01"}, "needs compare_start and compare_end"),
        ({"compare_start": "2001-10-01", "compare_end": "2001-10-31"}, "nothing to compare with"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(
    database: Database, retail: UUID, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(FixArguments, match=said):
        ask(database, retail, "explain_change", **NOVEMBER, **asked)
