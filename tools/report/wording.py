"""A report of some days in words: the headline first, then what moved it, campaigns, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from core.calendar import whole_months
from language.cells import value_name
from language.format import UNCHANGED, amount, count, money, moved, percent, period
from tools.audience.places import with_article
from tools.declaration import answers
from tools.metrics.definitions import CUT
from tools.metrics.kept_apart import NOT_COUNTED
from tools.metrics.shape import lower
from tools.outcome import Outcome
from tools.report.period_report import WEEK, Mover, PeriodReport, PeriodReportArguments, ReportFigure, period_report

MOST_MOVED = 3


@answers(period_report)
def report(outcome: Outcome[PeriodReportArguments, PeriodReport]) -> str:
    """How it went in one sentence, then the parts; the chart shows the days."""
    result, currency = outcome.result, outcome.currency
    parts = [
        f"{_headline(result, currency)} {_others(result.figures[1:], currency)}".rstrip(),
        _moved("Winners", result.grew, currency),
        _moved("Losers", result.fell, currency),
        _campaigns(result),
        f"{outcome.said(CUT)}{outcome.said(NOT_COUNTED)}".strip(),
        _actions(result, currency),
    ]
    return "\n\n".join(part for part in parts if part)


def _headline(result: PeriodReport, currency: str) -> str:
    first, before = result.figures[0], _before(result)
    when, was = period(result.start, result.end), "was" if first.unit == "money" else "were"
    value = amount(first.now, first.unit, currency)
    if first.change is None:
        return f"**{first.title} {was} {value}** {when}; there is nothing in {before} to compare it with."
    if abs(first.change) < UNCHANGED:
        return f"**{first.title} {was} {value}, as much as in {before}** ({when})."
    way = "up" if first.change > 0 else "down"
    earlier = amount(first.before, first.unit, currency)
    return f"**{first.title} {was} {way} {percent(abs(first.change))} on {before}**: {value} {when}, {earlier} before."


def _before(result: PeriodReport) -> str:
    """What it is compared with: "the week before", "the month before", "the days before"."""
    if (result.end - result.start).days + 1 == WEEK:
        return "the week before"
    return "the month before" if whole_months(result.start, result.end) == 1 else "the days before"


def _others(figures: Sequence[ReportFigure], currency: str) -> str:
    """The other figures in one sentence; what there was none of, now or before, is not said."""
    said = [
        f"{lower(line.title)} {amount(line.now, line.unit, currency)}{_way(line)}"
        for line in figures
        if line.now or line.before
    ]
    return f"Also: {', '.join(said)}." if said else ""


def _way(line: ReportFigure) -> str:
    return f" ({how})" if (how := moved(line.change, line.unit)) else ""


def _moved(title: str, found: Sequence[Mover], currency: str) -> str:
    """What moved most, of whatever kind."""
    ordered = sorted(found, key=lambda one: -abs(one.change))[:MOST_MOVED]
    said = [f"{_called(one)} ({_signed(one.change, currency)})" for one in ordered]
    return f"**{title}:** {', '.join(said)}." if said else ""


def _called(one: Mover) -> str:
    match one.kind:
        case "channel":
            return f"the {value_name(one.kind, one.name)} channel"
        case "product":
            return f"“{one.name}”"
    return with_article(one.name)


def _campaigns(result: PeriodReport) -> str:
    if not result.campaigns:
        return "**Campaigns:** none was mailed in these days." if _mails(result) else ""
    said = [
        f"{one.name}: {count(one.emails_sent)} emails"
        + ("" if one.open_rate is None else f", {percent(one.open_rate)} opened")
        for one in result.campaigns
    ]
    return f"**Campaigns:** {'; '.join(said)}."


def _mails(result: PeriodReport) -> bool:
    return any(line.metric == "emails_sent" for line in result.figures)


def _actions(result: PeriodReport, currency: str) -> str:
    if not result.actions:
        return ""
    lines = [
        f"{number}. {action.title} ({money(action.at_stake, currency)} at stake)"
        for number, action in enumerate(result.actions, 1)
    ]
    return "**What to do next**\n\n" + "\n".join(lines)


def _signed(change: float, currency: str) -> str:
    return f"{'+' if change > 0 else '−'}{money(abs(change), currency)}"
