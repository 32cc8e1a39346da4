"""Documents of orders with lists of goods inside: an order's amount counts once, its goods line by line."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.field_shops import FieldShop, shop

__all__ = ["shop"]


def order(number: int, total: str, *goods: tuple[str, int, str], items: str = "line_items", **more: Any) -> Any:
    """An order as shops' programs write it."""
    lines = [{"sku": s, "title": f"The {s}", "quantity": n, "price": p} for s, n, p in goods]
    return {
        "id": number, "created_at": f"2025-01-{number % 28 + 1:02d}T10:00:00Z", "currency": "GBP",
        "total_price": total, "customer": {"id": 9000 + number % 2, "email": f"c{number % 2}@x.com"},
        items: lines, **more,
    }  # fmt: skip


ORDERS = [
    ("59.90", ("T1", 2, "19.95"), ("T2", 1, "20.00")),
    ("20.00", ("T2", 1, "20.00")),
    ("39.90", ("T1", 1, "19.95"), ("T3", 1, "19.95")),
]


@pytest.mark.parametrize("items", ["line_items", "items", "products"])
@pytest.mark.parametrize("form", ["array", "lines", "inside"])
def test_an_orders_amount_counts_once(shop: FieldShop, items: str, form: str) -> None:
    orders = [order(100 + n, total, *goods, items=items) for n, (total, *goods) in enumerate(ORDERS)]
    written = {
        "array": json.dumps(orders),
        "lines": "\n".join(json.dumps(each) for each in orders),
        "inside": json.dumps({"orders": orders}),
    }
    shop.bring(shop.write(written[form], "orders.jsonl" if form == "lines" else "orders.json"))
    assert shop.figure("revenue") == Decimal("119.80")
    assert shop.figure("orders") == 3
    assert shop.figure("units") == 6
    assert shop.figure("customers") == 2
    assert {row["order_id"] for row in shop.rows("select order_id from orders")} == {"100", "101", "102"}
    assert shop.figures("units", "sku") == {"T1": 3, "T2": 2, "T3": 1}


def test_the_same_document_twice_changes_nothing(shop: FieldShop) -> None:
    file = shop.write(json.dumps([order(5, "10.00", ("A", 1, "10.00")), order(6, "4.00", ("B", 2, "2.00"))]), "o.json")
    shop.bring(file)
    again = shop.bring(file, compare=True)
    assert (again.inserted, again.updated) == (0, 0)
    assert shop.figure("revenue") == Decimal("14.00")
