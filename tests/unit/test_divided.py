"""Messages divided into parts: unsure words settled by their neighbours, talk left out, and what may matter kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.offline.divided import divided
from agent.offline.restated import loses, restated
from agent.offline.roles import roles_in
from agent.offline.said_plainly import direction
from language.scene import Call, Scene
from tests.unit.offline_scene import read_question, scene

PLAINLY = [
    (
        "the printer is driving me mad today. how many pieces in one order on average, May 2011",
        "units per order in may 2011",
    ),
    ("dullest month of 2011 by turnover", "bottom month by revenue of 2011"),
    ("newcomer intake 2011 v 2010, how many % up or down", "new customers in 2011 compared with 2010"),
    ("what share of turnover do the four biggest customers make up, calendar 2011",
     "what share of revenue comes from the top 4 customers in calendar 2011"),
    ("orders jan feb mar 2011", "orders from jan to mar 2011"),
    (
        "weakest two months for orders in 2011, leave out december",
        "bottom 2 month by orders in 2011 excluding december",
    ),
]  # fmt: skip
NOT_PLAINLY = [
    "revenue in zorbed November 2011",  # a made-up word
    "customers in Germany. i only want the vegans",  # a sentence that limits
    "how many customers, how many orders, and revenue per customer in 2011, thanks a lot",  # one of three is no part
    "which product was the second best in 2011",  # a place in the order
    "refund quota = refunds / sales in 2011",  # what the figure is to be is told
    "all the countries with exactly one customer",
    "we have all these umbrellas, which single one makes us the most money",
]


def told() -> Scene:
    return replace(scene(), product_words=frozenset({"mug", "umbrella"}))


@pytest.mark.parametrize(("message", "plainly"), PLAINLY)
def test_a_question_is_put_plainly_though_single_words_are_unsure(message: str, plainly: str) -> None:
    assert restated(message, roles_in(message), told()) == plainly


def test_what_brackets_rule_out_is_never_what_is_asked_of() -> None:
    readings = read_question("how many customers who bought mugs (not in Germany)", told())
    assert not [call for reading in readings for call in reading.calls]
    [call] = [call for reading in read_question("orders in 2011 (without December)", told()) for call in reading.calls]
    assert (call.arguments["start"], call.arguments["end"]) == ("2011-01-01", "2011-11-30")


@pytest.mark.parametrize("message", NOT_PLAINLY)
def test_what_may_matter_is_never_left_out(message: str) -> None:
    assert restated(message, roles_in(message), told()) is None


def test_every_word_of_a_part_has_one_role_and_talk_has_none() -> None:
    message = "my neighbour is on holiday. how many pieces went to Spain in May"
    found = divided(message, roles_in(message).roles, told())
    assert found is not None
    assert [part.role for part in found.parts if part.role in "vt"] == ["v", "t"]
    assert found.left == []
    assert found.may_be_left(message, told())


def test_what_is_lost_is_noticed() -> None:
    call = Call("query_metrics", {"metrics": ["revenue"], "dimensions": ["country"]})
    message = "revenue by country, and of the umbrellas alone please"
    assert loses(message, "revenue by country", [call], told())
    assert not loses("revenue by country please", "revenue by country", [call], told())


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("the softest", "lowest"),
        ("saddest", "lowest"),
        ("hottest", "highest"),
        ("record", "highest"),
        ("worst", "lowest"),
    ],
)
def test_a_direction_is_told_by_meaning(word: str, way: str) -> None:
    assert direction(word) == way


@pytest.mark.parametrize(
    "question",
    [
        "how many of our top 10 customers bought in May",
        "which of the best sellers were returned",
        "lifetime value of new customers",
        "what should we do for new customers",
    ],
)
def test_what_narrows_is_not_dropped(question: str) -> None:
    assert not [call for reading in read_question(question, scene()) for call in reading.calls]
