"""The data in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from language.format import bullets, capital, count, day, spaced
from tools.data.description import (
    KINDS,
    DescribeData,
    DescribeDataArguments,
    DimensionInfo,
    TableCoverage,
    describe_data,
)
from tools.declaration import answers
from tools.outcome import Outcome

Asked = Outcome[DescribeDataArguments, DescribeData]
_ONE_BY_ONE = {
    "orders": "orders (refunds and adjustments are rows of their own)",
    "order_items": "order lines",
    "events": "events",
    "campaign_daily": "days of campaign results",
    "channel_spend": "rows of advertising spend",
    "mentions": "mentions",
    "conversion_paths": "counted paths of files",
}
_PLURAL = {"country": "countries", "city": "cities", "category": "categories", "mention_source": "sources of mentions",
           "spend_channel": "advertising channels"}  # fmt: skip


@answers(describe_data)
def data(outcome: Asked) -> str:
    """What is asked about the data; all there is where nothing in particular is."""
    asked = outcome.arguments
    if not any(table.rows for table in outcome.result.tables):
        return "**There is no data yet.** Drop a file into the chat, run `aima import FILE`, or run `aima demo`."
    if not (asked.about or asked.tables or asked.dimensions):
        return _everything(outcome)
    return bullets(lines) if len(lines := [*_particular(outcome)]) > 1 else lines[0]


def _everything(outcome: Asked) -> str:
    result = outcome.result
    tables = [table for table in result.tables if table.rows]
    demo = " This is the made-up data of the demo shop." if result.is_demo else ""
    usable = [spaced(metric.name) for metric in result.metrics if metric.available]
    missing = f"\n\nNot loaded: {', '.join(result.absent)}." if result.absent else ""
    return (
        f"**The data end on {day(result.evidence.data_until)}**, amounts in {result.currency}.{demo}\n\n"
        f"{bullets([_line(table) for table in tables])}\n\nFigures I can give: {', '.join(usable)}.{missing}"
    )


def _line(table: TableCoverage) -> str:
    covered = f", {day(table.first_at)} to {day(table.last_at)}" if table.first_at else ""
    return f"{table.table}: {count(table.rows)} rows{covered}"


def _particular(outcome: Asked) -> Iterator[str]:
    asked, result = outcome.arguments, outcome.result
    there = {table.table: table for table in result.tables if table.rows}
    days = [fact for fact in asked.about if fact in ("first_day", "last_day")]
    named: Sequence[str] = asked.tables or ([next(iter(there)) if "orders" not in there else "orders"] if days else [])
    yield from (_table(name, there.get(name), days) for name in named)
    if "rows" in asked.about and not asked.tables:
        yield from (_table(table.table, table, []) for table in there.values())
    known = {dimension.name: dimension for dimension in result.dimensions}
    yield from (_values(name, known.get(name)) for name in asked.dimensions)
    yield from _facts(outcome)


def _table(name: str, table: TableCoverage | None, days: Sequence[str]) -> str:
    if table is None:
        return f"There is **no data on {KINDS[name]}**: none are loaded."
    called = _ONE_BY_ONE.get(name, spaced(name))
    first, last = f"**{day(table.first_at)}**", f"**{day(table.last_at)}**"
    if days and table.first_at is not None:
        short = capital(called.partition(" (")[0])
        if len(days) > 1:
            return f"{short} are there from {first} to {last}."
        return f"{short} are there since {first}: that is the first day." if days == ["first_day"] else (
            f"{short} are there until {last}: that is the last day."
        )  # fmt: skip
    covered = f", from {day(table.first_at)} to {day(table.last_at)}" if table.first_at else ""
    return f"**{count(table.rows)} {called}** are loaded{covered}."


def _values(name: str, dimension: DimensionInfo | None) -> str:
    called = _PLURAL.get(name, f"{spaced(name)}s")
    if dimension is None:
        return f"The data do not say any {spaced(name)}."
    listed = ", ".join(dimension.values)
    number = f"**{count(dimension.number)} {called}** occur" if dimension.number else f"{capital(called)} that occur"
    more = (
        f" and {count(dimension.number - len(dimension.values))} more"
        if dimension.more_values and dimension.number
        else ""
    )
    return f"{number}: {listed}{more}." if listed else f"{number}."


def _facts(outcome: Asked) -> Iterator[str]:
    asked, result = outcome.arguments, outcome.result
    if "without_customer" in asked.about:
        lines, orders = (result.without_customer.get(name, 0) for name in ("order_items", "orders"))
        yield f"**{count(lines)} order lines** have no known customer; they are of {count(orders)} orders and refunds."
    if "imported" in asked.about and result.imported is not None:
        files, read, rejected = result.imported.files, result.imported.read, result.imported.rejected
        if files:
            yield (
                f"**{count(read)} rows** were read from {count(files)} file{'' if files == 1 else 's'}, "
                f"**{count(rejected)}** of them rejected."
            )
        else:
            yield "No file was imported: the data came in another way."
    if "currency" in asked.about:
        yield f"Amounts are in **{result.currency}**."
    if "time_zone" in asked.about:
        yield f"Days are cut in the time zone **{result.time_zone}**."
    if "demo" in asked.about:
        yield (
            "This is the **made-up data of the demo shop**."
            if result.is_demo
            else "This is **not** the demo shop's data."
        )
    if "metrics" in asked.about:
        usable = [spaced(metric.name) for metric in result.metrics if metric.available]
        yield f"Figures I can give: {', '.join(usable)}."
    if "missing" in asked.about:
        yield (
            f"Not loaded: {', '.join(result.absent)}." if result.absent else "Every kind of data AIMA knows is loaded."
        )
