"""Business figures: metrics by dimensions, filters and time grain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import Field

from core.identity import READ
from database.queries import metrics, products
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Question, ranks_products
from language.filters import as_conditions
from language.rules import joined
from tools.audience.fields import title_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import Cell, Column, rounded
from tools.metrics.merchandise import left_out
from tools.metrics.question import Asking, QueryMetricsArguments
from tools.metrics.questions import FIGURES, REPORT, moved_together, narrowed
from tools.outcome import Outcome
from tools.results import Evidence, ToolResult

_KEY_UNITS = {"time": "date"}
# Who is meant by "them" after figures that count certain customers.
_COUNTED: dict[str, dict[str, Any]] = {
    "one_time_customers": {"field": "orders_all", "operator": "eq", "value": 1},
    "repeat_customers": {"field": "orders_all", "operator": "ge", "value": 2},
}


class QueryMetrics(ToolResult):
    """A table of figures; its definitions are in the evidence."""

    columns: list[Column] = Field(description="Columns: time first (with a grain), dimensions, then metrics.")
    rows: list[list[Cell]] = Field(description="Rows in the order of `columns`; time is the bucket's first day.")
    totals: dict[str, Cell] = Field(description="Each metric over the whole period and filter, not cut.")
    total_rows: int = Field(description="Rows before `limit`.")
    truncated: bool = Field(description="True: `limit` left rows out.")
    start: date = Field(description="First day counted.")
    end: date = Field(description="Last day counted.")
    currency: str = Field(description="ISO 4217 code of money.")


def _of_customers(arguments: QueryMetricsArguments, _result: QueryMetrics | None) -> dict[str, Any] | None:
    """Customers of the countries (cities …) asked for, and those the one metric counts."""
    counted = _COUNTED.get(arguments.metrics[0]) if len(arguments.metrics) == 1 else None
    return joined(counted, *as_conditions([asked.model_dump() for asked in arguments.filters]))


def _next(outcome: Outcome[QueryMetricsArguments, QueryMetrics]) -> list[str]:
    if outcome.arguments.grain != "none":
        return ["And by country?"]
    return ["And by month?"] if outcome.arguments.dimensions else ["And by month?", "And by country?"]


@tool(
    effect=Effect.READ,
    scope=READ,
    agents=("research", "optimiser", "reporting"),
    questions=(FIGURES, REPORT),
    views=(),
    next=_next,
    audience=_of_customers,
    follow_up=narrowed,
    why=moved_together,
    examples=(
        {"metrics": ["revenue", "orders"], "grain": "month"},
        {
            "metrics": ["revenue"],
            "dimensions": ["country"],
            "filters": [{"dimension": "country", "operator": "ne", "value": "United Kingdom"}],
            "limit": 10,
        },
        {"metrics": ["customers", "one_time_customers"]},
    ),
)
def query_metrics(context: Context, arguments: QueryMetricsArguments) -> QueryMetrics:
    """Any business figure: revenue, orders, customers, repeat rate, open rate, spend, ROAS … by country, product, time.

    Use it for totals, comparisons, rankings (best countries, top products) and time series. Names: describe_data.
    """
    with context.transaction() as connection:
        asking = Asking.about(connection, context.now, arguments)
        sources = asking.sources()
        question = asking.question(sources)
        found = metrics.answer(connection, question, sources)
        whole = replace(question, dimensions=(), grain="none", order_by=None, limit=1)
        totals = metrics.answer(connection, whole, sources)
        asking.refuse_empty(found, totals, sources)
        services = [name for _, name in products.services(connection)] if ranks_products(question) else []
    return _result(asking, question, found, totals, sources, left_out(services))


def _result(
    asking: Asking,
    question: Question,
    found: metrics.Answer,
    totals: metrics.Answer,
    sources: Mapping[str, Source],
    more: list[str],
) -> QueryMetrics:
    units = [METRICS[name].unit for name in question.metrics]
    keys = len(question.keys)
    key_units = [_KEY_UNITS.get(name, "text") for name in question.keys]
    figures = [_figures(row[keys:], units) for row in found.rows]
    return QueryMetrics(
        columns=[
            Column(name=name, unit=unit, title=title_of(name))
            for name, unit in zip((*question.keys, *question.metrics), (*key_units, *units), strict=True)
        ],
        rows=[[*map(_key, row[:keys]), *cells] for row, cells in zip(found.rows, figures, strict=True)],
        totals=dict(zip(question.metrics, _figures(totals.rows[0], units), strict=True)),
        total_rows=found.total_rows,
        truncated=found.total_rows > len(found.rows),
        start=question.start,
        end=question.end,
        currency=asking.profile.currency,
        evidence=Evidence(
            rows=totals.evidence_rows,
            as_of=asking.as_of,
            sources=sorted({source.table for source in sources.values()}),
            definitions=[*asking.definitions(question, sources), *more],
        ),
    )


def _figures(values: Sequence[Any], units: Sequence[str]) -> list[Cell]:
    return [rounded(value, unit) for value, unit in zip(values, units, strict=True)]


def _key(value: Any) -> Cell:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)
