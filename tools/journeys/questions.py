# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How people ask for journeys: which there are, how one stands, to pause one, to draft one, to try one."""

from __future__ import annotations

import re

from language.requests import Answerable, Noted, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["DRAFT_JOURNEY", "DRY_RUN", "JOURNEYS", "JOURNEY_STATUS"]

_KIND = r"(?:journeys?|flows?|automations?|sequences?|series|drips?)"
_STATES = {
    r"\b(?:running|active|live|on|at work|going)\b": "running",
    r"\bpaused\b": "paused",
    r"\bdrafts?|drafted|not (?:running|started|approved)\b": "draft",
    r"\b(?:ended|finished|over|done|old)\b": "ended",
}
_CHANGES = (
    (r"\b(?:pause|halt|suspend|freeze|put on hold|hold)\b", "Pause"),
    (r"\b(?:resume|unpause|continue|go on|restart|reactivate)\b", "Go on"),
    (r"\b(?:end|close|stop|finish|terminate|shut (?:down|off)|turn off|switch off|deactivate)\b", "Close"),
    (r"\b(?:start|launch|activate|switch on|turn on|go live|approve)\b", "Propose"),
)
_NOT_NAMES = frozenset({"the", "a", "an", "my", "our", "this", "that", "each", "every", "any", "which", "what", "new"})
_EFFECT = (
    r"\b(?:lift|uplift|effect\w*|causal\w*|caused?|incremental|hold-?out|control group|held[- ]out|kept[- ]out"
    r"|worth (?:it|the)|did .*\bwork|does .*\bwork|works|working|make (?:a |any )?difference|change anything|changed?$"
    r"|bring anything|(?:what|that) did .*\bchange)\b"
)
_STEPS = r"\b(?:wait|then|after|if|when|once|days?|hours?|weeks?)\b"


def named(slots: Slots) -> str | None:
    """The journey a clause names: in quotation marks, or by the words before "journey"."""
    if slots.quoted:
        return slots.quoted[0]
    said = slots.original
    found = re.search(rf"(?i)\b(?:the|our|my|of|in)\s+((?:[\w’'-]+\s+){{1,4}}?){_KIND}\b", said)
    if found is None:
        return None
    words = [word for word in found[1].split() if word.lower() not in _NOT_NAMES]
    return " ".join(words) or None


def listed(slots: Slots, _scene: Scene) -> Answerable:
    """All, or those in a state."""
    for pattern, status in _STATES.items():
        if slots.has(pattern):
            return [Call("list_journeys", {"status": status})]
    return [Call("list_journeys", {})]


def status(slots: Slots, _scene: Scene) -> Answerable:
    """One journey; what is to be done with it is done on its card, by a person."""
    name = named(slots)
    about = {"about": "effect"} if slots.has(_EFFECT) else {}
    calls = [Call("journey_status", ({"journey": name} if name else {}) | about)]
    for pattern, button in _CHANGES:
        if slots.has(pattern):
            return Noted(calls, f"That is done on its card, by you: press {button}.", short=False)
    return calls


def drafted(slots: Slots, _scene: Scene) -> Answerable:
    """The words of a journey as they stand; without steps, what to say."""
    if not re.search(_STEPS, slots.plain):
        return (
            "Tell me who enters and what happens then, such as: after an abandoned cart wait 4 hours, send the e-mail "
            "“You left something”, if there is no order within 2 days, send an SMS. The page /journeys takes it too."
        )
    return [Call("draft_journey", {"words": slots.original})]


def tried(slots: Slots, _scene: Scene) -> Answerable:
    """A journey on the last month's people."""
    name = named(slots)
    if name is None:
        return "Which journey? Name it, for example: dry run of the journey “Abandoned cart”."
    return [Call("dry_run_journey", {"journey": name})]


