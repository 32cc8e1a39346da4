"""The few tools a small model is offered: near its task, and never without the one it needs for what people ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.shortlist import constrained, nearest
from tools.catalogue import catalogue

CATALOGUE = catalogue()
MOST = 8


@dataclass(frozen=True)
class Spec:
    name: str
    description: str
    input_schema: Mapping[str, Any] = field(default_factory=dict)
    effect: str = "read"


def offered(agent: str, task: str, *, used: tuple[str, ...] = ()) -> list[str]:
    specs = [Spec(t.name, t.description) for t in CATALOGUE.tools.values() if agent in t.agents]
    return [spec.name for spec in nearest(specs, task, CATALOGUE, most=MOST, used=used)]


def test_tasks_as_planners_write_them_find_their_tool() -> None:
    for agent, task, tool in (
        ("research", "Compute total revenue for November 2011.", "query_metrics"),
        ("research", "Break the number of orders down by country for 2024", "query_metrics"),
        ("research", "Look up the profile of customer 17850", "customer_profile"),
        ("research", "List customers who spent more than 500 and were silent for 90 days", "find_customers"),
        ("analytics", "Identify customers likely to churn within 60 days", "churn_table"),
        ("analytics", "Estimate customer lifetime value overall", "clv_summary"),
        ("analytics", "Show cohort retention for December 2010", "cohort_retention"),
        ("content", "Draft and propose a win-back e-mail campaign for the segment At Risk", "propose_campaign"),
        ("content", "Show the messages in the sandbox mailbox", "mailbox"),
        ("research", "Explain why revenue fell in March", "explain_change"),
    ):
        assert tool in offered(agent, task), (task, offered(agent, task))


def test_few_are_few_and_what_was_used_stays() -> None:
    assert len(offered("analytics", "anything")) == MOST
    assert "segment_map" in offered("analytics", "revenue by country", used=("segment_map",))


def test_names_that_exist_are_enums_at_every_depth_and_the_schema_given_stays_as_it_was() -> None:
    text = {"type": "string"}
    schema = {
        "properties": {
            "metrics": {"type": "array", "items": text},
            "metric": text,
            "filters": {"type": "array", "items": {"properties": {"dimension": text, "value": text}}},
            "dimension": {"anyOf": [text]},
            "having": {"type": "array", "items": {"properties": {"metric": text}}},
        }
    }
    made = constrained(schema, {"metrics": ["revenue"], "dimensions": ["country"]})["properties"]
    assert made["metrics"]["items"]["enum"] == ["revenue"]
    assert made["metric"]["enum"] == ["revenue"]
    assert made["filters"]["items"]["properties"] == {"dimension": {**text, "enum": ["country"]}, "value": text}
    assert made["having"] == schema["properties"]["having"]
    assert "enum" not in str(schema)
    assert constrained(schema, {}) == schema
