"""The best split of the budget, and several budgets side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from core.identity import READ
from database.queries import organisations
from language.cells import value_name
from language.format import money as written
from tools.budget.figures import BudgetArguments, Per, Ready, best_level, ready
from tools.budget.questions import PLAN, SCENARIOS
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analytics.budget.plan import Line, Plan

WORDS = [
    "now: mean spend of the last 13 weeks. sales: what the channels bring by the marketing mix model once a split has "
    "gone on for a while, in the pattern of these weeks; intervals hold 90%.",
    "gain: sales beyond those of today's split. likely_better: how probable it is, by the model, that sales gain more "
    "than is spent more. An estimate, not a promise: try a part of it first where it is unsure.",
]
STEPS = (-0.3, -0.15, 0.0, 0.15, 0.3)


class BudgetLine(BaseModel):
    """One channel in a plan."""

    channel: str = figure("Channel", "Name of the channel.")
    now: float = figure("Now", "Spend per period.", unit="money")
    planned: float = figure("Planned", "Spend per period.", unit="money")
    change: float = figure("Change", "Planned minus now.", unit="money")
    relative: float | None = figure("Change, relative", "Over now; null where nothing is spent.", unit="share")
    sales_now: float = figure("Sales now", "Brought per period.", unit="money")
    sales_planned: float = figure("Sales planned", "Brought per period.", unit="money")
    sales_low: float = figure("Sales planned, low", "Lower end of the interval.", unit="money")
    sales_high: float = figure("Sales planned, high", "Upper end of the interval.", unit="money")
    next_unit_now: float = figure("Next unit now", "Sales per unit spent more, now.", unit="ratio")
    next_unit_planned: float = figure("Next unit planned", "Sales per unit spent more, in the plan.", unit="ratio")
    beyond: bool = figure("Beyond", "True: a week of it exceeds all ever spent in one week: the model guesses there.")


class BudgetMove(BaseModel):
    """Money from one channel to another."""

    source: str = figure("From", "Channel that gives.")
    target: str = figure("To", "Channel that gets.")
    amount: float = figure("Amount", "Per period.", unit="money")
    gain: float = figure("Gain in sales", "Of this move alone, per period.", unit="money")
    gain_low: float = figure("Gain, low", "Lower end of the interval.", unit="money")
    gain_high: float = figure("Gain, high", "Upper end of the interval.", unit="money")
    likely_better: float = figure("Likely better", "Probability that sales rise by it.", unit="share")


class BudgetPlan(ToolResult):
    """The best split, against today's."""

    lines: list[BudgetLine] = figure("Budget by channel", "Now and planned.")
    moves: list[BudgetMove] = figure("Moves", "What to move where; empty: leave the split as it is.")
    per: Per = Field(description="Period of all amounts.")
    total_now: float = figure("Budget now", "Per period.", unit="money")
    total: float = figure("Budget planned", "Per period.", unit="money")
    extra: float = figure("Extra spend", "Planned minus now, per period; negative: saved.", unit="money")
    sales_now: float = figure("Sales by the channels now", "Per period.", unit="money")
    sales: float = figure("Sales by the channels planned", "Per period.", unit="money")
    roas: float = figure("Sales per unit spent, planned", "On average.", unit="ratio")
    gain: float = figure("Gain in sales", "Beyond today's, per period.", unit="money")
    gain_low: float = figure("Gain, low", "Lower end of the interval.", unit="money")
    gain_high: float = figure("Gain, high", "Upper end of the interval.", unit="money")
    likely_better: float = figure(
        "Likely better than today", "Probability that sales gain more than is spent more.", unit="share"
    )
    cautions: list[str] = figure("Cautions", "What makes it doubtful.")
    currency: str = Field(description="ISO 4217 code of money.")


