"""Numbers from the field: which mark divides the decimals is judged over the file, told where it hangs on a choice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]

CASES = {
    "08-comma-three-decimals/orders.csv": "13.839",
    "10-swiss-apostrophe/orders.csv": "12349863.40",
    "11-french-nbsp/orders.csv": "5184.50",
    "34-sep-line/orders.csv": "61.00",
}


@pytest.mark.parametrize("name", CASES)
def test_revenue_of_a_case(shop: FieldShop, name: str) -> None:
    folder, _, file = name.partition("/")
    report = shop.bring(case(folder) / file)
    assert report.rejected == 0
    (row,) = shop.rows("select sum(revenue) as total from orders")
    assert row["total"] == Decimal(CASES[name])


def orders(amounts: list[str], *, delimiter: str = ",", dates: str = "2024-02-{:02}", more: str = "") -> str:
    """Orders with these amounts; cells that hold the delimiter are quoted."""
    lines = [delimiter.join(("order_id", "customer_id", "order_date", "total", *(["weight"] if more else [])))]
    for n, amount in enumerate(amounts, start=13):
        cells = [f"A{n}", f"c{n}", dates.format(n), amount, *([more] if more else [])]
        lines.append(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


GERMAN, AMERICAN, BRITISH = "{:02}.02.2024", "02/{:02}/2024", "{:02}/02/2024"
READ = {
    "german thousands": (orders(["1.250", "12.500"], delimiter=";", dates=GERMAN), "13750"),
    "german thousands, plain small ones": (orders(["1.250", "45", "300"], delimiter=";", dates=GERMAN), "1595"),
    "comma decimals beside": (orders(["1.250", "2.000"], delimiter="\t", more="0,5"), "3250"),
    "point decimals beside": (orders(["1,250", "2,000"], delimiter="\t", more="0.5"), "3250"),
    "american thousands": (orders(["1,250", "12,500"], dates=AMERICAN), "13750"),
    "quoted thousands": (orders(["1,250", "300"]), "1550"),
    "three decimals": (orders(["0.435", "1.286"]), "1.721"),
    "indian": (orders(["₹1,25,000.50", "₹2,000"]), "127000.50"),
    "french narrow": (orders(["1\u202f250,50", "2\u202f000"], delimiter=";", dates=BRITISH), "3250.50"),
    "thin spaces": (orders(["1\u2009250", "2\u2009000"], delimiter=";"), "3250"),
    "swiss": (orders(["1\u2019250.50", "CHF 2\u2019000.\u2013", "Fr. 12.50"], delimiter=";", dates=GERMAN), "3263"),
    "dutch": (orders(["€ 1.250,-", "€ 12,50"], delimiter=";"), "1262.50"),
    "danish": (orders(["1.250,50 kr.", "kr 10,00"], delimiter=";"), "1260.50"),
    "brazilian": (orders(["R$ 1.250,50", "R$ 2,00"], delimiter=";", dates=BRITISH), "1252.50"),
    "polish": (orders(["1 250,50 zł", "2,00zł"], delimiter=";"), "1252.50"),
    "brackets": (orders(["1,250.50", "(50.50)"]), "1200"),
    "trailing minus": (orders(["1.250,50", "50,50-"], delimiter=";"), "1200"),
    "true minus": (orders(["1250.50", "\u221250.50"]), "1200"),
    "sign and code": (orders(["$1,250.50 USD", "$2.00 USD"]), "1252.50"),
}


@pytest.mark.parametrize("kind", READ)
def test_amounts_as_people_write_them(shop: FieldShop, kind: str) -> None:
    content, total = READ[kind]
    report = shop.bring(shop.write(content))
    assert report.rejected == 0
    (row,) = shop.rows("select sum(revenue) as total from orders")
    assert row["total"] == Decimal(total)


def test_a_choice_that_changes_the_figure_is_told(shop: FieldShop) -> None:
    report = shop.bring(shop.write(orders(["1.250", "2.000"], delimiter=";")))
    (decision,) = (d for d in report.decisions if d.about == "numbers")
    assert "“1.250” was read as 1250" in decision.said
    assert (decision.rows, decision.instead, decision.doubtful) == (2, "--decimal point", True)


def test_what_nothing_tells_is_asked_and_the_answer_is_taken(shop: FieldShop) -> None:
    path = shop.write(orders(["1.250", "12.500"]))
    with pytest.raises(FixArguments, match="--decimal") as refused:
        shop.bring(path)
    assert refused.value.field == "decimal"
    assert not shop.rows("select from orders")
    shop.bring(path, decimal="point")
    assert shop.rows("select sum(revenue) as total from orders")[0]["total"] == Decimal("13.75")
    shop.bring(path, decimal="comma")
    assert shop.rows("select sum(revenue) as total from orders")[0]["total"] == Decimal(13_750)


def test_a_mark_that_shows_only_after_the_sample_decides(shop: FieldShop) -> None:
    shop.bring(shop.write(orders(["1.250"] * 25_000 + ["0.5"], dates="2024-02-01T00:00:00")))
    assert shop.rows("select sum(revenue) as total from orders")[0]["total"] == Decimal("31250.5")


def test_an_amount_that_hangs_on_a_mark_late_in_the_file_is_told(shop: FieldShop) -> None:
    report = shop.bring(shop.write(orders(["45"] * 25_000 + ["1.250"], dates="2024-02-01T00:00:00")))
    (decision,) = (d for d in report.decisions if d.about == "numbers")
    assert decision.doubtful
    assert "“1.250”" in decision.said


def test_typed_numbers_are_never_in_doubt(shop: FieldShop) -> None:
    lines = '{"id": "A1", "customer_id": "c", "created_at": "2024-02-01", "total": 1.250}\n'
    shop.bring(shop.write(lines + lines.replace("A1", "A2").replace("1.250", "12.500"), "orders.jsonl"))
    assert shop.rows("select sum(revenue) as total from orders")[0]["total"] == Decimal("13.75")


def test_both_marks_in_one_column_are_told_and_the_rarer_rejected(shop: FieldShop) -> None:
    report = shop.bring(shop.write(orders(["1.50", "2.50", "3,50"], delimiter=";")))
    assert report.rejected == 1
    assert "after a comma and after a point" in shop.said()


def test_amounts_of_several_currencies_are_told(shop: FieldShop) -> None:
    shop.bring(shop.write(orders(["$10.00", "€20.00", "$5.00"])))
    assert "EUR" in shop.said()
    assert "USD" in shop.said()
