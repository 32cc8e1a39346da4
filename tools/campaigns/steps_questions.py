"""How people ask for campaigns and for their steps."""

from __future__ import annotations

import re
from typing import Any

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CAMPAIGNS", "STEP", "TYPES_ASKED"]

_STATES = {
    "paused": r"\bpaused|on hold\b",
    "scheduled": r"\bscheduled|planned|upcoming\b",
    "active": r"\bactive|running|live|being sent|under way\b",
    "completed": r"\bcompleted|finished|done\b",
    "expired": r"\bexpired\b",
    "archived": r"\barchived\b",
}
_ORIGINS = {
    "imported": r"\bimported|uploaded|from (?:a |the )?files?|mailchimp|klaviyo|hubspot\b",
    "journey": r"\bjourneys?|automations?|flows\b",
    "here": r"\b(?:launched|sent) (?:from here|by (?:you|aima))\b",
}
_STEPS = {
    "resume": r"\b(?:resume|unpause|continue|carry on|go on|restart)\b",
    "archive": r"\barchive\b",
    "end": r"\b(?:end|stop for good|cancel|abort|terminate|call off|finish)\b",
    "pause": r"\b(?:pause|hold|halt|stop|suspend|interrupt|freeze)\b",
}
_NAME = (
    r"\b(?:pause|hold|halt|stop|suspend|interrupt|freeze|resume|unpause|continue|restart|archive|end|cancel|abort"
    r"|terminate|call off|finish)\b(?: on| with| sending)?\s+(?:(?:the|our|my|that|this)\s+)*(.+?)"
    r"\s*(?:campaign|mailing|newsletter)?(?: please| now| at once| for now)*[.!?]*$"
)
_NAMELESS = (
    r"(?:the |our |my |that |this |last |latest |running |current |paused |sending |all |every |each |any |of )*"
    r"(?:campaigns?|mailings?|newsletters?|it|everything)?(?: (?:that|which) (?:runs?|is running|are running))?"
)


def campaigns(slots: Slots, _scene: Scene) -> Answerable:
    """All of them, or those in the state, or from where, that is named."""
    asked = slots.original.lower()  # the name of the product is no word of a question elsewhere
    said = {"origin": origin} if (origin := next((o for o, p in _ORIGINS.items() if re.search(p, asked)), None)) else {}
    for status, pattern in _STATES.items():
        if slots.has(pattern):
            return [Call("list_campaigns", {"status": status} | said)]
    return [Call("list_campaigns", said)]


def step(slots: Slots, scene: Scene) -> Answerable:
    """The card of the campaign that is named, or of the one spoken of before, with the step made ready."""
    asked = next((name for name, pattern in _STEPS.items() if slots.has(pattern)), None)
    if asked is None:
        return "What should be done to which campaign: pause, resume, end or archive?"
    if campaign := _named(slots) or _spoken_of(scene):
        return [Call("prepare_step", {"campaign": campaign, "step": asked})]
    return [Call("list_campaigns", {})]


def _named(slots: Slots) -> str | None:
    if slots.identifier or slots.quoted:
        return slots.identifier or slots.quoted[0]
    found = re.search(_NAME, slots.original.strip(), re.IGNORECASE)
    named = found[1].strip(" '\"“”.") if found else ""
    return named if named and not re.fullmatch(_NAMELESS, named, re.IGNORECASE) else None


def _spoken_of(scene: Scene) -> str | None:
    """The campaign of the latest card or status."""
    last = scene.last_of("campaign_status", "prepare_step")
    told: dict[str, Any] = (last.result or {}) if last else {}
    return str(told["campaign_id"]) if told.get("campaign_id") else None


def types(_slots: Slots, _scene: Scene) -> Answerable:
    """All of them."""
    return [Call("campaign_types", {})]


TYPES_ASKED = Request(
    "campaign_types",
    """
        which types of campaign are there | what kinds of campaigns can you run | campaign types | list campaign types |
        what sort of campaigns do you know | types of campaigns please | what is a spending milestone campaign |
        explain the campaign types | which campaign type is for whom | what campaign types can I choose from |
        kinds of campaign | show me the kinds of campaigns | what campaign typs do u have
    """,
    types,
    near_misses="""
        types of wood | what type of customer is this | which kinds of tea are there | kind of blue |
        what sort of offer is that | election campaign types
    """,
)
CAMPAIGNS = Request(
    "campaigns",
    """
        list the campaigns | show me our campaigns | which campaigns are running | which campaigns are paused |
        all campaigns and their state | campaigns launched from here | what campaigns do we have | list of campaigns |
        which campaigns are scheduled | campaigns under way | show the archived campaigns | active campaigns |
        which mailings are being sent at the moment | show me every campaign with its status | finished campaigns |
        what campaigns are live right now | upcoming campaigns | expired campaigns | show paused campaigns |
        is any campaign running | campaign list please | campaigns overview | lst of campaigns |
        could you list our campaigns with their status | I want to see the campaigns that we have launched |
        which campaigns were imported | imported campaigns | list the campaigns from the Mailchimp file |
        which campaigns came from files | campaigns sent by journeys | show the campaigns of Mailchimp |
        campaigns sent by AIMA | where do our campaigns come from | what campaigns did the import bring
    """,
    campaigns,
    near_misses="""
        election campaigns | list the Facebook campaigns at Meta | campaign finance | ad campaigns of competitors |
        advertising campaigns of our rivals
    """,
)
STEP = Request(
    "campaign_step",
    """
        pause the spring campaign | hold the win-back mailing | resume the spring campaign | unpause the newsletter |
        archive the win-back campaign | put the campaign on hold | let the paused campaign go on |
        end the summer mailing |
        call off the mailing | carry on with the paused campaign | continue the paused mailing | archive that campaign |
        the spring campaign has to be paused | please hold the mailing for now | interrupt the campaign |
        can we pause the loyalty campaign for a day | I want to pause the campaign | go on with the campaign
    """,
    step,
    near_misses="""
        pause the music | stop the Facebook ads | resume of an applicant | archive the segment VIP |
        hold the line please | end of the month figures | pause my subscription | cancel order 1042
    """,
)
