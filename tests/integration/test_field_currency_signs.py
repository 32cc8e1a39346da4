"""A currency that stands beside the amounts is the currency of these rows, as if a column had said it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, shop

__all__ = ["shop"]

HEADER = "order id;date;e-mail;total\n"


def test_one_sign_is_the_currency_of_the_shop(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1;2025-01-31;a@x.com;10,00 €\n2;2025-02-01;b@x.com;1.020,50 €\n"))
    assert shop.figure("revenue") == Decimal("1030.50")
    assert "EUR" in shop.said()


def test_amounts_with_different_signs_are_not_added(shop: FieldShop) -> None:
    shop.bring(
        shop.write(
            "order,date,email,total\n1,2025-01-31,a@x.com,£10.00\n2,2025-01-31,b@x.com,€20.00\n3,2025-02-01,a@x.com,£5\n"
        )
    )
    assert shop.figure("revenue") == Decimal("15.00")
    assert "1 order in EUR" in shop.said()


def test_codes_beside_the_amounts_count_as_signs_do(shop: FieldShop) -> None:
    lines = "1,2025-01-31,a@x.com,GBP 10.00\n2,2025-01-31,b@x.com,10.00 CHF\n3,2025-02-28,c@x.com,GBP 5\n"
    shop.bring(shop.write("order,date,email,total\n" + lines))
    assert shop.figure("revenue") == Decimal("15.00")
    assert "CHF" in shop.said()


def test_a_dollar_is_the_shops_own(shop: FieldShop) -> None:
    canadian = FieldShop(shop.database, shop.folder, currency="CAD")
    canadian.bring(canadian.write("order,date,email,total\n1,2025-01-31,a@x.com,$10.00\n"))
    assert canadian.figure("revenue") == Decimal("10.00")
    assert "CAD" in canadian.said()


def test_half_and_half_is_asked(shop: FieldShop) -> None:
    file = shop.write("order,date,email,total\n1,2025-01-31,a@x.com,£10.00\n2,2025-01-31,b@x.com,€20.00\n")
    with pytest.raises(FixArguments, match="--currency"):
        shop.bring(file)
    assert not shop.rows("select from orders")
