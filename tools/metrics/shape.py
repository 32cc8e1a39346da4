"""Where things stand in an answer about figures, and its labels, periods and conditions in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from database.semantic.dimensions import DIMENSIONS
from database.semantic.filters import stretches
from database.semantic.metrics import METRICS
from language.cells import value_name
from language.format import amount, capital, day, month, period, spaced
from tools.audience.wording import rule_words
from tools.figures import Column
from tools.metrics.arguments import MetricFilter, QueryMetricsArguments
from tools.metrics.query import QueryMetrics
from tools.outcome import Outcome

__all__ = [
    "PLURAL", "UNKNOWN", "Asked", "Row", "before", "called", "conditions", "filtered", "first", "labels", "lead",
    "line_label", "line_labels", "lower", "of", "place", "said", "title", "when", "where", "word",
]  # fmt: skip

Asked = Outcome[QueryMetricsArguments, QueryMetrics]
Row = Sequence[Any]

_BESIDE = {
    "eq": "", "in": "", "ne": "outside ", "not_in": "outside ", "contains": "containing ",
    "not_contains": "not containing ",
}  # fmt: skip
_COMPARED = {"gt": "over {}", "ge": "of at least {}", "lt": "under {}", "le": "of at most {}", "eq": "of {}"}
_MANY = {"gt": "more than {}", "ge": "at least {}", "lt": "fewer than {}", "le": "at most {}"}
_NUMBERS = {  # of dimensions that are counts
    "customer_orders": "customers with {} orders in all", "order_lines": "orders with {} lines",
    "order_products": "orders with {} different products", "order_units": "orders with {} units",
}  # fmt: skip
_PHRASES = {  # of values that say nothing by themselves
    ("weekend", "weekend"): "weekends", ("weekend", "weekday"): "Mondays to Fridays",
    ("customer_type", "new"): "first orders", ("customer_type", "returning"): "returning customers",
    ("customer_type", "unknown"): "unknown customers", ("known_customer", "anonymous"): "unknown customers",
    ("known_customer", "known"): "known customers", ("acquired", "in the period"): "customers won in the period",
    ("acquired", "before"): "customers won before",
}  # fmt: skip
PLURAL = frozenset(_PHRASES.values())
UNKNOWN = "not known"


def labels(outcome: Asked) -> list[int]:
    """Places of the columns that name a row."""
    return [at for at, column in enumerate(outcome.result.columns) if column.unit in ("date", "text")]


def first(outcome: Asked) -> Column:
    """The first figure."""
    return outcome.result.columns[len(labels(outcome))]


def place(outcome: Asked, name: str) -> int | None:
    """Place of a column by its name."""
    names = [column.name for column in outcome.result.columns]
    return names.index(name) if name in names else None


def lead(outcome: Asked) -> int:
    """Place of the figure asked for above all: what rows are ordered by, a ratio, an average, else the first."""
    asked, at = outcome.arguments, len(labels(outcome))
    metric = first(outcome).name
    wanted = [asked.order_by or ""]
    wanted += [f"{metric}_per_{asked.metrics[1]}"] if asked.ratio and len(asked.metrics) > 1 else []
    wanted += [f"{metric}_per_{asked.per}"] if asked.per != "none" else []
    wanted += [f"{metric}_share"] if asked.share and asked.filters and asked.grain != "none" else []
    return next((found for name in wanted if (found := place(outcome, name)) is not None and found >= at), at)


def before(outcome: Asked, name: str, row: Row) -> tuple[Any, Any, Any]:
    """(before, change, growth) of a figure in a row; None where there is none."""
    found = (place(outcome, f"{name}_{what}") for what in ("before", "change", "growth"))
    was, change, growth = (None if at is None else row[at] for at in found)
    return was, change, growth


def said(outcome: Asked, value: Any, unit: str, *, cents: bool = True) -> str:
    """A figure in its unit."""
    if unit == "points" and value is not None:
        return f"{value:,.1f} points"
    return amount(value, unit, outcome.currency, cents=cents)


def title(column: Column) -> str:
    """The heading of a figure; the name in words where it has none."""
    return column.title or capital(spaced(column.name))


def lower(text: str) -> str:
    """A heading within a sentence; "ROAS" stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def word(column: Column) -> str:
    """What a figure is called within a sentence."""
    return lower(title(column))


