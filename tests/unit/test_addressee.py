"""A message goes to those who were named: nobody is written to because a name was not understood."""

from __future__ import annotations

import re

import pytest

from language.scene import Call, Scene
from tests.unit.offline_scene import called, converse, read_question, scene

WEEKEND = {"field": "weekend_share", "operator": "ge", "value": 0.5}
CLUSTER = "Few orders this year, rare this year"


def after_a_question() -> Scene:
    told = scene()
    told.segments = [CLUSTER, "Quiet"]
    told.past.append(called(Call("find_customers", {"rule": WEEKEND}), {}))
    return told


@pytest.mark.parametrize(
    ("request_", "unknown"),
    [
        ("write an email to the weekend bunch", "the weekend bunch"),
        ("win back the mug people", "the mug people"),
        ("propose a campaign to customers with purple hair", "customers with purple hair"),
        ("write a thank you email for the big fans", "the big fans"),
        ("write to the quiet customers", "the quiet customers"),
        ("write an e-mail to the Few orders last year customers", "the Few orders last year customers"),
    ],
)
def test_words_for_nobody_known_are_asked_about(request_: str, unknown: str) -> None:
    (reading,) = read_question(request_, after_a_question())
    assert reading.calls == []
    assert reading.said is not None
    assert unknown.lower() in reading.said.lower()
    assert "say “them”" in reading.said
    assert not re.search(r"\d", reading.said), "a figure that no tool gave is withheld, and its sentence with it"


@pytest.mark.parametrize(
    "request_",
    [
        f"Write a win-back e-mail to the {CLUSTER} customers",
        f"write an email to {CLUSTER}",
        f"write an email to the '{CLUSTER}' group about our spring sale",
        f"email the “{CLUSTER}” customers",
    ],
)
def test_a_segment_is_known_by_its_name_with_or_without_quotation_marks(request_: str) -> None:
    (reading,) = read_question(request_, after_a_question())
    (call,) = reading.calls
    assert call.tool == "propose_campaign"
    assert call.arguments["segment"].lower() == CLUSTER.lower()
    assert "rule" not in call.arguments


@pytest.mark.parametrize(
    "request_",
    [
        "send them a newsletter",
        "launch a campaign at this segment",
        "write an e-mail to them for the weekend",
        "write an email to those about new arrivals",
        "write an e-mail about the spring sale",
        "launch a campaign for Christmas",
        "write an email with 10% off",
        "write a campaign to promote our sale",
    ],
)
def test_them_and_nobody_named_are_those_before(request_: str) -> None:
    (reading,) = read_question(request_, after_a_question())
    (call,) = reading.calls
    assert call.arguments["rule"] == WEEKEND


@pytest.mark.parametrize(("customer", "field"), [("17850", "customer_id"), ("jane@example.com", "email")])
def test_they_are_the_one_customer_whose_interventions_were_asked_for(customer: str, field: str) -> None:
    (asked,), (reading,) = converse(f"what should I do for {customer}?", "write them an e-mail")
    assert asked.calls == [Call("customer_interventions", {"customer": customer})]
    assert reading.calls[0].arguments["rule"] == {"field": field, "operator": "eq", "value": customer}


@pytest.mark.parametrize("request_", ["write an e-mail to all our customers", "send a newsletter to everybody"])
def test_everybody_is_not_those_before(request_: str) -> None:
    (reading,) = read_question(request_, after_a_question())
    (call,) = reading.calls
    assert call.arguments["rule"] == {"field": "consent_email", "operator": "eq", "value": True}


def test_a_name_of_one_word_counts_in_quotation_marks_only() -> None:
    (reading,) = read_question("write an e-mail to the 'Quiet' segment", after_a_question())
    assert reading.calls[0].arguments["segment"] == "Quiet"


@pytest.mark.parametrize(
    "question",
    [
        "How many orders this year?",
        "Many orders this year came from Germany?",
        "which customers bought only once?",
        "write an e-mail to customers who bought only once",
        "show me the weekend shoppers",
    ],
)
def test_names_of_segments_do_not_hide_what_words_mean(question: str) -> None:
    named = scene()
    named.segments = ["Many orders this year", "bought only once", "Weekend shoppers"]
    before, after = (read_question(question, told) for told in (scene(), named))
    assert [reading.calls for reading in after] == [reading.calls for reading in before]
    assert any(reading.calls for reading in after)
