"""Figures in words: when they are of, whose they are, what is left out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from agent.numbers import Allowed, unsupported
from language.calendar_phrases import as_dates
from language.fiscal import take_fiscal
from language.scene import Scene
from language.words import Draft, plain
from tests.unit.offline_scene import calls, read_question, scene

TODAY = date(2011, 12, 9)


def asked(question: str) -> list[dict[str, Any]]:
    """The arguments of the figures a question asks for."""
    made = calls(question)
    assert [tool for tool, _ in made] == ["query_metrics"] * len(made), made
    return [arguments for _, arguments in made]


def days(question: str) -> list[tuple[str | None, str | None]]:
    """First and last day of each period a question asks for."""
    return [(arguments.get("start"), arguments.get("end")) for arguments in asked(question)]


def filters(question: str) -> dict[str, tuple[str, Any]]:
    """The conditions of the one figure a question asks for."""
    (arguments,) = asked(question)
    return {f["dimension"]: (f["operator"], f["value"]) for f in arguments.get("filters", [])}


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("takings on the second Tuesday of March 2011", "2011-03-08", "2011-03-08"),
        ("orders on the last Friday in June 2011", "2011-06-24", "2011-06-24"),
        ("june 2011, first monday: how many orders", "2011-06-06", "2011-06-06"),
        ("orders on the last sunday of last month", "2011-11-27", "2011-11-27"),
        ("revenue in the first full week of October 2011 (Monday to Sunday)", "2011-10-03", "2011-10-09"),
        ("august 2011, second week mon-sun, revenue", "2011-08-08", "2011-08-14"),
        ("orders in the first 2 full weeks of november 2011", "2011-11-07", "2011-11-20"),
        ("revenue in the third week of may 2011", "2011-05-15", "2011-05-21"),
        ("orders in the first week of may 2011", "2011-05-01", "2011-05-07"),
        ("revenue in the second half of october 2011", "2011-10-16", "2011-10-31"),
        ("first half of november 2011, number of invoices", "2011-11-01", "2011-11-15"),
        ("revenue in the first half of 2011", "2011-01-01", "2011-06-30"),
        ("revenue on 3/4/2011 (d/m/y)", "2011-04-03", "2011-04-03"),
        ("orders on 05/08/2011, day first please", "2011-08-05", "2011-08-05"),
        ("we use month/day/year: sales on 09/03/2011", "2011-09-03", "2011-09-03"),
        ("Dates are day/month/year. Sales on 03/04/2011?", "2011-04-03", "2011-04-03"),
        ("revenue from 05/09/2011 to 25/09/2011", "2011-09-05", "2011-09-25"),
        ("sales H1-11", "2011-01-01", "2011-06-30"),
        ("turnover 08/2011", "2011-08-01", "2011-08-31"),
        ("revenue jan-11", "2011-01-01", "2011-01-31"),
        ("turnover on public holidays 25+26 december 2010", "2010-12-25", "2010-12-26"),
        ("takings on 25+26 december 2010", "2010-12-25", "2010-12-26"),
        ("revenue on 3, 4 and 5 may 2011", "2011-05-03", "2011-05-05"),
        ("sum of sales from the 1st till the 15th of september this year", "2011-09-01", "2011-09-15"),
        ("From January through April of this year, how many pieces were sold?", "2011-01-01", "2011-04-30"),
        ("orders between 5 and 10 may 2011", "2011-05-05", "2011-05-10"),
        ("orders between 5 may 2011 and 10 may 2011", "2011-05-05", "2011-05-10"),
        ("number of orders from 24 jan 2011 to 6 feb 2011, both days included", "2011-01-24", "2011-02-06"),
        ("orders in march twenty eleven", "2011-03-01", "2011-03-31"),
        ("revenue this october", "2011-10-01", "2011-10-31"),
        ("revenue last december", "2010-12-01", "2010-12-31"),
        ("orders last friday", "2011-12-02", "2011-12-02"),
        ("orders since the start of the quarter", "2011-10-01", "2011-12-31"),
        ("revenue of the week before last", "2011-11-21", "2011-11-27"),
        ("orders in the week starting 7 nov 2011", "2011-11-07", "2011-11-13"),
        ("revenue 1 nov 2011 - 6 nov 2011", "2011-11-01", "2011-11-06"),
        ("total revenue up to the end of march 2011, counted from 1 jan", "2011-01-01", "2011-03-31"),
        ("orders from 1 march 2011", "2011-03-01", None),
        ("sales since the end of june 2011", "2011-07-01", None),
    ],
)  # fmt: skip
def test_one_period_in_any_usual_writing(said: str, first: str, last: str | None) -> None:
    assert days(said) == [(first, last)]


@pytest.mark.parametrize(
    ("said", "starts"),
    [
        ("revenue in april or may of 2011", ["2011-04-01", "2011-05-01"]),
        ("orders in jan, feb and apr 2011", ["2011-01-01", "2011-02-01", "2011-04-01"]),
        ("revenue in May 2010 and 2011", ["2010-05-01", "2011-05-01"]),
        (
            "how many buyers in November and December of 2010 and 2011",
            ["2010-11-01", "2010-12-01", "2011-11-01", "2011-12-01"],
        ),
        ("orders in q1 2010, 2011", ["2010-01-01", "2011-01-01"]),
    ],
)
def test_months_and_years_are_each_of_each(said: str, starts: list[str]) -> None:
    assert [first for first, _ in days(said)] == starts


@pytest.mark.parametrize(
    ("said", "first", "last", "grain"),
    [
        ("revenue in april and may of 2011", "2011-04-01", "2011-05-31", "month"),
        ("orders in jan, feb and mar 2011", "2011-01-01", "2011-03-31", "month"),
        ("pieces sold in q1 and q2 2011", "2011-01-01", "2011-06-30", "quarter"),
        ("orders on 5 may and 6 may 2011", "2011-05-05", "2011-05-06", "day"),
    ],
)
def test_what_follows_on_each_other_is_counted_in_all_and_for_each(
    said: str, first: str, last: str, grain: str
) -> None:
    (arguments,) = asked(said)
    assert (arguments["start"], arguments["end"], arguments["grain"]) == (first, last, grain)


@pytest.mark.parametrize("said", ["compare april and may 2011", "revenue in may 2011 versus april 2011"])
def test_what_is_compared_is_not_added_up(said: str) -> None:
    (arguments,) = asked(said)
    assert arguments["compare_start"] == "2011-04-01"


def test_a_part_of_a_month_in_two_years_is_compared_with_the_same_part() -> None:
    (arguments,) = asked("revenue in the first 9 days of December 2010 vs 2011")
    bounds = [arguments[name] for name in ("start", "end", "compare_start", "compare_end")]
    assert bounds == ["2011-12-01", "2011-12-09", "2010-12-01", "2010-12-09"]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("revenue on 30 February 2011", "30 February 2011"),
        ("who bought on 31 april 2011", "31 April 2011"),
        ("orders on the fifth monday of february 2011", "fifth monday of february 2011"),
        ("revenue in the second half of q3", "second half of q3"),
        ("sales on 03/04/2011", "3 April"),
        ("revenue in week 60 of 2011", "week 60"),
        ("orders in fiscal 2011", "fiscal year begin"),
    ],
)
def test_days_that_are_none_are_named(said: str, named: str) -> None:
    (reading,) = read_question(said, scene())
    assert not reading.calls
    assert named in str(reading.said)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("our fiscal year starts in april: q2 of fiscal 2010", date(2010, 7, 1), date(2010, 9, 30)),
        ("the year ends on 31 january; last closed fiscal year", date(2010, 2, 1), date(2011, 1, 31)),
        ("this financial year (starting 1 july)", date(2011, 7, 1), date(2012, 6, 30)),
        ("orders in fy 2009/10, our financial year ends in march", date(2009, 4, 1), date(2010, 3, 31)),
        ("tax year starts on 6 april: sales of the last tax year", date(2010, 4, 6), date(2011, 4, 5)),
        ("business year begins october, h2 fy10", date(2011, 4, 1), date(2011, 9, 30)),
    ],
)
def test_fiscal_years_by_what_is_said_of_them(said: str, first: date, last: date) -> None:
    span = take_fiscal(Draft(plain(said)), TODAY)
    assert span is not None
    assert (span.start, span.end) == (first, last)


def test_a_sentence_about_the_fiscal_year_belongs_to_the_question_after_it() -> None:
    assert days("We close our year on 31 January. Turnover of the last closed fiscal year?") == [
        ("2010-02-01", "2011-01-31")
    ]


@pytest.mark.parametrize(
    ("said", "operator", "hours"),
    [
        ("orders between 9 and 11 in the morning", "between", [9, 10]),
        ("orders between 6pm and midnight last month", "between", [18, 23]),
        ("revenue from 6 to 10 pm in october 2011", "between", [18, 21]),
        ("orders 9 am - 11 am", "between", [9, 10]),
        ("orders between 10 pm and 2 am", "in", [22, 23, 0, 1]),
        ("how many orders between 14:00 and 16:00", "between", [14, 15]),
        ("revenue between 11 and 2 pm", "between", [11, 13]),
        ("revenue after 8 pm in may 2011", "ge", 20),
        ("orders before noon", "lt", 12),
        ("sales at 10 o'clock", "eq", 10),
    ],
)
def test_hours_of_the_day(said: str, operator: str, hours: Any) -> None:
    assert filters(said) == {"hour": (operator, hours)}


@pytest.mark.parametrize(
    ("said", "dimension", "value"),
    [
        ("what did 17850 spend with us in december 2010", "customer", "17850"),
        ("orders from 13089 in october 2011", "customer", "13089"),
        ("how much revenue did T156 give us in 2011", "customer", "T156"),
        ("how many invoices did customer no. 14646 have in 2011", "customer", "14646"),
        ("turnover of 85123A in 2011", "sku", "85123A"),
        ("units sold of 22423 in november 2011", "sku", "22423"),
        ("how many 84879 did we sell last month", "sku", "84879"),
        ("revenue of stock code 23084 in 2011", "sku", "23084"),
    ],
)
def test_bare_numbers_are_customers_or_products_by_where_they_stand(said: str, dimension: str, value: str) -> None:
    assert filters(said) == {dimension: ("eq", value)}


@pytest.mark.parametrize(
    "said", ["orders over 10000", "revenue in 2011", "orders of more than 1500 in may 2011", "sales of 2011"]
)
def test_amounts_and_years_are_no_codes(said: str) -> None:
    assert not {"sku", "customer"} & set(filters(said))


@pytest.mark.parametrize("text", ["last monday of each month", "2010 versus 2011", "from may to july 2011"])
def test_what_is_no_phrase_of_the_calendar_stays(text: str) -> None:
    assert as_dates(text, TODAY) == (text, [])


@pytest.mark.parametrize(
    ("question", "back"),
    [
        ("sales on 03/04/2011", "“03/04/2011” can be 3 April or March 4: write the month as a word."),
        ("revenue on 30 February 2011", "There is no 30 February 2011."),
        ("orders on the 31st of june", "There is no 31 June 2011."),
    ],
)
def test_a_question_back_about_a_day_is_not_withheld(question: str, back: str) -> None:
    assert not unsupported(back, Allowed.of(question, {"first_at": "2010-12-01", "as_of": "2011-12-09"}))
    assert unsupported("There were none on 4 May 2011.", Allowed.of(question, {"as_of": "2011-12-09"}))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("turnover 2011, ireland not counted", {"country": ("ne", "EIRE")}),
        ("sales in 2011 with the netherlands left out", {"country": ("ne", "Netherlands")}),
        ("revenue excl. ireland and excl. the store, 2011", {"country": ("ne", "EIRE"), "channel": ("ne", "store")}),
        ("revenue in 2011, all countries but the UK and Ireland", {"country": ("not_in", ["EIRE", "United Kingdom"])}),
        ("revenue in may 2011 not France, Germany", {"country": ("not_in", ["France", "Germany"])}),
        ("revenue 2011, don't count the Garden category", {"category": ("ne", "Garden")}),
        ("orders excluding weekends in may 2011", {"weekend": ("eq", "weekday")}),
        ("takings without sundays in 2011", {"weekday": ("ne", "Sunday")}),
        ("revenue 2011, guests excluded", {"known_customer": ("eq", "known")}),
        ("orders without a customer number (guests) in 2011", {"known_customer": ("eq", "anonymous")}),
        ("how much revenue from people without an account in 2011", {"known_customer": ("eq", "anonymous")}),
        ("the store channel before noon, 2011, revenue", {"channel": ("eq", "store"), "hour": ("lt", 12)}),
        ("germany plus france, september 2011, net", {"country": ("in", ["France", "Germany"])}),
    ],
)
def test_exclusions_and_whose_orders(said: str, found: dict[str, Any]) -> None:
    assert filters(said) == found


def selling(*words: str) -> Scene:
    """The shop, with these words in the names of its products."""
    return replace(scene(), product_words=frozenset(words))


@pytest.mark.parametrize(
    ("said", "excluded"),
    [
        ("revenue 2011, vouchers not counted", ["voucher"]),
        ("revenue 2011 without vouchers and postage", ["voucher", "postage"]),
        ("sales 2011, leave the gift vouchers out", ["gift voucher"]),
        ("revenue 2011 excluding Ireland and vouchers", ["voucher"]),
    ],
)
def test_products_are_left_out_in_any_wording(said: str, excluded: list[str]) -> None:
    (reading,) = read_question(said, selling("voucher", "postage", "gift"))
    (call,) = reading.calls
    of_products = [f for f in call.arguments["filters"] if f["dimension"] == "product"]
    assert [(f["operator"], f["value"]) for f in of_products] == [("not_contains", name) for name in excluded]


def test_where_an_exclusion_ends_is_asked() -> None:
    (reading,) = read_question("revenue without vouchers and Garden in 2011", selling("voucher"))
    assert not reading.calls
    assert "for each" in str(reading.said)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("how many WHITE HEART T-LIGHT HOLDER did we sell", "white heart t light holder"),
        ("sales of “Heart Holder 3 Tier” in 2011", "heart holder 3 tier"),
        ("units of the heart holder 3 tier in 2011", "heart holder 3 tier"),
    ],
)
def test_names_of_products_hold_numbers_and_hyphens(said: str, name: str) -> None:
    (reading,) = read_question(said, selling("white", "heart", "light", "holder", "tier"))
    (call,) = reading.calls
    assert call.arguments["filters"] == [{"dimension": "product", "operator": "contains", "value": name}]


@pytest.mark.parametrize(
    ("said", "metric"),
    [
        ("how many different product codes did we sell in July 2011", "skus_sold"),
        ("how many product codes sold at least once in 2011", "skus_sold"),
        ("number of distinct articles sold in August", "products_sold"),
        ("in how many countries did we sell in 2011", "countries_served"),
        ("how many cities did we ship to in may 2011", "cities_served"),
        ("how many different customers bought from Germany in 2011", "ordering_customers"),
        ("headcount of buyers in dec 2010", "ordering_customers"),
        ("how many customers do we have in Germany", "customers"),
        ("biggest order of november 2011", "largest_order"),
        ("smallest invoice in 2011", "smallest_order"),
        ("gross takings, first half of 2011", "gross_sales"),
        ("revenue 2011 without refunds", "gross_sales"),
        ("what did guests spend in 2011", "revenue"),
        ("what did the customers spend in 2011", "revenue"),
        ("how many orders came in between 2 and 4 pm", "orders"),
    ],
)
def test_what_is_counted(said: str, metric: str) -> None:
    (arguments,) = asked(said)
    assert arguments["metrics"] == [metric]


def test_what_a_channel_cost_is_what_was_spent_on_it() -> None:
    shop = scene(channel=["video", "web"], spend_channel=["video"])
    (reading,) = read_question("what did video cost us in may 2011", shop)
    assert reading.calls[0].arguments["metrics"] == ["spend"]
    assert reading.calls[0].arguments["filters"] == [{"dimension": "spend_channel", "operator": "eq", "value": "video"}]
