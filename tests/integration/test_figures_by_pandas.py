"""Every figure that can be asked equals what pandas makes of the same shop, whatever is asked together."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.errors import NoSuchData
from database.acts.packing import pack
from database.engine import Database
from database.semantic.dimensions import DIMENSIONS
from database.semantic.metrics import METRICS
from database.semantic.question import GRAINS
from database.semantic.sources import SOURCES
from tests.integration.asking import ask, named
from tests.integration.pandas_answers import Answers
from tests.integration.pandas_figures import Books, bucket
from tests.integration.random_shops import GOODS, Shop, opened, shops

SALES = [name for name, m in METRICS.items() if {"orders", "buyers", "lines", "line_orders", "baskets"} & set(m.sql)]
CUT = [
    "country", "channel", "kind", "customer", "product", "sku", "category", "weekday", "weekend", "daypart", "hour",
    "month_of_year", "customer_type", "acquired", "known_customer",
    "customer_orders", "discounted",
]  # fmt: skip
WITHIN = ["order_lines", "order_products", "order_units"]
unhurried = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)  # each example opens a shop of its own
few_or_many = pytest.mark.parametrize("examples", [20, pytest.param(150, marks=pytest.mark.slow)])


def possible(metrics: list[str], dimensions: list[str]) -> bool:
    """Whether each metric can be cut by all of these in one source."""
    return all(any(all(d in SOURCES[s].places for d in dimensions) for s in METRICS[m].sql) for m in metrics)


def a_filter(draw: Any, books: Books) -> dict[str, Any] | None:
    name = draw(st.sampled_from([*CUT, "days", "order_value", *WITHIN, "with_product", "with_category"]))
    if name == "order_value":
        operator = draw(st.sampled_from(["gt", "ge", "lt", "le"]))
        return {"dimension": name, "operator": operator, "value": draw(st.integers(-50, 300))}
    if name == "days":
        stretches = [a_period(draw, books) for _ in range(draw(st.integers(1, 2)))]
        return {"dimension": name, "operator": "in", "value": [f"{first}/{last}" for first, last in stretches]}
    if name in ("customer_orders", *WITHIN):
        return {
            "dimension": name,
            "operator": draw(st.sampled_from(["eq", "ge", "lt"])),
            "value": draw(st.integers(0, 3)),
        }
    if name == "hour":
        low = draw(st.integers(0, 20))
        return {"dimension": name, "operator": "between", "value": [low, low + draw(st.integers(0, 12))]}
    if name in ("product", "with_product"):
        operator = draw(st.sampled_from(["eq", "ne", "contains", "not_contains"]))
        part = ["things", "thing"] if "contains" in operator else []
        value = draw(st.sampled_from(["mug", "PAN", "frying pan", "Postage", "odd thing", *part]))
        return {"dimension": name, "operator": operator, "value": value.replace("things", "hin")}
    if name == "with_category":
        return {"dimension": name, "operator": draw(st.sampled_from(["eq", "ne"])), "value": "kitchen"}
    if name == "category":
        values = [category for _, category, _ in GOODS.values() if category]
        there = [v for v in values if (books.lines["category"] == v).any()] or []
    elif DIMENSIONS[name].values:
        there = list(DIMENSIONS[name].values)
    else:
        frame = books.lines if name == "sku" else books.orders
        there = [str(value) for value in frame[name].dropna().unique()]
    if not there:
        return None
    return {"dimension": name, "operator": draw(st.sampled_from(["eq", "ne"])), "value": draw(st.sampled_from(there))}


def a_period(draw: Any, books: Books) -> tuple[date, date]:
    """Days of which at least one lies between the first and the last with an order."""
    first, last = books.span
    inside = first + timedelta(days=draw(st.integers(0, (last - first).days)))
    start = inside - timedelta(days=draw(st.sampled_from([0, 1, 9, 31, 65])))
    return start, inside + timedelta(days=draw(st.sampled_from([0, 1, 6, 29, 31, 59, 100])))


@st.composite
def questions(draw: Any, metrics: list[str] | None = None) -> tuple[Shop, dict[str, Any]]:
    """A shop and what is asked of it, everything said."""
    shop = draw(shops)
    books = Books(shop)
    by_product = draw(st.integers(0, 3)) == 0
    choice = [name for name in SALES if possible([name], ["product"])] if by_product else SALES
    chosen = metrics or draw(st.lists(st.sampled_from(choice), min_size=1, max_size=2, unique=True))
    dimensions = draw(st.lists(st.sampled_from(CUT), max_size=2, unique=True))
    if by_product and possible(chosen, ["product"]):
        dimensions = list(dict.fromkeys(["product", *dimensions]))[:2]
    filters = [f for f in (a_filter(draw, books) for _ in range(draw(st.integers(0, 2)))) if f]
    having = draw(st.sampled_from(["", "", "", "orders", "revenue"]))
    assume(possible([*chosen, *([having] if having else [])], [*dimensions, *(f["dimension"] for f in filters)]))
    grain = draw(st.sampled_from(GRAINS))
    start, end = a_period(draw, books)
    compare = a_period(draw, books) if draw(st.booleans()) else (None, None)
    known = [METRICS[name] for name in chosen]
    keys = dimensions or grain != "none"
    finer = GRAINS[1:] if grain == "none" else GRAINS[1 : GRAINS.index(grain)]
    whole = a_period(draw, books) if grain == "none" and not compare[0] and draw(st.booleans()) else (None, None)
    can_share = all(m.is_count for m in known) and bool(keys or filters or whole[0])
    share = can_share and draw(st.booleans())
    whole = whole if share else (None, None)
    can_run = grain != "none" and all(m.is_count and m.adds_over_time for m in known)
    can_choose = len(dimensions) + (grain != "none") > 1 and bool(dimensions)
    groups = [*dimensions, *(["time"] if grain != "none" else [])]
    within = draw(st.lists(st.sampled_from([f["dimension"] for f in filters]), unique=True)) if filters else []
    return shop, {
        "metrics": chosen, "dimensions": dimensions, "filters": filters, "grain": grain, "start": start, "end": end,
        "compare_start": compare[0], "compare_end": compare[1], "limit": 1000,
        "share": share, "share_within": within, "whole_start": whole[0], "whole_end": whole[1],
        "per": draw(st.sampled_from(["none", *finer])),
        "only_active": draw(st.integers(0, 3)) == 0,
        "statistic": draw(st.sampled_from(["mean", "median", "max", "min"])),
        "cumulative": can_run and draw(st.booleans()),
        "steps": grain != "none" and not compare[0] and draw(st.booleans()),
        "best_of": draw(st.integers(1, 3)),
        "ratio": len(chosen) == 2 and draw(st.booleans()),
        "best_per": draw(st.sampled_from(groups)) if can_choose and draw(st.booleans()) else None,
        "descending": draw(st.booleans()),
        "having": [{"metric": having, "operator": draw(st.sampled_from(["gt", "lt"])), "value": 50.5}]
        if having and keys
        else [],
    }  # fmt: skip


def same(found: Any, expected: float | None, unit: str) -> bool:
    """Equal as far as figures are rounded."""
    if found is None or expected is None:
        return found is None and expected is None
    expected = 100 * expected if unit == "points" else expected
    return bool(found == pytest.approx(expected, rel=1e-9, abs=0.005001 if unit in ("money", "days") else 1e-6))


def check(database: Database, shop: Shop, asked: dict[str, Any]) -> None:
    """Ask, and compare every row and every column."""
    expected = Answers(Books(shop), asked).table()
    org_id = opened(database, shop)
    arguments = {**asked, **{n: v.isoformat() for n, v in asked.items() if isinstance(v, date)}}
    offset = 1 if asked["grain"] != "none" else 0
    if expected and any(all(k[i + offset] is None for k in expected) for i in range(len(asked["dimensions"]))):
        with pytest.raises(NoSuchData, match="nothing to cut by"):
            ask(database, org_id, "query_metrics", **arguments)
        return
    result = ask(database, org_id, "query_metrics", **arguments)
    pack(database, org_id)
    assert ask(database, org_id, "query_metrics", **arguments) == result, "of packed rows"
    units = {column["name"]: column["unit"] for column in result["columns"]}
    keys = [*(["time"] if offset else []), *asked["dimensions"]]
    rows = {tuple(row.pop(name) for name in keys): row for row in named(result)}
    told = {tuple(k.isoformat() if isinstance(k, date) else k for k in key): row for key, row in expected.items()}
    assert set(rows) == set(told)
    for key, row in rows.items():
        assert set(row) == set(told[key])
        for name, value in row.items():
            assert same(value, told[key][name], units[name]), (key, name, value, told[key][name])


@few_or_many
def test_whatever_is_asked_is_what_pandas_counts(database: Database, examples: int) -> None:
    @settings(unhurried, max_examples=examples)
    @given(asked=questions())
    def holds(asked: tuple[Shop, dict[str, Any]]) -> None:
        check(database, *asked)

    holds()


@settings(unhurried, max_examples=4)
@given(data=st.data())
@pytest.mark.parametrize("metric", SALES)
def test_each_figure_is_what_pandas_counts(database: Database, metric: str, data: st.DataObject) -> None:
    check(database, *data.draw(questions([metric])))


@few_or_many
def test_figures_of_two_sources_are_set_against_each_other(database: Database, examples: int) -> None:
    @settings(unhurried, max_examples=examples)
    @given(shop=shops, grain=st.sampled_from(GRAINS))
    def holds(shop: Shop, grain: str) -> None:
        set_against_each_other(database, shop, grain)

    holds()


def set_against_each_other(database: Database, shop: Shop, grain: str) -> None:
    assume(any(kind == "visit" for _, _, kind in shop.events))
    zone = ZoneInfo(shop.zone)
    visits = [at.astimezone(zone).date() for at, _, kind in shop.events if kind == "visit"]
    orders = [order.at.astimezone(zone).date() for order in shop.orders if order.kind == "sale"]
    rows = ask(
        database, opened(database, shop), "query_metrics", metrics=["visits", "orders"], ratio=True, grain=grain
    )["rows"]

    def counted(days: list[date]) -> Counter[str]:
        return Counter("" if grain == "none" else bucket(grain, day).isoformat() for day in days)

    seen, sold = counted(visits), counted(orders)
    for *key, visited, bought, ratio in rows:
        at = key[0] if key else ""
        assert (visited or 0, bought or 0) == (seen[at], sold[at])
        assert same(ratio, seen[at] / sold[at] if sold[at] and visited is not None else None, "ratio")
    assert set(seen) <= {key[0] if key else "" for *key, _, _, _ in rows}


@few_or_many
def test_a_place_in_a_ranking_is_that_row_of_the_whole(database: Database, examples: int) -> None:
    @settings(unhurried, max_examples=examples)
    @given(shop=shops, position=st.integers(1, 6), descending=st.booleans(), grain=st.sampled_from(["none", "day"]))
    def holds(shop: Shop, position: int, descending: bool, grain: str) -> None:
        is_that_row(database, shop, position, descending=descending, grain=grain)

    holds()


def is_that_row(database: Database, shop: Shop, position: int, *, descending: bool, grain: str) -> None:
    asked: dict[str, Any] = {"metrics": ["units_returned"], "descending": descending, "grain": grain}
    asked |= {"order_by": "units_returned"} if grain != "none" else {"dimensions": ["product"]}
    org_id = opened(database, shop)
    whole = ask(database, org_id, "query_metrics", **asked, limit=1000)["rows"]
    row = ask(database, org_id, "query_metrics", **asked, limit=1, position=position)
    assert row["rows"] == whole[position - 1 : position]


@few_or_many
def test_how_few_make_a_share_is_what_pandas_adds_up(database: Database, examples: int) -> None:
    @settings(unhurried, max_examples=examples)
    @given(shop=shops, share=st.sampled_from([0.2, 0.5, 0.8, 1.0]), dimension=st.sampled_from(["product", "customer"]))
    def holds(shop: Shop, share: float, dimension: str) -> None:
        few_make_it(database, shop, share, dimension)

    holds()


def few_make_it(database: Database, shop: Shop, share: float, dimension: str) -> None:
    books = Books(shop)
    start, end = books.span
    asked = {"metrics": ["revenue"], "dimensions": [dimension], "filters": [], "grain": "none", "start": start,
             "end": end, "compare_start": None, "compare_end": None, "share": False, "share_within": [], "per": "none",
             "statistic": "mean", "cumulative": False, "ratio": False, "best_per": None, "descending": True,
             "having": []}  # fmt: skip
    table = Answers(books, asked).table()
    sums = pd.Series({key[0]: row["revenue"] for key, row in table.items() if key[0] is not None}, dtype=float)
    sums = sums[sums > 0].sort_values(ascending=False)
    org_id = opened(database, shop)
    if sums.empty:
        with pytest.raises(NoSuchData):
            ask(database, org_id, "concentration", dimension=dimension, share=share)
        return
    found = ask(database, org_id, "concentration", dimension=dimension, share=share)
    few = int((sums.cumsum() < share * sums.sum() - 1e-6).sum()) + 1
    assert (found["number"], found["total"]) == (few, len(sums))
    assert found["reached"] == pytest.approx(sums.iloc[:few].sum() / sums.sum(), abs=1e-6)
    assert found["value"] == pytest.approx(sums.iloc[:few].sum(), abs=0.01)
