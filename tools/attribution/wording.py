"""Credit in words. Nothing here says that a channel caused an order."""

from __future__ import annotations

from collections.abc import Sequence

from language.cells import value_name
from language.format import bullets, count, day, money, percent, period
from tools.attribution.methods import SPOKEN, MethodLeftOut
from tools.attribution.path import CustomerPath, CustomerPathArguments, PathOrder, customer_path
from tools.attribution.path_file import PathFileReport, PathFileReportArguments, path_file_report
from tools.attribution.report import (
    AttributionReport,
    AttributionReportArguments,
    ChannelRow,
    attribution_report,
)
from tools.declaration import answers
from tools.outcome import Outcome

__all__ = ["credit_lead", "path_credit", "path_file_lead", "path_lead", "refunds", "why_they_differ"]

NAMED, PATHS = 3, 5
APART = 1.25  # one method's credit over another's from which they are said to differ
FEW = 10.0
FILE_CREDIT = "Credit is not cause: conversions are shared out among what was met before them."
CREDIT_ONLY = "This is credit, not cause: it shares out orders among what customers met, whatever they would have done."


@answers(attribution_report)
def report(outcome: Outcome[AttributionReportArguments, AttributionReport]) -> str:
    """Who has most credit, why the methods differ, what a control group shows, and what it all is not."""
    result = outcome.result
    parts = [
        credit_lead(result, outcome.currency),
        _against(outcome) or why_they_differ(result),
        _spend(result, outcome.currency),
        refunds(result, outcome.currency),
    ]
    parts += [_experiments(result), _left_out(result.left_out), _unseen(result), CREDIT_ONLY]
    return "\n\n".join(part for part in parts if part)


def credit_lead(result: AttributionReport, currency: str) -> str:
    """The first sentence: the most credit, and what follows it."""
    title, when = SPOKEN[result.method], period(result.start, result.end)
    top, *others = result.rows
    orders, worth = (
        f"{count(_whole(top.credit))} of {count(_whole(result.credited))} orders",
        money(top.value, currency),
    )
    if result.of == "revenue":
        of_all = f"{worth} of {money(result.credited_value, currency)} ({percent(top.share)})"
        lead = f"**By {title}, {_name(result, top)} is credited with {of_all}** {when}, for {orders}."
    else:
        lead = f"**By {title}, {_name(result, top)} is credited with {orders} ({percent(top.share)})** {when}"
        lead += f", worth {worth}."
    next_ones = [f"{_name(result, row)} {percent(row.share)}" for row in others[: NAMED - 1]]
    return lead + (f" Then {' and '.join(next_ones)}." if next_ones else "")


def refunds(result: AttributionReport, currency: str) -> str:
    """How much went back, and that it is taken off; empty where nothing did."""
    if not result.refunded:
        return ""
    whole = f"; {count(result.refunded_orders)} orders given back in full count for nothing"
    return (
        f"Refunds are taken off the touches that had the credit: {money(result.refunded, currency)} in all"
        f"{whole if result.refunded_orders else ''}."
    )


def _against(outcome: Outcome[AttributionReportArguments, AttributionReport]) -> str:
    """The channels the second method asked for sees most differently."""
    result, other = outcome.result, outcome.arguments.against
    known = [(row, getattr(row, other)) for row in result.rows if other and getattr(row, other) is not None]
    if other is None or not known or other == result.method:
        return ""
    moved = sorted(known, key=lambda pair: -abs(pair[1] - pair[0].credit))[:NAMED]
    told = [
        f"{_name(result, row)} {count(_whole(row.credit))} by {SPOKEN[result.method]}, {count(_whole(credit))} by "
        f"{SPOKEN[other]}"
        for row, credit in moved
    ]
    return f"They differ most for these:\n\n{bullets(told)}"


def why_they_differ(result: AttributionReport) -> str:
    """A sentence on the row that first and last touch see most differently; empty where they agree."""
    known = [row for row in result.rows if row.first and row.last and max(row.first, row.last) >= FEW]
    if not known:
        return ""
    apart = [row for row in known if _ratio(row.first, row.last) >= APART]
    if not apart:
        return (
            "The methods agree closely: first and last touch differ by less than a quarter for every "
            f"{result.by}, for most orders have few touches ({result.touches_per_order:.1f} on average)."
        )
    row = max(apart, key=lambda one: abs((one.first or 0.0) - (one.last or 0.0)))
    first, last = row.first or 0.0, row.last or 0.0
    place = "opens journeys that others close" if first > last else "closes journeys that others opened"
    return (
        f"The methods differ because {_name(result, row)} {place}: {count(_whole(first))} orders by first touch, "
        f"{count(_whole(last))} by last."
    )


@answers(customer_path)
def path(outcome: Outcome[CustomerPathArguments, CustomerPath]) -> str:
    """Each order with what was met before it."""
    result = outcome.result
    if not any(one.path for one in result.orders):
        return path_lead(result)
    lines = [_order(one, outcome.currency) for one in result.orders[:PATHS]]
    parts = [path_lead(result), path_credit(result, outcome.currency), bullets(lines)]
    parts += [_left_out(result.left_out), f"The tables have every method, touch by touch. {CREDIT_ONLY}"]
    return "\n\n".join(part for part in parts if part)


