"""Credit by method beside each other as bars and a table; one customer's touches as a table."""

from __future__ import annotations

from collections.abc import Iterator

from language.cells import unit_of_values, value_name
from tools.attribution.methods import TITLES
from tools.attribution.path import CustomerPath, CustomerPathArguments, customer_path
from tools.attribution.path_file import PathFileReport, PathFileReportArguments, path_file_report
from tools.attribution.report import AttributionReport, AttributionReportArguments, attribution_report
from tools.declaration import shows
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, records, table

DRAWN = 10  # channels or campaigns in the picture; the table has all
COMPARED = ("first", "last", "linear", "markov", "data_driven")


@shows(attribution_report)
def credit(outcome: Outcome[AttributionReportArguments, AttributionReport]) -> Iterator[Shown]:
    """Bars a channel, one a method; then every method in a table, the leading one with value and spend."""
    result = outcome.result
    rows = result.rows[:DRAWN]
    pair = (result.method, outcome.arguments.against)
    asked = pair if outcome.arguments.against else COMPARED
    methods = [name for name in asked if name and any(getattr(row, name) is not None for row in rows)]
    if result.method not in methods:
        methods.insert(0, result.method)
    named = result.by == "channel"
    if len(rows) > 1:
        yield Chart(
            shape="bar", title=f"Orders credited to each {result.by}, by method",
            x=[value_name("channel", row.channel) if named else row.channel for row in rows],
            x_title=result.by.capitalize(), y_title="Orders credited", unit="orders",
            note=f"The {DRAWN} with most credit of {len(result.rows)}." if len(result.rows) > DRAWN else "",
            series=[Series(name=TITLES[name], values=[getattr(row, name) for row in rows]) for name in methods],
        )  # fmt: skip
    yield _credit_table(result)


def _credit_table(result: AttributionReport) -> Shown:
    told = [name for name in TITLES if any(getattr(row, name) is not None for row in result.rows)]
    spent = ["spend", "roas"] if any(row.spend is not None for row in result.rows) else []
    columns = ["channel", "credit", "share", "value", *spent, *(n for n in told if n != result.method), "touches"]
    found = records(result.rows, title=f"Orders credited, “{TITLES[result.method]}” first", columns=columns)
    first, *others = found.columns
    unit = unit_of_values("channel") if result.by == "channel" else "verbatim"
    renamed = first.model_copy(update={"title": result.by.capitalize(), "unit": unit})
    return found.model_copy(update={"columns": [renamed, *others]})


@shows(attribution_report)
def lifts(outcome: Outcome[AttributionReportArguments, AttributionReport]) -> Iterator[Shown]:
    """What control groups measured."""
    if outcome.result.experiments:
        yield records(outcome.result.experiments, title="Measured with a control group (cause)")


@shows(attribution_report)
def revenue(outcome: Outcome[AttributionReportArguments, AttributionReport]) -> Iterator[Shown]:
    """How the credited value comes to the net revenue of the days."""
    if outcome.result.revenue:
        yield records(outcome.result.revenue, title="From credited value to net revenue")


@shows(path_file_report)
def in_file(outcome: Outcome[PathFileReportArguments, PathFileReport]) -> Iterator[Shown]:
    """Bars a channel of the file, one a method; then every method in a table."""
    result = outcome.result
    rows = result.rows[:DRAWN]
    known = [name for name in TITLES if any(getattr(row, name, None) is not None for row in rows)]
    drawn = dict.fromkeys([result.method, *(name for name in COMPARED if name in known)])
    if len(rows) > 1:
        yield Chart(
            shape="bar", title=f"Conversions credited in {result.file}, by method", x=[row.channel for row in rows],
            x_title="Channel", y_title="Conversions credited", unit="number",
            note=f"The {DRAWN} with most credit of {len(result.rows)}." if len(result.rows) > DRAWN else "",
            series=[Series(name=TITLES[name], values=[getattr(row, name) for row in rows]) for name in drawn],
        )  # fmt: skip
    worth = ["value"] if result.value is not None else []
    columns = ["channel", "credit", "share", *worth, *(name for name in known if name != result.method)]
    found = records(result.rows, title=f"Conversions credited, “{TITLES[result.method]}” first", columns=columns)
    first, *others = found.columns  # the file's own names, as they stand there
    yield found.model_copy(update={"columns": [first.model_copy(update={"unit": "verbatim"}), *others]})


@shows(customer_path)
def touches(outcome: Outcome[CustomerPathArguments, CustomerPath]) -> Iterator[Shown]:
    """Channels with their money by every method, orders with their paths, each touch with its parts."""
    result = outcome.result
    if len(result.channels) > 1:
        yield Chart(
            shape="bar", title=f"Orders of customer {result.customer}: value credited, by method",
            x=[value_name("channel", row.channel) for row in result.channels], x_title="Channel",
            y_title="Value credited", unit="money",
            series=[Series(name=TITLES[n], values=[getattr(r, n) for r in result.channels]) for n in _drawn(result)],
        )  # fmt: skip
    if result.channels:
        yield from table("channels", title="Value credited for these orders, by every method")(outcome)
    back = ["given_back"] if any(order.given_back for order in result.orders) else []
    columns = ("order_id", "ordered_at", "value", *back, "path")
    yield from table("orders", title="Paths of customer {customer}", total="total_orders", columns=columns)(outcome)
    yield from table("touches", title="Touches before those orders, and their part of the order")(outcome)


def _drawn(result: CustomerPath) -> list[str]:
    """The methods drawn: the leading one, then those people know."""
    drawn = [name for name in COMPARED if any(getattr(row, name) is not None for row in result.channels)]
    return [result.method, *(name for name in drawn if name != result.method)]
