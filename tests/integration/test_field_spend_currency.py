"""What advertising cost in another currency is converted by the rate of its day, or left out; never added as it is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.files.signs import currency_of_header
from tests.integration.field_shops import FieldShop, shop

__all__ = ["shop"]

RATES = "day,currency,rate\n2025-01-01,USD,0.90\n2025-02-01,USD,0.80\n"
COLUMN = (
    "day,channel,spend,currency\n2025-01-10,search,100.00,USD\n2025-02-10,search,100.00,USD\n2025-02-11,video,7,EUR\n"
)
HEADER = "day,channel,Amount spent (USD)\n2025-01-10,search,100.00\n2025-02-10,search,100.00\n"
SIGNS = "day,channel,spend\n2025-01-10,search,US$100.00\n2025-02-10,search,US$100.00\n"


@pytest.fixture
def euros(shop: FieldShop) -> FieldShop:
    return FieldShop(shop.database, shop.folder, currency="EUR")


@pytest.mark.parametrize(("content", "worth"), [(COLUMN, "177"), (HEADER, "170"), (SIGNS, "170")])
def test_it_is_converted_by_the_rate_of_its_day(euros: FieldShop, content: str, worth: str) -> None:
    euros.bring(euros.write(RATES, "rates.csv"), euros.write(content, "spend.csv"))
    assert euros.figure("spend") == Decimal(worth)
    assert "USD count in EUR" in euros.said()


def test_without_a_rate_it_is_left_out_and_told(euros: FieldShop) -> None:
    report = euros.bring(euros.write(COLUMN, "spend.csv"))
    assert euros.figure("spend") == Decimal(7)
    (told,) = [d for d in report.decisions if "no rate from USD to EUR" in d.said]
    assert (told.rows, told.amount, told.doubtful) == (2, Decimal(200), True)


def test_the_shops_own_currency_changes_nothing(euros: FieldShop) -> None:
    euros.bring(euros.write(COLUMN.replace("USD", "EUR"), "spend.csv"))
    assert euros.figure("spend") == Decimal(207)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Amount spent (EUR)", "EUR"), ("Total USD", "USD"), ("price_gbp", "GBP"), ("Umsatz in €", "EUR"),
        ("TOTAL EUR", "EUR"), ("Cost ($)", "$"), ("Kosten (CHF)", "CHF"), ("Revenue [SEK]", "SEK"),
        ("Total", None), ("ORDER TOTAL", None), ("Betrag (brutto)", None), ("amount_all", None),
        ("Total (USD/EUR)", None), ("Try again", None),
    ],
)  # fmt: skip
def test_the_currency_a_header_names(header: str, code: str | None) -> None:
    assert currency_of_header(header) == code
