"""The data in words."""

from __future__ import annotations

from language.format import bullets, count, day, spaced
from tools.data.description import DescribeData, DescribeDataArguments, TableCoverage, describe_data
from tools.declaration import answers
from tools.outcome import Outcome


@answers(describe_data)
def data(outcome: Outcome[DescribeDataArguments, DescribeData]) -> str:
    """What there is and what there is not."""
    result = outcome.result
    tables = [table for table in result.tables if table.rows]
    if not tables:
        return "**There is no data yet.** Drop a file into the chat, run `aima import FILE`, or run `aima demo`."
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
