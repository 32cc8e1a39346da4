"""The dashboard in words."""

from __future__ import annotations

from language.format import amount, bullets, moved, period
from tools.dashboard.headlines import Headline
from tools.dashboard.report import Dashboard, DashboardArguments, dashboard
from tools.declaration import answers
from tools.outcome import Outcome

__all__ = ["summary"]


@answers(dashboard)
def summary(outcome: Outcome[DashboardArguments, Dashboard]) -> str:
    """The headline figures, each against what it was, and what to know of the comparison."""
    result = outcome.result
    against = ""
    if result.compare_start and result.compare_end:
        against = f", against {result.compare_title} ({period(result.compare_start, result.compare_end)})"
    head = f"**{result.title}** ({period(result.start, result.end)}){against}:"
    lines = [_line(line, outcome.currency) for line in result.headlines if line.now is not None]
    return "\n\n".join([head, bullets(lines), *result.notes])


def _line(line: Headline, currency: str) -> str:
    now = f"{line.title}: {amount(line.now, line.unit, currency)}"
    if line.before is None:
        return now
    if line.change is None:
        return f"{now} (before: {amount(line.before, line.unit, currency)})"
    how = moved(line.change, line.unit)
    return f"{now} ({how}; before: {amount(line.before, line.unit, currency)})"
