"""Charts and tables of a result: what they are, the builders tools declare them with, and the one renderer.

Titles and units come from the fields of the result (`figure`); a title given to a builder may name fields of the
result in braces: table("rows", title="Value at risk within {horizon_days} days").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from tools.figures import Cell, Column, unit_of
from tools.outcome import Outcome
from tools.results import Arguments, ToolResult

__all__ = [
    "Chart", "ProposalCard", "Series", "Shown", "Table", "View",
    "bars", "grid", "labelled", "lines", "proposal_card", "records", "shown", "table",
]  # fmt: skip

A = TypeVar("A", bound=Arguments)
R = TypeVar("R", bound=ToolResult)
MOST_BARS = 15  # more bars than that are a table
MOST_SERIES = 8


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Series(_Frozen):
    """One line, one set of bars, one row of a heat map, or one set of points."""

    name: str = Field(description="Label of the series.")
    values: list[float | None] = Field(description="Values in the order of the chart's `x`; none where there is none.")
    across: list[float | None] = Field(default_factory=list, description="Of a scatter: the horizontal places.")
    labels: list[str] = Field(default_factory=list, description="Of a scatter: what each point is.")
    low: list[float | None] = Field(
        default_factory=list, description="Lower ends of intervals: whiskers of bars, the band around a line."
    )
    high: list[float | None] = Field(default_factory=list, description="Upper ends of intervals.")
    starts: list[float] = Field(
        default_factory=list, description="Of bars: where each begins; its value is its end. None given: at nothing."
    )
    tones: list[str] = Field(default_factory=list, description="Of bars: good, bad, unsure, rest, or none.")


class Chart(_Frozen):
    """A picture of a result, told without a drawing library. Data marks: `series` over `x`."""

    kind: Literal["chart"] = "chart"
    shape: Literal["line", "bar", "heatmap", "scatter", "parts"] = Field(
        description="How to draw it; parts: of a whole, as a ring."
    )
    title: str = Field(description="Heading.")
    note: str = Field(default="", description="What is particular about it, in a sentence.")
    x: list[str] = Field(default_factory=list, description="Labels along the horizontal axis (dates as ISO 8601).")
    x_unit: str = Field(default="", description="Of dates: the step of time they are, day, week, month … year.")
    partial: list[int] = Field(default_factory=list, description="Places of `x` the data do not cover whole.")
    x_title: str = Field(default="", description="What the horizontal axis is.")
    y_title: str = Field(default="", description="What the vertical axis (heat map: each row) is.")
    series: list[Series] = Field(description="The data; a heat map has one series a row, top first.")
    unit: str = Field(default="", description="Unit of the values: a currency code, 'share', 'customers' …")
    whole: float | None = Field(default=None, description="What the bars are parts of, all told; none: of nothing.")
    tool: str = Field(default="", description="The tool call it shows.")


class Table(_Frozen):
    """Rows worth reading one by one."""

    kind: Literal["table"] = "table"
    title: str = Field(description="Heading.")
    columns: list[Column] = Field(description="Columns, left to right.")
    rows: list[list[JsonValue]] = Field(description="Rows, in the tool's order.")
    total_rows: int = Field(description="How many there are in all; may exceed the rows given.")
    tool: str = Field(default="", description="The tool call it shows.")


class ProposalCard(_Frozen):
    """A proposal waits for a person. Doors show it as a card with Approve, Edit and Reject."""

    kind: Literal["proposal_made"] = "proposal_made"
    proposal: dict[str, Any] = Field(description="The proposal exactly as the tool returned it (id, content_hash …).")


Shown = Chart | Table | ProposalCard
View = Callable[[Outcome[A, R]], Iterable[Shown]]


class Viewed(Protocol):
    """What declares views: a tool."""

    @property
    def name(self) -> str:
        """Name of the tool."""
        ...

    @property
    def views(self) -> tuple[View[Any, Any], ...] | None:
        """Its views; None shows each list of records as a table."""
        ...


def shown(tool: Viewed, outcome: Outcome[Any, Any]) -> list[Shown]:
    """Everything to show of one call, money in the result's currency."""
    views = _defaults(outcome.result) if tool.views is None else tool.views
    return [_finished(item, tool.name, outcome.currency) for view in views for item in view(outcome)]


def labelled(item: Table, tool: str, currency: str) -> Table:
    """The table with the tool that it shows, and money in `currency`."""
    columns = [column.model_copy(update={"unit": _unit(column.unit, currency)}) for column in item.columns]
    return item.model_copy(update={"tool": tool, "columns": columns})


def table(path: str, *, title: str, columns: Sequence[str] = (), total: str = "") -> View[Any, Any]:
    """The list of records at `path` as a table; nothing when it is empty.

    `columns`: names of fields, dotted into nested ones ("size.customers"); all plain fields when not given.
    `total`: the field of the result that counts all rows, where `path` may hold fewer.
    """

    def view(outcome: Outcome[Any, Any]) -> Iterator[Shown]:
        found = getattr(outcome.result, path)
        if found:
            count = getattr(outcome.result, total) if total else len(found)
            yield records(found, title=_filled(title, outcome), columns=columns, total=int(count))

    return view


