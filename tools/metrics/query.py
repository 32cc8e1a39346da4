"""Business figures: metrics by dimensions, filters and time grain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pydantic import Field

from core.identity import READ
from database.queries import metrics, organisations, products
from database.semantic.metrics import METRICS
from database.semantic.model import Source, Span
from database.semantic.question import Question, ranks_products
from language.filters import as_conditions
from language.rules import joined
from tools.audience.fields import title_of
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import Cell, Column, rounded, share
from tools.metrics.about import figures
from tools.metrics.arguments import QueryMetricsArguments
from tools.metrics.definitions import buckets_of, definitions
from tools.metrics.follow_ups import moved_together, narrowed
from tools.metrics.goods_questions import PRODUCT_NAME
from tools.metrics.kept_apart import not_counted
from tools.metrics.merchandise import left_out
from tools.metrics.previous import PreviousPeriod, previous_of
from tools.metrics.question import Asking
from tools.metrics.questions import FIGURES, REPORT
from tools.metrics.volume import answered
from tools.metrics.whole_buckets import of_whole_buckets, trend_of
from tools.outcome import Outcome
from tools.results import Evidence, ToolResult

OF_ORDERS = ("orders", "order_items")
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
    compare_start: date | None = Field(default=None, description="First day compared with.")
    compare_end: date | None = Field(default=None, description="Last day compared with.")
    wholes: dict[str, Cell] = Field(default_factory=dict, description="What shares are of, over the whole period.")
    whole_start: date | None = Field(default=None, description="First day of the whole, where it is of other days.")
    whole_end: date | None = Field(default=None, description="Its last day.")
    buckets: int = Field(default=0, description="Buckets `per` is over, without a grain.")
    partial: list[date] = Field(default_factory=list, description="Time buckets that are covered only in part.")
    latest_growth: float | None = Field(default=None, description="Last whole bucket over the one before, less 1.")
    first_share: float | None = Field(default=None, description="The first row's share of the total.")
    place: int | None = Field(default=None, description="The place of `place_of` among the rows; null: not among them.")
    previous: PreviousPeriod | None = Field(default=None, description="Of one figure: the period before.")
    currency: str = Field(description="ISO 4217 code of money.")


def _who_bought(arguments: QueryMetricsArguments) -> dict[str, Any] | None:
    """Those who bought, or first bought, in the days of a number of them."""
    days = {name: str(day) for name in ("start", "end") if (day := getattr(arguments, name))}
    if not days or arguments.metrics not in (["customers"], ["ordering_customers"], ["new_customers"]):
        return None
    bought = {"purchase": "orders", "operator": "ge", "value": 1} | days
    if arguments.metrics == ["new_customers"] and arguments.start:
        before = {"purchase": "orders", "operator": "eq", "value": 0, "end": str(arguments.start - timedelta(days=1))}
        return {"all": [before, bought]}
    return bought


def _of_customers(arguments: QueryMetricsArguments, _result: QueryMetrics | None) -> dict[str, Any] | None:
    """Customers of the countries (cities …) asked for, and those the one metric counts."""
    counted = _COUNTED.get(arguments.metrics[0]) if len(arguments.metrics) == 1 else None
    rule = arguments.rule.plain() if arguments.rule else None
    filters = as_conditions([asked.model_dump() for asked in arguments.filters])
    return joined(counted, _who_bought(arguments), rule, *filters)


def _next(outcome: Outcome[QueryMetricsArguments, QueryMetrics]) -> list[str]:
    if outcome.arguments.grain != "none":
        return ["And by country?"]
    return ["And by month?"] if outcome.arguments.dimensions else ["And by month?", "And by country?"]


@tool(
    effect=Effect.READ,
    scope=READ,
    about=figures,
    agents=("research", "optimiser", "reporting"),
    questions=(FIGURES, REPORT, PRODUCT_NAME),
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
        question, whole = of_whole_buckets(asking.question(sources), asking.running_day)
        question, found = answered(connection, question, sources)
        totals = metrics.answer(connection, _whole(question), sources) if question.keys else found
        asking.refuse_empty(found, sources)
        asking.refuse_unknown(question, found)
        apart = organisations.kept_apart(connection) if any(s.table in OF_ORDERS for s in sources.values()) else []
        bare = question.share and not question.dimensions
        wholes = metrics.answer(connection, _unfiltered(question), sources) if bare else totals
        services = [name for _, name in products.services(connection)] if ranks_products(question) else []
        alone = {} if question.keys else _by_name(found)
        previous = previous_of(connection, question, sources, alone, asking.running_day)
    more = [*left_out(services), *not_counted(apart), *whole]
    return _result(asking, question, (found, totals, wholes), sources, more).model_copy(update={"previous": previous})


def _whole(question: Question) -> Question:
    """The same, not cut: of the whole period and of all rows."""
    whole_is_said = question.filters or question.of_customers or question.share_span
    share = question.share and not question.dimensions and bool(whole_is_said)
    return replace(
        question, dimensions=(), grain="none", order_by=None, limit=1, position=1, having=(), best_per=None,
        cumulative=False, steps=False, share=share, share_span=question.share_span if share else None,
    )  # fmt: skip


def _unfiltered(question: Question) -> Question:
    """What a share is of where there are no rows to be parts: the same without the filters."""
    kept = [f for f in question.filters if f.dimension in question.share_within]
    span = question.share_span or Span(question.start, question.end)
    bare = replace(
        _whole(question), of_customers="", before=None, per="none", ratio=False, share=False, share_span=None
    )
    return replace(bare, filters=kept, start=span.start, end=span.end)


def _result(
    asking: Asking,
    question: Question,
    answers: tuple[metrics.Answer, metrics.Answer, metrics.Answer],
    sources: Mapping[str, Source],
    more: list[str],
) -> QueryMetrics:
    found, totals, wholes = answers
    keys = len(question.keys)
    key_columns = [Column(name=n, unit=_KEY_UNITS.get(n, "text"), title=title_of(n)) for n in question.keys]
    shown = [Column(name=f.name, unit=f.unit, title=f.title) for f in found.figures]
    before = question.before
    rows = [[*map(_key, row[:keys]), *_figures(row[keys:], found)] for row in found.rows]
    trend = trend_of(question, rows, asking.running_day)
    return QueryMetrics(
        columns=[*key_columns, *shown],
        rows=rows,
        totals=_by_name(totals),
        total_rows=found.total_rows,
        truncated=found.total_rows > len(found.rows),
        start=question.start,
        end=question.end,
        compare_start=before and before.start,
        compare_end=before and before.end,
        wholes={n: v for n, v in _by_name(wholes).items() if n in question.metrics} if question.share else {},
        whole_start=question.share_span and question.share_span.start,
        whole_end=question.share_span and question.share_span.end,
        buckets=buckets_of(question, sources),
        partial=trend.partial,
        latest_growth=trend.growth,
        first_share=_first_share(question, sources, rows, _by_name(totals)),
        place=_place(asking.arguments, rows),
        currency=asking.profile.currency,
        evidence=Evidence(
            rows=totals.evidence_rows,
            as_of=asking.as_of,
            sources=sorted({source.table for source in sources.values()}),
            definitions=_meanings(asking, question, sources, more),
        ),
    )


def _meanings(asking: Asking, question: Question, sources: Mapping[str, Source], more: list[str]) -> list[str]:
    return [*definitions(question, sources), *asking.facts.definitions_of_rule(asking.arguments.rule), *more]


def _place(asked: QueryMetricsArguments, rows: Sequence[Sequence[Cell]]) -> int | None:
    """Where the value asked for stands among the rows, counted from 1."""
    if asked.place_of is None:
        return None
    wanted = asked.place_of.casefold()
    found = (at for at, row in enumerate(rows) if str(row[0]).casefold() == wanted)
    return next((asked.position + at for at in found), None)


def _first_share(
    question: Question, sources: Mapping[str, Source], rows: Sequence[Sequence[Cell]], totals: Mapping[str, Cell]
) -> float | None:
    """The first row's part of the whole, where the rows of a ranking add up to it."""
    name = question.metrics[0]
    if not question.dimensions or question.grain != "none" or question.ratio or question.per != "none" or not rows:
        return None
    value, total = rows[0][len(question.keys)], totals.get(name)
    if not METRICS[name].adds_up(sources[name].name) or not isinstance(value, int | float):
        return None
    return share(value / total) if isinstance(total, int | float) and total > 0 and value >= 0 else None


def _figures(values: Sequence[Any], answer: metrics.Answer) -> list[Cell]:
    return [rounded(value, figure.unit) for value, figure in zip(values, answer.figures, strict=True)]


def _by_name(answer: metrics.Answer) -> dict[str, Cell]:
    """The only row, by the names of its columns."""
    return dict(zip([f.name for f in answer.figures], _figures(answer.rows[0], answer), strict=True))


def _key(value: Any) -> Cell:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)
