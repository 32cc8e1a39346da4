"""Campaigns worth proposing and a week's plan, in words: a figure never without what it rests on."""

from __future__ import annotations

from collections import Counter

from language.format import bullets, capital, count, day, money
from tools.declaration import answers
from tools.outcome import Outcome
from tools.planning.evidence import Return
from tools.planning.export import ExportedWeek, ExportWeekArguments, export_week
from tools.planning.ideas import (
    CampaignIdeas,
    CampaignIdeasArguments,
    Idea,
    ProposedIdeas,
    ProposeIdeasArguments,
    campaign_ideas,
    propose_ideas,
)
from tools.planning.week import WeekPlanArguments, WeekPlanResult, plan_week, week_plan
from tools.planning.week_draft import PlanWeekArguments
from tools.planning.week_proposals import ProposedWeek, ProposeWeekArguments, propose_week

SHOWN = 5


@answers(campaign_ideas)
def ideas(outcome: Outcome[CampaignIdeasArguments, CampaignIdeas]) -> str:
    """The best first, each with its reach, its offer and what its return rests on."""
    result = outcome.result
    if not result.ideas:
        return "**No type of campaign suits anybody at the moment.** Its rules need customers who have ordered."
    first = next((one for one in result.ideas if one.missing is None), None)
    lead = (
        f"**{first.title} comes first: {count(first.reachable)} customers can be reached.** {first.expected.words}"
        if first
        else "**Nothing can be proposed as it is.**"
    )
    ready = [one for one in result.ideas if one.missing is None]
    others = [f"{one.title}: {one.missing}" for one in result.ideas if one.missing is not None]
    waiting = f"\n\nNot yet: {'; '.join(others)}." if others else ""
    return f"{lead}\n\n{bullets([_idea(one, result.currency) for one in ready])}{waiting}"


@answers(propose_ideas)
def proposed(outcome: Outcome[ProposeIdeasArguments, ProposedIdeas]) -> str:
    """What waits for a person, and what could not be proposed."""
    result = outcome.result
    if not result.proposals:
        return f"**Nothing could be proposed.**\n\n{bullets(result.left_out)}"
    lines = [
        f"**{one.title}**: {count(one.audience.to_send)} messages. {one.expected or ''}" for one in result.proposals
    ]
    left = f"\n\nNot proposed:\n\n{bullets(result.left_out)}" if result.left_out else ""
    return (
        f"**{_many(len(result.proposals), 'campaign')} drafted for you to decide.**\n\n{bullets(lines)}{left}\n\n"
        "Nothing is sent until you approve."
    )


@answers(plan_week)
def planned(outcome: Outcome[PlanWeekArguments, WeekPlanResult]) -> str:
    """What the week holds."""
    return _week(outcome.result, "planned")


@answers(week_plan)
def shown(outcome: Outcome[WeekPlanArguments, WeekPlanResult]) -> str:
    """The same, as it was made."""
    return _week(outcome.result, f"planned on {day(outcome.result.made_at)}")


@answers(propose_week)
def proposed_week(outcome: Outcome[ProposeWeekArguments, ProposedWeek]) -> str:
    """How many wait, and what could not be proposed."""
    result = outcome.result
    states = Counter(one.status for one in result.proposals)
    left = f"\n\nNot proposed:\n\n{bullets(result.left_out)}" if result.left_out else ""
    new = f"{_many(result.made, 'proposal')} made" if result.made else "Nothing new to propose"
    return (
        f"**{new}; {count(states['pending'])} of the plan wait for a decision, {count(result.messages)} messages in "
        f"all.**{left}\n\nThey can be approved one by one, or all on the page Week. Nothing is sent before that."
    )


@answers(export_week)
def exported(outcome: Outcome[ExportWeekArguments, ExportedWeek]) -> str:
    """How many rows it has; the chat offers it on the page Week."""
    result = outcome.result
    part = "" if result.rows == result.total else f" of {count(result.total)}"
    return (
        f"**{result.file_name}: {count(result.rows)}{part} actions.** The page Week has the file to download (/week)."
    )


def _idea(one: Idea, currency: str) -> str:
    said = [f"{count(one.reachable)} of {count(one.customers)} customers reachable", one.offer]
    said.append(_brief(one.expected, currency))
    return f"**{one.title}** ({one.audience}): {'; '.join(said)}"


def _brief(found: Return, currency: str) -> str:
    """The figure with its basis, in a few words."""
    if found.basis == "no evidence":
        return "no evidence yet what it brings"
    basis = "measured here" if found.basis == "measured" else "an assumption, not measured here"
    span = f"{money(found.revenue_low, currency)} to {money(found.revenue_high, currency)}"
    return f"expected return {money(found.revenue, currency)} ({span}; {basis})"


def _week(result: WeekPlanResult, made: str) -> str:
    if not result.actions:
        why = bullets([*result.not_planned, *result.limits])
        return f"**Nothing is {made} for the week of {day(result.week)}.**\n\n{why}"
    by_day = Counter[str]()
    for group in result.groups:
        by_day[day(group.day)] += group.customers
    cost = f", giving away {money(result.cost, result.currency)} at most" if result.cost else ""
    kinds = [
        f"**{one.title}**: {count(one.customers)} customers; {_brief(one.expected, result.currency)}"
        for one in result.kinds
    ]
    days = ", ".join(f"{count(number)} on {name}" for name, number in by_day.items())
    left = f"\n\nNot planned: {'; '.join(result.not_planned)}." if result.not_planned else ""
    return (
        f"**{_many(result.actions, 'action')} for {_many(result.customers, 'customer')} are {made} for the week of "
        f"{day(result.week)}{cost}.** {capital(days)}.\n\n{bullets(kinds)}{left}\n\n{' '.join(result.limits)} "
        "Nothing is sent by a plan: propose it, and approve what should go out."
    )


def _many(number: int, noun: str) -> str:
    return f"{count(number)} {noun}{'s' * (number != 1)}"
