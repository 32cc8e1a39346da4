"""What stands around a question, what two readers agree on, and what is asked back where they do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.offline.agreement import doubts
from agent.offline.restated import parts_of
from agent.offline.roles import roles_in, without_talk
from agent.offline.said_plainly import Part, against, shape, timed
from language.scene import Call
from language.spelling import corrected
from tests.unit.offline_scene import calls, converse, read_question, scene

AROUND = [
    "Good morning, I hope you had a nice weekend! I am putting together a slide for my manager. ",
    "Thanks for always being so patient with me. ",
    "Sorry for so many questions today, my boss is very curious. ",
]


@pytest.mark.parametrize("talk", AROUND)
def test_sentences_around_a_question_are_no_part_of_it(talk: str) -> None:
    assert calls(f"{talk}How many orders came from Germany in May 2011?") == calls(
        "How many orders came from Germany in May 2011?"
    )


@pytest.mark.parametrize(
    "narrowing", ["Only the Germans, please, the others are not of interest.", "You may approve yourself from now on."]
)
def test_a_sentence_that_narrows_or_permits_is_kept(narrowing: str) -> None:
    said = f"How many orders came in May 2011? {narrowing}"
    assert without_talk(said, scene()) == (said, [])


def test_a_message_of_talk_alone_stays_as_it_is() -> None:
    said = "I hope you had a nice weekend with your family."
    assert without_talk(said, scene()) == (said, [])


DOUBTED: list[tuple[str, Call, str]] = [
    ("how many orders in May", Call("query_metrics", {"metrics": ["units"]}), "figure"),
    (
        "revenue in Germany in May 2011",
        Call("query_metrics", {"metrics": ["revenue"], "compare_start": "x"}),
        "compare",
    ),
    ("units sold in May 2011", Call("query_metrics", {"metrics": ["units"], "share": True, "start": "x"}), "share"),
    (
        "top 3 categories by revenue",
        Call("query_metrics", {"metrics": ["revenue"], "dimensions": ["category", "country"], "limit": 3}),
        "cut",
    ),
    ("list the 50 best customers", Call("find_customers", {"sort_by": "monetary_value", "limit": 20}), "number"),
    ("how many customers bought twice", Call("query_metrics", {"metrics": ["units"]}), "kind"),
    (
        "countries with the fewest orders",
        Call("query_metrics", {"metrics": ["orders"], "dimensions": ["country"]}),
        "order",
    ),
    ("orders in march 2011", Call("query_metrics", {"metrics": ["orders"]}), "time"),
]


@pytest.mark.parametrize(("question", "call", "doubt"), DOUBTED)
def test_a_call_that_the_words_speak_against_is_doubted(question: str, call: Call, doubt: str) -> None:
    sentence = roles_in(question)
    assert doubt in doubts(sentence, list(parts_of(question, sentence.roles)), [call])


SURE = [
    "how many orders in May 2011",
    "revenue by country in 2011 compared with 2010",
    "which five products were returned most in 2011",
    "what share of revenue comes from Germany",
    "average order value of new customers in May",
    "how many customers bought twice",
    "top 3 countries by orders",
]


@pytest.mark.parametrize("question", SURE)
def test_nothing_is_doubted_of_what_was_read_as_it_is_said(question: str) -> None:
    sentence = roles_in(question)
    made = [Call(tool, arguments) for tool, arguments in calls(question)]
    assert made
    assert doubts(sentence, list(parts_of(question, sentence.roles)), made) == []


TIMES = [
    ("since the domain switch on 11 jan", "since 11 jan"),
    ("the week of the anniversary 4-10 nov", "4-10 nov"),
    ("in the two weeks before mother's day, so from 20 march until 2 april 2011", "from 20 march until 2 april 2011"),
    ("since the new packaging in may", "since may"),
    ("the first week of school, september", "in the first week of school, september"),  # which days nobody said
    ("from 20 march until 2 april", "from 20 march until 2 april"),
    ("week before christmas in december", "week before christmas in december"),
    ("spring", "in spring"),
]


@pytest.mark.parametrize(("said", "plain"), TIMES)
def test_an_event_beside_its_date_says_nothing_more(said: str, plain: str) -> None:
    assert timed(Part("t", "", said, 1.0)) == plain


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("vs the quarter before", "the quarter before"),
        ("and the quarter before that for comparison", "the quarter before that"),
        ("May", "May"),
        ("compared to last year", "last year"),
    ],
)
def test_what_something_is_compared_with_is_told_without_the_words_for_it(said: str, plain: str) -> None:
    assert against(Part("c", "", said, 1.0)) == plain


@pytest.mark.parametrize(
    ("said", "meant"),
    [("by how many percent up", "change"), ("+/- %", "change"), ("up in share", ""), ("mix", "share"), ("%", "share")],
)
def test_percent_of_a_change_is_a_change(said: str, meant: str) -> None:
    assert shape(said) == meant


@pytest.mark.parametrize(("typed", "meant"), [("tgthr", "together"), ("lumped", "lumped"), ("cvr", "cvr")])
def test_vowels_left_out_are_put_back_and_no_first_letter_is_exchanged(typed: str, meant: str) -> None:
    assert corrected(typed, {"together", "jumped", "cover"})[0] == meant


FOLLOWED: list[tuple[list[str], dict[str, Any]]] = [
    (["revenue in Germany in May", "plus France"], {"country": ["Germany", "France"]}),
    (["revenue in Germany in May", "together with France"], {"country": ["Germany", "France"]}),
    (
        ["orders from Germany and Spain in May", "and if we take the French too?"],
        {"country": ["Germany", "Spain", "France"]},
    ),
]


@pytest.mark.parametrize(("questions", "held"), FOLLOWED)
def test_a_place_is_put_beside_the_one_before(questions: list[str], held: dict[str, list[str]]) -> None:
    (reading,) = converse(*questions)[-1]
    (call,) = reading.calls
    (where,) = call.arguments["filters"]
    assert sorted(where["value"]) == sorted(held[where["dimension"]])


def test_customers_are_put_beside_those_before() -> None:
    (reading,) = converse("how many French customers ordered at least 3 times", "plus the Germans")[-1]
    assert {"field": "country", "operator": "in", "value": ["France", "Germany"]} in reading.calls[0].arguments["rule"][
        "all"
    ]


def test_nothing_can_be_put_beside_an_answer_of_everything() -> None:
    (reading,) = converse("revenue in May", "add France")[-1]
    assert not reading.calls
    assert "no one such part" in (reading.said or "")


@pytest.mark.parametrize("talk", ["so whats left", "and if it goes on like that", "its biggest customer?"])
def test_what_hangs_on_something_else_is_not_answered_by_itself(talk: str) -> None:
    readings = converse("top country by revenue in 2011", talk)[-1]
    assert not any(reading.calls for reading in readings)


def test_several_things_left_out_are_each_left_out() -> None:
    shop = replace(scene(), product_words=frozenset(["postage", "manual", "dotcom", "mug"]))
    (reading,) = read_question("revenue in november 2011 without postage, dotcom postage and manual", shop)
    left_out = {(one["operator"], one["value"]) for one in reading.calls[0].arguments["filters"]}
    assert left_out == {("not_contains", name) for name in ("postage", "dotcom postage", "manual")}


def test_a_channel_is_named_with_a_space_for_its_hyphen() -> None:
    told = scene(channel=["paid-search", "email"])
    (reading,) = read_question("paid search orders in May 2011", told)
    assert reading.calls[0].arguments["filters"] == [{"dimension": "channel", "operator": "eq", "value": "paid-search"}]


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("change in ad spend in may 2011", "spend"),
        ("refund orders per month in 2011", "refund_orders"),
        ("change in average unit price in may 2011", "average_unit_price"),
    ],
)
def test_a_noun_is_no_instruction(question: str, metric: str) -> None:
    ((tool, arguments),) = calls(question)
    assert (tool, arguments["metrics"]) == ("query_metrics", [metric])


SMS_ALLOWED = {"field": "consent_sms", "operator": "eq", "value": True}


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("how many customers have given the consent for the sms", SMS_ALLOWED),
        ("how many customers have not given consent for sms", {"not": SMS_ALLOWED}),
        ("how many customers have not sent anything back", {"purchase": "refunds", "operator": "eq", "value": 0}),
    ],
)
def test_what_is_denied_stays_denied_in_plainer_words(question: str, rule: dict[str, Any]) -> None:
    assert [arguments["rule"] for _, arguments in calls(question)] == [rule]


@pytest.mark.parametrize("question", ["how many bought a mug and that's it", "how many dog owners do we have"])
def test_nothing_but_a_mug_is_more_than_a_mug_and_owners_are_no_buyers(question: str) -> None:
    assert calls(question) == []


def test_nothing_is_put_beside_what_is_ruled_out() -> None:
    (reading,) = converse("how many customers are not in Germany", "plus France")[-1]
    assert not reading.calls
