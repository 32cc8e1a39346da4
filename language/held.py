"""Whether calls hold what a clause says: whom and where it is of, what is ruled out, compared, cut by, and when.

The last look before a call is made. What no argument holds is named to the user: without it another question would be
answered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from language.filler import ASKING, DESCRIBING
from language.rules import WINDOWED
from language.scene import Call
from language.slots import Slots

__all__ = ["cannot_hold", "not_held", "other_customers", "other_days"]

_LISTS: Final = {"find_customers", "count_segment", "export_segment", "save_segment"}
_LETTERED: Final = r"(?<![\w<-])[a-z]{1,3}-?\d{3,}(?![\w>-])"
_CODE: Final = r"(?<![\w<-])(?:[a-z]{1,3}-?\d{3,}|(?!(?:19|20)\d\d\b)\d{5,})(?![\w>-])"
_ONE_EACH: Final = ("country", "city")  # a customer is of one of them
# Words that turn a question round: left over, they were part of nothing that was understood.
_TURNING: Final = re.compile(
    r"(?<!or )(?<!whether )(?<!why )(?<!if )(?<!sure )"
    r"\b(?P<word>not|never|no|none|nor|neither|nobody|nothing|without|except|excluding|unless|than)\b"
    r"(?! (?:matter|only|sure|need|idea|problem|rush|later|earlier)\b)(?P<what>(?: (?!<)[\w'-]+){0,3})"
)

# "Who placed it": what came before is in none of the calls
_POINTING: Final = re.compile(
    r"\b(?:for|to|from|by) whom\b(?=[?.! ]*$)|\b(?:placed|bought|ordered|made|paid|sold|wrote|got|sent) (?:it|that)\b"
)
_NUMBER: Final = r"(?<![\w<.,:/-])(?!1\b)(?!(?:19|20)\d\d\b)\d+(?:\.\d+)?(?![\w>:/-])"
# Words that narrow what follows, though they need no meaning of their own elsewhere: "paid channels".
_NARROWING: Final = re.compile(r"\b(?:paid|lifetime|past|other|same|once|current) (?=<(?P<mark>dimension|metric)>)")


# Words that say nothing of what is asked: what a clause says beside them has to stand in one phrasing as a whole.
_SMALL: Final = frozenset(
    """
    the a an our my your all of in for from by to with on at and or but so what which who whom is was were are be been
    do does did we us i have has had how much many show me give tell please there that this it they them their now still
    about get see would can could should any
    """.split()  # noqa: SIM905
)
_FIGURES: Final = frozenset({"orders", "average_order_value", "units", "refunds", "discounts", "gross_sales"})
_OF_ORDERS: Final = frozenset({"recency_days", "days_since_first_order"})  # columns: "their last order"
_WHO: Final = re.compile(r"(?:and |so |ok )*who(?:m|se)?\b")  # asks for people, and for no figure of all
_OF_THEM: Final = r"\b(?:of|among) (?:them|those|these)\b"
_LEAVING: Final = r"churn|risk|surviv|left|win_?back|retention|customer_profile"
_DATE: Final = r"\d{4}-\d\d-\d\d(?:t[\d:.]+)?"
_STEM: Final = 4  # letters from which two words may be one in two endings


@dataclass(frozen=True, slots=True)
class _Told:
    """Arguments of calls: `text` is all of it, `values` the texts by themselves, `conditions` those on customers."""

    text: str
    values: frozenset[str]
    numbers: frozenset[float]
    conditions: tuple[dict[str, Any], ...]
    about: str  # what the calls are called, and their arguments

    @classmethod
    def by(cls, calls: Sequence[Call]) -> _Told:
        """What `calls` tell."""
        parts = [part for call in calls for part in _parts(call.arguments)]
        values = [part.lower() for part in parts if isinstance(part, str)]
        within = [float(n) for text in values for n in re.findall(r"\d+(?:\.\d+)?", re.sub(_DATE, " ", text))]
        plain = [float(part) for part in parts if isinstance(part, (int, float)) and not isinstance(part, bool)]
        text = json.dumps([call.arguments for call in calls], default=str, ensure_ascii=False).lower()
        conditions = tuple(part for part in parts if isinstance(part, dict))
        about = " ".join([call.tool for call in calls] + [name for call in calls for name in call.arguments])
        return cls(text, frozenset(values), frozenset([*within, *plain]), conditions, about)

    def has(self, value: Any) -> bool:
        """True when `value` is one of them; a share may have been said in percent."""
        if isinstance(value, bool):
            return json.dumps(value) in self.text
        if isinstance(value, (int, float)):
            return float(value) in self.numbers or round(value / 100, 6) in self.numbers
        return str(value).lower() in self.values

    def tells(self, value: Any) -> bool:
        """True when `value` is one of them or a part of one: "night" of "night_share"."""
        return self.has(value) or (isinstance(value, str) and any(value.lower() in each for each in self.values))

    def names(self, words: str) -> bool:
        """A word of those is among the texts: a product that is left out, a group by another name of it."""
        said = set(re.findall(r"[a-z]{3,}", words)) - ASKING - DESCRIBING - _SMALL
        told = {word for value in self.values for word in re.findall(r"[a-z]+", value)}
        return any(
            word in told or (len(word) >= _STEM and any(other.startswith(word.removesuffix("s")) for other in told))
            for word in said
        )


def not_held(
    slots: Slots, calls: Sequence[Call], own: Sequence[str] = (), *, free: bool = False, by_words: bool = False
) -> list[str]:
    """The parts of a clause, in its words, that none of `calls` has among its arguments.

    `own` are the phrasings the capability is asked for in: what one of them says needs no argument; with `by_words`
    customers of whom it speaks itself ("how many have we lost") need none either. `free`: any words may be told.
    """
    told = _Told.by(calls)
    left: list[str] = []
    if slots.customer and slots.customer.lower() not in told.text:
        left.append(slots.customer)
    values = [value for each in slots.filters for value in _listed(each["value"])]
    if absent := [str(value) for value in values if not told.has(value)]:
        left += [words for words in _words(slots, "<value>") if not told.names(words)] or absent
    left += _apart_places(slots, calls) + _unsaid(slots, calls, told)
    if slots.conditions.rule is not None and not _is_held(slots.conditions.rule, told):
        said = _words(slots, "<rule>") or ["those customers"]
        named = [part for part in said if told.names(part) and not re.search(_NUMBER, part)]  # how many is no name
        left += [part for part in said if part not in named and not (by_words and _asked_so(part, slots, own))]
    if slots.has(_OF_THEM) and not any({"rule", "among", "filters"} & call.arguments.keys() for call in calls):
        left.append("of them")
    if free:
        return left + _turned(slots, own, told)
    numbers = [number for number in re.findall(_NUMBER, slots.text) if not told.has(float(number))]
    return left + _turned(slots, own, told) + numbers + _figures(slots, calls, own, told)


def _parts(value: Any) -> Iterator[Any]:
    """The texts, numbers and conditions within arguments."""
    if isinstance(value, dict):
        if {"field", "purchase", "event"} & value.keys():
            yield value
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _parts(each)
    elif value is not None:
        yield value if isinstance(value, (str, int, float)) else str(value)


def _asked_so(part: str, slots: Slots, own: Sequence[str]) -> bool:
    """Whether one phrasing says `part` with all else that the clause says: words of several make no request."""
    rest = set(re.findall(r"[a-z][a-z'-]+", re.sub(r"<[^>]*>", " ", slots.text))) - _SMALL
    return any(
        re.search(rf"(?<!\w){re.escape(part)}", said)
        and all(word in (words := set(said.split())) or any(_is_one(word, other) for other in words) for word in rest)
        for said in own
    )


def _is_one(word: str, other: str) -> bool:
    return (
        len(word) >= _STEM and len(other) >= _STEM and word.removesuffix("s") == other.strip(",.?!").removesuffix("s")
    )


def _turned(slots: Slots, own: Sequence[str], told: _Told) -> list[str]:
    """Negations and comparisons that stand where nothing took them: "countries that did not buy"."""
    gross = "gross_sales" in told.text or "before_tax" in told.text
    turned = [
        f"{match['word']}{match['what']}"
        for match in _TURNING.finditer(slots.text)
        if not told.names(match["what"]) and not (gross and not match["what"])
    ]
    found = turned + _POINTING.findall(slots.text)
    return [said for said in found if " " not in said or not _asked_so(" ".join(said.split()[:2]), slots, own)]


def _figures(slots: Slots, calls: Sequence[Call], own: Sequence[str], told: _Told) -> list[str]:
    """What figures are cut by, their days, and what narrows them."""
    values = " ".join(told.values)
    if {call.tool for call in calls} != {"query_metrics"}:
        # where customers live and what they buy is told with each
        cuts = [cut for cut in _cuts(slots) if not slots.customer or cut[0] == slots.grain]
        cuts = [cut for cut in cuts if cut[1].removesuffix("s") not in told.about]  # "campaign" of campaign_id
        left = [words for name, words in cuts if name not in values and not _asked_so(words, slots, own)]
        said = list(zip(slots.metrics, _words(slots, "<metric>"), strict=False))
        left += [
            words
            for name, words in said
            if name in _FIGURES and not (told.names(words) or _asked_so(words, slots, own))
            if not (name == "orders" and _OF_ORDERS & told.values)
        ]
        dated = re.search(r"\d{4}-\d\d", told.text)  # other tools are asked as of the end of the data
        return left + (_words(slots, "<period>") if dated and _other_times(slots, told) else [])
    left = [match[0].strip() for match in _NARROWING.finditer(slots.text)]
    if _WHO.match(slots.text) and not slots.customer and not re.search(r'"customer"|"known_customer"', told.text):
        left.append("who")
    steps = "compare_start" in told.text  # "quarter on quarter"
    left += [words for name, words in _cuts(slots) if name not in told.text and not (steps and name == slots.grain)]
    return left + (_words(slots, "<period>") if _other_times(slots, told) else [])


def _other_times(slots: Slots, told: _Told) -> bool:
    """Whether one of the periods is not asked about; of several in a row the first and the last are."""
    days = [[d.isoformat() for d in (p.start, p.end) if d] for p in slots.periods]
    if "whole_start" in told.text:
        return False  # a part of a whole is looked for within it
    ends = days if len(days) < 3 else [days[0], days[-1]]
    return any(of and not any(day in told.text or day[:7] in told.values for day in of) for of in ends)


def other_days(slots: Slots, calls: Sequence[Call]) -> str:
    """What to say where as many days ahead as were asked for cannot be foreseen, and others are; else nothing."""
    text = json.dumps([call.arguments for call in calls], default=str)
    told = {int(days) for pair in re.findall(r'"horizon_days": (\d+)|"churn_(\d\d)"', text) for days in pair if days}
    if not slots.horizon or not told or slots.horizon in told:
        return ""
    return f"That is for {min(told)} days ahead, the nearest to the {slots.horizon} you asked for that I can foresee."


def _cuts(slots: Slots) -> list[tuple[str, str]]:
    """(name, words) of each dimension and unit of time that figures are to be cut by."""
    words = _words(slots, "<dimension>")
    said = words if len(words) == len(slots.dimensions) else slots.dimensions
    cuts = list(zip(slots.dimensions, said, strict=True))
    grain = _words(slots, "<grain>") or [f"by {slots.grain}"]
    return cuts + ([(slots.grain, grain[0])] if slots.grain else [])


def _apart_places(slots: Slots, calls: Sequence[Call]) -> list[str]:
    """ "Customers in both France and Spain": nobody is in both."""
    people = slots.metrics[:1] == ["customers"] or any("metrics" not in call.arguments for call in calls)
    listed = [f["value"] for f in slots.filters if f["operator"] == "in" and f["dimension"] in _ONE_EACH]
    return [f"both {' and '.join(map(str, listed[0]))}"] if people and slots.has(r"\bboth\b") and listed else []


def _unsaid(slots: Slots, calls: Sequence[Call], told: _Told) -> list[str]:
    """Hours, limits and further customers that are in no call."""
    left: list[str] = []
    hours = [value for each in slots.order_filters for value in _listed(each["value"])]
    lists = {call.tool for call in calls} & _LISTS
    if lists and any(not told.tells(value) for value in hours if value != "known"):
        left += _words(slots, "<when>") or [str(value) for value in hours]
    if any(not told.has(limit.value) for limit in slots.measures.having):
        left += _words(slots, "<having>")
    return left + [code for code in other_customers(slots) if code.lower() not in told.text]


def other_customers(slots: Slots) -> list[str]:
    """Customers named beside the one that was taken: "C0042 and C0043"."""
    if slots.customer is not None and "@" in slots.customer:
        return []
    said = [
        re.search(rf"(?<!\w){re.escape(code)}(?!\w)", slots.original, re.I)
        for code in re.findall(_CODE if slots.customer else _LETTERED, slots.text)
    ]
    return [match[0] for match in said if match]


def cannot_hold(parts: Sequence[str]) -> str:
    """What to say where no capability takes a part of what was said."""
    said = " and ".join(f"“{part}”" for part in dict.fromkeys(parts))
    return (
        f"I cannot take {said} into account there, and without it I would answer another question. Ask without it, or, "
        "where it is about customers, for a list, a count or a segment of them."
    )


def _is_held(node: dict[str, Any], told: _Told) -> bool:
    """True when each part of a condition is among the arguments; of who may leave the calls may be as a whole."""
    for joined in ("all", "any"):
        if joined in node:
            return all(_is_held(part, told) for part in node[joined])
    if "not" in node:
        return _is_held(node["not"], told)
    leaving = str(node.get("field", "")).startswith("churn") or node.get("value") == "At Risk"
    if leaving and re.search(_LEAVING, f"{told.about} {told.text}"):
        return True
    if node.get("field") == "orders_all" and re.search(r"repeat_|one_time_|returning", told.text):
        return True  # the figure's own name says it
    if node.get("operator") in ("top_share", "bottom_share"):
        return told.has(node["value"])
    kind = next(name for name in ("field", "purchase", "event") if name in node)
    same = {node[kind], WINDOWED.get(node[kind], node[kind])}
    days = [str(node[end])[:7] for end in ("start", "end") if end in node]
    if node.get("value") == 0 and "end" in node:  # none before that day: they began with it
        days.append(str(date.fromisoformat(str(node["end"])) + timedelta(days=1))[:7])
    return (
        any({one.get("field"), one.get("purchase"), one.get("event")} & same for one in told.conditions)
        or any(isinstance(value, str) and told.has(value) for value in _listed(node.get("value")))
        or any(day in told.text for day in days)
    )


def _words(slots: Slots, mark: str) -> list[str]:
    return [words.strip() for taken, words in slots.taken if re.sub(r"\d", "", taken) == mark]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
