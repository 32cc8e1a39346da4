"""A prediction is told of the customer, or of the customers, that it was asked of, and of the span that is modelled."""

from __future__ import annotations

from typing import Any

import pytest

from agent.offline.scene import past
from language.scene import Call
from tests.unit.offline_scene import CATALOGUE, READER, called, calls, converse, scene
from tools.customers.outlook import outlook
from tools.customers.profile import CustomerProfile

ONE = (
    ("how much is K812 worth over the next 12 months", "customer_profile", {"customer": "K812", "about": "value"}),
    ("clv of 17850 with its interval", "customer_profile", {"customer": "17850", "about": "value"}),
    ("risk of losing U1177 in the next 30 days", "customer_profile",
     {"customer": "U1177", "about": "churn", "horizon_days": 30}),
    ("how likely is 14646 to leave us within 45 days", "customer_profile",
     {"customer": "14646", "about": "churn", "horizon_days": 45}),
    ("are we about to lose 12748?", "customer_profile", {"customer": "12748", "about": "churn"}),
    ("when will K812 order again", "next_purchase", {"customer": "K812"}),
    ("next order of customer 17850?", "next_purchase", {"customer": "17850"}),
    ("what should customer 17850 buy next", "next_best_product", {"customer": "17850"}),
)  # fmt: skip


@pytest.mark.parametrize(("question", "tool", "arguments"), ONE)
def test_one_customer_is_asked_of_in_any_wording(question: str, tool: str, arguments: dict[str, Any]) -> None:
    assert calls(question) == [(tool, arguments)]


@pytest.mark.parametrize("name", ["profile", "value", "next_purchase", "churn_who", "churn_overview"])
@pytest.mark.parametrize(("question", "tool"), [
    ("what is K812 worth over the coming year", "customer_profile"),
    ("odds of K812 leaving soon", "customer_profile"),
    ("when does K812 buy next", "next_purchase"),
])  # fmt: skip
def test_whichever_capability_is_chosen_the_customer_is_kept(name: str, question: str, tool: str) -> None:
    from language.slots import read_slots

    request = next(request for request in READER.requests if request.name == name)
    built = request.calls(read_slots(question, scene()), scene())
    assert not isinstance(built, str)
    assert [(call.tool, call.arguments["customer"]) for call in built] == [(tool, "K812")]


def test_them_is_the_group_spoken_of_and_never_everybody() -> None:
    _, (due,) = converse("list the champions", "when will they buy next")
    (call,) = due.calls
    assert call.tool == "find_customers"
    assert {"field": "rfm_segment", "operator": "eq", "value": "Champions"} in call.arguments["rule"]["all"]
    assert (call.arguments["sort_by"], call.arguments["descending"]) == ("next_purchase_at", False)


def test_a_customer_spoken_of_before_is_meant_by_a_pronoun() -> None:
    *_, (value,), (next_order,) = converse(
        "tell me about customer 17850", "what will they be worth", "and when will they buy next"
    )
    assert value.calls == [Call("customer_profile", {"customer": "17850", "about": "value"})]
    assert next_order.calls == [Call("next_purchase", {"customer": "17850"})]


def test_a_group_by_country_is_kept_in_what_is_expected_of_it() -> None:
    germany = {"field": "country", "operator": "eq", "value": "Germany"}
    ((_, due),) = calls("who in germany will buy next week")
    assert germany in due["rule"]["all"]
    assert [arguments["rule"] for _, arguments in calls("lifetime value of customers in Germany")] == [germany, germany]


def test_how_many_rows_are_wanted_is_kept_beside_a_rank() -> None:
    *_, (_, listed) = calls("which 7 french customers are most at risk")
    assert listed["limit"] == 7
    assert {"field": "churn_60", "operator": "ge", "value": 0.5} in listed["rule"]["all"]


@pytest.mark.parametrize(("scores", "about", "horizon", "said"), [
    ({"clv_12m": 120.0, "clv_12m_low": 10.0, "clv_12m_high": 300.0}, "value", None, "£120.00** over the next 12"),
    ({"clv_12m": 120.0, "clv_12m_low": 10.0, "clv_12m_high": 300.0}, "value", None, "interval £10.00 to £300.00"),
    ({"clv_12m": 120.0}, "value", 90, "not for 90 days"),
    ({"clv_12m": 120.0, "churn_status": "left"}, "value", None, "counts as having left"),
    ({}, "value", None, "cannot say"),
    ({"churn_30": 0.1, "churn_60": 0.25, "churn_90": 0.5, "churn_risk": "medium"}, "churn", None, "within 90 days"),
    ({"churn_30": 0.1, "churn_60": 0.25, "churn_90": 0.5, "churn_risk": "medium"}, "churn", 90, "**50.0%**"),
    ({"churn_30": 0.1, "churn_60": 0.25, "churn_90": 0.5, "churn_risk": "medium"}, "churn", 45, "not 45"),
    ({"churn_30": 0.1, "churn_60": 0.25, "churn_90": 0.5, "churn_risk": "medium"}, "churn", 30, "(low risk)"),
    ({"churn_status": "left"}, "churn", 60, "left already"),
    ({}, "churn", 60, "cannot say"),
])  # fmt: skip
def test_the_outlook_says_value_or_leaving_and_what_span_is_modelled(
    scores: dict[str, Any], about: str, horizon: int | None, said: str
) -> None:
    arguments = {"customer": "17850", "about": about, **({"horizon_days": horizon} if horizon else {})}
    result = CustomerProfile.model_construct(customer_id="17850", scores=scores, churn_drivers=[], currency="GBP")
    tool = CATALOGUE.get("customer_profile")
    words = outlook(_Outcome(tool.arguments.model_validate(arguments), result))  # type: ignore[arg-type]
    assert words is not None
    assert said in words
    assert "17850" in words


class _Outcome:
    def __init__(self, arguments: Any, result: CustomerProfile) -> None:
        self.arguments, self.result = arguments, result


def test_an_answer_about_one_customer_is_about_them_afterwards() -> None:
    asked = past(Call("customer_profile", {"customer": "17850", "about": "churn"}), CATALOGUE)
    assert asked.audience == called(Call("customer_profile", {"customer": "17850"})).audience