def path_lead(result: CustomerPath) -> str:
    """The first sentence: what was met before the latest order."""
    window = f"within {result.window_days} days"
    if not any(one.path for one in result.orders):
        latest = "order" if len(result.orders) == 1 else f"{count(len(result.orders))} orders"
        return f"**Customer {result.customer} met no known channel {window} of the latest {latest}.**"
    if not result.orders[0].path:
        return f"**Before the latest order customer {result.customer} met no known channel {window}.**"
    return f"**Before the latest order customer {result.customer} met {result.orders[0].path}.**"


def path_credit(result: CustomerPath, currency: str) -> str:
    """Who is credited with these orders by the leading method, and where its weights come from."""
    shared = [(value_name("channel", row.channel), getattr(row, result.method)) for row in result.channels]
    if not result.credited:
        return ""
    told = ", ".join(f"{name} {money(worth, currency)}" for name, worth in shared[:NAMED])
    source = ""
    if result.method in ("markov", "data_driven"):
        source = f" Its weights are those of the whole shop, fitted to {count(result.journeys)} journeys."
    return f"By {SPOKEN[result.method]}, of {money(result.credited, currency)} in these orders: {told}.{source}"


@answers(path_file_report)
def path_file(outcome: Outcome[PathFileReportArguments, PathFileReport]) -> str:
    """Who has most credit in the file, that it is of the file alone, and what it does not bear."""
    result = outcome.result
    kinds = f"{count(result.paths)} different paths with {count(result.conversions)} conversions"
    lost = f" and {count(result.not_converting)} that did not convert" if result.not_converting is not None else ""
    more = f" Other files of paths: {', '.join(result.other_files)}." if result.other_files else ""
    parts = [path_file_lead(result, outcome.currency), f"It has {kinds}{lost}."]
    parts += [
        _left_out(result.left_out),
        f"This is the file alone, apart from your own touches and orders.{more}",
        FILE_CREDIT,
    ]
    return "\n\n".join(part for part in parts if part)


def path_file_lead(result: PathFileReport, currency: str) -> str:
    """The first sentence: the most credit in the file, and what follows it."""
    top, *others = result.rows
    what = f"{count(_whole(top.credit))} of {count(_whole(result.conversions))} conversions ({percent(top.share)})"
    if result.of == "value":
        what = f"{money(top.value, currency)} of {money(result.value, currency)} ({percent(top.share)})"
    lead = f"**By {SPOKEN[result.method]}, “{top.channel}” is credited with {what} in {result.file}.**"
    next_ones = [f"“{row.channel}” {percent(row.share)}" for row in others[: NAMED - 1]]
    return lead + (f" Then {' and '.join(next_ones)}." if next_ones else "")


def _order(one: PathOrder, currency: str) -> str:
    back = f" ({money(one.given_back, currency)} given back)" if one.given_back else ""
    return f"{day(one.ordered_at)}, {money(one.value, currency)}{back}: {one.path or 'no touch within the window'}"


def _ratio(first: float | None, last: float | None) -> float:
    low, high = sorted((first or 0.0, last or 0.0))
    return high / low if low > 0 else float("inf") if high > 0 else 1.0


def _whole(amount: float) -> float:
    return round(amount, 1) if amount < FEW else round(amount)


def _name(result: AttributionReport, row: ChannelRow) -> str:
    return value_name("channel", row.channel) if result.by == "channel" else f"“{row.channel}”"


def _spend(result: AttributionReport, currency: str) -> str:
    paid = sorted((row for row in result.rows if row.roas is not None), key=lambda row: -(row.spend or 0.0))
    if not paid:
        return ""
    told = [f"{_name(result, row)} {money(row.roas, currency)}" for row in paid[:NAMED]]
    return f"Credited value for each {money(1.0, currency)} spent: {', '.join(told)}."


def _experiments(result: AttributionReport) -> str:
    shown = [one for one in result.experiments if one.extra_buyers is not None][:NAMED]
    if not shown:
        return ""
    lines = [
        f"“{one.campaign}” ({value_name('channel', one.channel or 'unknown')}): {one.verdict}, "
        f"{count(_whole(one.extra_buyers or 0.0))} buyers ({count(one.low)} to {count(one.high)})"
        for one in shown
    ]
    return f"What control groups measured, which is cause:\n\n{bullets(lines)}"


def _left_out(methods: Sequence[MethodLeftOut]) -> str:
    return " ".join(f"{one.method} is left out: {one.reason}" for one in methods)


def _unseen(result: AttributionReport) -> str:
    missing = result.orders - result.credited
    if result.orders and missing / result.orders > 0.01:
        return (
            f"{count(round(missing))} of {count(result.orders)} orders have no known touch and are credited to nothing."
        )
    return ""
