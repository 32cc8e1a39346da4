"""Which products are merchandise: postage, fees, discounts and bookings are sold as lines too, but nobody's bestseller.

The rule, of a product's name, its prices and its share of the orders:

- a name of nothing but words of service ("Postage", "Bank charges", "Next day carriage", "Manual") is none;
- a name that ends in such a word ("Dotcom postage", "Amazon fee") is none where its price behaves like one: hardly the
  same twice (at least FREE_PRICES different ones, and one in RARELY_SAME lines has its own), or charged in at least
  COMMON of all orders.

Everything else stays merchandise: "Fairytale carriage" has a price and buyers like other goods.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Connection, text

__all__ = ["is_service_name", "mark_merchandise", "may_be_service"]

FREE_PRICES, RARELY_SAME, COMMON = 8, 5, 0.03
_HEADS: Final = frozenset(
    """
    adjustment carriage charge charges commission courier debt delivery discount discounts donation duty fee fees
    freight handling insurance manual packing postage refund refunds rounding samples shipping surcharge tax vat
    """.split()  # noqa: SIM905
)
_BESIDE: Final = frozenset(
    """
    adjust amazon and bad bank class day domestic economy eu express first for free home international late next of
    order p payment paypal priority processing royal mail sale service standard stripe to transaction uk
    """.split()  # noqa: SIM905
)
_PRICES = """
    select i.sku, count(*) as lines, count(distinct i.unit_price) as prices, count(distinct i.order_id) as orders
    from order_items i where i.sku = any(:skus) group by i.sku
"""


def is_service_name(name: str) -> bool:
    """True for a name of nothing but words of service."""
    words = _words(name)
    return bool(_HEADS & set(words)) and set(words) <= _HEADS | _BESIDE


def may_be_service(name: str) -> bool:
    """True for a short name that ends in a word of service: its prices decide."""
    words = _words(name)
    return 0 < len(words) <= 4 and words[-1] in _HEADS


def mark_merchandise(connection: Connection) -> int:
    """Note on every product of the organisation whether it is merchandise; returns how many are not."""
    named = connection.execute(text("select sku, name from products where name is not null")).all()
    services = {row.sku for row in named if is_service_name(row.name)}
    doubtful = [row.sku for row in named if row.sku not in services and may_be_service(row.name)]
    if doubtful:
        orders = connection.execute(text("select count(*) from orders")).scalar_one()
        priced = connection.execute(text(_PRICES), {"skus": doubtful})
        services |= {row.sku for row in priced if _charged(row.lines, row.prices, row.orders, orders)}
    changed = text("update products set merchandise = not (sku = any(:skus)) where merchandise = (sku = any(:skus))")
    connection.execute(changed, {"skus": sorted(services)})
    return len(services)


def _charged(lines: int, prices: int, orders: int, all_orders: int) -> bool:
    return (prices >= FREE_PRICES and prices * RARELY_SAME >= lines) or orders >= COMMON * max(all_orders, 1)


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", name.lower())
