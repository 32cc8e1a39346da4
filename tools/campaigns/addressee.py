"""Whom a request for a message speaks of when it names no rule: "them", everybody, or words nobody can place."""

from __future__ import annotations

import re
from typing import Final

from language.slots import Slots
from tools.campaigns.appointment import without_time

__all__ = ["everybody_asked", "unknown_addressee"]

_END = (
    r"(?=\s+(?:about|saying|offering|because|via|by (?:e?mail|sms)|with (?:(?:a|an|the|our|no) )?"
    r"(?:\d|free|discount|offer|subject|coupon|voucher|code|news|holdout|control))|[.!?;]|$)"
)
_GOAL = (  # "to promote our sale": what for, not whom
    r"(?!(?:promote|sell|announce|celebrate|remind|tell|say|thank|increase|get|bring|make|push|introduce|launch|invite"
    r"|raise|boost|grow|show|clear|mark)\b)"
)
_PEOPLE = r"customers?|people|buyers?|shoppers?|clients?|ones|groups?|segments?|clusters?|members?|subscribers?|fans?"
_ADDRESSED: Final = (
    rf"\b(?:to|at|towards) {_GOAL}(.+?){_END}",
    r"^(?:please |can you |could you |now |then |and )*(?:email|contact|message|mail|target|winback|reengage) "
    rf"(.+?){_END}",
    rf"\bfor ((?:[\w'-]+ ){{0,8}}(?:{_PEOPLE})\b.*?){_END}",
)
_EARLIER: Final = r"\b(?:them|those|these|they|their|him|her|it|this|that|same|above)\b"
_EVERYBODY: Final = (
    r"(?:(?:all|the|our|my|of|every|existing|whole)\s+)*(?:customers?|clients?|people|everybody|everyone|customer base)"
)
_AT_ONCE: Final = (  # when, and with what offer: said after whom, and no part of it
    r"(?:[ ,]+(?:right now|now|today|at once|immediately|straight away|asap|please"
    r"|(?:an? )?\d+(?:\.\d+)? ?%(?: (?:off|discount|voucher|coupon))?))+$"
)
_SAID: Final = re.compile(
    rf"\b(?:{_PEOPLE}|all|the|our|my|of|every|a|an|email|emails|campaign|mailing|message|offer|to|send|write|winback|"
    r"reengage|back|from|list|last|selected|before|and|who|are|in|now|please|again|yes|ok|so|me)\b"
)


def unknown_addressee(slots: Slots) -> str | None:
    """The words for whom that are neither "them" nor everybody; None where nobody is named or these are meant."""
    for phrase in _phrases(slots):
        if not re.search(_EARLIER, phrase) and not re.fullmatch(_EVERYBODY, phrase):
            left = re.sub(r"[^\w]+", " ", _SAID.sub(" ", phrase)).strip()
            if left:
                return " ".join(slots.written.get(word, word) for word in phrase.split())
    return None


def everybody_asked(slots: Slots) -> bool:
    """True for "to all customers", "to everybody"."""
    return any(re.fullmatch(_EVERYBODY, phrase) for phrase in _phrases(slots))


def _phrases(slots: Slots) -> list[str]:
    """What stands after "to", "at", "contact", and after "for" where it speaks of people."""
    words = without_time(slots.plain)
    found = [re.search(pattern, words) for pattern in _ADDRESSED]
    phrases = [re.sub(_AT_ONCE, "", match[1]).strip(" ,") for match in found if match]
    return [re.sub(r"^(?:email|emails|campaign|mailing|message|offer)\b.*? to ", "", phrase) for phrase in phrases]
