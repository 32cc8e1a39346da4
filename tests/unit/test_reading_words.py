"""Words: what is said beside a question changes nothing, and no word that could mean something is passed over."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from language.filler import NOISE, is_noise, without_noise
from tests.unit.offline_scene import calls, read_question, scene

KNOWN = (
    "revenue in November 2011",
    "how many orders did we get in March 2011",
    "top 5 products by revenue last month",
    "average order value in Germany by month",
    "customers who spent more than 500",
    "how many customers from France bought at least 3 times",
    "revenue by country in Q2 2011",
    "median order value in 2011",
    "who is most likely to leave",
    "share of Germany in revenue in 2011",
)
BESIDE = ("honestly", "please", "um", "literally", "obviously,", "thanks", "mate", "really", "sorry", "tbh")
ASIDES = (
    ("{}, thanks in advance!", "revenue in May 2011"),
    ("Morning! {}", "revenue in May 2011"),
    ("to be honest i was just wondering if you could tell me the {}", "revenue in May 2011"),
    ("quick question: {}? no rush", "how many orders did we get in May 2011"),
    ("my boss wants to know {}", "how many orders did we get in May 2011"),
    ("{} for my board meeting tomorrow", "revenue by country in Q2 2011"),
    ("{}. No need for a chart.", "revenue by country in Q2 2011"),
    ("{}? honest answer pls", "who is most likely to leave"),
    ("like i'm five, in plain english: {}", "revenue in May 2011"),
    ("hey team, {} when you have a minute", "top 5 products by revenue last month"),
    ("{}, full stop, that would be great", "customers who spent more than 500"),
    ("could u plz fetch me the {}", "revenue in May 2011"),
    ("i'd love to know the {}, just asking", "revenue in May 2011"),
    ("dear sir or madam, kindly provide the {}", "revenue in May 2011"),
    ("is it possible to get the {}", "median order value in 2011"),
    ("hit me with the {}", "top 5 products by revenue last month"),
    ("walk me through the {}", "revenue by country in Q2 2011"),
    ("im trying to figure out {}, nothing fancy", "how many orders did we get in May 2011"),
    ("what i'm after is the {}", "median order value in 2011"),
    ("gr8, as per usual: {}", "revenue by country in Q2 2011"),
    ("out of curiosity, {}, if you don't mind", "how many customers from France bought at least 3 times"),
)


def _places(question: str, word: str) -> list[str]:
    words = question.split()
    return [" ".join([*words[:at], word, *words[at:]]) for at in range(len(words) + 1)]


@pytest.mark.parametrize("question", KNOWN)
def test_what_is_said_beside_a_question_changes_nothing_wherever_it_stands(question: str) -> None:
    plainly = calls(question)
    assert plainly
    for number, word in enumerate(BESIDE):
        for said in _places(question, word)[number % 5 :: 5]:
            assert calls(said) == plainly, said


@pytest.mark.parametrize(("frame", "question"), ASIDES)
def test_turns_of_speech_change_nothing(frame: str, question: str) -> None:
    assert calls(frame.format(question)) == calls(question) != []


@pytest.mark.parametrize("word", ["zorbed", "quuxian", "blenny", "gravlaxed"])
@pytest.mark.parametrize("question", KNOWN)
def test_an_unknown_word_is_named_or_asked_about_wherever_it_stands(question: str, word: str) -> None:
    for said in _places(question, word):
        readings = read_question(said, scene())
        assert not any(reading.calls for reading in readings) or word in str(readings), said


RESTRICTING = "only new first except large online average not without under profit negative big small again last best"


@pytest.mark.parametrize("word", RESTRICTING.split())
def test_a_word_that_could_change_a_figure_is_no_noise(word: str) -> None:
    assert word not in NOISE


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("customers who spend a lot", "customers who spend a lot"),
        ("revenue went up a lot from 2010 to 2011", "revenue went up from 2010 to 2011"),
        ("open rate of the very last mailing", "open rate of the last mailing"),
        ("how quickly do customers come back", "how quickly do customers come back"),
        ("orders in the morning", "orders in the morning"),
        ("customers for next week", "customers for next week"),
        ("answers: 5 at the end of the day", "answers: 5 at the end of the day"),
    ],
)
def test_only_what_is_beside_the_question_goes(said: str, left: str) -> None:
    assert without_noise(said) == left


def test_a_name_of_goods_stays() -> None:
    assert without_noise("how many thank you cards please", {"thank", "please"}) == "how many thank you cards please"


@pytest.mark.parametrize("said", ["thanks in advance!", "no rush", "cheers mate", "hi", "sorry to bother you again"])
def test_an_aside_asks_nothing(said: str) -> None:
    assert is_noise(said)


@pytest.mark.parametrize("said", ["and in october?", "why?", "no", "yes", "only germany", "5"])
def test_an_answer_is_no_aside(said: str) -> None:
    assert not is_noise(said)


def test_noise_in_any_number_is_noise() -> None:
    drawn = random.Random(7)
    for _ in range(50):
        assert is_noise(" ".join(drawn.sample(sorted(NOISE), 3)))


def _places_asked(question: str, *held: str, last_day: date | None = None) -> tuple[str, list[str]] | None:
    told = replace(scene(country=list(held)), last_day=last_day or date(2011, 12, 9))
    asked = [c.arguments for reading in read_question(question, told) for c in reading.calls]
    filters = asked[0].get("filters", []) if len(asked) == 1 else []
    if len(filters) != 1:
        return None
    value = filters[0]["value"]
    return filters[0]["operator"], [value] if isinstance(value, str) else value


WORLD = (
    "United Kingdom", "Germany", "Austria", "Switzerland", "Denmark", "Norway", "Sweden", "Finland", "Belgium",
    "Netherlands", "Spain", "Japan", "Canada", "USA",
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "operator", "countries"),
    [
        ("revenue in Scandinavia", "in", ["Denmark", "Norway", "Sweden"]),
        ("what did nordic customers order in 2011", "in", ["Denmark", "Finland", "Norway", "Sweden"]),
        ("orders from the Benelux countries in May", "in", ["Belgium", "Netherlands"]),
        ("DACH revenue by month", "in", ["Austria", "Germany", "Switzerland"]),
        ("turnover in Iberia", "eq", ["Spain"]),
        ("sales outside of Europe in 2011", "not_in", sorted(set(WORLD) - {"Japan", "Canada", "USA"})),
        ("european revenue without the UK", "in", sorted(set(WORLD) - {"Japan", "Canada", "USA", "United Kingdom"})),
        ("north american orders", "in", ["Canada", "USA"]),
        ("revenue in Scandinavia, i.e. Sweden, Norway and Finland", "in", ["Finland", "Norway", "Sweden"]),
        ("orders from abroad last month", "ne", ["United Kingdom"]),
        ("domestic orders in May", "eq", ["United Kingdom"]),
        ("how much revenue did Germans bring in May", "eq", ["Germany"]),
        ("how many Swedes bought in May", "eq", ["Sweden"]),
        ("revenue from Brits in 2011", "eq", ["United Kingdom"]),
    ],
)
def test_people_and_groups_of_places_are_the_countries_of_the_data(
    question: str, operator: str, countries: list[str]
) -> None:
    assert _places_asked(question, *WORLD) == (operator, countries)


def test_the_union_is_the_one_of_the_days_of_the_data() -> None:
    members = ("United Kingdom", "Germany", "Norway", "Spain")
    assert _places_asked("revenue in the EU", *members) == ("in", ["Germany", "Spain", "United Kingdom"])
    later = _places_asked("revenue in the EU", *members, last_day=date(2024, 5, 31))
    assert later == ("in", ["Germany", "Spain"])


@pytest.mark.parametrize(
    "question", ["share of Germany in Europe", "sales in Germany in Europe", "eastern Europe sales"]
)
def test_a_country_beside_its_group_is_not_added_up(question: str) -> None:
    assert calls(question) == []


def test_abroad_is_asked_about_where_the_currency_tells_no_home() -> None:
    readings = read_question("foreign revenue in 2011", replace(scene(), currency="EUR"))
    assert not readings[0].calls
    assert "foreign" in str(readings[0].said)


@pytest.mark.parametrize(
    ("question", "ruled_out"),
    [
        ("revenue in May without Germany", "Germany"),
        ("revenue in May, Germany left out", "Germany"),
        ("revenue in May with Germany excluded", "Germany"),
        ("orders by month, Spain not counted", "Spain"),
        ("leave France out of it: revenue in May", "France"),
        ("revenue in May apart from the French", "France"),
        ("revenue in May leaving aside Spain", "Spain"),
        ("orders everywhere but Germany", "Germany"),
    ],
)
def test_what_is_ruled_out_is_ruled_out_however_it_is_said(question: str, ruled_out: str) -> None:
    assert [arguments["filters"] for _, arguments in calls(question)] == [
        [{"dimension": "country", "operator": "ne", "value": ruled_out}]
    ]


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("turnover in May", "revenue"),
        ("takings in May", "revenue"),
        ("proceeds in May", "revenue"),
        ("income from sales in May, refunds deducted", "revenue"),
        ("turnover in May, before refunds", "gross_sales"),
        ("gmv of May", "gross_sales"),
        ("number of invoices in May", "orders"),
        ("how many transactions in May", "orders"),
        ("credit notes in May", "refund_orders"),
        ("value of credit notes in May", "refunds"),
        ("pcs sold in May", "units"),
        ("average transaction value in May", "average_order_value"),
        ("revenue per client in May", "revenue_per_customer"),
        ("how many folks bought in May", "customers"),
        ("how many client bought in May", "ordering_customers"),
        ("first-time buyers in May", "new_customers"),
        ("adspend in May", "spend"),
        ("email clicks in May", "email_clicks"),
        ("how much was spent on ads in May", "spend"),
    ],
)
def test_the_words_of_the_trade_are_the_figures(question: str, metric: str) -> None:
    assert [arguments["metrics"] for _, arguments in calls(question)] == [[metric]]


@pytest.mark.parametrize(
    ("turn", "plainly"),
    [
        ("how many red mugs went out in May", "how many units of red mugs were sold in May"),
        ("how many pieces left the warehouse in Q2 2011", "how many pieces were sold in Q2 2011"),
        ("what does a French customer leave with us per order", "average order value of French customers"),
        ("turnover in May in pounds", "turnover in May"),
        ("2011 revenue, mugs not counted", "revenue in 2011 without mugs"),
        ("revenue in 2011 with red mugs left out", "revenue in 2011 excluding red mugs"),
        ("how high was revenue in May", "revenue in May"),
        ("did orders get higher from April to May", "change of orders from April to May"),
        ("whoever bought at least 3 times", "customers who bought at least 3 times"),
        ("what did we turn over in May", "turnover in May"),
    ],
)
def test_turns_of_the_trade_are_plainer_ones(turn: str, plainly: str) -> None:
    told = replace(scene(), product_words=frozenset({"red", "mug"}))

    def made(question: str) -> list[tuple[str, object]]:
        return [(c.tool, c.arguments) for reading in read_question(question, told) for c in reading.calls]

    assert made(turn) == made(plainly) != []


def test_a_channel_named_like_a_message_is_one_where_orders_are_meant() -> None:
    told = scene(channel=["webshop", "newsletter"])
    asked = read_question("newsletter revenue in May 2011", told)[0].calls[0].arguments
    assert asked["filters"] == [{"dimension": "channel", "operator": "eq", "value": "newsletter"}]
    written = read_question("write a newsletter to customers who bought only once", told)[0].calls
    assert "newsletter" not in str(written[0].arguments.get("rule"))
