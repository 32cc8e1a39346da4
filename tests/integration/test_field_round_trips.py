"""A shop written in a vendor's format and imported is the shop it was, to the penny, in any currency and any order."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from database.engine import Database
from tests.integration.field_shops import FieldShop
from tests.integration.taking_back import snapshot, taken_back
from tests.vendors import contacts, payments, storefronts
from tests.vendors.shop import NONE, START, Amount, Order, Person, Refund, Shop, charged, rates

ALL = ("revenue", "refunds", "orders", "customers", "units")
WITHOUT_LINES = ALL[:-1]
OF_NOBODY = ("revenue", "refunds", "orders", "units")
Dated = Callable[[Order, Refund], datetime]


def on_the_day_of_the_order(order: Order, _refund: Refund) -> datetime:
    return order.at


def on_its_own_day(_order: Order, refund: Refund) -> datetime:
    return refund.at


def on_the_last_day(order: Order, _refund: Refund) -> datetime:
    return order.refunds[-1].at


def subtotal(order: Order) -> Decimal:
    return order.subtotal


def as_it_is(order: Order) -> Order:
    return order


def without_refunds(order: Order) -> Order:
    return replace(order, refunds=())


def refunded_in_part(order: Order) -> Order:
    return replace(order, refunds=() if order.refunded == order.total else order.refunds)


def goods_refunded(order: Order) -> Order:
    """A till that knows of goods alone."""
    back = [r for r in order.refunds if r.amount <= order.subtotal / 2]
    return replace(order, refunds=back)


def of_one_name(order: Order) -> Order:
    """Who has the same name is the same to an export that knows names alone."""
    return replace(order, buyer=Person(7000, order.buyer.first, order.buyer.last, None, START))


@dataclass(frozen=True)
class Export:
    """How a vendor writes a shop, and what of it the file can tell."""

    write: Callable[[Shop], str]
    metrics: tuple[str, ...] = WITHOUT_LINES
    amount: Amount = charged
    dated: Dated = on_the_day_of_the_order
    told: Callable[[Order], Order] = as_it_is
    currencies: bool = True
    ending: str = "csv"


EXPORTS = {
    "shopify": Export(storefronts.shopify, ALL),
    "woocommerce_advanced": Export(storefronts.woocommerce_advanced, ALL),
    "woocommerce_first_row": Export(storefronts.woocommerce_first_row, ALL),
    "woocommerce_webtoffee": Export(storefronts.woocommerce_webtoffee, dated=on_the_last_day),
    "woocommerce_analytics": Export(
        storefronts.woocommerce_analytics, ALL, dated=on_its_own_day, told=of_one_name, currencies=False
    ),
    "magento": Export(storefronts.magento, currencies=False),
    "bigcommerce": Export(storefronts.bigcommerce, ALL),
    "etsy": Export(storefronts.etsy, ALL, told=refunded_in_part),
    "amazon": Export(storefronts.amazon, OF_NOBODY, subtotal, told=without_refunds, ending="txt"),
    "stripe": Export(payments.stripe, dated=on_the_last_day),
    "square": Export(payments.square, ALL, subtotal, on_its_own_day, goods_refunded, currencies=False),
    "paypal": Export(payments.paypal, dated=on_its_own_day),
    "paypal_german": Export(payments.paypal_german, dated=on_its_own_day),
    "ga4": Export(payments.ga4, OF_NOBODY, currencies=False),
}


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> FieldShop:
    """A shop that has told its currency."""
    return FieldShop(database, tmp_path, currency="EUR")


def figures(shop: FieldShop, export: Export) -> dict[str, Decimal]:
    return {metric: shop.figure(metric) or NONE for metric in export.metrics}


def truth(drawn: Shop, export: Export, *, rated: bool = False) -> dict[str, Decimal]:
    found = drawn.truth(export.amount, export.dated, rated)
    return {metric: found[metric] for metric in export.metrics}


def comes_out(shop: FieldShop, name: str, seed: int, when: str = "") -> None:
    """A shop, with orders in three currencies and rates `before`, `after` or `never`, or in one."""
    export = EXPORTS[name]
    drawn = Shop.drawn(seed, ("EUR", "USD", "GBP") if when else ("EUR",)).told(export.told)
    files = [shop.write(export.write(drawn), f"{name}.{export.ending}")]
    if when in ("before", "after"):
        files.insert(0 if when == "before" else 1, shop.write(rates(), "rates.csv"))
    for file in files:
        report = shop.bring(file)
        assert (report.rejected, report.accepted) == (0, report.read)
    assert any(report.mapping.preset for report in shop.reports), "recognised"
    assert figures(shop, export) == truth(drawn, export, rated=when in ("before", "after"))
    foreign = {order.currency for order in drawn.orders if order.counts} - {"EUR"}
    assert all(code in shop.said() for code in foreign)
    for file in files:
        again = shop.bring(file, compare=True)
        assert (again.inserted, again.updated) == (0, 0)


def goes_again(shop: FieldShop, name: str, seed: int) -> None:
    """An export taken back leaves what was there before it."""
    export, drawn = EXPORTS[name], Shop.drawn(seed)
    shop.bring(shop.write(contacts.hubspot(drawn.people[2:]), "contacts.csv"))
    before = snapshot(shop)
    shop.bring(shop.write(export.write(drawn.told(export.told)), f"{name}.{export.ending}"))
    taken_back(shop)
    assert snapshot(shop) == before


@pytest.mark.parametrize(("place", "name"), list(enumerate(EXPORTS)))
def test_a_shop_comes_out_as_it_was(shop: FieldShop, place: int, name: str) -> None:
    comes_out(shop, name, place, ("before", "after", "never")[place % 3] if EXPORTS[name].currencies else "")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(11, 21))
@pytest.mark.parametrize("when", ["", "before", "after", "never"])
@pytest.mark.parametrize("name", EXPORTS)
def test_many_shops_come_out_as_they_were(shop: FieldShop, name: str, when: str, seed: int) -> None:
    if EXPORTS[name].currencies or not when:
        comes_out(shop, name, seed, when)


@pytest.mark.parametrize("name", ["woocommerce_webtoffee", "paypal"])
def test_an_export_taken_back_leaves_nothing_behind(shop: FieldShop, name: str) -> None:
    goes_again(shop, name, 7)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 26))
@pytest.mark.parametrize("name", EXPORTS)
def test_exports_taken_back_leave_nothing_behind(shop: FieldShop, name: str, seed: int) -> None:
    goes_again(shop, name, seed)


MEMBERS: dict[str, Callable[[Sequence[Person]], dict[str, str]]] = {
    "shopify": lambda people: {"customers_export.csv": contacts.shopify_customers(people)},
    "woocommerce_webtoffee": contacts.mailchimp,
    "bigcommerce": lambda people: {"contacts.csv": contacts.hubspot(people)},
    "stripe": lambda people: {"profiles.csv": contacts.klaviyo(people)},
}


def any_order(shop: FieldShop, name: str, seed: int) -> None:
    """An export in two files that overlap, the members of the list, and rates, in an order drawn by chance."""
    export, draw = EXPORTS[name], random.Random(seed)
    drawn = Shop.drawn(seed, ("EUR", "USD", "GBP")).told(export.told)
    half = len(drawn.orders) // 2
    parts = {"a": drawn.orders[: half + 2], "b": drawn.orders[half:]}
    content = {f"orders_{part}.csv": export.write(replace(drawn, orders=some)) for part, some in parts.items()}
    content |= {**MEMBERS[name](drawn.people), "rates.csv": rates()}
    files = [shop.write(text, file) for file, text in content.items()]
    draw.shuffle(files)
    shop.bring(*files)
    assert figures(shop, export) == truth(drawn, export, rated=True)
    assert len(shop.rows("select from customers")) == len(drawn.people)
    one = draw.choice(files)
    standing = figures(shop, export)
    taken_back(shop, one.name)
    shop.bring(one)
    assert figures(shop, export) == standing
    for file in draw.sample(files, len(files)):
        taken_back(shop, file.name)
    assert not any(snapshot(shop).values())


def test_any_order_of_files_makes_the_same_shop(shop: FieldShop) -> None:
    any_order(shop, "woocommerce_webtoffee", 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 60))
@pytest.mark.parametrize("name", MEMBERS)
def test_many_orders_of_files_make_the_same_shop(shop: FieldShop, name: str, seed: int) -> None:
    any_order(shop, name, seed)
