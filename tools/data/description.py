"""What data there is: tables, period, metrics, dimensions, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.calendar import Calendar
from core.errors import FixArguments
from core.identity import READ
from database.queries import coverage, imports, metrics, organisations, products
from database.semantic.metrics import METRICS
from database.semantic.model import Metric
from database.semantic.question import dimensions_of
from database.semantic.sources import DIMENSIONS
from tools.audience import names as known_segments
from tools.context import Context
from tools.data.questions import DATA
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.metrics.kept_apart import not_counted
from tools.results import Arguments, Evidence, ToolResult

MOST_SEGMENTS = 60  # names of segments told
MOST_WORDS = 5_000
MOST_VALUES = 20_000  # values counted of a dimension that is asked about
VALUES = 60  # values listed of a dimension: all countries of a European shop, not all its products
KINDS = {
    "customers": "customers",
    "products": "products (names, categories)",
    "orders": "orders",
    "order_items": "order lines (what was in an order)",
    "events": "events (visits, carts, email opens and clicks)",
    "campaigns": "campaigns",
    "campaign_daily": "campaign results by day",
    "channel_spend": "advertising spend",
    "mentions": "mentions of the brand",
}


Table = Literal[
    "customers",
    "products",
    "orders",
    "order_items",
    "events",
    "campaigns",
    "campaign_daily",
    "channel_spend",
    "mentions",
]
Fact = Literal[
    "rows",
    "first_day",
    "last_day",
    "currency",
    "time_zone",
    "demo",
    "metrics",
    "missing",
    "without_customer",
    "imported",
]


class DescribeDataArguments(Arguments):
    """What is asked of the data in particular; nothing: everything there is."""

    about: list[Fact] = Field(default_factory=list, max_length=10, description="What is asked: rows, first_day …")
    tables: list[Table] = Field(default_factory=list, max_length=9, description="Of these tables.")
    dimensions: list[str] = Field(
        default_factory=list, max_length=8, description="Whose values: how many there are, and which."
    )
    product_words: bool = Field(default=False, description="True: the words that occur in names of products, too.")


class TableCoverage(BaseModel):
    """One table and the period it covers."""

    table: str = figure("Data", "Name of the table.")
    rows: int = figure("Rows", "Rows of this organisation.", unit="rows")
    first_at: datetime | None = figure("From", "First instant.")
    last_at: datetime | None = figure("To", "Last instant.")


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
    number: int | None = Field(default=None, description="How many there are, where asked for.")


class ImportedRows(BaseModel):
    """The account of all imports of files."""

    files: int = figure("Files", "Files imported.", unit="files")
    read: int = figure("Read", "Rows read from them.", unit="rows")
    rejected: int = figure("Rejected", "Rows that could not be taken.", unit="rows")


class DescribeData(ToolResult):
    """What there is, and what there is not."""

    tables: list[TableCoverage] = Field(description="Tables with rows.")
    as_of: datetime | None = Field(description="End of the data: 'now' for every relative period.")
    first_at: datetime | None = Field(description="First order or event.")
    now: datetime = Field(description="The present, by this organisation's clocks.")
    currency: str = Field(description="ISO 4217 code of every amount of money.")
    time_zone: str = Field(description="IANA zone in which days and months are cut.")
    is_demo: bool = Field(description="True: made-up data of the demo shop.")
    metrics: list[MetricInfo] = Field(description="Metrics of query_metrics.")
    dimensions: list[DimensionInfo] = Field(description="Dimensions of query_metrics that have values here.")
    segments: list[str] = Field(
        description="Names of this organisation's own groups: saved segments, clusters, discovered groups."
    )
    scores: list[str] = Field(description="Scores that have been computed: features, rfm, churn, value.")
    absent: list[str] = Field(description="Kinds of data this organisation has not loaded.")
    product_words: list[str] = Field(default_factory=list, description="Words of product names, where asked for.")
    without_customer: dict[str, int] = Field(
        default_factory=dict, description="Rows without a known customer by table, where asked for."
    )
    imported: ImportedRows | None = Field(default=None, description="What was read from files, where asked for.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what data there is",
    uri="aima://data",
    agents=("research", "reporting"),
    examples=({},),
    questions=(DATA,),
    views=(),
    next=("What was our revenue by month?", "Who is likely to leave in the next 60 days?"),
)
def describe_data(context: Context, arguments: DescribeDataArguments) -> DescribeData:
    """What data there is: tables and the period covered, currency, metrics, dimensions with their values, and gaps.

    Call it first when unsure whether a question can be answered.
    """
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        loaded = metrics.covered(connection)
        as_of = coverage.reference_instant(connection, context.now)
        has = metrics.available(connection, loaded)
        dimensions = _dimensions(connection, loaded, profile.time_zone, arguments.dimensions)
        scores = metrics.scored(connection)
        words = products.words(connection, MOST_WORDS) if arguments.product_words else []
        without = coverage.without_customer(connection) if "without_customer" in arguments.about else {}
        said = [*not_counted(organisations.kept_apart(connection)), *profile.conventions.in_words()]
        files = imports.account(connection) if "imported" in arguments.about else None
        segments = [s.name for s in known_segments.every(connection) if s.kind in ("saved", "cluster", "discovered")]
    activity = [t.first_at for name, t in loaded.items() if name in ("orders", "events") and t.first_at]
    end = as_of if activity else None
    held = [table.local(Calendar(profile.time_zone)) for table in loaded.values()]
    return DescribeData(
        tables=[TableCoverage(table=t.table, rows=t.rows, first_at=t.first_at, last_at=t.last_at) for t in held],
        as_of=end,
        now=context.now,
        first_at=min(activity, default=None),
        currency=profile.currency,
        time_zone=profile.time_zone,
        is_demo=profile.is_demo,
        metrics=[_metric(metric, has[metric.name]) for metric in METRICS.values()],
        dimensions=dimensions,
        segments=list(dict.fromkeys(segments))[:MOST_SEGMENTS],
        scores=scores,
        absent=[kind for table, kind in KINDS.items() if table not in loaded],
        product_words=words,
        without_customer=without,
        imported=ImportedRows(files=files[0], read=files[1], rejected=files[2]) if files else None,
        evidence=Evidence(
            rows=sum(t.rows for t in loaded.values()), as_of=end, sources=["data_coverage", *loaded], definitions=said
        ),
    )


def _metric(metric: Metric, is_there: bool) -> MetricInfo:
    return MetricInfo(
        name=metric.name,
        meaning=metric.meaning,
        unit=metric.unit,
        available=is_there,
        dimensions=dimensions_of(metric),
    )


def _dimensions(
    connection: Connection, loaded: Mapping[str, metrics.Covered], time_zone: str, asked: Sequence[str]
) -> list[DimensionInfo]:
    if unknown := [name for name in asked if name not in DIMENSIONS]:
        raise FixArguments(f"There is no dimension '{unknown[0]}'.", field="dimensions", valid=list(DIMENSIONS))
    found = []
    for name, dimension in DIMENSIONS.items():
        source = metrics.source_of_dimension(name, loaded)
        if source is None:
            continue
        values: list[str] = []
        counted = name in asked and dimension.cut
        if dimension.listed or counted:
            most = MOST_VALUES if counted else VALUES + 1
            values = metrics.dimension_values(connection, source, name, limit=most, time_zone=time_zone)
        if values or not dimension.listed:
            found.append(
                DimensionInfo(
                    name=name,
                    meaning=dimension.meaning,
                    values=values[:VALUES],
                    more_values=len(values) > VALUES or not (dimension.listed or counted),
                    number=len(values) if counted and len(values) < MOST_VALUES else None,
                )
            )
    return found
