"""How people ask what came of the campaigns that were sent."""

from __future__ import annotations

import re
from typing import Any, Final

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CAMPAIGN_RESULTS"]

_MANY: Final = "most|fewest|least|number of|count of|absolute|total"
_FIGURES: Final = (  # the first that is named orders them
    (r"\bctor\b", "click_to_open_rate"),
    (r"\b(?:unsubscrib\w*|opt[- ]?outs?)\b", "unsubscribe_rate"),
    (r"\bbounc\w*\b", "bounce_rate"),
    (rf"\b(?:{_MANY}) (?:e-?mail )?opens\b", "opened"),
    (rf"\b(?:{_MANY}) (?:e-?mail )?clicks\b", "clicked"),
    (r"\bopen\w*\b", "open_rate"),
    (r"\bclick\w*\b", "click_rate"),
    (r"\b(?:revenue|money|sales|turnover|earned|made)\b", "revenue"),
    (r"\b(?:orders|conversions?|converted|sold)\b", "orders"),
)
_LAST: Final = (
    r"\b(?:last|latest|past|newest|previous|(?:most )?recent)(?: (?P<n>\d{1,3}))?"
    r" (?:e-?mail |sms |winback )?(?:campaigns?|mailings?|newsletters?|blasts?|e-?mails?|mails?|sends?)\b"
)
_LAST_TIME: Final = r"\b(?:e-?mail|mailing|campaign|newsletter) (?:from|of) (?:the )?last (?:time|one)\b"
_CHANNELS: Final = (  # a newsletter is an email, and only emails are opened
    ("sms", r"\b(?:sms|texts?|text messages?)\b"),
    ("email", r"\b(?:e-?mails?|mails?|mailings?|newsletters?|blasts?|open\w*|ctor|bounc\w*)\b"),
)
_BAD: Final = r"\b(?:worst|weakest|poorest)\b"  # of unsubscribes the most are the worst
_GOOD: Final = r"\b(?:best|strongest)\b"
_FEW: Final = r"\b(?:lowest|fewest|least|smallest)\b"
_RANKED: Final = rf"{_BAD}|{_GOOD}|{_FEW}|\b(?:highest|largest|most|top|sort(?:ed)?|rank(?:ed)?|order(?:ed)? by)\b"
_BETTER: Final = r"\b(?:better|higher|more|bigger|worse|lower|less|fewer)\b"
_BY_WHAT: Final = "By what: opens, clicks, unsubscribes, orders or revenue? Ask for the best of them by one of these."
_WITHOUT: Final = r"\b(?:no|without(?: an?| any)?|never had an?) (?:control|holdout|hold-out)(?: groups?)?\b"
_WITH: Final = r"\b(?:with|had|have) (?:an? )?(?:control|holdout|hold-out)(?: groups?)?\b"


def results(slots: Slots, _scene: Scene) -> Answerable:
    """So many of the newest, or those of some days; by the figure that is to rank them."""
    if len(slots.periods) > 1:
        return "Of which of these periods? Ask for one at a time."
    arguments: dict[str, Any] = slots.periods[0].arguments() if slots.periods else {}
    if slots.has(_LAST_TIME):
        arguments["last"] = 1
    elif found := re.search(_LAST, slots.plain):
        plural = re.search(r"s\b", found[0].split()[-1]) is not None
        number = int(found["n"]) if found["n"] else None if plural else 1
        arguments |= {"last": number} if number else {}
        arguments |= {"limit": number} if number and number > 10 else {}
    if slots.campaigns:
        arguments["names"] = slots.campaigns
    elif channel := next((name for name, pattern in _CHANNELS if slots.has(pattern)), None):
        arguments["channel"] = channel
    if slots.has(_WITHOUT) or slots.has(_WITH):
        arguments["control_group"] = not slots.has(_WITHOUT)
    figure = next((name for pattern, name in _FIGURES if slots.has(pattern)), None)
    if slots.has(_RANKED) or (len(slots.campaigns) > 1 and slots.has(_BETTER)):
        if figure is None:
            return _BY_WHAT
        judged = _GOOD if figure in ("unsubscribe_rate", "bounce_rate") else _BAD
        arguments |= {"order_by": figure} | ({"descending": False} if slots.has(rf"{judged}|{_FEW}") else {})
    if slots.limit and "last" not in arguments:
        arguments["limit"] = slots.limit
    return [Call("campaign_results", arguments)]


CAMPAIGN_RESULTS = Request(
    "campaign_results",
    """
        results of the last campaign | how did the last campaign do | how did our last newsletter perform |
        compare the last two campaigns | compare the last 2 newsletters | results of the last 5 campaigns |
        open rate of the last campaign | open rates of the last 5 campaigns, worst first | last campaign results |
        click rate of our last mailing | how many opened the last newsletter | was the last email good |
        how was the last mailing received | performance of our recent campaigns | campaign results this quarter |
        results of the campaigns we sent in October | what came of the mailings of last month |
        which of the last 10 campaigns had the best open rate | show me the last three mailings side by side |
        which campaign made the most money | which mailing brought the most revenue |
        which campaigns had no control group | campaigns without a holdout | campaign performance overview |
        how did the campaigns perform | which newsletter was opened most | best campaign by revenue |
        unsubscribes of the last campaign | how many unsubscribed after the last mailing |
        results of recent email blasts |
        last campaign: opens, clicks, orders | how did last week's newsletter go | resluts of the last campain |
        could you show me how our latest campaigns did | compare the opens of the last two newsletters |
        what did the most recent campaign bring | clicks of the previous campaign
    """,
    results,
    timed=True,
    unless=r"\b(?:lift|uplift|incremental|caus\w+|effect|significan\w*|versus control|who|whom|customers?|people"
    r"|journeys?)\b",
    near_misses="""
        election campaign results | results of the football match | last email from my boss | results of the exam |
        which campaign won the award | send the last campaign again | forward the last newsletter to me
    """,
)
