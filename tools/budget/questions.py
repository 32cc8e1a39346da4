"""How people ask where to spend."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["PLAN", "PROPOSE_BUDGET", "RECOMMENDED", "SCENARIOS"]

_NUMBER = r"(\d[\d,]*(?:\.\d+)?)\s?(k\b|thousand\b|m\b|million\b)?"
_SHARES = r"%|percent"
_TOTAL = (
    r"\b(?:budget|spend|split|allocate|distribute|divide|have|with|of|total)\b[^0-9%]{0,25}?"
    rf"{_NUMBER}(?! ?(?:{_SHARES}|channels|weeks|months|more|times))"
)
_CHANGE = r"(\d+(?:\.\d+)?) ?(?:%|percent) (more|less|higher|lower|bigger|smaller|extra|fewer)"
_BY = r"\b(increase|raise|grow|cut|reduce|lower|shrink|more|less)\w*\b.{0,30}?\bby (\d+(?:\.\d+)?) ?(?:%|percent)"
_ROAS = (
    r"\b(?:roas|return|roi)\b (?:on ad spend )?(?:of |at least |at |above |over |is |stays |to )*"
    rf"(\d+(?:\.\d+)?)(?! ?(?:{_SHARES}))"
)
_PER = (
    r"\b(?:a|per|each|every|this|next|the|for) (week|month|quarter|year)\b|\b(weekly|monthly|quarterly|yearly|annual)\b"
)
_PERIODS = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year", "annual": "year"}
_LESS = ("less", "lower", "smaller", "fewer", "cut", "reduce", "shrink")
_TIMES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}


def asked(slots: Slots) -> dict[str, Any]:
    """Total, change or target, and the period, as far as a clause says them."""
    text, arguments = slots.plain, {}
    if found := re.search(_PER, text):
        arguments["per"] = found[1] or _PERIODS[found[2]]
    if found := re.search(_CHANGE, text):
        arguments["change"] = _signed(float(found[1]), found[2])
    elif found := re.search(_BY, text):
        arguments["change"] = _signed(float(found[2]), found[1])
    elif found := re.search(_ROAS, text):
        arguments["target_roas"] = float(found[1])
    elif found := re.search(_TOTAL, text):
        arguments["total"] = float(found[1].replace(",", "")) * _TIMES.get(found[2] or "", 1.0)
    return arguments


def _signed(percent: float, word: str) -> float:
    share = round(min(percent / 100, 4.0), 4)
    return -min(share, 0.9) if word.startswith(_LESS) else share


def plan(slots: Slots, _scene: Scene) -> list[Call]:
    """The best split for what is asked."""
    return [Call("budget_plan", asked(slots))]


def scenarios(slots: Slots, _scene: Scene) -> list[Call]:
    """Several budgets; those named in per cent, else the usual ones."""
    found = [float(one) / 100 for one in re.findall(r"([+-]?\d+(?:\.\d+)?) ?(?:%|percent)", slots.plain)]
    per = {name: value for name, value in asked(slots).items() if name == "per"}
    return [Call("budget_scenarios", {"changes": sorted({0.0, *found}), **per} if found else per)]


def proposal(slots: Slots, _scene: Scene) -> list[Call]:
    """The best split, to be decided on."""
    return [Call("propose_budget", asked(slots))]


def recommended(slots: Slots, _scene: Scene) -> list[Call]:
    """The splits that were recommended; those that wait where these are meant."""
    waiting = slots.has(r"\b(?:wait|waiting|pending|open|undecided|to decide)\b")
    return [Call("list_budget_plans", {"status": "pending"} if waiting else {})]


PLAN = Request(
    "budget_plan",
    """
        optimise the budget across channels | optimal budget allocation | best split of the ad budget |
        how should I allocate the marketing budget | how should we distribute 10,000 a month over the channels |
        best allocation of 50k per month | optimise our media spend | reallocate the budget by the mix model |
        what is the optimal marketing mix | move budget from where to where |
        which channel should give, which should get |
        how to spend 20% more | where would you cut if we had 10% less | best split with 15% less budget |
        how much can we spend at a ROAS of 3 | largest budget that keeps a return of 2.5 | budget optimiser |
        budget optimisation | allocate 120000 next quarter | ideal channel mix | optimal spend per channel |
        how would the optimiser split our budget | what is the most efficient budget | rebalance the channels |
        are we spending on the right channels by the model | how should the media budget look next month |
        where is the next euro best spent by the mix model | recommend a budget split | budget alocation please |
        could you work out the best budget for us | if we raise the budget by 30%, where should it go |
        shift spend between channels for more sales | optimal weekly spend
    """,
    plan,
    near_misses="""
        budget of the government | holiday budget | household budget planner | raise the budget of video to 3000 |
        set the daily budget of the Facebook campaign | split the bill |
        optimise my website for search engines | allocate desks in the office
    """,
)
SCENARIOS = Request(
    "budget_scenarios",
    """
        compare several budgets | budget scenarios | what would 10% more or 10% less ad budget bring |
        scenarios for spend |
        compare 20% less with 20% more budget | what would more budget bring | budgets side by side |
        scenario comparison for the marketing budget | how do sales change with the total budget |
        show me budget scenarios for next year | what would half the ad budget cost us in sales |
        scenaros for the budget |
        compare spending plans | best, same and lower budget in comparison
    """,
    scenarios,
    near_misses="""
        scenario of the film | compare two hotels | worst case scenario of the outage
    """,
)
PROPOSE_BUDGET = Request(
    "budget_proposal",
    """
        propose this budget | propose a budget split | put the budget up for approval | propose the optimal budget |
        submit the budget for approval | make the best split a proposal | propose a budget with 10% more |
        recommend this split to the boss for approval | I want this budget approved | propose the reallocation
    """,
    proposal,
    near_misses="""
        propose to my girlfriend | propose a campaign | propose a meeting | submit my tax return | approve the budget
    """,
)
RECOMMENDED = Request(
    "recommended_budgets",
    """
        which budgets wait for a decision | recommended budgets | show the budget proposals | list budget plans |
        what became of the budget we proposed | which budget was approved | pending budgets | budgets to decide |
        history of budget recommendations
    """,
    recommended,
    near_misses="""
        budget hotels | recommended books | budget airlines
    """,
)
