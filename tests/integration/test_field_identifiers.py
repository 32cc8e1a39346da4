"""Identifiers that went through a spreadsheet: put right where that is sure, told where it is not."""

from __future__ import annotations

from decimal import Decimal

from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]

HEADER = "order_id,customer_id,order_date,total\n"


def names(shop: FieldShop) -> list[str]:
    return [row["order_id"] for row in shop.rows("select order_id from orders order by 1")]


def test_orders_whose_numbers_lost_their_digits_are_all_counted_and_told(shop: FieldShop) -> None:
    path = case("33-scientific-order-ids") / "orders.csv"
    report = shop.bring(path)
    assert (report.read, report.accepted) == (3, 3)
    assert shop.figure("revenue") == Decimal("60.00")
    assert "1.23457E+12" in shop.said()
    assert any(decision.doubtful for decision in report.decisions)
    shop.bring(path, compare=True)
    assert shop.figure("revenue") == Decimal("60.00")


def test_a_number_with_all_of_its_digits_is_put_right(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1.234567890123E+12,c1,2024-02-01,10\n1.234567890124e+12,c2,2024-02-02,20\n"))
    assert names(shop) == ["1234567890123", "1234567890124"]


def test_one_lost_number_among_many_is_told(shop: FieldShop) -> None:
    rows = "".join(f"{1_234_567_890_000 + n},c{n},2024-02-01,1\n" for n in range(5))
    report = shop.bring(shop.write(HEADER + rows + "1.23457E+12,c9,2024-02-02,5\n"))
    assert report.accepted == 6
    assert [d.rows for d in report.decisions if d.doubtful and "1.23457E+12" in d.said] == [1]


def test_whole_numbers_written_with_a_point_are_put_right(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1001.0,7.0,2024-02-01,10\n1002,8,2024-02-02,20\n"))
    assert names(shop) == ["1001", "1002"]
    assert [row["external_id"] for row in shop.rows("select external_id from customers order by 1")] == ["7", "8"]


def test_codes_that_look_like_powers_stay(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1E5,c1,2024-02-01,10\n2E5,c2,2024-02-02,20\n"))
    assert names(shop) == ["1E5", "2E5"]
