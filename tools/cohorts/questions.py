"""How people ask for cohorts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from core.calendar import whole_months
from language.conditions import Conditions
from language.followups import is_whole
from language.periods import Period
from language.requests import Answerable, Request
from language.residue import unexplained
from language.rules import asked_rule, opened_in, untold_days
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import counted, unclear
from tools.metrics.figures import asks_figure, figures

_ORDINALS = {word: number for number, word in enumerate("next second third fourth fifth sixth".split(), start=1)}  # noqa: SIM905
_NUMBER = rf"(\d+|a|first|{'|'.join(_ORDINALS)})"
_BOUGHT_THEN = (
    r"\b(?:who |that |customers |people |buyers )(?:have |had )?(?:bought|ordered|purchased|shopped)(?: \w+)?"
    r" (?:in|during|on) \w+"
)
_BEGAN = (
    r"\b(?:first|new\w*|cohorts?|join\w*|won|acquir\w*|gain\w*|start\w*|signed|began|retention|retain\w*|intake"
    r"|became)\b"
)
_WHO_BEGAN = (
    "A cohort is those who first ordered in a month. Do you mean them (“who first ordered in March”), or all who "
    "ordered then? For these ask “how many customers ordered in March and since April”, with the dates."
)
_BY_MONTHS = (
    "Cohorts are told by whole months after the first order. For days ask “how many customers who first bought in "
    "March ordered again within 90 days of their first order”."
)
_WHOLE_MONTHS = "A cohort is the customers of one calendar month: say the month, or ask for all cohorts."


def retention(slots: Slots, scene: Scene) -> Answerable:
    """The cohort triangle, rows of it, or cells."""
    opened = opened_in(slots.conditions.rule)
    if slots.conditions.rule and asks_figure(slots) and not slots.has(r"\bretention|cohorts?\b"):
        return figures(slots, scene)
    if slots.conditions.rule and opened is None and (rule := asked_rule(slots)):
        return unclear(slots) if unexplained(slots) or untold_days(slots) else counted(slots, scene, rule)
    if slots.conditions.rule is None and slots.conditions.unclear and not slots.has(_BEGAN):
        return unclear(slots)
    if opened is not None:
        first, last = (date.fromisoformat(opened[name]) for name in ("start", "end"))
        slots = replace(slots, periods=[Period(first, last), *slots.periods], conditions=Conditions([], None, []))
    if (largest := _largest(slots)) is not None:
        return largest
    if slots.has(r"\bwithin (?:the first )?\d+ (?:days|weeks)\b"):
        return _BY_MONTHS
    if (said := _beyond(slots)) is not None:
        return said
    arguments: dict[str, Any] = {}
    after = re.search(rf"\b(?:after|in) (?:the )?{_NUMBER} months?\b", slots.plain)
    after = after or re.search(
        r"\b(\d+|a|1) months? (?:later|after|on)\b|\bmonth (\d+)\b|\bthe (next) month\b", slots.plain
    )
    if after:
        word = next(g for g in after.groups() if g)
        arguments["months_after"] = ({"a": 1, "first": 1} | _ORDINALS).get(word) or int(word)
    cohorts = [{"cohort": p.start.strftime("%Y-%m")} for p in slots.periods if p.start]
    return [Call("cohort_retention", cohort | arguments) for cohort in cohorts or [{}]]


def _largest(slots: Slots) -> list[Call] | None:
    """ "Which cohort of 2011 was the largest": the month with the most new customers."""
    size = slots.has(r"\b(?:largest|biggest|smallest|most (?:new )?(?:customers|buyers))\b") and slots.has(
        r"\bcohorts?\b"
    )
    if not size or len(slots.periods) > 1:
        return None
    days = slots.periods[0].arguments() if slots.periods else {}
    ranked = {"order_by": "new_customers", "descending": not slots.ascending, "limit": slots.limit or 1}
    return [Call("query_metrics", {"metrics": ["new_customers"], "grain": "month"} | ranked | days)]


def _beyond(slots: Slots) -> str | None:
    """What was said that cohorts cannot be cut by."""
    if slots.has(_BOUGHT_THEN) and not slots.has(_BEGAN):
        return _WHO_BEGAN
    figures = set(slots.metrics) - {"customers", "new_customers", "repeat_customers", "repeat_rate"}
    if slots.filters or slots.order_filters or slots.conditions.rule or slots.quoted or slots.dimensions or figures:
        return "I can tell retention for all customers of a month, not for some of them and not for other figures."
    if slots.grain not in (None, "month") or not all(
        p.start and p.end and whole_months(p.start, p.end) == 1 for p in slots.periods
    ):
        return _WHOLE_MONTHS
    return None


def follow_up(slots: Slots, scene: Scene) -> Answerable | None:
    """Another cohort, or another month after it."""
    if scene.last is None or is_whole(slots) or slots.metrics or slots.conditions.rule:
        return None
    if (slots.periods or slots.filters) and (said := _beyond(slots)) is not None:
        return said
    arguments = dict(scene.last.arguments)
    if slots.periods and slots.periods[0].start:
        arguments["cohort"] = slots.periods[0].start.strftime("%Y-%m")
    if months := re.search(r"(?:after )?(\d+) months?\b", slots.plain):
        arguments["months_after"] = int(months[1])
    return [Call("cohort_retention", arguments)] if arguments != scene.last.arguments else None


RETENTION = Request(
    "cohorts",
    """
        the December 2010 cohort after one month | cohort analysis | retention by cohort | cohorts please |
        how many of the January 2011 cohort came back after 2 months | show retention | cohort table |
        how many customers who first bought in March 2011 came back the next month | do customers come back |
        monthly cohorts | retention rate | retention by month of first purchase | retention matrix | month 1 retention |
        retention triangle | cohort retention heatmap | show the cohort chart | how well do we retain customers |
        how good is our customer retention | customer retention | what is our retention after 3 months |
        retention in the sixth month | retention of the customers won in May 2023 | cohort of September 2021 |
        how did the Christmas 2022 cohort hold up | of the people who first ordered in June 2024, how many returned |
        what share of new buyers comes back in the following month | do first-time buyers ever come back |
        do new customers return after their first order | how many of last year's new customers ordered again later |
        what became of the customers we won in spring 2023 | did the customers we gained in November stay with us |
        are newer cohorts better than older ones | which cohort is the best | which cohort came back most |
        compare the January cohort with the July cohort | by first order month, how many were still buying afterwards |
        group customers by the month they started and show how many return | how many return in the second month |
        after how many months do new customers stop coming back | are people we won on Black Friday coming back |
        percentage of each month's new customers who bought again later | are the Black Friday newcomers loyal or gone |
        is retention getting better | is our retention improving from cohort to cohort | acquisition month cohorts |
        could you run a cohort analysis for me | I need the cohorts for our investor update | retenton by cohrt |
        how the customers of march 2022 come back after | vintage analysis of customers by start month |
        repeat behaviour by acquisition month | reactivation by month after the first order | cohorts by month |
        returning share by months since first purchase | retention by first order month |
        what share of the April customers bought again in May | how many of the people we won in 2023 came back |
        show me retention per acquisition month | which cohort had the most people | the biggest cohort of last year |
        size of the June cohort | 2nd month retention of those won in April | how large is the May 2022 cohort |
        best retention after three months by starting month
    """,
    retention,
    timed=True,
    unless=r"(?:\b(?:share|part|portion|proportion|fraction)\b|%).*"
    r"\b(?:were|are|was) (?:brand )?(?:new|first[- ]timers?|newcomers)\b",
    near_misses="""
        employee retention | staff retention rate | data retention policy | how long do you keep my data |
        water retention | retention bonus for managers | cohort of students | retention schedule for invoices |
        video audience retention on YouTube | when will the CEO come back | who returns the hire car | retain a lawyer |
        how do I return an item
    """,
)
