"""How people ask where to spend."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["FLIGHTING", "PLAN", "PROPOSE_BUDGET", "RECOMMENDED", "SCENARIOS"]

_NUMBER = r"(\d[\d,]*(?:\.\d+)?)\s?(k\b|thousand\b|m\b|million\b)?"
_SHARES = r"%|percent"
_TOTAL = (
    r"\b(?:budget|spend|split|spread|lay|allocate|distribute|divide|have|with|of|total)\b[^0-9%]{0,25}?"
    rf"{_NUMBER}(?![\d,.]* ?(?:{_SHARES}|channels|weeks|months|more|times))"
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
_WEEKS_OF = {"week": 1.0, "month": 365.25 / 12 / 7, "quarter": 365.25 / 4 / 7, "year": 365.25 / 7}
_PATTERNS = (  # asked about one alone; "pulsed or even" wants them side by side, as the answer has them
    (r"^(?!.*\b(?:or|versus|vs|against)\b).*\b(?:evenly|always on|same every week)\b", "even"),
    (r"^(?!.*\b(?:or|versus|vs|against)\b).*\bfront[ -]?load", "front-loaded"),
    (r"^(?!.*\b(?:or|versus|vs|against)\b).*\bpuls(?:ed?|es|ing)\b", "pulsed"),
)
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


def plan(slots: Slots, scene: Scene) -> list[Call]:
    """The best split for what is asked; over weeks where these are to be told one by one."""
    if slots.has(r"\b(?:by week|by the week|week by week|over the weeks|for each week|weekly plan)\b"):
        return flighting(slots, scene)
    return [Call("budget_plan", asked(slots))]


def scenarios(slots: Slots, _scene: Scene) -> list[Call]:
    """Several budgets; those named in per cent, else the usual ones."""
    found = [float(one) / 100 for one in re.findall(r"([+-]?\d+(?:\.\d+)?) ?(?:%|percent)", slots.plain)]
    per = {name: value for name, value in asked(slots).items() if name == "per"}
    return [Call("budget_scenarios", {"changes": sorted({0.0, *found}), **per} if found else per)]


def flighting(slots: Slots, _scene: Scene) -> list[Call]:
    """The budget over as many weeks as are named; a total a month or week is taken times these."""
    said, text = asked(slots), slots.plain
    weeks = _weeks(text)
    arguments: dict[str, Any] = {"weeks": weeks} if weeks else {}
    if "change" in said:
        arguments["change"] = said["change"]
    if "total" in said:
        each = re.search(r"\b(?:a|per|each|every) (week|month|quarter|year)\b", text)
        times = (weeks or 13) / _WEEKS_OF[each[1]] if each else 1.0
        arguments["total"] = round(said["total"] * times, 2)
    if pattern := next((name for words, name in _PATTERNS if slots.has(words)), None):
        arguments["pattern"] = pattern
    return [Call("budget_flighting", arguments)]


def _weeks(text: str) -> int | None:
    """Weeks of the horizon a clause names, 2 to 52."""
    if found := re.search(r"\b(\d{1,2}) (weeks?|months?|quarters?)\b", text):
        weeks = round(int(found[1]) * _WEEKS_OF[found[2].rstrip("s")])
    elif found := re.search(r"\b(?:next|coming|the|this|whole) (month|quarter|year)\b", text):
        weeks = round(_WEEKS_OF[found[1]])
    else:
        return None
    return min(max(weeks, 2), 52)


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
FLIGHTING = Request(
    "budget_flighting",
    """
        lay the budget over the next 13 weeks | flighting of the budget | media plan week by week |
        when should we spend the budget | should we pulse the ads or spread them evenly |
        how to spread 50,000 over 8 weeks | weekly media plan for next quarter | burst or always on |
        front-load the budget or spread it evenly | best timing of ad spend | spend plan by week |
        how much should we spend each week over the next 8 weeks | pulsing against continuous advertising |
        distribute the ad budget over the weeks | flighting plan for 10000 over 6 weeks | media flighting |
        give me a weekly spending plan | budget calendar by week for the ads | phasing of the media budget |
        could you please plan the ad spend week by week | flightng plan | in which weeks should we advertise |
        lay 20% more budget over the quarter | show the plan pulsed |
        budget plan by week for next quarter | spread the budget evenly over 12 weeks
    """,
    flighting,
    near_misses="""
        flights to Paris | spread of the virus | a flight of stairs |
        spread the word | pulse of the market | pulse oximeter for runners
    """,
)
