"""How people ask who is known, who can be written to, and who may be known twice."""

from __future__ import annotations

from typing import Any

from language.requests import Answerable, Request
from language.rules import asked_rule, joined
from language.scene import Call, Scene
from language.slots import Slots
from tools.audience.asked import unclear
from tools.segments.questions import customers_count

__all__ = ["DOUBTFUL", "PEOPLE"]

_SMS = r"\b(?:sms|text(?:ed|s)?|text messages?|phone|phones|telephone|mobile)\b"
_EMAIL = r"\b(?:e-?mail\w*|mail|mailed|mailable|mailing|newsletter|subscri\w*|unsubscri\w*|opt\w*)\b"


def people(slots: Slots, scene: Scene) -> Answerable:
    """Everybody, by channel where one is named; with a condition it is a rule."""
    channel = "sms" if slots.has(_SMS) else "email" if slots.has(_EMAIL) else None
    if slots.conditions.unclear:
        return unclear(slots)
    rule = asked_rule(slots)
    if rule is None:
        return [Call("count_people", {"channel": channel} if channel else {})]
    if channel is None or "consent" in str(rule) or "event" in str(rule):  # "unsubscribed in May": what they did
        return customers_count(slots, scene)
    address, agreed = ("phone", "consent_sms") if channel == "sms" else ("email", "consent_email")
    reachable: list[dict[str, Any]] = [
        {"field": address, "operator": "not_null"},
        {"field": agreed, "operator": "eq", "value": True},
    ]
    return [Call("count_segment", {"rule": joined(rule, *reachable)})]


def doubtful(_slots: Slots, _scene: Scene) -> list[Call]:
    """Who may be one person twice."""
    return [Call("doubtful_customers", {})]


PEOPLE = Request(
    "people",
    """
        how many people can we e-mail | how many people can we email | how many subscribers do we have |
        how many subscribers are there | how many contacts are in our list | size of our mailing list |
        how many people are on the list | how many can we mail | how many people may we write to |
        how many contacts do we have | how many can be reached by sms | how many people can we text |
        how many people have opted in | how many opted out of our newsletter |
        how many people have unsubscribed | number of newsletter subscribers | how big is our e-mail list |
        how many people do we know | how many people are in the database | count of contacts we can e-mail |
        how many addresses can we send to | how many mailable contacts are there | reach of our newsletter |
        how many e-mail addresses do we have | how many leads are there |
        how many customers can we reach by email | how many emails can I send right now |
        how many customers can I mail |
        how many of our customers can be emailed | how many clients can I contact by e-mail today |
        how many emails could we send out at most | to how many customers may I send a newsletter |
        what part of the list can be mailed | how many of our contacts are suppressed | list size |
        how many phone numbers do we have | to how many people can we send a text message
    """,
    people,
    unless=r"\btoo (?:many|much)\b|\bmore than \d|\bwho (?:gets?|got|receives?|received)\b",
    near_misses="""
        how many people work here | people also ask | how do I subscribe | who gets too many emails |
        which customers got more than four emails last week
    """,
)
DOUBTFUL = Request(
    "doubtful",
    """
        which customers may be the same person | show possible duplicates | are there duplicate customers |
        who is in the data twice | list doubtful customers | which customers were merged | find duplicate contacts |
        possible duplicate customers | do we have the same person twice | customers with the same phone number |
        how many duplicates are there among our customers | which people became one | duplicates in the customer list |
        which accounts belong to one person | show merged customers | are any customers duplicated
    """,
    doubtful,
    near_misses="""
        duplicate this campaign | delete duplicate rows | copy the segment
    """,
)
