"""Business figures: metrics by dimensions, filters and time grain."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from core.identity import READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool

Cell = bool | int | float | str | None


class MetricFilter(BaseModel, extra="forbid"):
    """A condition on a dimension."""

    dimension: str = Field(description="Dimension to filter by.")
    operator: Literal["eq", "ne", "in", "not_in", "contains"] = Field(
        default="eq", description="eq/ne with one value, in/not_in with a list, contains: text within, any case."
    )
    value: str | list[str] = Field(description="Value, or list of values, as describe_data lists them.")


class QueryMetricsArguments(Arguments):
    """Which figures, cut how, over which period."""

    metrics: list[str] = Field(min_length=1, max_length=8, description="Metric names, e.g. revenue, orders, customers.")
    dimensions: list[str] = Field(
        default_factory=list, max_length=4, description="Break down by, e.g. country, product, rfm_segment."
    )
    filters: list[MetricFilter] = Field(default_factory=list, max_length=20, description="All of these must hold.")
    grain: Literal["none", "day", "week", "month", "quarter", "year"] = Field(
        default="none", description="Time buckets (in the organisation's time zone; weeks begin on Monday)."
    )
    start: date | None = Field(default=None, description="First day counted; absent: from the beginning of the data.")
    end: date | None = Field(default=None, description="Last day counted (inclusive); absent: to the end of the data.")
    order_by: str | None = Field(
        default=None, description="Metric, dimension or 'time'. Absent: time ascending with a grain, else 1st metric."
    )
    descending: bool = Field(default=True, description="Direction when ordered by a metric or by `order_by`.")
    limit: int = Field(default=50, ge=1, le=1000, description="Rows at most.")


class Column(BaseModel):
    """One column of a table of results."""

    name: str = Field(description="Metric, dimension or 'time'.")
    unit: str = Field(description="money, orders, share (0-1), date, text …")


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


@tool(
    effect=Effect.READ,
    scope=READ,
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
    raise NotImplementedError
