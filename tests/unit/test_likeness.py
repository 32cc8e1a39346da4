"""Answers and pictures of customers alike, from results of the tools' shapes."""

from __future__ import annotations

from datetime import UTC, datetime

from language.rules import previous_rule
from language.scene import PastCall, Scene
from language.slots import read_slots
from tests.unit.offline_scene import CATALOGUE
from tools.figures import Column
from tools.outcome import Outcome
from tools.results import Evidence
from tools.vectors.likeness import (
    LookalikeSegment,
    LookalikeSegmentArguments,
    SimilarCustomer,
    SimilarCustomers,
    SimilarCustomersArguments,
    lookalike_segment,
    similar_customers,
)
from tools.views import Table, shown

AT = datetime(2011, 12, 10, tzinfo=UTC)
EVIDENCE = Evidence(rows=3, as_of=AT)
VIP = LookalikeSegmentArguments(segment="VIP")


def alike() -> LookalikeSegment:
    return LookalikeSegment(
        members=40, lookalikes=12, recognisability=0.81, approximate=False, currency="GBP", evidence=EVIDENCE,
        columns=[Column(name="customer_id", unit="text"), Column(name="similarity", unit="cosine")],
        rows=[["A1", 0.91], ["B2", 0.88]],
    )  # fmt: skip


def like_a1() -> Outcome[SimilarCustomersArguments, SimilarCustomers]:
    rows = [SimilarCustomer(customer="B2", name=None, similarity=0.93, shares=["both from France"])]
    result = SimilarCustomers(
        customer="A1", compared=70, rows=rows, approximate=True, currency="GBP", evidence=EVIDENCE
    )
    return Outcome(SimilarCustomersArguments(customer="A1"), result)


def test_customers_alike_come_first_with_what_they_share() -> None:
    text = CATALOGUE.get("similar_customers").worded(like_a1())
    assert text.startswith("**Customer B2** behaves most like customer A1, of 70 compared.")
    assert "They have in common: both from France." in text
    assert "0.93" not in text, "how alike is in the table"


def test_a_group_that_behaviour_cannot_tell_is_said_to_be_one() -> None:
    tool = CATALOGUE.get("lookalike_segment")
    assert "Behaviour tells this group clearly" in tool.worded(Outcome(VIP, alike()))
    blurred = alike().model_copy(update={"recognisability": 0.52})
    assert "Behaviour hardly tells this group" in tool.worded(Outcome(VIP, blurred))


def test_lookalikes_are_a_table_and_them_means_those_listed() -> None:
    tool, result = CATALOGUE.get("lookalike_segment"), alike()
    (table,) = shown(tool, Outcome(VIP, result))
    assert isinstance(table, Table)
    assert (table.rows[0], table.total_rows) == (["A1", 0.91], 12)
    assert tool.audience is not None
    scene = Scene(past=[PastCall("lookalike_segment", {"segment": "VIP"}, audience=tool.audience(VIP, result))])
    assert previous_rule(scene) == {"field": "customer_id", "operator": "in", "value": ["A1", "B2"]}
    assert tool.audience(VIP, None) is None, "nobody is known before there is a result"


def test_them_means_the_customers_alike_and_not_the_one_they_are_like() -> None:
    outcome = like_a1()
    assert similar_customers.audience is not None
    rule = similar_customers.audience(outcome.arguments, outcome.result)
    assert rule == {"field": "customer_id", "operator": "in", "value": ["B2"]}
    (table,) = shown(similar_customers, outcome)
    assert isinstance(table, Table)
    assert table.title == "Customers like A1"


def test_why_shows_the_customer_and_the_model_behind_the_likeness() -> None:
    scene = Scene(past=[PastCall("similar_customers", {"customer": "A1"})])
    asked = read_slots("why?", scene)
    for tool, called in ((similar_customers, "customer_profile"), (lookalike_segment, "model_report")):
        assert tool.why is not None
        calls = tool.why(asked, scene)
        assert isinstance(calls, list)
        assert [call.tool for call in calls] == [called]