def of(column: Column) -> str:
    """ "of " before sums of money: "€5 of revenue"."""
    metric = METRICS.get(column.name)
    return "of " if column.unit == "money" and (metric is None or metric.is_count) else ""


def when(outcome: Asked) -> str:
    """The period in words; several that are added up, each of them."""
    days = [value for item in outcome.arguments.filters if item.dimension == "days" for value in item.values()]
    if days:
        return " and ".join(period(first, last) for first, last in stretches(days))
    return period(outcome.result.start, outcome.result.end)


def where(outcome: Asked) -> str:
    """The conditions in brackets, after a space; empty without any."""
    said = conditions(outcome)
    return f" ({', '.join(said)})" if said else ""


def filtered(filters: Sequence[MetricFilter]) -> str:
    """Conditions in brackets, after a space; empty without any."""
    return f" ({', '.join(map(_condition, filters))})" if filters else ""


def conditions(outcome: Asked) -> list[str]:
    """Each condition in words."""
    rule = outcome.arguments.rule
    whose = [f"customers: {rule_words(rule.plain())}"] if rule else []
    orders = "order" in outcome.arguments.dimensions  # of orders the sales, which goes without saying
    told = [item for item in outcome.arguments.filters if item.dimension != "days"]  # they are the period
    told = [item for item in told if not (orders and item.dimension == "kind")]
    return [*map(_condition, told), *whose]


def _condition(item: MetricFilter) -> str:
    values = item.values()
    if item.dimension == "order_value":
        bound = " to ".join(values) if item.operator == "between" else values[0]
        return f"orders {_COMPARED.get(item.operator, 'of {}').format(bound)}"
    if things := _NUMBERS.get(item.dimension):
        many = " to ".join(values) if item.operator == "between" else values[0]
        said = things.format(_MANY.get(item.operator, "{}").format(many))
        return said.removesuffix("s") if many == "1" and item.dimension.startswith("order_") else said
    if item.dimension == "hour":
        return _hours(item.operator, values)
    words = (" or " if item.operator == "contains" else " and ").join(_value(item.dimension, value) for value in values)
    if item.dimension in ("with_product", "with_category"):
        return f"orders {'without' if item.operator in ('ne', 'not_in', 'not_contains') else 'with'} {words}"
    beside = _BESIDE[item.operator]
    if beside == "outside " and item.dimension not in ("country", "city"):
        beside = "without "
    return f"{beside}{words}"


def _value(dimension: str, value: str) -> str:
    """A value as it is called, whatever case it was asked in."""
    known = next((v for v in DIMENSIONS[dimension].values if v.lower() == value.lower()), value)
    return _PHRASES.get((dimension, known)) or value_name(dimension, known)


def _hours(operator: str, values: Sequence[str]) -> str:
    if operator == "between":
        return f"hours {values[0]} to {values[1]}"
    how = {"ge": "hour {} and later", "gt": "after hour {}", "lt": "before hour {}", "le": "up to hour {}"}
    return how.get(operator, "hour {}").format(" and ".join(values))


def line_label(outcome: Asked, row: Row) -> str:
    """What a row is of."""
    return " / ".join(line_labels(outcome, row))


def line_labels(outcome: Asked, row: Row) -> list[str]:
    """What a row is of, one by one."""
    columns, grain = outcome.result.columns, outcome.arguments.grain
    return [_cell(row[at], columns[at].name, grain) for at in labels(outcome)]


def _cell(value: Any, name: str, grain: str) -> str:
    if name == "time":
        return _bucket(value, grain)
    if name == "customer_orders" and value:
        return "1 order" if value == "1" else f"{value} orders"
    if name == "hour":
        return f"hour {value}"
    return called(name, value)


def called(name: str, value: Any) -> str:
    """What a value of a dimension is called; "not known" where there is none."""
    return _PHRASES.get((name, value)) or (value_name(name, value) if value else UNKNOWN)


def _bucket(start: str, grain: str) -> str:
    match grain:
        case "year":
            return start[:4]
        case "quarter":
            return f"Q{(int(start[5:7]) + 2) // 3} {start[:4]}"
        case "week":
            return f"week of {day(start)}"
        case "day":
            return day(start)
    return month(start)
