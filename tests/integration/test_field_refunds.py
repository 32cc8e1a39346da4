"""Money given back: by a column, by rows of its own, by files of its own; partial, repeated, in any order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]

ORDERS = "order_id,customer_id,order_date,country,total\n1001,c1,2024-02-01,DE,100.00\n1002,c2,2024-02-02,FR,50.00\n"
REFUNDS = "refund_id,order_id,refund_date,refund_amount\n"


def figures(shop: FieldShop) -> tuple[Decimal | None, ...]:
    return shop.figure("revenue"), shop.figure("refunds"), shop.figure("orders")


def test_column_of_refunded_amounts(shop: FieldShop) -> None:
    shop.bring(case("02-shopify-partial-refund") / "orders_export.csv")
    assert figures(shop) == (Decimal("150.00"), Decimal("90.00"), 3)
    assert shop.figure("refund_rate") == Decimal("0.375")
    assert any(d.about == "refunds" and d.amount == 90 for d in shop.reports[-1].decisions)


@pytest.mark.parametrize("order", list(permutations(["orders.csv", "refunds.csv"])))
def test_refunds_in_their_own_file(shop: FieldShop, order: tuple[str, ...]) -> None:
    folder = case("82-refunds-in-own-file")
    shop.bring(*(folder / name for name in order))
    assert figures(shop) == (Decimal("120.00"), Decimal("30.00"), 2)
    assert shop.rows("select revenue from orders where order_id = '1001'") == [{"revenue": Decimal("100.0000")}]
    shop.bring(*(folder / name for name in order), compare=True)
    assert figures(shop) == (Decimal("120.00"), Decimal("30.00"), 2)
    assert (shop.reports[-1].inserted, shop.reports[-1].updated) == (0, 0)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_partial_refunds(shop: FieldShop, order: tuple[int, ...]) -> None:
    files = [
        shop.write(ORDERS, "orders.csv"),
        shop.write(REFUNDS + "r1,1001,2024-02-05,10\nr2,1001,2024-02-06,15\n", "one.csv"),
        shop.write(REFUNDS + "r3,1001,2024-03-07,20\nr4,1002,2024-03-08,-5\n", "two.csv"),
    ]
    shop.bring(*(files[n] for n in order))
    assert figures(shop) == (100, 50, 2)
    assert shop.figures("refunds", "country") == {"DE": 45, "FR": 5}
    assert shop.figures("refunds", "customer") == {"c1": 45, "c2": 5}
    march = shop.figure("refunds", start=date(2024, 3, 1).isoformat(), end=date(2024, 3, 31).isoformat())
    assert march == 25


def test_a_column_that_grows_and_a_file_that_says_it_too(shop: FieldShop) -> None:
    header = "order_id,customer_id,order_date,total,amount_refunded\n"
    shop.bring(shop.write(header + "1,a,2024-02-01,100,30\n"))
    assert figures(shop) == (70, 30, 1)
    shop.bring(shop.write(header + "1,a,2024-02-01,100,45\n"))
    assert figures(shop) == (55, 45, 1)
    shop.bring(shop.write(header + "1,a,2024-02-01,100,\n"))
    assert figures(shop) == (55, 45, 1)
    shop.bring(shop.write(REFUNDS + "r1,1,2024-02-09,30\n", "refunds.csv"))  # part of the 45
    assert figures(shop) == (55, 45, 1)
    shop.bring(shop.write(REFUNDS + "r2,1,2024-02-10,15\n", "refunds.csv"))
    assert figures(shop) == (55, 45, 1)
    assert [row["order_id"] for row in shop.rows("select order_id from orders order by 1")] == ["1", "1~r1", "1~r2"]


def test_more_back_than_was_charged_is_doubtful(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS, "orders.csv"), shop.write(REFUNDS + "r1,1002,2024-02-05,80\n", "refunds.csv"))
    assert figures(shop) == (70, 80, 2)
    assert any(d.doubtful and d.about == "refunds" and d.amount == 30 for d in shop.reports[-1].decisions)


def test_a_refund_of_an_order_that_is_not_here(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS, "orders.csv"), shop.write(REFUNDS + "r1,9,2024-02-05,8\n", "refunds.csv"))
    assert figures(shop) == (142, 8, 2)
    assert "not here (yet)" in shop.said()


def test_rows_with_the_number_of_their_order(shop: FieldShop) -> None:
    shop.bring(case("04-woo-refund-rows") / "orders.csv")
    assert figures(shop) == (Decimal("70.00"), Decimal("247.00"), 3)
    assert shop.rows("select refund_of from orders where order_id = '310'") == [{"refund_of": "309"}]


def test_refunds_of_foreign_orders(shop: FieldShop) -> None:
    shop.rows("update organisations set currency = 'EUR', assumed = '{}' returning id")
    header = "order_id,customer_id,order_date,total,currency,refunded_amount\n"
    files = [
        shop.write(header + "1,a,2024-02-01,100,USD,30\n2,b,2024-02-01,40,EUR,\n", "orders.csv"),
        shop.write(REFUNDS + "r1,1,2024-02-05,10\n", "refunds.csv"),
        shop.write("day,currency,rate\n2024-02-01,USD,0.90\n2024-02-04,USD,0.80\n", "rates.csv"),
    ]
    for order in permutations(range(3)):
        fresh = FieldShop(shop.database, shop.folder, currency="EUR")
        fresh.bring(*(files[n] for n in order))
        # 100 * .9 + 40, 10 back at .8, and 20 back (the rest of the 30) at .9
        assert figures(fresh) == (Decimal("104.00"), Decimal("26.00"), 2), order


def test_square_and_renewals_stay_right(shop: FieldShop) -> None:
    shop.bring(case("40-square-items") / "items.csv")
    assert shop.figure("revenue") == Decimal("1258.50")


def test_an_order_that_is_said_to_be_refunded_is_sold_and_refunded(shop: FieldShop) -> None:
    header = "order_id,customer_id,order_date,total,status\n"
    shop.bring(shop.write(header + "1,a,2024-02-01,100,completed\n2,b,2024-02-02,60,refunded\n"))
    assert figures(shop) == (100, 60, 2)
    assert "refunded in whole" in shop.said()
    shop.bring(shop.write(REFUNDS + "r1,2,2024-02-09,60\n", "refunds.csv"))
    assert figures(shop) == (100, 60, 2)
    february = {"start": "2024-02-09", "end": "2024-02-09"}
    assert shop.figure("refunds", **february) == 60


def test_a_refunded_order_with_its_refund_as_a_row(shop: FieldShop) -> None:
    header = "order_id,parent_id,date_created,status,total\n"
    shop.bring(shop.write(header + "7,0,2024-05-02,wc-refunded,80\n8,7,2024-05-03,wc-completed,-80\n"))
    assert figures(shop) == (0, 80, 1)


def test_refund_dates_of_a_column(shop: FieldShop) -> None:
    header = "order_id,customer_id,order_date,total,refunded_amount,refund_date\n"
    shop.bring(shop.write(header + "1,a,2024-02-01,100,40,2024-05-20\n"))
    may = {"start": "2024-05-01", "end": "2024-05-31"}
    assert (shop.figure("refunds", **may), shop.figure("revenue", **may)) == (40, -40)
    assert "on their day" in shop.said()