JOURNEYS = Request(
    "journeys",
    """
        what journeys are running | which journeys are running | list the journeys | show me all journeys | journeys |
        our journeys | what journeys do we have | which journeys are there | show journeys | list all automations |
        which automations are running | are any journeys running | what flows do we have | active flows |
        which flows are live | running automations | active journeys | paused journeys | which journeys are paused |
        drafts of journeys | which journeys are drafts | which journeys have ended | how many journeys are running |
        is any journey running at the moment | please list our running journeys | jouneys running | wich journeys run |
        could you show me the automated sequences | overview of the journeys | all our email flows | drip campaigns running |
        what is automated at the moment | journeys with how many people are in each
    """,
    listed,
    near_misses="""
        journey time by train | customer journey map workshop | a journey through Italy | plan my journey to London |
        automation of the warehouse | flow of the river | cash flow this month | TV series recommendations |
        series A funding | sequence of numbers
    """,
)
JOURNEY_STATUS = Request(
    "journey_status",
    """
        how many people are in the welcome series | how is the abandoned cart journey doing | status of the journey |
        how is the journey doing | how does the welcome journey stand | show me the abandoned cart journey |
        who is where in the journey | how many are waiting in the journey | how far are people in the welcome flow |
        what does the abandoned cart journey do | pause the abandoned cart journey | pause the journey |
        stop the welcome series | resume the welcome journey | put the win-back flow on hold | end the birthday journey |
        close the journey | start the journey | turn off the welcome automation | unpause the abandoned cart flow |
        show the journey | journey status | status of the welcome series | how many reached the goal of the journey |
        how many messages has the journey sent | how many unsubscribed in the welcome series | open the welcome journey |
        how did people leave the journey | plz pause the cart journey | stats of the abandoned cart automation |
        could you pause the win-back journey please | is the abandoned cart flow working | how many customers are inside
        the abandoned cart journey | progress of the welcome series | performance of the abandoned cart sequence |
        did the welcome journey work | does the welcome journey work | is the win-back journey working |
        lift of the welcome journey | uplift of the abandoned cart journey | what effect does the welcome series have |
        did the welcome series bring anything | what did the abandoned cart journey change | effect of the journey |
        is the welcome flow worth it | let in against held out in the welcome journey | did our birthday journy work |
        how did the holdout of the welcome journey buy | incremental orders of the abandoned cart automation |
        would they have ordered without the welcome journey | does the welcome series make a difference |
        welcome journey: those kept out against those let in | journey lift | measured effect of the win-back flow
    """,
    status,
    near_misses="""
        how was your journey | pause the music | stop the campaign | pause all ads on Facebook | status of my trip |
        how long is the journey from Paris to Rome | end the meeting | how many people watched the series
    """,
)
DRAFT_JOURNEY = Request(
    "draft_journey",
    """
        after an abandoned cart wait 4 hours, e-mail, if no order in 2 days SMS |
        after an abandoned cart wait 4 hours then send an e-mail | create a journey | make a journey for abandoned carts |
        set up an abandoned cart flow | build me a welcome series | create an automation | new journey |
        draft a journey for at risk customers | after an order wait 7 days and send an e-mail |
        when somebody abandons a cart wait 4 hours and e-mail them | I want an automation for abandoned carts |
        after a purchase wait 3 days, then send an SMS | automate an e-mail after an abandoned cart |
        set up a drip series | design a journey | write a journey | after a visit wait 1 day, send the e-mail |
        for the segment At Risk send an e-mail, wait 3 days, send an SMS
    """,
    drafted,
    free=True,
    whole=r"\b(?:after|when(?:ever)?|once|for) .*\bwait (?:for )?(?:\d+|an?|one|two|three|four|five|six|seven|ten) (?:min|hour|day|week)",
    near_misses="""
        create an e-mail campaign | build a house | set up a meeting after the order | write me a travel journal |
        what happened after the order | how long do people wait for their order | waiting time after an order
    """,
)
DRY_RUN = Request(
    "dry_run",
    """
        dry run of the abandoned cart journey | try the welcome journey on last month's people | simulate the journey |
        test the abandoned cart journey without sending | what would the abandoned cart journey have sent |
        who would have entered the welcome journey | rehearse the win-back journey | simulate the welcome series |
        how many would the abandoned cart journey reach | dry-run the welcome flow | what would the journey have done |
        preview the abandoned cart journey on last month
    """,
    tried,
    near_misses="""
        dry cleaning | simulate the budget | run a test campaign | what would happen if we raised prices |
        try again | test the website
    """,
)