class ScenariosArguments(Arguments):
    """Which budgets."""

    changes: list[float] = Field(
        default=list(STEPS), min_length=1, max_length=9,
        description="Whole budgets against now: -0.15 is 15% less, 0 as now.",
    )  # fmt: skip
    per: Per = Field(default="month", description="Period of all amounts.")
    move_at_most: float = Field(default=0.5, gt=0, le=4.0, description="Each channel moves by at most this share.")


class Scenario(BaseModel):
    """One budget with its best split."""

    name: str = figure("Budget", "Against now.")
    total: float = figure("Spend", "Per period.", unit="money")
    sales: float = figure("Sales", "By the channels, per period.", unit="money")
    gain: float = figure("Gain in sales", "Beyond today's, per period.", unit="money")
    gain_low: float = figure("Gain, low", "Lower end of the interval.", unit="money")
    gain_high: float = figure("Gain, high", "Upper end of the interval.", unit="money")
    net: float = figure("Gain minus extra spend", "Per period.", unit="money")
    roas: float = figure("Sales per unit spent", "On average.", unit="ratio")
    next_unit: float = figure("Sales of the next unit", "Of one more spent, best split.", unit="ratio")
    likely_better: float = figure("Likely better than today", "Net of the extra spend.", unit="share")
    split: str = figure("Best split", "Spend by channel.")


