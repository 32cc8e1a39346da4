"""Whether calls hold what a clause says: whom and where it is of, what is ruled out, compared, cut by, and when.

The last look before a call is made. What no argument holds is named to the user: without it another question would be
answered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from language.scene import Call
from language.slots import Slots

__all__ = ["cannot_hold", "not_held", "other_customers"]

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
_POINTING: Final = re.compile(r"\b(?:placed|bought|ordered|made|paid|sold|wrote|got|sent) (?:it|that)\b")
_NUMBER: Final = r"(?<![\w<.,:/-])(?!1\b)(?!(?:19|20)\d\d\b)\d+(?:\.\d+)?(?![\w>:/-])"
# Words that narrow what follows, though they need no meaning of their own elsewhere: "paid channels".
_NARROWING: Final = re.compile(r"\b(?:paid|lifetime|past|other|same|once|current) (?=<(?P<mark>dimension|metric)>)")


def not_held(
    slots: Slots, calls: Sequence[Call], own: str = "", *, free: bool = False, by_words: bool = False
) -> list[str]:
    """The parts of a clause, in its words, that none of `calls` has among its arguments.

    `own` is what the capability is asked for in: what that says needs no argument; with `by_words` customers of whom
    it speaks itself ("how many have we lost") need none either. `free`: any words may be told.
    """
    arguments = json.dumps([call.arguments for call in calls], default=str, ensure_ascii=False).lower()
    left: list[str] = []
    if slots.customer and slots.customer.lower() not in arguments:
        left.append(slots.customer)
    values = [value for each in slots.filters for value in _listed(each["value"])]
    if any(str(value).lower() not in arguments for value in values):
        said = [words for words in _words(slots, "<value>") if not _names(words, arguments)]
        left += said or [str(value) for value in values if str(value).lower() not in arguments]
    left += _apart_places(slots, calls) + _unsaid(slots, calls, arguments)
    if slots.conditions.rule is not None and not _is_held(slots.conditions.rule, arguments):
        said = _words(slots, "<rule>") or ["those customers"]
        left += [part for part in said if not _names(part, arguments) and not (by_words and part in own)]
    numbers = [] if free else [number for number in re.findall(_NUMBER, slots.text) if number not in arguments]
    return left + _turned(slots, own, arguments) + numbers + ([] if free else _figures(slots, calls, own, arguments))


def _names(words: str, arguments: str) -> bool:
    """A word of those is among the arguments: a product that is left out, a group by another name of it."""
    named = set(re.findall(r"[a-z]{3,}", words)) - {"customers", "buyers", "people", "the", "who", "are"}
    return any(word.removesuffix("s") in arguments for word in named)


def _turned(slots: Slots, own: str, arguments: str) -> list[str]:
    """Negations and comparisons that stand where nothing took them: "countries that did not buy"."""
    gross = "gross_sales" in arguments or "before_tax" in arguments
    turned = [
        f"{match['word']}{match['what']}"
        for match in _TURNING.finditer(slots.text)
        if not _names(match["what"], arguments) and not (gross and not match["what"])
    ]
    found = turned + _POINTING.findall(slots.text)
    return [said for said in found if " " not in said or " ".join(said.split()[:2]) not in own]


def _figures(slots: Slots, calls: Sequence[Call], own: str, arguments: str) -> list[str]:
    """What figures are cut by, their days, and what narrows them."""
    if slots.customer and not any("metrics" in call.arguments for call in calls):
        return []  # where they live and what they buy is told with the customer
    if {call.tool for call in calls} != {"query_metrics"}:
        return [words for name, words in _cuts(slots) if not any(each in own + arguments for each in (name, words))]
    left = [match[0].strip() for match in _NARROWING.finditer(slots.text)]
    steps = "compare_start" in arguments  # "quarter on quarter"
    left += [words for name, words in _cuts(slots) if name not in arguments and not (steps and name == slots.grain)]
    days = [d.isoformat() for p in slots.periods for d in (p.start, p.end) if d]
    if days and not any(day in arguments for day in days):
        left += _words(slots, "<period>")
    return left


def _cuts(slots: Slots) -> list[tuple[str, str]]:
    """(name, words) of each dimension and unit of time that figures are to be cut by."""
    words = _words(slots, "<dimension>")
    said = words if len(words) == len(slots.dimensions) else slots.dimensions
    cuts = list(zip(slots.dimensions, said, strict=True))
    return cuts + ([(slots.grain, f"by {slots.grain}")] if slots.grain else [])


def _apart_places(slots: Slots, calls: Sequence[Call]) -> list[str]:
    """ "Customers in both France and Spain": nobody is in both."""
    people = slots.metrics[:1] == ["customers"] or any("metrics" not in call.arguments for call in calls)
    listed = [f["value"] for f in slots.filters if f["operator"] == "in" and f["dimension"] in _ONE_EACH]
    return [f"both {' and '.join(map(str, listed[0]))}"] if people and slots.has(r"\bboth\b") and listed else []


def _unsaid(slots: Slots, calls: Sequence[Call], arguments: str) -> list[str]:
    """Hours, limits and further customers that are in no call."""
    left: list[str] = []
    hours = [value for each in slots.order_filters for value in _listed(each["value"])]
    lists = {call.tool for call in calls} & _LISTS
    if lists and any(str(value).lower() not in arguments for value in hours if value != "known"):
        left += _words(slots, "<when>") or [str(value) for value in hours]
    if any(f"{limit.value:g}" not in arguments for limit in slots.measures.having):
        left += _words(slots, "<having>")
    return left + [code for code in other_customers(slots) if code.lower() not in arguments]


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


def _is_held(node: dict[str, Any], arguments: str) -> bool:
    """True when each part of a condition is among the arguments; that somebody may leave is the capability's."""
    for joined in ("all", "any"):
        if joined in node:
            return all(_is_held(part, arguments) for part in node[joined])
    if "not" in node:
        return _is_held(node["not"], arguments)
    if str(node.get("field", "")).startswith("churn"):
        return True
    if node.get("value") == "At Risk":
        return True  # so is everything that is asked about leaving
    if node.get("field") == "orders_all" and re.search(r"repeat_|one_time_|returning", arguments):
        return True  # the figure's own name says it
    named = str(node.get("field", node.get("purchase", ""))).lower()
    return named in arguments or any(str(value).lower() in arguments for value in _listed(node.get("value")))


def _words(slots: Slots, mark: str) -> list[str]:
    return [words.strip() for taken, words in slots.taken if re.sub(r"\d", "", taken) == mark]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
