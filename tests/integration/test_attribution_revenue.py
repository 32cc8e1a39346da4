"""What is credited comes to the net revenue and the orders of the semantic layer, in any shop, for any days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from analytics.attribution.bridge import What
from analytics.attribution.building import Whose
from analytics.attribution.credit import METHODS, credits_of
from core.errors import FixArguments, NoSuchData
from database.engine import Database
from tests.conftest import person
from tests.integration.asking import NOW, ask, no_queue
from tests.integration.random_shops import DAYS, FIRST, Shop, opened, shops
from tests.integration.test_figures_by_pandas import unhurried
from tools.attribution.asked import TouchArguments, asked, bridge_of
from tools.context import Context

TIED = """
    update orders r set refund_of = s.order_id from (
        select order_id, row_number() over (order by order_id) as n, count(*) over () as sales
        from orders where kind = 'sale'
    ) s where r.kind = 'refund' and right(r.order_id, 1)::int % 2 = 0 and s.n = 1 + right(r.order_id, 2)::int % s.sales
"""  # every other refund names an order, before it or after it, of the same customer or another
VISITS = """
    insert into events (event_id, occurred_at, customer_id, kind, channel)
    select 'v' || o.order_id || n, o.ordered_at - n * interval '9 days', o.customer_id, 'visit',
           case n when 1 then 'email' when 2 then 'video' else 'search' end
    from orders o cross join generate_series(1, 3) n
    where o.customer_id is not null and right(o.order_id, 1)::int % 3 <> 1
"""
SEEN: set[str] = set()


def with_touches(database: Database, shop: Shop) -> UUID:
    org_id = opened(database, shop)
    with database.transaction(org_id) as connection:
        connection.execute(
            text("select ensure_month_partitions('events', :a, :b)"),
            {"a": FIRST - timedelta(days=40), "b": FIRST + timedelta(days=DAYS)},
        )
        connection.execute(text(TIED))
        connection.execute(text(VISITS))
    return org_id


@pytest.mark.parametrize("examples", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_credit_and_what_is_beside_it_are_the_net_revenue_of_the_days(database: Database, examples: int) -> None:
    @settings(unhurried, max_examples=examples, phases=[Phase.generate])
    @given(shop=shops, data=st.data())
    def ties(shop: Shop, data: st.DataObject) -> None:
        _ties(database, shop, data)

    SEEN.clear()
    ties()
    if examples > 100:
        assert set(get_args(What)) == SEEN, "every part of net revenue has come up"
    else:
        assert {"credited", "no touch", "no customer", "adjustments"} <= SEEN


def _ties(database: Database, shop: Shop, data: st.DataObject) -> None:
    org_id = with_touches(database, shop)
    context = Context(person(org_id), database, NOW, no_queue)
    period: dict[str, Any] = {}
    if data.draw(st.booleans()):
        first = data.draw(st.integers(0, DAYS - 2))
        start = (FIRST + timedelta(days=first)).date()
        period = {"start": start, "end": start + timedelta(days=data.draw(st.integers(0, DAYS)))}
    whose: Whose = data.draw(st.sampled_from(["all", "new", "returning"]))
    try:
        found = asked(context, TouchArguments(), whose=whose, **period)
    except NoSuchData:
        return  # nobody known, or no touch in those days
    except FixArguments:
        return  # days that begin after the data end
    bridge = bridge_of(context, found)
    SEEN.update(line.what for line in bridge.lines)
    days: dict[str, Any] = {"start": str(found.start), "end": str(found.end)}
    try:
        told = ask(database, org_id, "query_metrics", metrics=["revenue", "orders"], **days)["totals"]
    except NoSuchData:
        told = {"revenue": 0.0, "orders": 0}  # touches after the last order
    assert abs(bridge.net_revenue - told["revenue"]) < 1e-9
    assert bridge.orders == told["orders"]
    _shared_out_whole(found.table.journeys, next((line for line in bridge.lines if line.what == "credited"), None))


def _shared_out_whole(journeys: Any, line: Any) -> None:
    orders, value = (line.orders, line.value) if line else (0, 0.0)
    assert abs(journeys.conversions.sum() - orders) < 1e-9
    assert abs(journeys.value.sum() - value) < 1e-9
    for method in METHODS if orders else ():
        try:
            conversions, worth = credits_of(journeys, method)
        except NoSuchData:
            continue  # every journey converted
        assert abs(conversions.sum() - orders) < 1e-9, method
        assert abs(worth.sum() - value) < 1e-9, method
        assert np.array_equal(conversions, credits_of(journeys, method)[0]), method