class BudgetScenarios(ToolResult):
    """Budgets side by side."""

    scenarios: list[Scenario] = figure("Budgets side by side", "The smallest first.")
    per: Per = Field(description="Period of all amounts.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the best split of the budget",
    agents=("optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"change": 0.2}, {"target_roas": 2.0}, {"total": 10_000, "per": "month"}),
    questions=(PLAN,),
    next=("Propose this budget", "Compare several budgets", "What does each channel bring?"),
)
def budget_plan(context: Context, arguments: BudgetArguments) -> BudgetPlan:
    """The best split of a budget over the channels by the marketing mix model: moves, gain, how likely it is better.

    For the same total as now, another total, a return on spend to keep, or sales to reach; each channel within bounds.
    Refused while no fit has passed its checks.
    """
    with context.transaction() as connection:
        asked = ready(connection, arguments)
        currency = organisations.profile(connection).currency
    return plan_result(asked, best_level(asked, arguments), currency)


@tool(
    effect=Effect.READ,
    scope=READ,
    about="budgets side by side",
    agents=("optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"changes": [-0.2, 0, 0.2]}),
    questions=(SCENARIOS,),
    next=("How should I split the budget?", "Propose this budget"),
)
def budget_scenarios(context: Context, arguments: ScenariosArguments) -> BudgetScenarios:
    """Several budgets side by side, each with its best split: sales, return, gain, likely better than today or not."""
    with context.transaction() as connection:
        widest = max(abs(change) for change in arguments.changes)
        move = max(arguments.move_at_most, min(widest + 0.2, 4.0))
        asked = ready(connection, BudgetArguments(per=arguments.per, move_at_most=move))
        currency = organisations.profile(connection).currency
    found = [_scenario(asked, change, currency) for change in sorted(set(arguments.changes))]
    return BudgetScenarios(scenarios=found, per=arguments.per, currency=currency, evidence=evidence_of(asked))


def plan_result(asked: Ready, level: NDArray[np.float64], currency: str) -> BudgetPlan:
    """A plan of spend a week `level` as the tool gives it, in the period asked for."""
    from analytics.budget.plan import plan_of

    plan, weeks = plan_of(asked.response, level, asked.channels), asked.weeks
    sales_now, sales = (
        sum(getattr(line, name).mean for line in plan.lines) for name in ("sales_today", "sales_planned")
    )
    return BudgetPlan(
        lines=_lines(plan, weeks),
        moves=[
            BudgetMove(
                source=move.source, target=move.target, amount=_money(move.amount * weeks),
                gain=_money(move.gain.mean * weeks), gain_low=_money(move.gain.low * weeks),
                gain_high=_money(move.gain.high * weeks), likely_better=round(move.better, 4),
            )
            for move in plan.moves
        ],
        per=asked.per,
        total_now=_money(plan.total_today * weeks),
        total=_money(plan.total * weeks),
        extra=_money((plan.total - plan.total_today) * weeks),
        sales_now=_money(sales_now * weeks),
        sales=_money(sales * weeks),
        roas=round(sales / plan.total, 4) if plan.total else 0.0,
        gain=_money(plan.gain.mean * weeks),
        gain_low=_money(plan.gain.low * weeks),
        gain_high=_money(plan.gain.high * weeks),
        likely_better=round(plan.better, 4),
        cautions=_cautions(asked, plan),
        currency=currency,
        evidence=evidence_of(asked),
    )  # fmt: skip


def _lines(plan: Plan, weeks: float) -> list[BudgetLine]:
    return [
        BudgetLine(
            channel=line.channel,
            now=_money(line.today * weeks),
            planned=_money(line.planned * weeks),
            change=_money((line.planned - line.today) * weeks),
            relative=share(line.planned / line.today - 1) if line.today > 0 else None,
            sales_now=_money(line.sales_today.mean * weeks),
            sales_planned=_money(line.sales_planned.mean * weeks),
            sales_low=_money(line.sales_planned.low * weeks),
            sales_high=_money(line.sales_planned.high * weeks),
            next_unit_now=round(line.marginal_today, 4),
            next_unit_planned=round(line.marginal_planned, 4),
            beyond=line.beyond,
        )
        for line in sorted(plan.lines, key=lambda line: -line.today)
    ]


def _cautions(asked: Ready, plan: Plan) -> list[str]:
    found = [gate["words"] for gate in asked.kept.gates if gate["verdict"] == "caution"]
    beyond = [line.channel for line in plan.lines if line.beyond]
    edge = [line.channel for line in plan.lines if _at_its_bound(asked, line)]
    if edge:
        found.insert(0, f"At the edge of what may be moved: {_listed(edge)}. Wider bounds might bring more.")
    if beyond:
        found.insert(0, f"Beyond all that was ever spent in a week: {_listed(beyond)}. Go there in steps.")
    return found


def _listed(channels: list[str]) -> str:
    return ", ".join(value_name("spend_channel", channel) for channel in channels)


def _at_its_bound(asked: Ready, line: Line) -> bool:
    """Whether a channel would be given more if it might."""
    place = asked.channels.index(line.channel)
    return line.planned > line.today and line.planned > asked.bounds.high[place] * 0.999


def _scenario(asked: Ready, change: float, currency: str) -> Scenario:
    from analytics.budget.optimiser import best_for_total
    from analytics.budget.plan import plan_of

    total = float(asked.response.today.sum()) * (1 + change)
    level = best_for_total(asked.response, total, asked.bounds)
    plan, weeks = plan_of(asked.response, level, asked.channels), asked.weeks
    sales = sum(line.sales_planned.mean for line in plan.lines)
    slopes = asked.response.with_slope(level)[1]
    split = [
        f"{value_name('spend_channel', line.channel)} {written(round(line.planned * weeks), currency)}"
        for line in plan.lines
    ]
    return Scenario(
        name="as now, split anew" if change == 0 else f"{change:+.0%}",
        total=_money(plan.total * weeks),
        sales=_money(sales * weeks),
        gain=_money(plan.gain.mean * weeks),
        gain_low=_money(plan.gain.low * weeks),
        gain_high=_money(plan.gain.high * weeks),
        net=_money(plan.net.mean * weeks),
        roas=round(sales / plan.total, 4) if plan.total else 0.0,
        next_unit=round(float(slopes.max()), 4),
        likely_better=round(plan.better, 4),
        split="; ".join(split),
    )


def evidence_of(asked: Ready, words: Sequence[str] = WORDS) -> Evidence:
    """The fit that a budget rests on."""
    run = asked.kept.run
    return Evidence(
        rows=run.rows, as_of=run.as_of, sources=["orders", "channel_spend", "model_runs"], definitions=list(words)
    )


def _money(value: float) -> float:
    return money(value) or 0.0
