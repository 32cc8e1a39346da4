"""Every condition on what was bought picks whom pandas picks, in any shop: refunds, empty periods, other time zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.errors import FixArguments, NoSuchData
from database.engine import Database
from tests.integration.asking import ask
from tests.integration.pandas_figures import Books
from tests.integration.pandas_rules import meeting
from tests.integration.random_shops import DAYS, FIRST, Line, Order, Shop, opened, order_id, shops
from tests.integration.test_purchase_rules import picked
from tools.audience.rule import PurchaseCondition

MEASURES = get_args(PurchaseCondition.model_fields["purchase"].annotation)
slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@st.composite
def conditions(draw: Any, measure: str) -> dict[str, Any]:
    """A condition on purchases with all that may go with it."""
    op = draw(st.sampled_from(["eq", "lt", "le", "gt", "ge", "between"]))
    number = draw(st.sampled_from([0, 1, 2, 3, 30, 61]))
    rule: dict[str, Any] = {
        "purchase": measure,
        "operator": op,
        "value": [number, number + 2] if op == "between" else number,
    }
    days = sorted(FIRST.date() + timedelta(days=draw(st.sampled_from([-40, 0, 1, 12, 41, 70, DAYS + 9]))) for _ in "ab")
    for name, value in (
        ("start", days[0].isoformat()),
        ("end", days[1].isoformat()),
        ("channel", draw(st.sampled_from(["web", "store", ["web", "store"]]))),
        ("weekdays", draw(st.sampled_from([[7], [6, 7], [1, 2, 3]]))),
        ("which", draw(st.sampled_from(["first", "later"]))),
        ("order_value", {"operator": draw(st.sampled_from(["ge", "lt"])), "value": 120}),
        ("discounted", draw(st.booleans())),
        ("within_days_of_first", draw(st.sampled_from([1, 30, 60]))),
    ):
        if draw(st.integers(0, 3)) == 0:
            rule[name] = value
    if measure not in ("channels", "countries", "gap_days") and draw(st.integers(0, 3)) == 0:
        rule["category"] = draw(st.sampled_from(["Kitchen", "Home"]))
    if measure == "gap_days":
        rule = {name: rule[name] for name in ("purchase", "operator", "value", "start", "end") if name in rule}
    return rule


def names(database: Database, org_id: Any, found: set[int]) -> set[str]:
    with database.transaction(org_id) as connection:
        rows = connection.execute(text("select id, external_id from customers"))
        return {row.external_id for row in rows if row.id in found}


def check(database: Database, shop: Shop, rule: dict[str, Any]) -> None:
    if rule.get("channel"):
        wanted = rule["channel"] if isinstance(rule["channel"], list) else [rule["channel"]]
        assume(set(wanted) <= {order.channel for order in shop.orders})
    if rule.get("category"):
        assume(any(line.sku != "POST" for order in shop.orders for line in order.lines))
    org_id = opened(database, shop)
    countries = {order_id(n): order.country for n, order in enumerate(shop.orders)}
    assert names(database, org_id, picked(database, org_id, rule)) == meeting(Books(shop), rule, countries)


@pytest.mark.parametrize("measure", MEASURES)
@settings(slow, max_examples=8)
@given(data=st.data(), shop=shops)
def test_a_condition_picks_whom_pandas_picks(database: Database, measure: str, shop: Shop, data: st.DataObject) -> None:
    check(database, shop, data.draw(conditions(measure)))


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_months_are_those_of_the_organisation(database: Database, zone: str) -> None:
    """Two orders, of one month in UTC and of two in Auckland."""
    at = [datetime(2023, 11, 30, hour, tzinfo=UTC) for hour in (1, 23)]
    line = (Line("MUG", 1, Decimal(5)),)
    shop = Shop(zone, tuple(Order(t, "ann", "sale", None, "web", Decimal(0), line) for t in at), ())
    found = picked(database, opened(database, shop), {"purchase": "months", "operator": "ge", "value": 2})
    assert bool(found) == (zone != "UTC")


def test_what_does_not_go_together_is_refused(database: Database, demo: Any) -> None:
    with pytest.raises(FixArguments, match="gap_days does not go with"):
        ask(database, demo, "count_segment", rule={"purchase": "gap_days", "value": 9, "category": "Garden"})
    with pytest.raises(NoSuchData, match="No order came through 'pigeon'"):
        ask(database, demo, "count_segment", rule={"purchase": "orders", "channel": "pigeon"})


@slow
@given(data=st.data(), shop=shops)
def test_figures_of_a_rule_are_those_of_its_customers(database: Database, shop: Shop, data: st.DataObject) -> None:
    """A filter on customers is proven against pandas; a rule gives the same figures for the customers it picks."""
    rule = data.draw(conditions(data.draw(st.sampled_from(["orders", "revenue", "months"]))))
    rule.pop("channel", None), rule.pop("category", None)
    meet = meeting(Books(shop), rule, {order_id(n): o.country for n, o in enumerate(shop.orders)})
    chosen = sorted(meet & {order.customer for order in shop.orders if order.customer})
    asked: dict[str, Any] = data.draw(
        st.fixed_dictionaries(
            {
                "metrics": st.lists(
                    st.sampled_from(["revenue", "orders", "units", "customers", "new_customers", "repeat_rate"]),
                    min_size=1, max_size=2, unique=True,
                ),
                "dimensions": st.sampled_from([[], ["channel"], ["customer_type"]]),
                "grain": st.sampled_from(["none", "month"]),
            }
        )
    )  # fmt: skip
    if all(metric in ("revenue", "orders", "units") for metric in asked["metrics"]) and not asked["dimensions"]:
        asked["share"] = True
    org_id = opened(database, shop)
    of_rule = figures(database, org_id, rule=rule, **asked)
    if chosen:
        known = [{"dimension": "customer", "operator": "in", "value": chosen}]
        assert of_rule == figures(database, org_id, filters=known, **asked)
    else:
        rows = of_rule["rows"] if of_rule else []
        assert not any(value for row in rows for value in row if isinstance(value, int | float))


def figures(database: Database, org_id: Any, **asked: Any) -> dict[str, Any] | None:
    """Rows, totals and wholes; None where the shop has no such data."""
    try:
        result = ask(database, org_id, "query_metrics", **asked)
    except NoSuchData:
        return None
    return {part: result[part] for part in ("rows", "totals", "wholes")}


def test_figures_without_customers_have_none_of_a_rule(database: Database, demo: Any) -> None:
    with pytest.raises(FixArguments, match="spend is not known of single customers"):
        ask(database, demo, "query_metrics", metrics=["spend"], rule={"purchase": "orders"})
