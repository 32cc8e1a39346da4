"""Files from the field that were read right from the start stay so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]

SOUND = {
    "11-french-nbsp/orders.csv": "5184.50",
    "15-utf16-tab/orders.txt": "31.00",
    "24-newlines-quotes-emoji/orders.csv": "60.00",
    "50-header-case-spaces/orders.csv": "30.00",
    "51-two-digit-years/orders.csv": "60.00",
    "54-dst-gap/orders.csv": "60.00",
    "55-subscription-renewals/orders.csv": "140.00",
    "57-no-order-id/orders.csv": "40.00",
    "88-cp1252-umlauts/orders.csv": "30.00",
}


@pytest.mark.parametrize("name", SOUND)
def test_revenue_of_a_file_that_was_sound(shop: FieldShop, name: str) -> None:
    folder, _, file = name.partition("/")
    shop.bring(case(folder) / file)
    assert shop.figure("revenue") == Decimal(SOUND[name])


@pytest.mark.parametrize("name", ["12-ambiguous-dates/orders.csv", "27-truncated-gzip/orders.csv.gz"])
def test_what_cannot_be_told_is_refused_and_nothing_is_written(shop: FieldShop, name: str) -> None:
    folder, _, file = name.partition("/")
    with pytest.raises(FixArguments):
        shop.bring(case(folder) / file)
    assert not shop.rows("select from orders")
