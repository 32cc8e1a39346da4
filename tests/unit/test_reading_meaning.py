"""Definitions: which terms a question asks about, and what is refused."""

from __future__ import annotations

import pytest

from database.semantic.metrics import METRICS
from language.slots import read_slots
from tests.unit.offline_scene import scene
from tools.audience.fields import rule_fields
from tools.glossary.questions import MEANING, meaning
from tools.glossary.terms import every_term, terms_in

ASKED = [
    ("what's meant by recency", ["recency_days"]),
    ("what does R.F.M. mean", ["RFM"]),
    ("RFM, what is that", ["RFM"]),
    ("could you explain p_alive to a beginner", ["p_alive"]),
    ("what's p (alive) ?", ["p_alive"]),
    ("who are the cannot lose them", ["Cannot Lose Them"]),
    ("does turnover include credit notes", ["revenue", "refund_orders"]),
    ("gross sales, are refunds deducted there?", ["gross_sales", "refunds"]),
    ("define average order value", ["average_order_value"]),
    ("definition of a discovered group", ["discovered group"]),
    ("meaning of weekend shopper", ["weekend_shopper"]),
    ("what counts as a repeat customer", ["repeat_customers"]),
    ("how is CLV calculated", ["CLV"]),
]
REFUSED = ["what does frobnicated revenue mean", "is packaging part of revenue", "what did recency mean in March 2011"]


@pytest.mark.parametrize(("question", "names"), ASKED)
def test_the_terms_of_a_question_are_what_is_defined(question: str, names: list[str]) -> None:
    said = meaning(read_slots(question, scene()), scene())
    assert not isinstance(said, str), said
    assert said[0].arguments == {"terms": names}


@pytest.mark.parametrize("question", REFUSED)
def test_what_is_no_term_is_named_and_not_passed_over(question: str) -> None:
    assert isinstance(meaning(read_slots(question, scene()), scene()), str)


def test_every_figure_and_every_field_of_a_customer_is_a_term_found_by_its_name() -> None:
    known = {term.name for term in every_term()}
    assert set(METRICS) | set(rule_fields()) <= known
    for name in [*METRICS, "overdue_ratio", "spending_seasonality", "Champions", "high_spender"]:
        found, rest = terms_in(name)
        assert [term.name for term in found] == [name], name
        assert not rest.strip()


def test_each_declared_question_finds_a_term_or_says_which_it_can_explain() -> None:
    silent = [q for q in MEANING.phrasings if isinstance(meaning(read_slots(q, scene()), scene()), str)]
    assert not silent
