"""Budgets in words: what to move where and how likely it is better first."""

from __future__ import annotations

from language.format import bullets, count, day, money, percent
from tools.budget.figures import BudgetArguments
from tools.budget.flighting import BudgetFlighting, FlightingArguments, FlightPattern, budget_flighting
from tools.budget.plan import BudgetPlan, BudgetScenarios, ScenariosArguments, budget_plan, budget_scenarios
from tools.budget.proposal import (
    NOTHING_MOVES,
    BudgetPlans,
    BudgetResult,
    ListBudgetPlansArguments,
    ProposeBudgetArguments,
    list_budget_plans,
    propose_budget,
)
from tools.declaration import answers
from tools.mix.wording import called
from tools.outcome import Outcome

__all__ = ["gain_words", "move_words"]

SMALL = 0.005  # of sales: a gain below it is none worth the trouble
SURE, LIKELY = 0.9, 0.7


@answers(budget_plan)
def plan(outcome: Outcome[BudgetArguments, BudgetPlan]) -> str:
    """The moves, the gain and how likely it is; cautions after."""
    result, currency = outcome.result, outcome.currency
    lines = move_words(result, currency)
    cautions = f"\n\nRead it with caution:\n\n{bullets(result.cautions)}" if result.cautions else ""
    moves = f"\n\n{bullets(lines)}" if lines else ""
    return f"{gain_words(result, currency)}{moves}{cautions}"


def gain_words(result: BudgetPlan, currency: str) -> str:
    """What the plan comes to, in a sentence or two."""
    total = f"{money(result.total, currency)} a {result.per}"
    if not result.moves and abs(result.total - result.total_now) < SMALL * max(result.total_now, 1.0):
        return f"**Leave the split as it is.** No other split of {total} is worth the move, by the marketing mix model."
    sure = (
        "almost surely better" if result.likely_better >= SURE
        else "probably better" if result.likely_better >= LIKELY
        else "hardly better than a coin toss: try a small part of it first, or run an experiment"
    )  # fmt: skip
    more = result.extra
    spent = f" for {money(abs(more), currency)} {'more' if more > 0 else 'less'} spend" if abs(more) >= 1 else ""
    direction = "more" if result.gain >= 0 else "less"
    return (
        f"**Split {total} anew: about {money(abs(result.gain), currency)} {direction} in sales a {result.per}{spent}** "
        f"(90% interval {money(result.gain_low, currency)} to {money(result.gain_high, currency)}). With "
        f"{percent(result.likely_better)} probability it is better than today: {sure}."
    )


def move_words(result: BudgetPlan, currency: str) -> list[str]:
    """Each move with its own gain."""
    return [
        f"Move **{money(move.amount, currency)}** a {result.per} from {called(move.source)} to {called(move.target)}: "
        f"about {money(move.gain, currency)} in sales, better with {percent(move.likely_better)} probability"
        for move in result.moves
    ]


@answers(budget_scenarios)
def scenarios(outcome: Outcome[ScenariosArguments, BudgetScenarios]) -> str:
    """Each budget with what it brings; the last whose next unit still pays."""
    result, currency = outcome.result, outcome.currency
    lines = [
        f"**{one.name}** ({money(one.total, currency)}): sales {money(one.sales, currency)}, "
        f"{money(one.gain, currency)} against today, the next unit {one.next_unit:.2f}"
        for one in result.scenarios
    ]
    best = max(result.scenarios, key=lambda one: one.net)
    return (
        f"**{best.name.capitalize()} leaves most after its own cost: {money(best.net, currency)} a {result.per} beyond "
        f"today**, each budget split as well as possible. Sales are not profit: weigh them with your margin.\n\n"
        f"{bullets(lines)}"
    )


@answers(budget_flighting)
def flighting(outcome: Outcome[FlightingArguments, BudgetFlighting]) -> str:
    """Which pattern, what it is worth against even, each pattern, each channel's form."""
    result, currency = outcome.result, outcome.currency
    lines = [_pattern(one, currency) for one in result.patterns]
    forms = [
        f"**{called(one.channel)}**: {money(one.total, currency)} in all, {one.form}"
        + (f", {count(one.weeks_on)} of {count(len(result.weeks))} weeks on" if one.form == "in bursts" else "")
        for one in result.channels
    ]
    parts = [
        _best_of(result, currency), bullets(lines),
        f"The weeks listed are those of the pattern “{result.shown}”, which sum to the budget to the cent:"
        f"\n\n{bullets(forms)}",
    ]  # fmt: skip
    if result.cautions:
        parts.append(f"Read it with caution:\n\n{bullets(result.cautions)}")
    return "\n\n".join(parts)


def _best_of(result: BudgetFlighting, currency: str) -> str:
    """The recommendation in a sentence."""
    best = next(one for one in result.patterns if one.pattern == "best found")
    over = f"{money(result.total, currency)} over {count(len(result.weeks))} weeks from {day(result.first_week)}"
    if result.recommended == "even":
        return (
            f"**Spread {over} evenly.** The best pattern found brings {money(best.against_even, currency)} more than "
            f"that, better with {percent(best.likely_better)} probability: not worth the trouble."
        )
    return (
        f"**Lay {over} as in the pattern found: about {money(best.against_even, currency)} more in sales than spread "
        f"evenly** (90% interval {money(best.against_even_low, currency)} to {money(best.against_even_high, currency)}"
        f"), better with {percent(best.likely_better)} probability."
    )


def _pattern(one: FlightPattern, currency: str) -> str:
    against = "" if one.pattern == "even" else f", {money(one.against_even, currency)} against even"
    return (
        f"**{one.pattern.capitalize()}**: {money(one.gain, currency)} in sales beyond going on as now "
        f"({money(one.gain_low, currency)} to {money(one.gain_high, currency)}){against}"
    )


@answers(propose_budget)
def proposed(outcome: Outcome[ProposeBudgetArguments, BudgetResult]) -> str:
    """That it waits for a person, and that no money moves."""
    made, currency = outcome.result.plan, outcome.currency
    return (
        f"**“{made.title}” waits for a person's decision**: {money(made.total, currency)} a {made.per}, about "
        f"{money(made.gain, currency)} in sales against today, better with {percent(made.likely_better)} probability. "
        f"See the page Budget. {NOTHING_MOVES}"
    )


@answers(list_budget_plans)
def recommended(outcome: Outcome[ListBudgetPlansArguments, BudgetPlans]) -> str:
    """How many wait, and the newest."""
    result, currency = outcome.result, outcome.currency
    if not result.plans:
        return "**No budget has been recommended yet.** Ask how to split the budget, then propose it."
    waiting = sum(plan.status == "pending" for plan in result.plans)
    lines = [
        f"**{plan.title}**, {plan.status}: {money(plan.total, currency)} a {plan.per}, about "
        f"{money(plan.gain, currency)} in sales"
        for plan in result.plans[:5]
    ]
    return f"**{count(result.total)} recommended budgets, {count(waiting)} of them undecided.**\n\n{bullets(lines)}"
