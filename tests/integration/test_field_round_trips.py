"""A shop written in a vendor's format and imported is the shop it was: to the penny, and twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.integration import vendor_files
from tests.integration.field_shops import FieldShop, shop
from tests.integration.vendor_files import NONE, Order, Shop

__all__ = ["shop"]

Amount = Callable[[Order], Decimal]
ALL = ("revenue", "refunds", "orders", "customers", "units")
WITHOUT_LINES = ("revenue", "refunds", "orders", "customers")


def charged(order: Order) -> Decimal:
    return order.total


def goods(order: Order) -> Decimal:
    return order.goods


def without_refunds(shop: Shop) -> Shop:
    return Shop([replace(order, refunded=NONE) for order in shop.orders])


def refunds_in_part(shop: Shop) -> Shop:
    return Shop(
        [replace(order, refunded=NONE if order.refunded == order.total else order.refunded) for order in shop.orders]
    )


def refunds_of_goods(shop: Shop) -> Shop:
    return Shop([replace(order, refunded=min(order.refunded, order.goods)) for order in shop.orders])


FORMATS: dict[str, tuple[Callable[[Shop], str], Amount, tuple[str, ...], Callable[[Shop], Shop]]] = {
    "shopify": (vendor_files.shopify, charged, ALL, lambda s: s),
    "woocommerce_advanced": (vendor_files.woocommerce_advanced, charged, ALL, lambda s: s),
    "woocommerce_analytics": (vendor_files.woocommerce_analytics, charged, ALL, lambda s: s),
    "magento": (vendor_files.magento, charged, WITHOUT_LINES, lambda s: s),
    "bigcommerce": (vendor_files.bigcommerce, charged, WITHOUT_LINES, lambda s: s),
    "amazon": (vendor_files.amazon, goods, ALL, without_refunds),
    "stripe": (vendor_files.stripe, charged, WITHOUT_LINES, lambda s: s),
    "paypal": (vendor_files.paypal, charged, WITHOUT_LINES, lambda s: s),
    "paypal_german": (vendor_files.paypal_german, charged, WITHOUT_LINES, lambda s: s),
    "square": (vendor_files.square, goods, ("revenue", "refunds", "orders", "customers"), refunds_of_goods),
    "etsy": (vendor_files.etsy, charged, WITHOUT_LINES, refunds_in_part),
}


@pytest.mark.parametrize("seed", [3, 11])
@pytest.mark.parametrize("name", FORMATS)
def test_a_shop_comes_out_as_it_was(shop: FieldShop, name: str, seed: int) -> None:
    write, amount, metrics, adapted = FORMATS[name]
    drawn = adapted(Shop.drawn(seed))
    file = shop.write(write(drawn), f"{name}.txt" if name == "amazon" else f"{name}.csv")
    report = shop.bring(file)
    assert report.mapping.preset, "recognised"
    assert (report.rejected, report.accepted) == (0, report.read)
    truth = drawn.truth(amount)
    assert {metric: shop.figure(metric) for metric in metrics} == {metric: truth[metric] for metric in metrics}
    again = shop.bring(file, compare=True)
    assert (again.inserted, again.updated) == (0, 0)
