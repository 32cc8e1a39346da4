"""How few bring how much: how many products make 80% of revenue, which share the top ten customers bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pydantic import Field, model_validator

from core.errors import NoSuchData
from core.identity import READ
from database.queries import metrics
from database.semantic.metrics import METRICS
from tools.concentration.questions import CONCENTRATION
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.metrics.arguments import MetricFilter, QueryMetricsArguments
from tools.metrics.question import Asking
from tools.results import Arguments, Evidence, ToolResult

__all__ = ["Concentration", "ConcentrationArguments", "concentration", "fewest_for"]

NAMED = 5


class ConcentrationArguments(Arguments):
    """Of what, over which rows, and from which side: a share to reach, or a number (or share) of the largest."""

    metric: str = Field(default="revenue", description="Count or sum to share out, e.g. revenue, orders, units.")
    dimension: str = Field(description="Over what: product, customer, country, category …")
    share: float | None = Field(default=None, gt=0, le=1, description="How few reach this share of the whole.")
    top: int | None = Field(
        default=None, ge=1, le=100_000, description="Or: which share this many of the largest bring."
    )
    top_share: float | None = Field(default=None, gt=0, le=1, description="Or: this share of all of them, the largest.")
    filters: list[MetricFilter] = Field(default_factory=list, max_length=20, description="All of these must hold.")
    start: date | None = Field(default=None, description="First day counted.")
    end: date | None = Field(default=None, description="Last day counted.")

    @model_validator(mode="after")
    def _asks_one_thing(self) -> ConcentrationArguments:
        if sum(value is not None for value in (self.share, self.top, self.top_share)) != 1:
            raise ValueError("Give one of share, top and top_share")
        return self


class Concentration(ToolResult):
    """How many of the largest, and what they bring."""

    number: int = figure("Of the largest", "How many of them, largest first.", unit="rows")
    total: int = figure("In all", "How many there are with any.", unit="rows")
    value: float = figure("They bring", "What they bring together.")
    whole: float = figure("Whole", "What all bring together.")
    reached: float = figure("Share", "The first over the second.", unit="share")
    part: float = figure("Part of all", "How many they are of all.", unit="share")
    largest: list[str] = Field(description="Names of the largest, at most five.")
    unit: str = Field(description="Unit of value and whole.")
    currency: str = Field(description="ISO 4217 code of money.")
    start: date = Field(description="First day counted.")
    end: date = Field(description="Last day counted.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how much the largest make up",
    agents=("research", "analytics", "reporting"),
    examples=(
        {"dimension": "product", "share": 0.8},
        {"dimension": "customer", "top": 10, "start": "2011-01-01", "end": "2011-12-31"},
    ),
    questions=(CONCENTRATION,),
    views=(),
    next=("Which products sell best?", "Who are our best customers?"),
)
def concentration(context: Context, arguments: ConcentrationArguments) -> Concentration:
    """How many of the largest products, customers or countries make a share of a figure, or which share a few make.

    The Pareto question: 20% of the products, 80% of the revenue.
    """
    with context.transaction() as connection:
        asking = Asking.about(connection, context.now, _query(arguments))
        sources = asking.sources()
        question = replace(asking.question(sources), limit=None, descending=True)
        answer = metrics.answer(connection, question, sources)
    known = [(str(row[0]), float(row[1] or 0)) for row in answer.rows if row[0] is not None]
    sums = sorted((pair for pair in known if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))
    if not sums:
        raise NoSuchData(f"Nothing of {arguments.metric} is known by {arguments.dimension} there.", field="dimension")
    number = _number(arguments, [value for _, value in sums])
    whole, value = sum(value for _, value in sums), sum(value for _, value in sums[:number])
    return Concentration(
        number=number,
        total=len(sums),
        value=round(value, 2),
        whole=round(whole, 2),
        reached=round(value / whole, 6),
        part=round(number / len(sums), 6),
        largest=[name for name, _ in sums[:NAMED]][:number],
        unit=METRICS[arguments.metric].unit,
        currency=asking.profile.currency,
        start=question.start,
        end=question.end,
        evidence=Evidence(
            rows=answer.evidence_rows,
            as_of=asking.as_of,
            sources=sorted({source.table for source in sources.values()}),
            definitions=[
                f"{arguments.metric}: {METRICS[arguments.metric].meaning}",
                f"Whole: every {arguments.dimension} that is known and has any of it; charges are no products.",
            ],
        ),
    )


def fewest_for(values: Sequence[float], share: float) -> int:
    """How many of `values` (largest first, all above 0) add up to at least `share` of their sum."""
    least, so_far = share * sum(values), 0.0
    for number, value in enumerate(values, 1):
        so_far += value
        if so_far >= least - 1e-9 * abs(least):
            return number
    return len(values)


def _number(arguments: ConcentrationArguments, values: Sequence[float]) -> int:
    if arguments.share is not None:
        return fewest_for(values, arguments.share)
    if arguments.top is not None:
        return min(arguments.top, len(values))
    return max(1, round((arguments.top_share or 0) * len(values)))


def _query(arguments: ConcentrationArguments) -> QueryMetricsArguments:
    return QueryMetricsArguments(
        metrics=[arguments.metric], dimensions=[arguments.dimension], filters=arguments.filters,
        start=arguments.start, end=arguments.end,
    )  # fmt: skip
