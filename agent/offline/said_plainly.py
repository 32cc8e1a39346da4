# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""How one part of a question is said plainly, by the role it has: a place, a time, what is left out, an order, a shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.text.encoder import encoder
from language.scene import Scene
from language.slots import read_slots
from language.words import plain
from tools.metrics.goods import product_named

__all__ = [
    "Part",
    "against",
    "bare",
    "condition",
    "direction",
    "number",
    "placed",
    "set_against",
    "shape",
    "steps",
    "timed",
    "unit",
    "without",
]

_BARE: Final = re.compile(
    r"(?:the )?(?:calendar (?:year )?\d|(?:spring|summer|autumn|winter)\b|(?:19|20)\d\d\b|[qh][1-4]\b|(?:cw|kw|wk|week) ?\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|(?:first|second|third|fourth|last) (?:half|quarter|week|month|days?)\b)"
)
_MONTHS: Final = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_WEEKDAY: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|weekday"
_FIRST_LETTERS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_IN_A_ROW: Final = re.compile(rf"\b{_MONTHS}(?:,? {_MONTHS}){{2,}}\b")
_DATE: Final = re.compile(rf"\d|\b{_MONTHS}\b")
# "since the domain switch on 11 jan", "the week of the anniversary, 4-10 nov", "the two weeks before …, so from 20 march until 2 april"
_EVENT: Final = re.compile(
    rf"^(?P<lead>(?:since|from|after|before|until|till|up to) )?(?P<event>(?!(?:(?:since|from|after|before|until|till|up to|between|in|on|the) )*(?:\d|{_MONTHS}\b))[^\d]{{4,60}}?),? (?P<so>(?:so |i\.e\. |meaning |that is |which was |which is )*)(?:on |in )?(?:the )?"
    rf"(?P<date>(?P<day>(?:from |between )?\d{{1,2}}(?:st|nd|rd|th)?(?: ?(?:-|–|to|until|till|and) ?\d{{1,2}}(?:st|nd|rd|th)?)? (?:of )?{_MONTHS}(?: ?\d{{4}})?"
    rf"(?: (?:to|until|till|and|-) \d{{1,2}} {_MONTHS}(?: \d{{4}})?)?)|{_MONTHS}(?: \d{{4}})?)$"
)
_NOT_THAT_DAY: Final = re.compile(
    r"\b(?:before|after|around|first|last|second|third|half|middle|mid|end(?:ing|ed|s)?|beginning|start|early|late|until|till|to|between|except|week (?:after|before)|each|every)\b"
)
_TIMES: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (rf"^(?:on )?({_WEEKDAY})$", r"on \1"),
        (rf"^from ({_WEEKDAY})(?: on(?:wards)?)?$", r"since \1"),
        (r"^since (?=(?:\d+|two|three|four|five|six|eight|ten|twelve) (?:day|week|month|year)s?$)", "in the last "),
        (r"^since (?:one|1|a) (day|week|month|year)$", r"in the last \1"),
        (r"\b(?:bis|till?)(?= \d)", "to"),
        (r"^to (?=\d)", "until "),
        (r"\b([1-4])q\b", r"q\1"),
        (r"^(?:in )?([12])h ?'?(?=(?:20)?\d\d$)", r"h\1 "),
        (r"\bcy ?'?(\d\d)\b", r"20\1"),
        (r"\b(this|last|next|previous) q\b", r"\1 quarter"),
        (r"\bmonthes\b", "months"),
        (r"^(?:for |in )?(?:the )?year so far$", "this year so far"),
        (r"^(?:in |for )?'(\d\d)$", r"in 20\1"),
        (r"^(in )?mar\b", r"\1march"),
    )
)
_LENGTH: Final = re.compile(
    r"(?:the )?(?:\d+|two|three|four|five|six|nine|ten|twelve|eighteen) (?:day|week|month|quarter|year|yr)s"
)
_UNIT: Final = re.compile(r"\b(day|dai|week|month|quarter|qtr|year|annual|hour)")
_UNEVEN: Final = re.compile(r"\d|\b(?:half|bi|semi|every (?:other|second|third)|fiscal|two|three|four)|fortnight")
_UNITS: Final = {"dai": "day", "qtr": "quarter", "annual": "year"}
_LOW: Final = re.compile(
    r"\b(?:least|worst|low\w*|small\w*|tin\w*|few\w*|weak\w*|bottom|min\w*|poor\w*|slow\w*|dead\w*|flop\w*|asc\w*|quietest)\b"
)
_HIGH: Final = re.compile(
    r"\b(?:most\w*|best|top|high\w*|big\w*|larg\w*|strong\w*|max\w*|peak\w*|great\w*|fat\w*|heav\w*|fast\w*|quick\w*|rich\w*"
    r"|busiest|popular|desc\w*|favou?rite|hottest|leading|more)\b"
)
_MOST_LITTLE: Final = re.compile(r"\bmost (?=small|little|low|bad|weak|poor|slow)")
_IN_ORDER: Final = re.compile(
    r"(?:please )?(?:rank|ranked|ranking|rank order|sort|sorted|order(?:ed)?|in order)(?: of| by| on| after)?(?: size)?"
)
_OF_A_MONTH: Final = "the {} month"
_LEANS: Final = 0.028  # towards the best or the worst: of 29 such words none that leans further is told wrongly
_SHAPES: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("plain", r"\b(?:break|breaks|broken|split) ?down\b|\bsplit\b|\bbreakdown\b"),
        ("why", r"\bwhy\b|\bhow come\b|\breasons?\b|\bcaus\w*\b|\bbehind\b|\bdrove\b|\bwhat made\b"),
        ("running", r"\b(?:ac)?cumul\w*|\brunning\b|\brunning total\b"),
        ("median", r"\bmedian\b"),
        (
            "share",
            r"%|\b(?:share|percent\w*|per cent|procents?|pct|proportion|fraction|portion|part|slice|chunk|mix)\b",
        ),
        (
            "average",
            r"\b(?:average\w*|avg|mean|typical\w*|usual\w*|normal\w*)\b|\b(?:per|a|each|an) (?:day|week|month|quarter|year|order)\b",
        ),
        ("trend", r"\btrend\w*|\bover time\b|\bdevelop\w*"),
        (
            "change",
            r"\+/-|\b(?:up|down|grow\w*|grew|shr[aiu]nk\w*|chang\w*|differ\w*|delta|diff|yoy|mom|wow|drop\w*|fall\w*|fell|ris\w*|rose"
            r"|increas\w*|decreas\w*|declin\w*|dip\w*|jump\w*|tank\w*|climb\w*|slump\w*|compar\w*|versus|vs|against|better|worse"
            r"|more|less|higher|lower|gap|beat|went|gone|moved?)\b",
        ),
        ("plain", r"\b(?:total|sum|split|breakdown|together|rank\w*|value|count|how (?:much|many))\b"),
    )
)
_A_SHARE: Final = re.compile(r"\b(?:share|proportion|fraction|portion|part|slice|chunk|mix)\b")
_AGAINST: Final = re.compile(
    r"(?:(?:and|but|or|versus|vs?\.?|against|compared? ?(?:to|with|against)?|comparing to|relative to|than|over|on|with|to|as|it was|that of|those of|the one|from|in|of) )+"
    r"(?=\S)"
)
_BESIDE: Final = re.compile(
    r",? (?:for (?:a |the )?comparison|in comparison|beside it|side by side|next to it|too|as well)$"
)
_LEAD: Final = re.compile(
    r"(?:in|from|for|of|at|on|by|to|via|through|with|within|did|the|our|only|just|all|those|people|customers|buyers)(?: the| our| all)* "
)
_TRAIL: Final = re.compile(
    r" (?:customers?|buyers|shoppers|spenders?|people|only|alone|ones|folks?|guys|lot|crowd|please)$"
)
_OUT: Final = re.compile(
    r"(?:(?:and|but|also|so|then|please) )*(?:without|w/o|no|not(?: counting| including| the)?|never mind|excl\w*\.?|exclude|except(?: for)?"
    r"|minus|bar|barring|less|ex|other than|apart from|aside from|leav(?:e|ing)(?: out| aside)?|ignor(?:e|ing)|skip(?:ping)?"
    r"|drop(?:ping)?|omit(?:ting)?|remov(?:e|ing)|forget(?: about)?|tak(?:e|ing) out|but|outside(?: of)?)[: ]+(?:the |any |all |out )*"
)
_OUT_LAST: Final = re.compile(
    r",? (?:are |is |being |to be )?(?:excluded|excl\.?|removed|ignored|omitted|out|aside|apart|not counted|not included|taken out|left out"
    r"|left aside|dropped|not in|off|don'?t count)$"
)
_WHO: Final = re.compile(
    r"(?:(?:and|but|also|then|yet|though|,|people|those|customers?|clients?|buyers?|shoppers?|everyone|everybody|anyone|folks?|ones"
    r"|the ones|guys|accounts|of) )+(?=\S)"
)
_WITH: Final = re.compile(
    r"(?:with|without|whose|no|zero|nil|at least|at most|more than|less than|fewer than|over|under|exactly|only \d|\d|one|two|three|four"
    r"|five|six|ten|first (?:order|purchase)|last (?:order|purchase)|≥|>)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring words of one role, and where they stand; `sure` is the least of those that tell something, or of all."""

    role: str
    names: str
    text: str
    sure: float
    start: int = 0
    end: int = 0


def placed(part: Part) -> str:
    """A value with a word before it that says it is one."""
    said = bare(part.text)
    if part.names in ("segment", "rfm_segment", "customer_type"):
        return f"of {said} customers"
    if part.names == "weekday":
        return re.sub(rf"^(?:on |at |the |a )*({_WEEKDAY})s?\b", r"on \1s", said)
    if part.names in ("daypart", "hour", "customer"):
        return part.text
    return f"{'of' if part.names == 'product' else 'in'} {said}"


def bare(text: str) -> str:
    """The words of a value alone: "from our German customers" is "german"."""
    while match := _LEAD.match(text):
        text = text[match.end() :]
    return _TRAIL.sub("", text)


def timed(part: Part) -> str:
    """A time with the word before it that short ones need, without what only names the day it gives.

    "Jan feb mar this year", which asks for none of them by itself, is from January to March.
    """
    said = _IN_A_ROW.sub(_from_first_to_last, _EVENT.sub(_dated, part.text))
    for pattern, put in _TIMES:
        said = pattern.sub(put, said)
    if _LENGTH.fullmatch(said):
        return f"in the last {said.removeprefix('the ')}"
    return f"in {said}" if _BARE.match(said) else said


def _from_first_to_last(match: re.Match[str]) -> str:
    """Months that follow each other, as one stretch of time."""
    months = re.findall(_MONTHS, match[0])
    places = [_FIRST_LETTERS.index(month[:3]) for month in months]
    in_a_row = all(two - one == 1 for one, two in pairwise(places))
    return f"from {months[0]} to {months[-1]}" if in_a_row else match[0]


def _dated(match: re.Match[str]) -> str:
    """ "Since the domain switch on 11 jan": since 11 Jan; a month by itself says no day of an event."""
    whole = match["day"] or not _UNIT.search(match["event"])
    vague = _NOT_THAT_DAY.search(match["event"]) is not None and not (match["so"] and match["day"])
    if not whole or vague or _DATE.search(match["event"]):
        return match[0]
    return f"{match['lead'] or ''}{match['date']}".strip()


def without(part: Part) -> str:
    """What is left out, after one word for it; nothing where nothing stands beside that word."""
    said = _OUT_LAST.sub("", _OUT.sub("", part.text, count=1)).strip(" ,.:")
    return f"excluding {bare(said)}" if said else ""


def condition(part: Part) -> str:
    """A condition on customers, as what follows "customers"."""
    said = part.text
    if match := _WHO.match(said):
        said = said[match.end() :]
    said = re.sub(r"^(?:that|which|whom|they|who)(?='| )", "who", said)
    said = re.sub(r"^(who )?(?:were|was|have been|has been) (?=worth\b)", "who are ", said)
    if said.startswith(("who ", "who'", "whose ", "with ", "without ")):
        return said
    return f"with {said}" if _WITH.match(said) else f"who {said}"


def against(part: Part) -> str:
    """What something is compared with, without the words that say so: "vs the quarter before" is "the quarter before"."""
    said = _BESIDE.sub("", part.text)
    match = _AGAINST.match(said)
    return said[match.end() :] if match else said


def set_against(part: Part, scene: Scene) -> str:
    """What kind of thing something is compared with: "time", "value", or nothing that is known."""
    slots = read_slots(against(part), scene)
    if slots.periods or slots.when.against or slots.when.problems:
        return "time"
    return "value" if slots.filters or product_named(plain(bare(against(part))), "of", scene) else ""


def number(parts: Sequence[Part]) -> str:
    """How many are asked for."""
    said = " ".join(plain(part.text) for part in parts if part.role == "n")
    return re.sub(
        r"\b(?:the|our|only|top|bottom|first|best|worst|names?|of them|will do|max|tops) ?\b", "", said
    ).strip()


def shape(text: str) -> str:
    """What is made of the figure; nothing where it may be two things: "how many percent more"."""
    found = dict.fromkeys(name for name, pattern in _SHAPES if pattern.search(text))
    if {"share", "change"} <= found.keys():  # "up by how many percent" is a change; one of a share is not plain
        return "" if _A_SHARE.search(text) else "change"
    return next(iter(found), "")


def direction(text: str) -> str:
    """Whether the highest or the lowest is asked for; nothing where neither is said, or both.

    A word that no list has ("softest", "saddest") is nearer in meaning to the best ones or to the worst.
    """
    text = _MOST_LITTLE.sub("", text)
    text = re.sub(r" (?:to|then|down to|up to|through|→|->) .*", "", text)  # "strongest to weakest"
    low, high = _LOW.search(text), _HIGH.search(text)
    if _IN_ORDER.fullmatch(text):
        return "highest"
    if low or high:
        return "" if low and high else ("lowest" if low else "highest")
    words = text.removeprefix("the ")
    leaning = float(encoder().encode([_OF_A_MONTH.format(words)])[0] @ _best_over_worst()) if words.isalpha() else 0.0
    return "" if abs(leaning) < _LEANS else ("highest" if leaning > 0 else "lowest")


@cache
def _best_over_worst() -> NDArray[np.float32]:
    """The direction of meaning from the worst to the best."""
    best, worst = (
        encoder().encode([_OF_A_MONTH.format(word) for word in words.split()]).mean(0)
        for words in ("best strongest highest biggest busiest", "worst weakest lowest smallest quietest")
    )
    leaning: NDArray[np.float32] = best - worst
    return leaning


def steps(parts: Sequence[Part]) -> str | None:
    """The unit of the steps in time, empty where there are none; None where they are no plain ones: "fortnightly"."""
    said = [part.text for part in parts if part.role == "g"]
    units = {unit(text) for text in said}
    if "" in units or len(units) > 1 or any(_UNEVEN.search(text) for text in said):
        return None
    return next(iter(units), "")


def unit(text: str) -> str:
    """The unit of time that is named first."""
    match = _UNIT.search(text)
    return _UNITS.get(match[1], match[1]) if match else ""
