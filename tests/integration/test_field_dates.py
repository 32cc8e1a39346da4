"""Dates from the field: spreadsheets' numbers, what browsers print, words, and the order of day and month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]

HEADER = "order_id,customer_id,order_date,total\n"


def days(shop: FieldShop) -> list[date]:
    return [row["on"] for row in shop.rows("select ordered_at::date as on from orders order by order_id")]


def test_numbers_of_days_of_a_spreadsheet(shop: FieldShop) -> None:
    shop.bring(case("52-excel-serial-dates") / "orders.csv")
    assert days(shop) == [date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)]
    assert "45323 is 2024-02-01" in shop.said()
    assert shop.figure("revenue") == Decimal("60.00")


def test_dates_as_a_browser_prints_them(shop: FieldShop) -> None:
    shop.bring(case("67-js-dates") / "orders.csv")
    assert days(shop) == [date(2024, 3, 5), date(2024, 3, 6)]
    assert shop.figure("revenue") == Decimal("30.00")


def test_day_and_month_that_nothing_tells_apart_are_asked(shop: FieldShop) -> None:
    path = case("12-ambiguous-dates") / "orders.csv"
    with pytest.raises(FixArguments) as refused:
        shop.bring(path)
    assert (refused.value.field, refused.value.valid) == ("dates", ("dmy", "mdy"))
    shop.bring(path, dates="dmy")
    assert days(shop) == [date(2024, 4, 3), date(2024, 6, 5), date(2024, 1, 12)]


def test_another_column_of_dates_tells_the_order(shop: FieldShop) -> None:
    rows = "A1,c1,03/04/2024,25/04/2024,10\nA2,c1,04/05/2024,12/05/2024,5\n"
    shop.bring(shop.write("order_id,customer_id,order_date,ship_date,total\n" + rows))
    assert days(shop) == [date(2024, 4, 3), date(2024, 5, 4)]
    assert "the day before the month, as other dates of the file show" in shop.said()


def test_dots_and_semicolons_tell_the_order_and_say_so(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "A1,c1,03.04.2024,10\n"))
    assert days(shop) == [date(2024, 4, 3)]
    assert "dates with dots" in shop.said()
    report = shop.bring(shop.write((HEADER + "A2,c1,03/05/2024,10\n").replace(",", ";"), "b.csv"))
    assert days(shop) == [date(2024, 4, 3), date(2024, 5, 3)]
    assert [d.doubtful for d in report.decisions if d.about == "dates"] == [True]


def test_a_day_over_twelve_after_the_sample_tells_the_order(shop: FieldShop) -> None:
    rows = "".join(f"A{n},c1,03/04/2024,1\n" for n in range(25_000))
    shop.bring(shop.write(HEADER + rows + "B,c1,25/04/2024,1\n"))
    assert shop.rows("select distinct ordered_at::date as on from orders order by 1") == [
        {"on": date(2024, 4, 3)},
        {"on": date(2024, 4, 25)},
    ]


@pytest.mark.parametrize(("span", "says"), [("2024-01-01 - 2024-01-07", "spans of days"), ("2024-W05", "weeks")])
def test_spans_are_refused_for_what_they_are(shop: FieldShop, span: str, says: str) -> None:
    with pytest.raises(FixArguments, match=says):
        shop.bring(shop.write(f"date,channel,spend\n{span},Google,10.00\n"))
