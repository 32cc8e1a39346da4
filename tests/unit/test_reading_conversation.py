# ruff: noqa: E501  (one conversation a line)
"""Conversations read offline: follow-ups change what they name, several requests are all answered, small talk gets no figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from language.foreign import is_foreign
from language.scene import Scene
from tests.unit.offline_scene import called, converse, read_question, scene

FRANCE = {"dimension": "country", "operator": "eq", "value": "France"}
GERMANY = {"dimension": "country", "operator": "eq", "value": "Germany"}
MAY = {"start": "2011-05-01", "end": "2011-05-31"}
YEAR = {"start": "2011-01-01", "end": "2011-12-31"}

# What the last turn asks for: these arguments and no other ones (None: must be absent).
FOLLOW_UPS: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    # a figure named alone keeps the period and the place
    (("orders in May 2011", "revenue?"), {"metrics": ["revenue"], **MAY}),
    (("orders in May 2011 in France", "and how many customers?"), {"metrics": ["customers"], "filters": [FRANCE], **MAY}),
    (("orders in May 2011", "how much revenue was that"), {"metrics": ["revenue"], **MAY}),
    (("orders in May 2011", "sorry, revenue"), {"metrics": ["revenue"], **MAY}),
    # a period is read after the one before
    (("revenue in March 2011", "and April?"), {"start": "2011-04-01", "end": "2011-04-30"}),
    (("orders in October 2010", "nov too please"), {"start": "2010-11-01", "end": "2010-11-30"}),
    (("revenue in May 2011", "and may?"), MAY),
    (("revenue in May 2011", "and the previous month?"), {"start": "2011-04-01", "end": "2011-04-30"}),
    (("revenue in Q1 2011", "and the next quarter"), {"start": "2011-04-01", "end": "2011-06-30"}),
    (("revenue in May 2011", "no I meant 2010"), {"start": "2010-05-01", "end": "2010-05-31"}),
    (("revenue in May 2011", "the whole of 2011"), YEAR),
    (("revenue in week 20 of 2011", "21?"), {"start": "2011-05-23", "end": "2011-05-29"}),
    (("orders in June 2011", "and how much revenue did we make in that month?"), {"metrics": ["revenue"], "start": "2011-06-01"}),
    # places and cuts
    (("orders in France in 2011", "and in all countries?"), {"filters": None, "dimensions": None, **YEAR}),
    (("orders in France in 2011", "and everywhere?"), {"filters": None, **YEAR}),
    (("revenue by country in 2011", "total"), {"dimensions": None, **YEAR}),
    (("revenue by country in 2011", "drop the uk"), {"dimensions": ["country"], "filters": [{"dimension": "country", "operator": "ne", "value": "United Kingdom"}]}),
    (("orders in 2011", "orders above 50 only"), {"filters": [{"dimension": "order_value", "operator": "gt", "value": 50.0}], **YEAR}),
    (("revenue in 2011", "for new customers only"), {"metrics": ["revenue"], "filters": [{"dimension": "customer_type", "operator": "eq", "value": "new"}], **YEAR}),
    (("revenue by month in 2011", "per week instead"), {"grain": "week", **YEAR}),
    # order and number of rows
    (("top 5 products in 2011", "make that 20"), {"dimensions": ["product"], "limit": 20, **YEAR}),
    (("top 5 products in 2011", "sort by orders"), {"metrics": ["revenue", "orders"], "order_by": "orders", "limit": 5}),
    (("orders per month in 2011", "which was the weakest?"), {"grain": "month", "order_by": "orders", "descending": False, "limit": 1}),
    (("refunds per month in 2011", "which was the worst?"), {"order_by": "refunds", "descending": True, "limit": 1}),
    (("revenue by channel in 2011", "which one is the strongest"), {"dimensions": ["channel"], "descending": True, "limit": 1, **YEAR}),
    # what is asked of the figure
    (("aov in 2011 in France", "and the median"), {"metrics": ["median_order_value"], "filters": [FRANCE], **YEAR}),
    (("revenue by country in 2011", "as a percentage"), {"share": True, "dimensions": ["country"], **YEAR}),
    (("refunds in 2011", "as a share of revenue"), {"metrics": ["refunds", "revenue"], "ratio": True, **YEAR}),
    (("revenue in 2011 in France", "now as a running total"), {"cumulative": True, "filters": [FRANCE]}),
    (("orders in 2011", "and how much money did we give back?"), {"metrics": ["refunds"], **YEAR}),
    (("orders in 2011 in France", "which month was best?"), {"metrics": ["orders"], "grain": "month", "limit": 1, "filters": [FRANCE], **YEAR}),
    (("revenue by quarter in 2011", "which quarter was best"), {"grain": "quarter", "limit": 1, **YEAR}),
    (("revenue by country in 2011", "add orders too"), {"metrics": ["revenue", "orders"], "dimensions": ["country"], **YEAR}),
    (("revenue in France in 2011", "and the rest of the world?"), {"filters": [{**FRANCE, "operator": "ne"}], **YEAR}),
    (("revenue in 2011", "do not count France", "nor Germany"), {"filters": [{"dimension": "country", "operator": "not_in", "value": ["France", "Germany"]}], **YEAR}),
    (("orders in 2011", "and without the guests"), {"filters": [{"dimension": "known_customer", "operator": "eq", "value": "known"}], **YEAR}),
    (("how is France doing this year", "compare with the same period last year"), {"metrics": ["revenue"], "filters": [FRANCE], "compare_end": "2010-12-09"}),
    (("revenue by channel in 2011", "which of them lost against 2010?"), {"dimensions": ["channel"], "having": [{"metric": "revenue_growth", "operator": "lt", "value": 0}], "compare_start": "2010-01-01"}),
    (("revenue in May, no wait, June 2011",), {"start": "2011-06-01", "end": "2011-06-30"}),
    (("orders in 2010, I mean 2011",), YEAR),
    (("revenue by country in 2011", "not by country, by channel"), {"dimensions": ["channel"], **YEAR}),
    (("revenue by country in 2011", "forget the country"), {"dimensions": None, **YEAR}),
    (("aov in 2011", "for each channel"), {"dimensions": ["channel"], **YEAR}),
    (("revenue in June 2011", "vs may"), {"start": "2011-06-01", "compare_start": "2011-05-01"}),
    (("revenue in June 2011", "yoy"), {"start": "2011-06-01", "compare_start": "2010-06-01"}),
    (("revenue in June 2011", "say that again"), {"metrics": ["revenue"], "start": "2011-06-01"}),
    # the answers before
    (("revenue in September 2011", "October?", "November?", "all three together"), {"start": "2011-09-01", "end": "2011-11-30"}),
    (("orders last week", "and the week before", "total of both weeks"), {"start": "2011-11-21", "end": "2011-12-04"}),
    (("orders in October 2011", "and in November", "so what is the increase in percent"), {"start": "2011-11-01", "compare_start": "2011-10-01"}),
    (("orders in Q1 2011", "Q2?", "difference?"), {"start": "2011-04-01", "compare_start": "2011-01-01"}),
    (("revenue last month", "and the same month last year", "is that up or down?"), {"start": "2011-11-01", "compare_start": "2010-11-01"}),
    (("revenue in October 2011", "and November?", "which one was better?"), {"grain": "month", "order_by": "revenue", "descending": True, "start": "2011-10-01", "end": "2011-11-30"}),
    (("revenue in week 20 of 2011", "21?", "both together"), {"start": "2011-05-16", "end": "2011-05-29"}),
    (("aov of France in 2011", "and Germany?", "both together"), {"filters": [{"dimension": "country", "operator": "in", "value": ["France", "Germany"]}], **YEAR}),
    (("refunds in 2011", "and revenue", "ratio of the two"), {"metrics": ["refunds", "revenue"], "ratio": True}),
]  # fmt: skip


def made(*questions: str) -> list[dict[str, Any]]:
    """Arguments of the calls the last turn leads to."""
    return [call.arguments for reading in converse(*questions)[-1] for call in reading.calls]


@pytest.mark.parametrize(("turns", "expected"), FOLLOW_UPS, ids=[" / ".join(turns) for turns, _ in FOLLOW_UPS])
def test_a_follow_up_changes_what_it_names_and_keeps_the_rest(turns: tuple[str, ...], expected: dict[str, Any]) -> None:
    (arguments,) = made(*turns)
    assert {name: arguments.get(name) for name in expected} == expected


GERMANY_IN_NOVEMBER = "revenue in November 2011 in Germany"


@pytest.mark.parametrize(
    ("clause", "metric"),
    [
        ("so how much was refunded", "refunds"),
        ("how many orders were that", "orders"),
        ("was the AOV", "average_order_value"),
    ],
)
def test_another_figure_is_of_the_same_time_and_place(clause: str, metric: str) -> None:
    (arguments,) = made(GERMANY_IN_NOVEMBER, clause)
    (before,) = made(GERMANY_IN_NOVEMBER)
    assert arguments == before | {"metrics": [metric]}


def test_a_list_after_figures_is_of_the_same_time_and_place() -> None:
    (arguments,) = made(GERMANY_IN_NOVEMBER, "now list the top products")
    assert (arguments["dimensions"], arguments["start"]) == (["product"], "2011-11-01")
    assert made(GERMANY_IN_NOVEMBER, "how many customers do we have now") == [{"metrics": ["customers"]}]


def test_which_of_both_is_of_the_two_before_or_asked_about() -> None:
    (arguments,) = made("revenue in Germany in 2011", "and in France", "which of the two had more orders")
    assert (arguments["metrics"], arguments["dimensions"]) == (["orders"], ["country"])
    assert arguments["filters"][0]["value"] == ["Germany", "France"]
    for turns in (
        ("revenue in May 2011", "which of both had more orders"),
        ("our retention", "which of the two is better"),
    ):
        assert all(reading.said and not reading.calls for reading in converse(*turns)[-1]), turns


def test_people_named_before_how_many_are_who_is_counted() -> None:
    (reading,) = converse("Kitchen buyers, how many heads?")[-1]
    assert [call.arguments["rule"]["category"] for call in reading.calls] == ["Kitchen"]


def test_a_follow_up_of_two_periods_is_for_both() -> None:
    both = made("revenue in October 2011 or November 2011", "only France")
    assert [(each["start"], each["filters"]) for each in both] == [("2011-10-01", [FRANCE]), ("2011-11-01", [FRANCE])]


@pytest.mark.parametrize(
    "turns",
    [
        ("orders in 2011", "and the average?"),
        ("revenue in May 2011", "both together"),
        ("revenue in France in 2011", "and Germany?", "the difference?"),
        ("revenue in March 2011", "and in May?", "both together"),
        ("revenue by month in 2011", "what were the orders in that month?"),
        ("revenue in France in May 2011", "what did we refund that month?"),
        ("revenue in 2011", "what did we sell there?"),
        ("top 10 products in 2011", "and the next 10"),
        ("revenue in November 2011", "is that good?"),
        ("revenue in November 2011", "the second one"),
        ("profit in 2011", "and in 2010?"),
        ("revenue in 2011", "profit in 2011", "and in 2010?"),
        ("blorp the snarf", "only France"),
        ("revenue in Q4 2011", "and the next quarter"),
        ("revenue in May 2011", "and orders", "which one was better?"),
        ("customer 17850", "what will the weather be for him?"),
        ("revenue by product in 2011", "with at least 20 orders"),
        ("top 3 countries by revenue in 2011", "what did the first one buy most"),
        ("revenue in 2011", "really?"),
    ],
)
def test_what_a_follow_up_leaves_open_is_asked_about_or_refused(turns: tuple[str, ...]) -> None:
    readings = converse(*turns)[-1]
    assert all(reading.said and not reading.calls for reading in readings), readings


def bought(**more: Any) -> dict[str, Any]:
    return {"purchase": "orders", "operator": "ge", "value": 1, **more}


SPENT = {"field": "monetary_value", "operator": "gt", "value": 500}
IN_FRANCE = {"field": "country", "operator": "eq", "value": "France"}
# Follow-ups about customers: the tool and its rule.
OF_CUSTOMERS: list[tuple[tuple[str, ...], str, dict[str, Any]]] = [
    (("how many customers bought Kitchen in 2011", "and Garden?"), "count_segment", bought(category="Garden", **YEAR)),
    (("how many customers bought Kitchen in 2011", "in 2010?"), "count_segment", bought(category="Kitchen", start="2010-01-01", end="2010-12-31")),
    (("how many people bought Kitchen", "in 2011 only", "and how many of them are from France"), "count_segment", {"all": [bought(category="Kitchen", **YEAR), IN_FRANCE]}),
    (("customers who spent over 500", "how many of those ordered in 2011"), "count_segment", {"all": [SPENT, bought(**YEAR)]}),
    (("customers who spent over 500", "in May 2011 only"), "find_customers", {"purchase": "revenue", "operator": "gt", "value": 500, **MAY}),
    (("customers who spent over 500", "among them, the french ones"), "find_customers", {"all": [SPENT, IN_FRANCE]}),
    (("customers who spent over 500", "how many from France"), "count_segment", {"all": [SPENT, IN_FRANCE]}),
    (("customers who spent over 500", "how many is that"), "count_segment", SPENT),
    (("customers who spent over 500", "just the number please"), "count_segment", SPENT),
    (("how many customers ordered more than 3 times", "and more than 5?"), "count_segment", {"field": "orders_all", "operator": "gt", "value": 5}),
    (("how many customers spent over 500", "list them"), "find_customers", SPENT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("turns", "tool", "rule"), OF_CUSTOMERS, ids=[" / ".join(turns) for turns, _, _ in OF_CUSTOMERS]
)
def test_a_follow_up_of_customers_changes_their_rule(turns: tuple[str, ...], tool: str, rule: dict[str, Any]) -> None:
    (call,) = [call for reading in converse(*turns)[-1] for call in reading.calls]
    assert (call.tool, call.arguments["rule"]) == (tool, rule)


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("sort by orders", {"sort_by": "orders_all"}),
        ("make it 5", {"limit": 5}),
        ("the next 10", {"offset": 20, "limit": 10}),
    ],
)
def test_a_list_is_sorted_cut_and_paged(said: str, changed: dict[str, Any]) -> None:
    (arguments,) = made("customers who spent over 500", said)
    assert arguments == {"rule": SPENT, "sort_by": "monetary_value", "limit": 20, **changed}


@pytest.mark.parametrize("said", ["in 2011 only", "and Garden?", "sort by shoe size"])
def test_what_no_rule_can_take_is_said(said: str) -> None:
    (reading,) = converse("customers who are silent for 90 days", said)[-1]
    assert reading.said
    assert not reading.calls


def test_the_second_one_is_the_customer_in_that_row() -> None:
    told = after("customers who spent over 500", {"rows": [["17850", 1], ["14646", 2]]})
    (reading,) = read_question("tell me about the second one", told)
    assert reading.calls[0].arguments == {"customer": "14646"}


def test_a_customer_named_before_is_the_subject_of_what_has_none() -> None:
    assert made("customer 17850", "last order when?")[0] == {"customer": "17850"}


def test_a_pronoun_is_the_customer_before() -> None:
    filters = [{"dimension": "customer", "operator": "eq", "value": "17850"}]
    assert made("customer 17850", "what did she order in 2011?")[0].get("filters") == filters


MONTHS = {"columns": [{"name": "time"}, {"name": "orders"}], "rows": [["2011-11-01", 300]]}
PLACES = {"columns": [{"name": "country"}, {"name": "orders"}], "rows": [["Germany", 9], ["France", 8]]}


def after(question: str, result: dict[str, Any]) -> Scene:
    """The scene once `question` was answered with `result`."""
    told = scene()
    (reading,) = read_question(question, told)
    told.past.append(replace(called(reading.calls[0], result), clause=1))
    return told


def test_that_month_and_there_are_the_first_row_of_a_ranking() -> None:
    (month,) = read_question(
        "how much revenue did we make in that month", after("which month of 2011 had the most orders", MONTHS)
    )
    assert month.calls[0].arguments == {"metrics": ["revenue"], "start": "2011-11-01", "end": "2011-11-30"}
    (place,) = read_question(
        "what was the best product there", after("which country had the most orders in 2011", PLACES)
    )
    assert {name: place.calls[0].arguments.get(name) for name in ("filters", "dimensions", "start")} == {
        "filters": [GERMANY], "dimensions": ["product"], "start": "2011-01-01",
    }  # fmt: skip


# Messages with several requests, and (metric, first day, country) of each call.
SEVERAL: list[tuple[str, list[tuple[str, str | None, str | None]]]] = [
    ("revenue in May 2011 and how many orders did we get?", [("revenue", "2011-05-01", None), ("orders", "2011-05-01", None)]),
    ("what was the revenue and how many orders did we get in May 2011?", [("revenue", "2011-05-01", None), ("orders", "2011-05-01", None)]),
    ("revenue in May 2011? orders? aov?", [("revenue", "2011-05-01", None), ("orders", "2011-05-01", None), ("average_order_value", "2011-05-01", None)]),
    ("for France: revenue in 2011, then orders, and finally the aov", [("revenue", "2011-01-01", "France"), ("orders", "2011-01-01", "France"), ("average_order_value", "2011-01-01", "France")]),
    ("1) revenue in May 2011 2) orders in May 2011", [("revenue", "2011-05-01", None), ("orders", "2011-05-01", None)]),
    ("- revenue in May 2011\n- orders in June 2011", [("revenue", "2011-05-01", None), ("orders", "2011-06-01", None)]),
    ("how many orders in October 2011; what was refunded that month", [("orders", "2011-10-01", None), ("refunds", "2011-10-01", None)]),
    ("revenue in Germany in 2011; orders in France in May 2011", [("revenue", "2011-01-01", "Germany"), ("orders", "2011-05-01", "France")]),
    ("orders in March 2011, then April, then May", [("orders", "2011-03-01", None), ("orders", "2011-04-01", None), ("orders", "2011-05-01", None)]),
    ("revenue in May 2011; how many customers do we have?", [("revenue", "2011-05-01", None), ("customers", None, None)]),
    ("Tell me the revenue for 2011. Also the refunds.", [("revenue", "2011-01-01", None), ("refunds", "2011-01-01", None)]),
    ("hello! revenue in May 2011. thanks a lot", [("revenue", "2011-05-01", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "expected"), SEVERAL, ids=[message for message, _ in SEVERAL])
def test_each_of_several_requests_is_answered(message: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    asked = [call.arguments for reading in read_question(message, scene()) for call in reading.calls]
    found = [(a["metrics"][0], a.get("start"), next((f["value"] for f in a.get("filters", [])), None)) for a in asked]
    assert found == expected


def test_three_numbers_announced_are_one_question() -> None:
    (reading,) = read_question(
        "For May 2011 I need three numbers: revenue, number of orders, number of buyers.", scene()
    )
    assert reading.calls[0].arguments == {"metrics": ["revenue", "orders", "ordering_customers"], **MAY}


def test_a_clause_that_could_not_be_read_is_said_beside_the_others() -> None:
    readings = read_question("orders in 2011, and what did the moon say about it? and who painted it?", scene())
    assert [bool(reading.calls) for reading in readings] == [True, False, False]
    assert all(reading.said and not reading.small for reading in readings[1:])


OTHER_LANGUAGES = [
    "Umsatz?", "Wer sind unsere besten Kunden?", "Bestellungen nach Land 2011", "top Produkte 2011", "Guten Morgen",
    "revenue per Monat bitte", "hoeveel klanten hebben we in Duitsland?", "omzet vorige maand", "omzet per land",
    "welke producten verkopen het best", "combien de clients", "bonjour", "meilleures ventes du mois",
    "chiffre d'affaires de la France en 2011 ?", "¿cuántos pedidos hubo en mayo?", "ventas por país", "hola",
    "quanti ordini a maggio 2011", "fatturato per paese", "quantas encomendas da Itália em 2011?", "vendas em maio",
    "receita total de 2011, por favor", "ile zamówień mieliśmy w maju?", "ilu mamy klientów", "kolik máme zákazníků?",
    "hur många ordrar hade vi i maj?", "hvor mange kunder har vi", "vis omsætning for maj",
    "kuinka monta asiakasta meillä on", "mennyi volt a bevétel", "câți clienți avem", "kaç müşterimiz var",
    "сколько у нас клиентов?", "我们有多少客户", "顧客は何人いますか", "كم عدد العملاء",
]  # fmt: skip
ENGLISH = [
    "revenue from São Paulo and Málaga in 2011", "café crème sales", "sales of crème brûlée", "what did José García buy",
    "is the Müller account still active", "Château de Paris candle sales in 2011", "top products los angeles las vegas",
    'units sold of "Für Elise" music box', "le creuset sales", "die cut cards sold last year", "red van ornaments 2011",
    "how many orders from Österreich", "was May better than June", "total per month", "ffffff", "21?", "in 2011 only",
    "man bags: units per month", "revnue by contry last yr", "no i meant 2010", "the belgian", "mi casa mug orders",
]  # fmt: skip


@pytest.mark.parametrize("message", OTHER_LANGUAGES)
def test_another_language_is_refused_in_english(message: str) -> None:
    (reading,) = read_question(message, scene())
    assert reading.said is not None
    assert "English" in reading.said
    assert not reading.calls


@pytest.mark.parametrize("message", ENGLISH)
def test_english_with_foreign_names_is_english(message: str) -> None:
    assert not is_foreign(message, scene().names())


NOTHING_ASKED = [
    "What will the weather be tomorrow?", "sing me a song", "i love you", "you are useless", "you there?",
    "banana banana banana", "blorp the snarf until tuesday", "ffffff", "asdf qwer", "who won the world cup",
    "what is the capital of Peru", "tell me a joke", "write my homework", "what's the time", "are you alive",
    "lol ok whatever", "hm ok", "good evening, how was ur day?", "fix my printer", "book me a flight to Rome",
    "do you dream", "42", "???", "translate cheese into Klingon", "how do i tie a tie", "who is the president",
    "play chess with me", "recommend a film", "is there a god", "hello", "thanks", "good night", "help",
]  # fmt: skip


@pytest.mark.parametrize("message", NOTHING_ASKED)
def test_nonsense_and_small_talk_get_words_and_no_figure(message: str) -> None:
    readings = read_question(message, scene())
    assert readings
    assert all(reading.said and not reading.calls for reading in readings), readings
