"""How many customers a rule picks, and what they are worth."""

from __future__ import annotations

from pydantic import Field

from core.identity import READ
from tools.audience.facts import Facts
from tools.audience.follow_ups import narrowed
from tools.audience.rule import Rule
from tools.audience.size import SIZE_WORDS, SegmentSize, size_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, ToolResult
from tools.segments.questions import CUSTOMERS_COUNT


class CountSegmentArguments(Arguments):
    """Which customers."""

    rule: Rule = Field(description="Which customers.")


class CountSegment(ToolResult):
    """Size and value of the customers a rule picks."""

    segment: SegmentSize = Field(description="Size and value.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    agents=("research", "analytics", "content", "optimiser"),
    basis="prediction",
    examples=({"rule": {"field": "rfm_segment", "operator": "eq", "value": "At Risk"}},),
    questions=(CUSTOMERS_COUNT,),
    views=(),
    next=("Show them", "Write them an e-mail"),
    audience=lambda arguments, _result: arguments.rule.plain(),
    follow_up=narrowed,
)
def count_segment(context: Context, arguments: CountSegmentArguments) -> CountSegment:
    """How many customers a rule picks, their share, revenue, predicted value and churn. Changes nothing."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        size = facts.size(arguments.rule, context.mirror(connection))
        used = facts.definitions_of_rule(arguments.rule)
    return CountSegment(
        segment=size_of(size),
        currency=facts.profile.currency,
        evidence=facts.evidence(size.customers, ["customer_facts"], [*used, *SIZE_WORDS]),
    )
