"""What moved a figure from one period to another: its change by dimension, and into number and size of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from core.calendar import months_earlier, period_before
from core.errors import FixArguments, NoSuchData
from core.identity import READ
from database.queries import metrics
from database.semantic.metrics import METRICS
from database.semantic.model import Metric, Source
from database.semantic.question import Question, choose_sources, dimensions_of
from database.semantic.sources import SOURCES
from tools.audience.fields import title_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, share
from tools.metrics import about
from tools.metrics.arguments import MetricFilter, QueryMetricsArguments
from tools.metrics.change_follow_ups import by_another
from tools.metrics.decomposition import Contributed, Factors, contributions, factors
from tools.metrics.definitions import definitions
from tools.metrics.question import Asking
from tools.metrics.questions import CHANGE
from tools.results import Arguments, Evidence, ToolResult

USUAL = ("country", "category", "channel", "customer_type", "product", "campaign", "spend_channel", "mention_source")
OF_ORDERS = frozenset({"revenue", "gross_sales"})  # what is split into orders and their average


class ExplainChangeArguments(Arguments):
    """Which figure, between which periods."""

    metric: str = Field(default="revenue", description="A figure that adds up: revenue, orders, units, visits …")
    start: date = Field(description="First day.")
    end: date = Field(description="Last day (inclusive).")
    compare_start: date | None = Field(default=None, description="First day compared with; absent: see `against`.")
    compare_end: date | None = Field(default=None, description="Last day compared with.")
    against: Literal["previous", "last_year"] = Field(
        default="previous", description="As many days just before, or the same days a year before."
    )
    dimensions: list[str] = Field(
        default_factory=list, max_length=6, description="Absent: those known of country, category, channel …"
    )
    filters: list[MetricFilter] = Field(default_factory=list, max_length=20, description="As in query_metrics.")
    top: int = Field(default=5, ge=1, le=50, description="Values shown of each dimension; the rest together.")


class Contribution(BaseModel):
    """One value of a dimension."""

    value: str | None = figure("Value", "Value of the dimension; null: not known.")
    now: int | float = figure("Now", "The figure now.")
    before: int | float = figure("Before", "The figure before.")
    change: int | float = figure("Change", "now less before.")
    share: float | None = figure("Share of change", "change over the whole change; null: that is 0.", unit="share")


class DimensionChange(BaseModel):
    """The change by one dimension: contributions and rest add up to it."""

    dimension: str = Field(description="Name of the dimension.")
    title: str = figure("Dimension", "Its name for people.")
    contributions: list[Contribution] = Field(description="Values that moved most, first.")
    rest_values: int = Field(description="How many values are not listed.")
    rest: int | float = Field(description="Change of those, and of what is in no value.")


class OrdersAndSize(BaseModel):
    """orders x average = total; from_orders + from_average = change."""

    orders_now: int = figure("Orders now", "Sale orders now.", unit="orders")
    orders_before: int = figure("Orders before", "Sale orders before.", unit="orders")
    average_now: float = figure("Average now", "The figure over sale orders, now.", unit="money")
    average_before: float = figure("Average before", "The same before.", unit="money")
    from_orders: float = figure("From number of orders", "Part of the change.", unit="money")
    from_average: float = figure("From size of orders", "Part of the change.", unit="money")


class ExplainChange(ToolResult):
    """What moved together with a figure. Never a cause."""

    metric: str = Field(description="Name of the figure.")
    title: str = Field(description="Its name for people.")
    unit: str = Field(description="money, orders …")
    start: date = Field(description="First day.")
    end: date = Field(description="Last day.")
    compare_start: date = Field(description="First day compared with.")
    compare_end: date = Field(description="Last day compared with.")
    now: int | float = figure("Now", "The figure now.")
    before: int | float = figure("Before", "The figure before.")
    change: int | float = figure("Change", "now less before.")
    growth: float | None = figure("Growth", "change over before; null where before is not above 0.", unit="share")
    dimensions: list[DimensionChange] = Field(description="The change by each dimension.")
    split: OrdersAndSize | None = Field(description="Of revenue: into number and size of orders.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about=lambda arguments: about.change(arguments.metric),
    agents=("research", "reporting"),
    questions=(CHANGE,),
    follow_up=by_another,
    examples=(
        {"metric": "revenue", "start": "2011-11-01", "end": "2011-11-30"},
        {"metric": "orders", "start": "2011-11-01", "end": "2011-11-30", "against": "last_year"},
    ),
    views=(),
    next=("What was our revenue by month?", "And by country?"),
)
def explain_change(context: Context, arguments: ExplainChangeArguments) -> ExplainChange:
    """Why a figure rose or fell: its change by country, product, channel, new and returning customers, order size.

    Contributions add up to the change. They say what moved together, never a cause.
    """
    with context.transaction() as connection:
        asking = Asking.about(connection, context.now, _asked(arguments))
        sources = asking.sources()
        question = asking.question(sources)
        _refuse_what_overlaps(question)
        whole = metrics.answer(connection, question, sources)
        totals = _pair(whole.rows[0])
        names = arguments.dimensions or USUAL
        found = [_by_dimension(asking, question, name, totals, arguments) for name in names]
        split = _split(asking, question, totals)
    evidence = Evidence(
        rows=whole.evidence_rows,
        as_of=asking.as_of,
        sources=sorted({source.table for source in sources.values()}),
        definitions=_definitions(question, sources, split),
    )
    dimensions = [dimension for dimension in found if dimension]
    return _result(question, totals, dimensions, _split_of(split), asking.profile.currency, evidence)


def _result(
    question: Question,
    totals: tuple[Decimal, Decimal],
    dimensions: list[DimensionChange],
    split: OrdersAndSize | None,
    currency: str,
    evidence: Evidence,
) -> ExplainChange:
    assert question.before is not None  # noqa: S101 - asked for in _asked
    (now, before), metric = totals, METRICS[question.metrics[0]]
    return ExplainChange(
        metric=metric.name,
        title=metric.heading,
        unit=metric.unit,
        start=question.start,
        end=question.end,
        compare_start=question.before.start,
        compare_end=question.before.end,
        now=_number(now),
        before=_number(before),
        change=_number(now - before),
        growth=share((now - before) / before) if before > 0 else None,
        dimensions=dimensions,
        split=split,
        currency=currency,
        evidence=evidence,
    )


def _asked(arguments: ExplainChangeArguments) -> QueryMetricsArguments:
    """The figure in both periods, not cut."""
    start, end = arguments.start, arguments.end
    first, last = arguments.compare_start, arguments.compare_end
    if first is None and last is None:
        back = arguments.against == "last_year"
        first, last = months_earlier(start, end, 12) if back else period_before(start, end)
    return QueryMetricsArguments(
        metrics=[arguments.metric], start=start, end=end, compare_start=first, compare_end=last,
        filters=arguments.filters,
    )  # fmt: skip


def _refuse_what_overlaps(question: Question) -> None:
    name = question.metrics[0]
    if not any(METRICS[name].adds_up(source) for source in METRICS[name].sql):
        raise FixArguments(
            f"{name} does not add up over groups, so its change cannot be taken apart.",
            field="metric",
            valid=[m.name for m in METRICS.values() if any(m.adds_up(source) for source in m.sql)],
        )


def _by_dimension(
    asking: Asking,
    question: Question,
    name: str,
    whole: tuple[Decimal, Decimal],
    arguments: ExplainChangeArguments,
) -> DimensionChange | None:
    """The change by one dimension; None where a usual one tells nothing here."""
    metric = METRICS[question.metrics[0]]
    cut = replace(question, dimensions=(name,), limit=None, every_product=True)
    try:
        sources = choose_sources(cut, asking.loaded)
        source = sources[metric.name]
        if not metric.adds_up(source.name) or source.table not in asking.loaded:
            raise FixArguments(
                f"{metric.name} overlaps in {name}: contributions would not add up.",
                field="dimensions",
                valid=[d for d in dimensions_of(metric) if _adds_up(metric, d)],
            )
        answer = metrics.answer(asking.connection, cut, sources)
        groups = {row[0]: _pair(row[1:]) for row in answer.rows}
        if not set(groups) - {None}:
            raise NoSuchData(f"No row says its {name}: there is nothing to cut by.", field="dimensions")
    except FixArguments:
        if arguments.dimensions:
            raise
        return None
    if len(groups) < 2 and not arguments.dimensions:
        return None
    shown, rest = contributions(groups, *whole, arguments.top)
    change = whole[0] - whole[1]
    return DimensionChange(
        dimension=name,
        title=title_of(name),
        contributions=[_contribution(group, change) for group in shown],
        rest_values=len(groups) - len(shown),
        rest=_number(rest.change),
    )


def _adds_up(metric: Metric, dimension: str) -> bool:
    """Whether the values of a dimension add up to the figure."""
    return any(metric.adds_up(name) for name in metric.sql if dimension in SOURCES[name].places)


def _contribution(group: Contributed, change: Decimal) -> Contribution:
    return Contribution(
        value=group.value,
        now=_number(group.now),
        before=_number(group.before),
        change=_number(group.change),
        share=share(group.change / change) if change else None,
    )


def _split(asking: Asking, question: Question, totals: tuple[Decimal, Decimal]) -> Factors | None:
    if question.metrics[0] not in OF_ORDERS:
        return None
    orders = replace(question, metrics=("orders",))
    found = metrics.answer(asking.connection, orders, choose_sources(orders, asking.loaded))
    return factors(totals, [int(number) for number in _pair(found.rows[0])])


def _split_of(split: Factors | None) -> OrdersAndSize | None:
    if split is None:
        return None
    return OrdersAndSize(
        orders_now=split.number_now,
        orders_before=split.number_before,
        average_now=round(float(split.average_now), 4),
        average_before=round(float(split.average_before), 4),
        from_orders=float(split.from_number),
        from_average=float(split.from_average),
    )


def _pair(row: Any) -> tuple[Decimal, Decimal]:
    """A figure and what it was before."""
    return Decimal(row[0] or 0), Decimal(row[1] or 0)


def _number(value: Decimal) -> int | float:
    """Exactly as it is: whole numbers as integers."""
    return int(value) if value == value.to_integral_value() else float(value)


def _definitions(question: Question, sources: Mapping[str, Source], split: Factors | None) -> list[str]:
    before = question.before
    said = definitions(question, sources)
    said.append("contribution: change of one value; contributions and the rest add up to the whole change.")
    if split is not None:
        name = question.metrics[0]
        said.append(
            f"split: {name} = orders x average ({name} over sale orders). from_orders: change in orders times the mean "
            "of both averages; from_average: change in the average times the mean of both numbers of orders."
        )
    if before is not None and (days := question.end - question.start) != (earlier := before.end - before.start):
        said.append(f"The periods differ in length: {days.days + 1} and {earlier.days + 1} days.")
    return said
