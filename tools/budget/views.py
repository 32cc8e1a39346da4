"""Budgets drawn: now beside planned, what each budget leaves, and the moves as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.budget.figures import BudgetArguments
from tools.budget.flighting import BudgetFlighting, FlightingArguments, FlightPattern, budget_flighting
from tools.budget.plan import (
    BudgetLine,
    BudgetPlan,
    BudgetScenarios,
    ScenariosArguments,
    budget_plan,
    budget_scenarios,
)
from tools.budget.proposal import BudgetResult, ProposeBudgetArguments, propose_budget
from tools.declaration import shows
from tools.figures import Column
from tools.mix.wording import called
from tools.outcome import Outcome
from tools.views import Chart, Series, Shown, Table, records

__all__ = ["allocation"]

MOST_LINES = 8


@shows(budget_plan)
def plan(outcome: Outcome[BudgetArguments, BudgetPlan]) -> Iterator[Shown]:
    """Before and after, the moves, the channels."""
    result = outcome.result
    yield allocation(result.lines, result.per)
    if result.moves:
        moves = [m.model_copy(update={"source": called(m.source), "target": called(m.target)}) for m in result.moves]
        yield records(moves, title=f"Moves, a {result.per}")
    yield records(result.lines, title=f"Budget by channel, a {result.per}")


def allocation(lines: Sequence[BudgetLine], per: str) -> Chart:
    """Spend now beside planned, with what follows."""
    up = [line for line in lines if line.change > 0.01 * max(line.now, 1.0)]
    down = [line for line in lines if line.change < -0.01 * max(line.now, 1.0)]
    most = max(up, key=lambda line: line.change, default=None)
    least = min(down, key=lambda line: line.change, default=None)
    if most and least:
        note = f"Take from {called(least.channel)}, give to {called(most.channel)}; go in steps and watch sales."
    elif most:
        note = f"The additional money does most on {called(most.channel)}; go in steps and watch sales."
    elif least:
        note = f"Cut {called(least.channel)} first: it costs the fewest sales."
    else:
        note = (
            "The split is as good as the model can tell: leave it, and run an experiment on the channel you doubt most."
        )
    return Chart(
        shape="bar", title=f"Budget by channel, now and planned, a {per}", unit="money", note=note,
        x=[called(line.channel) for line in lines], x_title="Channel", y_title="Spend",
        series=[
            Series(name="Now", values=[line.now for line in lines]),
            Series(name="Planned", values=[line.planned for line in lines]),
        ],
    )  # fmt: skip


@shows(budget_scenarios)
def scenarios(outcome: Outcome[ScenariosArguments, BudgetScenarios]) -> Iterator[Shown]:
    """Gain minus extra spend by budget, and all of it as a table."""
    result = outcome.result
    best = max(result.scenarios, key=lambda one: one.net)
    if len(result.scenarios) > 1:
        yield Chart(
            shape="bar", title=f"What each budget leaves beyond today, a {result.per}", unit="money",
            note=f"Gain in sales minus what is spent more. {best.name.capitalize()} leaves most: propose that budget, "
            "or stop earlier where your margin is thin.",
            x=[one.name for one in result.scenarios], x_title="Budget against now", y_title="Gain minus extra spend",
            series=[Series(name="Gain minus extra spend", values=[one.net for one in result.scenarios])],
        )  # fmt: skip
    yield records(result.scenarios, title=f"Budgets side by side, a {result.per}")


@shows(budget_flighting)
def flighting(outcome: Outcome[FlightingArguments, BudgetFlighting]) -> Iterator[Shown]:
    """What each pattern brings, the weeks of one by channel, and both as tables."""
    result = outcome.result
    yield _patterns(result)
    if len(result.channels) <= MOST_LINES:
        yield _weeks(result)
    yield _week_table(result)
    yield records(result.patterns, title="Patterns side by side")


def _patterns(result: BudgetFlighting) -> Chart:
    others = [one for one in result.patterns if one.pattern != "even"]
    even = result.recommended == "even"
    note = "Spread it evenly: no pattern is clearly better." if even else "Lay it as found, and look at sales weekly."
    return Chart(
        shape="bar", title="Sales beyond the same money spread evenly", unit="money",
        note=f"Thin lines: 90% intervals. {note}", x=[one.pattern.capitalize() for one in others], x_title="Pattern",
        y_title="Sales against even",
        series=[
            Series(
                name="Sales against even", values=[one.against_even for one in others],
                low=[one.against_even_low for one in others], high=[one.against_even_high for one in others],
                tones=[_tone(one) for one in others],
            )
        ],
    )  # fmt: skip


def _tone(one: FlightPattern) -> str:
    """Green where it is better than even for sure, red where worse, grey where nobody knows."""
    return "good" if one.against_even_low > 0 else "bad" if one.against_even_high < 0 else "unsure"


def _weeks(result: BudgetFlighting) -> Chart:
    named = [one.channel for one in result.channels]
    spend = [{part.channel: part.spend for part in week.split} for week in result.weeks]
    return Chart(
        shape="line", title=f"Spend a week, {result.shown}", unit="money", x=[str(week.week) for week in result.weeks],
        x_unit="week", x_title="Week of", y_title="Spend",
        note="Enter these weeks at the ad platforms; AIMA moves no money. The table has them to the cent.",
        series=[Series(name=called(name), values=[week[name] for week in spend]) for name in named],
    )  # fmt: skip


def _week_table(result: BudgetFlighting) -> Table:
    """A row a week, a column a channel."""
    named = [one.channel for one in result.channels]
    rows = []
    for week in result.weeks:
        spend = {part.channel: part.spend for part in week.split}
        rows.append([week.week.isoformat(), week.total, *(spend[name] for name in named)])
    columns = [Column(name="week", title="Week of", unit="day"), Column(name="total", title="All", unit="money")]
    columns += [Column(name=f"channel_{place}", title=called(name), unit="money") for place, name in enumerate(named)]
    return Table(title=f"Spend a week, {result.shown}", columns=columns, rows=rows, total_rows=len(rows))


@shows(propose_budget)
def proposed(outcome: Outcome[ProposeBudgetArguments, BudgetResult]) -> Iterator[Shown]:
    """Before and after, and the channels."""
    made = outcome.result.plan
    yield allocation(made.lines, made.per)
    yield records(made.lines, title=f"Budget by channel, a {made.per}")
