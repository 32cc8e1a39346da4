"""Currencies and what money is made of: converted where there are rates, kept apart where not, never added up."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from core.errors import FixArguments, NoSuchData
from tests.conftest import person
from tests.integration.field_shops import FieldShop, case, shop
from tools.imports.undo import undo_named
from tools.people.settings import change_settings

__all__ = ["shop"]

HEADER = "order_id,customer_id,order_date,currency,total\n"
RATES = "day,currency,rate\n2024-01-31,USD,0.90\n2024-02-02,USD,0.95\n2024-02-02,JPY,0.0062\n"
MIXED = HEADER + (
    "A1,c1,2024-02-01,EUR,100.00\nA2,c1,2024-02-01,USD,200.00\nA3,c2,2024-02-03,USD,-20.00\n"
    "A4,c3,2024-02-03,JPY,15000\nA5,c4,2024-02-01,JPY,1000\nA6,c2,2024-02-04,eur,50.00\nA7,c2,2024-02-04,€,7.00\n"
)


def test_four_currencies_are_not_added_up(shop: FieldShop) -> None:
    with pytest.raises(FixArguments, match="--currency"):
        shop.bring(case("19-multi-currency") / "orders.csv")
    assert not shop.rows("select from orders")


def test_what_has_no_rate_is_kept_apart(database: object, tmp_path: Path) -> None:
    shop = FieldShop(database, tmp_path, currency="EUR")  # type: ignore[arg-type]
    shop.bring(case("19-multi-currency") / "orders.csv")
    assert (shop.figure("revenue"), shop.figure("orders")) == (Decimal("90.00"), 1)
    for words in ("15,000.00 JPY", "8,319.00 INR", "100.00 USD", "no rate from JPY to EUR"):
        assert words in shop.said()


@pytest.fixture
def euro(shop: FieldShop) -> FieldShop:
    """A shop that has told that it is in euros."""
    shop.rows("update organisations set currency = 'EUR', assumed = '{}' returning id")
    return shop


@pytest.mark.parametrize("order", list(permutations(["orders", "rates"])))
def test_rates_come_before_or_after(euro: FieldShop, order: tuple[str, ...]) -> None:
    files = {"orders": euro.write(MIXED, "orders.csv"), "rates": euro.write(RATES, "rates.csv")}
    euro.bring(*(files[name] for name in order))
    # 100 + 200 * .90 - 20 * .95 + 15000 * .0062 + 50 + 7; A5 has no rate on or before its day
    assert euro.figure("revenue") == Decimal("411.00")
    assert (euro.figure("refunds"), euro.figure("orders")) == (Decimal("19.00"), 5)
    assert "1,000.00 JPY" in euro.said() or "JPY are still kept apart" in euro.said()
    euro.bring(euro.write("day,currency,rate\n2024-01-01,JPY,0.006\n", "more.csv"))
    assert (euro.figure("revenue"), euro.figure("orders")) == (Decimal("417.00"), 6)


def test_the_same_file_twice_changes_nothing(euro: FieldShop) -> None:
    euro.bring(euro.write(RATES, "rates.csv"), euro.write(MIXED, "orders.csv"))
    again = euro.bring(euro.write(MIXED, "orders.csv"), compare=True)
    assert (again.inserted, again.updated) == (0, 0)


def test_first_file_says_the_currency(shop: FieldShop) -> None:
    shop.bring(shop.write(HEADER + "1,a,2024-02-01,CHF,10\n2,b,2024-02-01,chf,5\n"))
    assert shop.figure("revenue") == 15
    assert shop.rows("select currency, assumed from organisations") == [{"currency": "CHF", "assumed": ["time_zone"]}]
    assert "Your currency is taken to be CHF" in shop.said()


def test_a_file_without_currency_is_said_to_be_so(shop: FieldShop) -> None:
    shop.bring(shop.write("order_id,customer_id,order_date,total\n1,a,2024-02-01,10\n"))
    assert shop.figure("revenue") == 10
    (told,) = [d for d in shop.reports[-1].decisions if d.about == "currency"]
    assert told.doubtful
    assert shop.ask("query_metrics", metrics=["revenue"])["currency"] == ""


def test_lines_of_foreign_orders(euro: FieldShop) -> None:
    header = "order_id,customer_id,order_date,sku,quantity,unit_price,currency\n"
    lines = "1,a,2024-02-01,X,2,10.00,USD\n1,a,2024-02-01,Y,1,5.00,USD\n2,b,2024-02-02,X,1,8.00,EUR\n"
    lines += "3,b,2024-02-02,X,3,900,JPY\n"
    euro.bring(euro.write(header + lines, "lines.csv"))
    assert (euro.figure("revenue"), euro.figure("units"), euro.figure("lines")) == (8, 1, 1)
    euro.bring(euro.write(RATES, "rates.csv"))
    assert euro.figure("revenue") == Decimal("47.24")  # 8 + 25 * .9 + 2700 * .0062
    assert euro.figures("revenue", "sku") == {"X": Decimal("42.74"), "Y": Decimal("4.50")}
    again = euro.bring(euro.write(header + lines, "lines.csv"), compare=True)
    assert (again.inserted, again.updated) == (0, 0)


def test_central_bank_rates_are_told_the_other_way_round(euro: FieldShop) -> None:
    euro.bring(euro.write(HEADER + "1,a,2024-02-01,USD,108\n", "orders.csv"))
    euro.bring(euro.write("date,base,currency,rate\n2024-02-01,EUR,USD,1.08\n2024-02-01,EUR,GBP,0.86\n", "ecb.csv"))
    assert euro.figure("revenue") == 100


def test_a_rate_through_a_third_currency(database: object, tmp_path: Path) -> None:
    shop = FieldShop(database, tmp_path, currency="GBP")  # type: ignore[arg-type]
    shop.bring(shop.write(HEADER + "1,a,2024-02-01,USD,108\n", "orders.csv"))
    shop.bring(shop.write("date,base,currency,rate\n2024-02-01,EUR,USD,1.08\n2024-02-01,EUR,GBP,0.86\n", "ecb.csv"))
    assert shop.figure("revenue") == 86


def test_tax_and_shipping_are_told_to_be_in_the_total(shop: FieldShop) -> None:
    shop.bring(case("75-tax-and-shipping") / "orders.csv")
    assert shop.figure("revenue") == Decimal("190.00")
    assert "it holds tax (30.00) and shipping (10.00)" in shop.said()
    assert (shop.figure("tax"), shop.figure("shipping_charged")) == (30, 10)
    assert shop.figure("revenue_before_tax") == 160


@pytest.mark.parametrize(
    ("row", "words", "doubtful"),
    [
        ("100,20,5,10,115", "subtotal + tax + shipping − discount", False),
        ("100,20,5,10,105", "", True),  # nothing adds up
        ("100,20,5,10,95", "subtotal + shipping − discount: tax (20.00) is taken to be within", True),
        ("100,20,5,0,120", "it holds tax (20.00)", False),
    ],
)
def test_what_a_total_is_made_of(shop: FieldShop, row: str, words: str, doubtful: bool) -> None:
    header = "order_id,customer_id,order_date,subtotal,tax,shipping,discount,total\n"
    shop.bring(shop.write(header + f"1,a,2024-02-01,{row}\n"))
    told = [d for d in shop.reports[-1].decisions if d.about == "money" and "otal" in d.said]
    assert any(d.doubtful for d in told) is doubtful
    assert any(words in d.said for d in told), told


def test_before_tax_is_refused_where_the_tax_is_not_known(shop: FieldShop) -> None:
    shop.bring(shop.write("order_id,customer_id,order_date,total\n1,a,2024-02-01,10\n", "plain.csv"))
    with pytest.raises(NoSuchData, match="tax"):
        shop.figure("revenue_before_tax")
    shop.bring(shop.write("order_id,customer_id,order_date,tax,total\n2,a,2024-02-01,2,12\n", "taxed.csv"))
    with pytest.raises(NoSuchData, match="tax"):
        shop.figure("revenue_before_tax")
    assert shop.figure("tax") == 2


def test_tax_of_a_part_given_back(shop: FieldShop) -> None:
    header = "order_id,customer_id,order_date,tax,total,refunded_amount\n"
    shop.bring(shop.write(header + "1,a,2024-02-01,20,120,60\n"))
    assert (shop.figure("tax"), shop.figure("revenue_before_tax")) == (10, 50)


def test_charged_by_currency(euro: FieldShop) -> None:
    euro.bring(euro.write(RATES, "rates.csv"), euro.write(MIXED, "orders.csv"))
    assert euro.figures("charged", "currency") == {"EUR": 157, "USD": 180, "JPY": 16000}
    assert euro.figures("revenue", "currency") == {"EUR": 157, "USD": 161, "JPY": 93}
    with pytest.raises(NoSuchData, match="never added"):
        euro.figure("charged")
    only = [{"dimension": "currency", "operator": "eq", "value": "USD"}]
    assert euro.figure("charged", filters=only) == 180


def test_answers_say_what_is_not_counted(euro: FieldShop) -> None:
    euro.bring(euro.write(MIXED, "orders.csv"))
    told = " ".join(euro.ask("query_metrics", metrics=["revenue"])["evidence"]["definitions"])
    assert "Not counted" in told
    assert "16,000.00 JPY" in told
    assert "16,000.00 JPY" in " ".join(euro.ask("describe_data")["evidence"]["definitions"])
    euro.bring(euro.write("day,currency,rate\n2024-01-01,JPY,0.006\n2024-01-01,USD,1\n", "rates.csv"))
    assert "Not counted" not in " ".join(euro.ask("query_metrics", metrics=["revenue"])["evidence"]["definitions"])


def test_another_currency_later(euro: FieldShop) -> None:
    who = person(euro.org_id)
    euro.bring(euro.write(MIXED, "orders.csv"), euro.write(RATES, "rates.csv"))
    change_settings(euro.database, who, currency="USD")
    # 157 EUR have no rate before 31 January's 0.90: 100 / .9 + 57 / .95; 180 USD; JPY through the euro on 2 February
    assert euro.figure("revenue") == Decimal("449.01")
    change_settings(euro.database, who, currency="EUR")
    assert euro.figure("revenue") == Decimal("411.00")


def test_a_currency_told_late_is_a_label(shop: FieldShop) -> None:
    shop.bring(shop.write("order_id,customer_id,order_date,total\n1,a,2024-02-01,10\n"))
    change_settings(shop.database, person(shop.org_id), currency="chf")
    answer = shop.ask("query_metrics", metrics=["revenue"])
    assert (answer["currency"], shop.figure("revenue")) == ("CHF", 10)
    with pytest.raises(FixArguments, match="no currency"):
        change_settings(shop.database, person(shop.org_id), currency="beads")


@pytest.mark.parametrize(
    ("header", "rows", "currency", "words"),
    [
        ("total", "1,a,2024-02-01,€10.00\n2,b,2024-02-01,€5.50\n", "EUR", "taken to be EUR"),
        ("total", "1,a,2024-02-01,$10.00\n2,b,2024-02-01,$5.50\n", "USD", "may mean CAD"),
        ("total", "1,a,2024-02-01,CHF 10.00\n2,b,2024-02-01,CHF 5.50\n", "CHF", "taken to be CHF"),
        ("Total (SEK)", "1,a,2024-02-01,10.00\n2,b,2024-02-01,5.50\n", "SEK", "taken to be SEK"),
        ("amount_gbp", "1,a,2024-02-01,10.00\n2,b,2024-02-01,5.50\n", "GBP", "taken to be GBP"),
    ],
)
def test_signs_and_headers_name_the_currency(
    shop: FieldShop, header: str, rows: str, currency: str, words: str
) -> None:
    shop.bring(shop.write(f"order_id,customer_id,order_date,{header}\n{rows}"))
    answer = shop.ask("query_metrics", metrics=["revenue"])
    assert (answer["currency"], shop.figure("revenue")) == (currency, Decimal("15.50"))
    assert words in shop.said()


def test_signs_of_several_currencies_in_one_column(euro: FieldShop) -> None:
    rows = "1,a,2024-02-01,€10.00\n2,b,2024-02-01,£5.50\n3,b,2024-02-02,€1.00\n"
    euro.bring(euro.write("order_id,customer_id,order_date,total\n" + rows))
    assert (euro.figure("revenue"), euro.figure("orders")) == (11, 2)
    assert "5.50 GBP" in euro.said()


def test_a_dollar_shop_means_its_own_dollar(database: object, tmp_path: Path) -> None:
    shop = FieldShop(database, tmp_path, currency="CAD")  # type: ignore[arg-type]
    shop.bring(shop.write("order_id,customer_id,order_date,total\n1,a,2024-02-01,$10.00\n"))
    assert shop.figure("revenue") == 10


def test_undoing_rates_sets_apart_again(euro: FieldShop) -> None:
    euro.bring(euro.write(MIXED, "orders.csv"))
    before = euro.rows("select * from orders order by order_id")
    euro.bring(euro.write(RATES, "rates.csv"))
    assert euro.figure("revenue") == 411
    undo_named(euro.database, person(euro.org_id))
    assert (euro.figure("revenue"), euro.figure("orders")) == (157, 3)
    assert euro.rows("select * from orders order by order_id") == before
    assert not euro.rows("select * from exchange_rates")


@pytest.mark.parametrize(
    ("rates", "revenue", "said"),
    [
        ("day,currency,rate\n2024-02-01,JPY,160\n2024-02-01,USD,1.25\n", "100", "1 EUR = 160 JPY"),
        ("day,currency,rate\n2024-02-01,JPY,0.00625\n2024-02-01,USD,0.8\n", "100", "1 USD = 0.8 EUR"),
        ("date,from,to,rate\n2024-02-01,USD,EUR,0.8\n2024-02-01,EUR,JPY,160\n", "100", "1 EUR = 160 JPY"),
    ],
)
def test_which_way_round_rates_are(euro: FieldShop, rates: str, revenue: str, said: str) -> None:
    euro.bring(euro.write(HEADER + "1,a,2024-02-01,USD,75\n2,a,2024-02-01,JPY,6400\n", "orders.csv"))
    euro.bring(euro.write(rates, "rates.csv"))
    assert euro.figure("revenue") == Decimal(revenue)
    assert said in euro.said()
