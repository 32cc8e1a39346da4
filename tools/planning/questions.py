"""How people ask for campaigns worth proposing, and for a week's plan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["EXPORT_WEEK", "IDEAS", "PLAN_WEEK", "PROPOSE_IDEAS", "PROPOSE_WEEK", "SHOW_WEEK"]

_SMS = r"\b(?:sms|text messages?|by text)\b"
_KINDS = {
    "re_engagement": r"\b(?:winback|win back|reengage\w*|re-engagement)\b",
    "discount": r"\bdiscounts?\b",
    "vip": r"\b(?:vips?|best customers)\b",
    "loyalty": r"\b(?:loyalty|second order)\b",
    "cashback": r"\bcashback\b",
    "spending_milestone": r"\bmilestones?\b",
    "category_promotion": r"\bcategor(?:y|ies)\b",
    "location_based": r"\blocations?\b",
}
# "A campaign to the champions, tomorrow at 9" is one that is told, not one to be found.
_TO_SOMEBODY = r"\bcampaigns? (?:to|at|towards|for) (?!(?:me|us|approval|whoever)\b)|\bsubject\b|\b(?:tomorrow|today)\b"
_THIS = r"\b(?:this week|current week|rest of the week|days ahead|days to come)\b"

_NEXT = r"\b(?:next|coming) week\b"


def _channel(slots: Slots) -> dict[str, Any]:
    return {"channel": "sms"} if slots.has(_SMS) else {}


def ideas(slots: Slots, _scene: Scene) -> Answerable:
    """Campaigns worth proposing, looked at only."""
    return [Call("campaign_ideas", _channel(slots))]


def propose_ideas(slots: Slots, _scene: Scene) -> Answerable:
    """Draft the best of them, or those of the types that are named."""
    kinds = [kind for kind, pattern in _KINDS.items() if slots.has(pattern)]
    return [Call("propose_ideas", ({"kinds": kinds} if kinds else {}) | _channel(slots))]


def _week(slots: Slots, scene: Scene) -> dict[str, Any]:
    """The first day of the week that is meant: this one where it is said, else the next."""
    if scene.now is None or not slots.has(_THIS):
        return {}
    today = scene.now.date()
    return {"week": (today - timedelta(days=today.weekday())).isoformat()} if isinstance(today, date) else {}


def plan_week(slots: Slots, scene: Scene) -> Answerable:
    """Plan a week; nothing is proposed by that."""
    most = {"most_per_customer": 2} if slots.has(r"\b(?:twice|two messages|2 messages)\b") else {}
    return [Call("plan_week", _week(slots, scene) | most)]


def show_week(slots: Slots, scene: Scene) -> Answerable:
    """The plan of the week that is said, else the one made last."""
    if slots.periods and not slots.has(rf"{_THIS}|{_NEXT}"):
        return "Plans are of this week or of the next. Ask for one of them: “show the plan for next week”."
    ahead = timedelta(days=7) if slots.has(_NEXT) else timedelta()
    if scene.now is None or not slots.has(rf"{_THIS}|{_NEXT}"):
        return [Call("week_plan", {})]
    monday = scene.now.date() - timedelta(days=scene.now.date().weekday()) + ahead
    return [Call("week_plan", {"week": monday.isoformat()})]


def propose_week(_slots: Slots, _scene: Scene) -> Answerable:
    """Proposals of the plan made last."""
    return [Call("propose_week", {})]


def export_week(_slots: Slots, _scene: Scene) -> Answerable:
    """The plan made last as a file."""
    return [Call("export_week", {})]


IDEAS = Request(
    "campaign_ideas",
    """
        which campaigns should we run | campaign ideas | what campaigns would you suggest | ideas for campaigns |
        which campaigns are worth proposing | what campaign makes sense now |
        suggest campaigns with expected return | which campaign would bring most |
        what could we send and what would it bring | campaign suggestions please |
        expected return of the campaigns we could run | what campaigns could we do next |
        which campaigns do you recommend | what should our next campaign be | give me campaign ideas for sms |
        any ideas for the next campaigns | I have no idea which campaign to run, what do the data say |
        wich campaign shud we run next | recommended campaigns with their basis | best next campaigns
    """,
    ideas,
    near_misses="""
        ideas for dinner | campaign ideas for my election | which ads should we run on TV |
        suggest a holiday destination | ideas for a birthday present | which marathon should I run
    """,
)
PROPOSE_IDEAS = Request(
    "propose_ideas",
    """
        propose campaigns | propose some campaigns to me | propose the best campaigns | make campaign proposals |
        draft the campaigns that make sense | draft proposals for the best campaigns |
        propose a few campaigns for approval | put together campaign proposals from the segments |
        automatic campaign proposals | propose campaigns automatically |
        draft campaigns for whoever is at risk or new | propose a loyalty and a vip campaign |
        propose campaigns by sms | draft the campaigns you suggest | turn the campaign ideas into proposals |
        could you propose campaigns please | prepare the suggested campaigns for me to approve | propse campains
    """,
    propose_ideas,
    unless=_TO_SOMEBODY,
    near_misses="""
        propose marriage | propose a toast | propose a law | propose a new date for the meeting |
        propose a price to the supplier | draft a contract
    """,
)
PLAN_WEEK = Request(
    "plan_week",
    """
        plan next week | plan the coming week | make a plan for next week | weekly plan for our customers |
        make a weekly plan | what should we send to whom next week | plan a week of actions |
        draw up the week ahead | plan our marketing for next week | create the plan for the coming week |
        put together a week plan | plan next week with at most two messages each | plan the rest of the week |
        who should get what next week | plan nxt week pls | I need a plan for next week by customer |
        could you please plan the coming week for us | weekly action plan per customer
    """,
    plan_week,
    near_misses="""
        plan my holiday next week | plan the meeting | meal plan for the week | plan next week's shifts |
        what happened last week | revenue of next week | workout plan | plan a trip to Rome
    """,
)
SHOW_WEEK = Request(
    "week_plan",
    """
        show the weekly plan | show me the plan of the week | what is in the weekly plan |
        the week's plan as a calendar | what is planned for next week | open the weekly plan |
        what is on the plan this week | weekly plan | which actions are planned per day |
        show the calendar of the week | what have we planned for the week | what is planned on which day |
        let me see the week plan | weekley plan | show the plan for this week | the plan for next week please
    """,
    show_week,
    timed=True,
    near_misses="""
        what is planned for my birthday | show my calendar | open Google calendar | rota for the week |
        what is on TV this week
    """,
)
PROPOSE_WEEK = Request(
    "propose_week",
    """
        propose the weekly plan | turn the weekly plan into proposals | make proposals of the week's plan |
        propose everything in the weekly plan | propose the plan for next week |
        draft the campaigns of the weekly plan | put the weekly plan up for approval |
        submit the week plan for approval | make the weekly plan into campaigns
    """,
    propose_week,
    near_misses="""
        propose a new weekly meeting | propose a plan B | submit my timesheet for the week
    """,
)
EXPORT_WEEK = Request(
    "export_week",
    """
        export the weekly plan | weekly plan as csv | download the plan of the week |
        give me the week plan as a file | export next week's actions | the weekly plan as a spreadsheet |
        csv of the weekly plan
    """,
    export_week,
    near_misses="""
        export my calendar | download the weekly report | csv of all orders | export the rota
    """,
)
