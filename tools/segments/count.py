"""How many customers a rule picks, and what they are worth."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from core.identity import READ
from language.rules import joined
from tools.audience.facts import Facts
from tools.audience.follow_ups import narrowed
from tools.audience.rule import Rule
from tools.audience.size import SIZE_WORDS, SegmentSize, size_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.results import Arguments, ToolResult
from tools.segments.questions import CUSTOMERS_COUNT


class CountSegmentArguments(Arguments):
    """Which customers."""

    rule: Rule = Field(description="Which customers.")
    among: Rule | None = Field(default=None, description="Of which customers: adds what share of these they are.")


class CountSegment(ToolResult):
    """Size and value of the customers a rule picks."""

    segment: SegmentSize = Field(description="Size and value.")
    among: int | None = figure("Of these", "Customers `among` picks.", unit="customers", default=None)
    share_among: float | None = figure("Share of these", "Those of both over those.", unit="share", default=None)
    currency: str = Field(description="ISO 4217 code of money.")


def _audience(arguments: CountSegmentArguments, _result: CountSegment | None) -> dict[str, Any] | None:
    return joined(arguments.among.plain() if arguments.among else None, arguments.rule.plain())


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how many customers match",
    agents=("research", "analytics", "content", "optimiser"),
    basis="prediction",
    examples=({"rule": {"field": "rfm_segment", "operator": "eq", "value": "At Risk"}},),
    questions=(CUSTOMERS_COUNT,),
    views=(),
    next=("Show them", "Write them an email"),
    audience=_audience,
    follow_up=narrowed,
)
def count_segment(context: Context, arguments: CountSegmentArguments) -> CountSegment:
    """How many customers a rule picks, their share (of all, of others), revenue, value and churn. Changes nothing."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        rule = Rule.model_validate(_audience(arguments, None))
        size = facts.size(rule, context.mirror(connection))
        among = facts.size(arguments.among, context.mirror(connection)).customers if arguments.among else None
        used = facts.definitions_of_rule(rule)
    return CountSegment(
        segment=size_of(size),
        among=among,
        share_among=share(size.customers / among) if among else None,
        currency=facts.profile.currency,
        evidence=facts.evidence(size.customers, ["customer_facts"], [*used, *SIZE_WORDS]),
    )