def records(found: Sequence[BaseModel], *, title: str, columns: Sequence[str] = (), total: int | None = None) -> Table:
    """Records of one model as a table, columns titled as their fields are declared."""
    model = type(found[0])
    paths = list(columns) or [name for name in model.model_fields if _is_plain(model.model_fields[name].annotation)]
    return Table(
        title=title,
        columns=[_column(model, path) for path in paths],
        rows=[[_cell(_value(record, path)) for path in paths] for record in found],
        total_rows=len(found) if total is None else total,
    )


def grid(*, title: str, total: str) -> View[Any, Any]:
    """A result that is a table itself (`columns` and `rows`), as it is."""

    def view(outcome: Outcome[Any, Any]) -> Iterator[Shown]:
        result = outcome.result
        if result.rows:
            count = max(int(getattr(result, total)), len(result.rows))
            yield Table(title=_filled(title, outcome), columns=list(result.columns), rows=result.rows, total_rows=count)

    return view


def bars(path: str, *, x: str, y: str, title: str, least: int = 2) -> View[Any, Any]:
    """The records at `path` as bars of field `y`, labelled by field `x`; nothing with fewer than `least`."""

    def view(outcome: Outcome[Any, Any]) -> Iterator[Shown]:
        found = getattr(outcome.result, path)[:MOST_BARS]
        if len(found) >= least:
            model = type(found[0])
            across, up = _column(model, x), _column(model, y)
            values = [_number(_value(record, y)) for record in found]
            names = [str(_value(record, x)).replace("_", " ") for record in found]
            yield Chart(
                shape="bar", title=_filled(title, outcome), x=names,
                x_title=across.title, y_title=up.title, unit=up.unit, series=[Series(name=up.title, values=values)],
            )  # fmt: skip

    return view


def lines(path: str, *, x: str, y: Sequence[str], title: str, step: str) -> View[Any, Any]:
    """The records at `path` as lines, one a field of `y`, over field `x`, a time in steps of a day, week, month …;
    nothing with fewer than two records.
    """

    def view(outcome: Outcome[Any, Any]) -> Iterator[Shown]:
        found = getattr(outcome.result, path)
        if len(found) > 1:
            model = type(found[0])
            ups = [_column(model, name) for name in y]
            series = [
                Series(name=up.title, values=[_number(_value(r, name)) for r in found])
                for name, up in zip(y, ups, strict=True)
            ]
            yield Chart(
                shape="line", title=_filled(title, outcome), x=[str(_value(record, x)) for record in found],
                x_title=_column(model, x).title, x_unit=step, y_title=ups[0].title, unit=ups[0].unit, series=series,
            )  # fmt: skip

    return view


def proposal_card(path: str = "proposal") -> View[Any, Any]:
    """The proposal at `path` as a card that a person decides on."""

    def view(outcome: Outcome[Any, Any]) -> Iterator[Shown]:
        yield ProposalCard(proposal=getattr(outcome.result, path).model_dump(mode="json"))

    return view


def _defaults(result: ToolResult) -> Iterator[View[Any, Any]]:
    """A table of each list of records."""
    for name, field in type(result).model_fields.items():
        value = getattr(result, name)
        if isinstance(value, list) and value and isinstance(value[0], BaseModel):
            yield table(name, title=field.title or name.replace("_", " ").capitalize())


def _finished(item: Shown, tool: str, currency: str) -> Shown:
    if isinstance(item, ProposalCard):
        return item
    if isinstance(item, Chart):
        return item.model_copy(update={"tool": tool, "unit": _unit(item.unit, currency)})
    return labelled(item, tool, currency)


def _unit(unit: str, currency: str) -> str:
    return currency if unit == "money" and currency else unit


def _filled(title: str, outcome: Outcome[Any, Any]) -> str:
    return title.format_map({name: getattr(outcome.result, name) for name in type(outcome.result).model_fields})


def _column(model: type[BaseModel], path: str) -> Column:
    first, _, rest = path.partition(".")
    if rest:
        inner = _column(_model_of(model.model_fields[first].annotation), rest)
        return inner.model_copy(update={"name": path.rpartition(".")[2]})
    title = model.model_fields[first].title or first.replace("_", " ").capitalize()
    return Column(name=first, title=title, unit=unit_of(model, first))


def _model_of(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(_model_of(part) for part in get_args(annotation) if part is not type(None))


def _is_plain(annotation: Any) -> bool:
    """True for numbers, texts, times and lists of these; not for records and rules."""
    if isinstance(annotation, type):
        return not issubclass(annotation, BaseModel | dict)
    return get_origin(annotation) is not dict and all(_is_plain(part) for part in get_args(annotation))


def _value(record: BaseModel, path: str) -> Any:
    value: Any = record
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return value


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value if value is None or isinstance(value, bool | int | float | str) else _iso(value)


def _iso(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
