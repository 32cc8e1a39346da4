"""Refunds taken off the orders they are of: against the rule written out order by order, and nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.attribution.refunds import assign_refunds, net_orders

START = datetime(2026, 1, 1, tzinfo=UTC)


class Sale(NamedTuple):
    """An order: whose (None: nobody knows), on which day, for how many cents."""

    customer: int | None
    day: int
    cents: int


class Refund(NamedTuple):
    """Money given back: to whom, on which day, how many cents, for which order (-1: it names one that is not known)."""

    customer: int | None
    day: int
    cents: int
    order: int | None = None


def frames(sales: list[Sale], refunds: list[Refund]) -> tuple[pl.DataFrame, pl.DataFrame]:
    at = pl.Datetime("us", "UTC")
    orders = [(f"O{n:03}", s.customer, START + timedelta(days=s.day), s.cents / 100) for n, s in enumerate(sales)]
    given_back = [
        (
            START + timedelta(days=r.day, hours=1),
            r.customer,
            None if r.order is None else f"O{r.order:03}",
            r.cents / 100,
        )
        for r in refunds
    ]
    return (
        pl.DataFrame(
            orders,
            schema={"order_id": pl.String, "customer_id": pl.Int64, "at": at, "value": pl.Float64},
            orient="row",
        ),
        pl.DataFrame(
            given_back,
            schema={"at": at, "customer_id": pl.Int64, "refund_of": pl.String, "amount": pl.Float64},
            orient="row",
        ),
    )


def kept(sales: list[Sale], *refunds: Refund) -> list[tuple[float, bool]]:
    """What is left of each order, and whether it still counts."""
    orders, given_back = frames(sales, list(refunds))
    net = net_orders(orders, assign_refunds(orders, given_back))
    assert net["order_id"].to_list() == orders["order_id"].to_list()
    return list(zip(net["value"], net["kept"], strict=True))


def test_a_refund_that_names_its_order_is_of_that_one_alone() -> None:
    sales = [Sale(1, 1, 10_00), Sale(1, 2, 30_00)]
    assert kept(sales, Refund(1, 5, 4_00, 0)) == [(6.0, True), (30.0, True)]
    assert kept(sales, Refund(1, 5, 10_00, 0)) == [(0.0, False), (30.0, True)]
    assert kept(sales, Refund(1, 5, 4_00, 0), Refund(None, 9, 6_00, 0)) == [(0.0, False), (30.0, True)]


def test_what_goes_beyond_an_order_is_of_no_order() -> None:
    sales = [Sale(1, 1, 10_00), Sale(1, 2, 30_00)]
    orders, given_back = frames(sales, [Refund(1, 5, 14_00, 0), Refund(1, 6, 2_00, -1)])
    assigned = assign_refunds(orders, given_back).sort("amount")
    assert assigned.rows() == [
        (START + timedelta(days=6, hours=1), None, 2.0),
        (START + timedelta(days=5, hours=1), None, 4.0),
        (START + timedelta(days=5, hours=1), "O000", 10.0),
    ]
    assert kept(sales, Refund(1, 5, 14_00, 0)) == [(0.0, False), (30.0, True)]


def test_one_that_names_none_is_of_the_latest_order_worth_as_much() -> None:
    sales = [Sale(1, 1, 10_00), Sale(1, 2, 30_00), Sale(1, 3, 5_00), Sale(1, 9, 99_00), Sale(2, 3, 10_00)]
    others = [(99.0, True), (10.0, True)]
    assert kept(sales, Refund(1, 5, 10_00)) == [(10.0, True), (20.0, True), (5.0, True), *others]
    assert kept(sales, Refund(1, 5, 5_00)) == [(10.0, True), (30.0, True), (0.0, False), *others]
    assert kept(sales, Refund(1, 5, 34_00)) == [(10.0, True), (1.0, True), (0.0, False), *others]
    assert kept(sales, Refund(1, 5, 30_00), Refund(1, 6, 9_00)) == [(1.0, True), (0.0, False), (5.0, True), *others]


def test_before_any_order_and_of_nobody_it_is_of_no_order() -> None:
    sales = [Sale(1, 5, 10_00), Sale(None, 1, 10_00)]
    assert kept(sales, Refund(1, 2, 10_00), Refund(None, 7, 10_00)) == [(10.0, True), (10.0, True)]


def test_a_free_order_counts_as_long_as_nothing_was_given_back() -> None:
    assert kept([Sale(1, 1, 0)]) == [(0.0, True)]


_PEOPLE = st.sampled_from((None, 1, 2))
_SALES = st.lists(st.builds(Sale, _PEOPLE, st.integers(0, 9), st.integers(0, 20_00)), max_size=7)
_REFUNDS = st.lists(
    st.builds(
        Refund, _PEOPLE, st.integers(0, 12), st.integers(1, 25_00), st.sampled_from((None, None, -1, 0, 1, 2, 3))
    ),
    max_size=6,
)  # fmt: skip


@settings(deadline=None)
@given(_SALES, _REFUNDS)
def test_it_is_the_rule_written_out(sales: list[Sale], refunds: list[Refund]) -> None:
    orders, given_back = frames(sales, refunds)
    assigned = assign_refunds(orders, given_back)
    assert assigned["amount"].sum() == pytest.approx(given_back["amount"].sum(), abs=1e-9), "nothing is lost"
    net = net_orders(orders, assigned)
    assert [round(value * 100) for value in net["value"]] == _written_out(sales, refunds)
    off = float(assigned.filter(assigned["order_id"].is_not_null())["amount"].sum())
    assert float(net["value"].sum()) + off == pytest.approx(float(orders["value"].sum()), abs=1e-9)


def _written_out(sales: list[Sale], refunds: list[Refund]) -> list[int]:
    """Cents left of each order: first the refunds that name one, then the others by time."""
    left = [sale.cents for sale in sales]
    for refund in sorted((r for r in refunds if r.order is not None), key=lambda r: r.day):
        if refund.order is not None and 0 <= refund.order < len(sales):
            left[refund.order] -= min(left[refund.order], refund.cents)
    for refund in sorted((r for r in refunds if r.order is None), key=lambda r: r.day):
        own = [n for n, s in enumerate(sales) if refund.customer is not None and s.customer == refund.customer]
        before = sorted((n for n in own if sales[n].day <= refund.day), key=lambda n: (sales[n].day, n), reverse=True)
        enough = [n for n in before if left[n] >= refund.cents]
        due = refund.cents
        for place in enough[:1] or before:
            part = min(left[place], due)
            left[place], due = left[place] - part, due - part
    return left
