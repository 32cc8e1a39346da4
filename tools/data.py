"""What data there is: tables, period, metrics, dimensions, and what is missing."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from core.identity import READ
from tools.catalogue import Arguments, Context, Effect, ToolResult, tool


class DescribeDataArguments(Arguments):
    """Nothing to say."""


class TableCoverage(BaseModel):
    """One table and the period it covers."""

    table: str = Field(description="Name of the table.")
    rows: int = Field(description="Rows of this organisation.")
    first_at: datetime | None = Field(description="First instant (UTC).")
    last_at: datetime | None = Field(description="Last instant (UTC).")


class MetricInfo(BaseModel):
    """A metric `query_metrics` knows."""

    name: str = Field(description="Name to use in query_metrics.")
    meaning: str = Field(description="Definition, one sentence.")
    unit: str = Field(description="money, orders, customers, share (0-1) …")
    available: bool = Field(description="False: this organisation has no data for it.")
    dimensions: list[str] = Field(description="Dimensions it can be broken down by.")


class DimensionInfo(BaseModel):
    """A dimension `query_metrics` can group and filter by."""

    name: str = Field(description="Name to use in query_metrics.")
    meaning: str = Field(description="What it is, one sentence.")
    values: list[str] = Field(description="Values that occur, most frequent first, at most 60; empty for long lists.")
    more_values: bool = Field(description="True: there are more values than listed.")


class DescribeData(ToolResult):
    """What there is, and what there is not."""

    tables: list[TableCoverage] = Field(description="Tables with rows.")
    as_of: datetime | None = Field(description="End of the data (UTC): 'now' for every relative period.")
    first_at: datetime | None = Field(description="First order or event (UTC).")
    currency: str = Field(description="ISO 4217 code of every amount of money.")
    time_zone: str = Field(description="IANA zone in which days and months are cut.")
    is_demo: bool = Field(description="True: made-up data of the demo shop.")
    metrics: list[MetricInfo] = Field(description="Metrics of query_metrics.")
    dimensions: list[DimensionInfo] = Field(description="Dimensions of query_metrics.")
    scores: list[str] = Field(description="Scores that have been computed: features, rfm, churn, value.")
    absent: list[str] = Field(description="Kinds of data this organisation has not loaded.")


@tool(effect=Effect.READ, scope=READ, examples=({},))
def describe_data(context: Context, arguments: DescribeDataArguments) -> DescribeData:
    """What data there is: tables and the period covered, currency, metrics, dimensions with their values, and gaps.

    Call it first when unsure whether a question can be answered.
    """
    raise NotImplementedError
