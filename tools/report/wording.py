"""A report of some days in words: the headline first, then what moved it, campaigns, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from core.calendar import whole_months
from language.format import amount, money, percent, period
from tools.audience.places import with_article
from tools.declaration import answers
from tools.outcome import Outcome
from tools.report.period_report import WEEK, Mover, PeriodReport, PeriodReportArguments, ReportFigure, period_report

UNCHANGED = 0.0005
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
        _actions(result, currency),
    ]
    return "\n\n".join(part for part in parts if part)


def _headline(result: PeriodReport, currency: str) -> str:
    first, before = result.figures[0], _before(result)
    when = period(result.start, result.end)
    value = amount(first.now, first.unit, currency)
    if first.change is None:
        return f"**{first.title} was {value}** {when}; there is nothing in {before} to compare it with."
    if abs(first.change) < UNCHANGED:
        return f"**{first.title} was {value}, as much as in {before}** ({when})."
    way = "up" if first.change > 0 else "down"
    earlier = amount(first.before, first.unit, currency)
    return f"**{first.title} was {way} {percent(abs(first.change))} on {before}**: {value} {when}, {earlier} before."


def _before(result: PeriodReport) -> str:
    """What it is compared with: "the week before", "the month before", "the days before"."""
    if (result.end - result.start).days + 1 == WEEK:
        return "the week before"
    return "the month before" if whole_months(result.start, result.end) == 1 else "the days before"


def _others(figures: Sequence[ReportFigure], currency: str) -> str:
    """The other figures in one sentence."""
    said = [f"{_lower(line.title)} {amount(line.now, line.unit, currency)}{_way(line)}" for line in figures if line.now]
    return f"Also: {', '.join(said)}." if said else ""


def _way(line: ReportFigure) -> str:
    if line.change is None:
        return ""
    if abs(line.change) < UNCHANGED:
        return " (unchanged)"
    return f" ({'+' if line.change > 0 else '−'}{percent(abs(line.change))})"


def _moved(title: str, found: Sequence[Mover], currency: str) -> str:
    """What moved most, of each kind the first."""
    ordered = sorted(found, key=lambda one: -abs(one.change))[:MOST_MOVED]
    said = [f"{_called(one)} ({_signed(one.change, currency)})" for one in ordered]
    return f"**{title}:** {', '.join(said)}." if said else ""


def _called(one: Mover) -> str:
    match one.kind:
        case "channel":
            return f"the {one.name.replace('_', ' ')} channel"
        case "product":
            return f"“{one.name}”"
    return with_article(one.name)


def _campaigns(result: PeriodReport) -> str:
    if not result.campaigns:
        return "**Campaigns:** none was mailed in these days." if _mails(result) else ""
    said = [
        f"{one.name}: {amount(one.emails_sent, 'emails', '')} emails, {amount(one.open_rate, 'share', '')} opened"
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


def _lower(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
