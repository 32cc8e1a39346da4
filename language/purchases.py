# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What customers bought, in words: "bought the red mug in the last 90 days", "Garden but not Kitchen", "since Easter".

Becomes purchase conditions of a rule. Whether there is such a product, the tool says; what is no product and no time
is left to the other patterns, which name it to the user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from language.negation import EXCEPTING
from language.periods import span_days, take_periods
from language.vocabulary import phrases
from language.words import Draft, compiled

__all__ = ["PURCHASE_WORDS", "Goods", "take_purchases"]

Node = dict[str, Any]
_STANDARD = (30, 90, 365)  # windows that features know


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known of the shop's words: `categories` and `others` (places, channels) in lower case by their name,
    `written`: corrected words as the user wrote them, `quoted`: texts in quotes in their order."""

    categories: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    written: Mapping[str, str] = field(default_factory=dict)
    quoted: tuple[str, ...] = ()


_EXCEPT = rf"(?P<neg>\b{EXCEPTING}(?: (?:those|the ones|the|ones|customers))? )?"
_SAID = r"(?P<said>(?:\b(?:who|that|which|whom|have|has|had|also|ever|either|they|customers|people|buyers|shoppers|clients|<metric>|<customer>) )*)"
_NEVER = r"(?P<never>(?:\b(?:did|do|does|have|has) )?\b(?:not|never) (?:yet |ever )?)?"
_BUY = r"(?<!last )(?<!first )(?<!only )(?<!just )\b(?P<verb>bought|buy|buys|ordered|purchased|purchase|returned|sent back|refunded)\b"
_FIRST = r"\b(?:placed (?:their|the|a) first (?:order|purchase)|first (?:bought|ordered|purchased)|joined|signed up|became customers?|whose first (?:order|purchase) was)"
_LAST = r"\b(?:last (?:bought|ordered|purchased)|(?:whose )?last (?:order|purchase) was)"
_END = (
    r"(?=[.;?!]|, |$| (?:but|and|or|nor) (?:who|that|whose|with|have|has|are|is|were|was|not|never|did|do|spent|spend|bought|"
    r"ordered|purchased|returned|came|opened|clicked|visited|viewed|agreed|live|lives|joined|added|never|worth|likely)\b"
    r"| (?:who|that|whose|with|without|as|called|named|but|be|are|is|do|will|would|should|leave)\b| <rule)"
)
_SPAN = r"\b(?:(?:in|within|over|during|for) (?:the )?)?(?:last|past|previous) (?P<k>\d+)? ?(?P<unit>day|week|month|quarter|year)s?\b"
_CMP = (
    r"(?P<cmp>more than|over|above|at least|no less than|less than|fewer than|under|below|at most|up to|no more than|"
    r"exactly|only|just)"
)
_TIMES = rf"\b(?:{_CMP} )?(?:(?P<word>once|twice)|(?P<n>\d+)(?P<plus> or more|\+)? (?P<of>times?|orders?|units?))\b(?P<more> or more)?(?: of\b)?"
_UNITS = rf"^(?:{_CMP} )?(?P<n>\d{{1,3}})(?P<more> or more|\+)? (?=[a-z])"
_OPS: Final = {
    "more than": "gt", "over": "gt", "above": "gt", "at least": "ge", "no less than": "ge", "less than": "lt",
    "fewer than": "lt", "under": "lt", "below": "lt", "at most": "le", "up to": "le", "no more than": "le",
    "exactly": "eq", "only": "eq", "just": "eq",
}  # fmt: skip
_MONEY = (
    r"\b(?:spent|spend|paid)(?: us| a total of| in total)? (?:(?:between |from )?(?P<low>\d+(?:\.\d+)?)(?: and | to | ?- ?)"
    rf"(?P<high>\d+(?:\.\d+)?)|(?:{_CMP} )?(?P<n>\d+(?:\.\d+)?)(?P<more> or more|\+)?)(?! ?%| times| orders|\d)"
)
_SOMETHING = r"(?:anything|something|any|some|things?|products?|items?|goods|articles?|stuff)"
# Words that make the object of "bought" something else than goods: left to the other patterns.
_NO_GOODS: Final = frozenset(
    """
    again also always and average because before best by different during each everything expected fewer first for
    frequently how last least less like mainly month monthly more most mostly much never next not off often on once
    online only orders over quarter rarely regularly since than their time times together too twice usually via when
    while with without year within lot many enough discount discounts sale at about it us you we they back
    until through in from to of ago day days week weeks months years nothing day another others gone
    are there do does did is was were have has will would should can what which who new
    """.split()  # noqa: SIM905
)
PURCHASE_WORDS: Final = frozenset(
    re.findall(r"[a-z]{3,}", " ".join((_EXCEPT, _SAID, _BUY, _FIRST, _LAST, _TIMES, _MONEY, _SOMETHING)))
)


@dataclass(slots=True)
class _Rest:
    """What follows the verb: the window, how many (operator, number, of what), and the words for the goods."""

    window: Node
    count: tuple[str, int, str] | None
    words: str


def take_purchases(draft: Draft, as_of: date, goods: Goods) -> dict[int, Node]:
    """Conditions on purchases taken out of `draft`, each leaving the mark <rule0>, <rule1> …"""
    found: dict[int, Node] = {}
    for pattern, build in _GRAMMAR:
        at = 0
        while match := compiled(pattern).search(draft.text, at):
            end = match.start("rest") + _place(match["rest"], goods)
            calendar = bool(re.match(r" but not (?:in )?(?:this|last) ", draft.text[end:]))
            rest = _rest(draft.text[match.start("rest") : end], as_of, calendar)
            node = build(match, rest, goods) if rest else None
            if node is None:
                at = match.start("rest") + 1
                continue
            marks, tail = _kept(found, {"not": node} if match["neg"] else node), draft.text[end:]
            if (but := _but_not(tail, node, as_of, goods)) is not None:
                marks, tail = f"{marks} {_kept(found, but[0])}", tail[but[1] :]
            draft.text, at = re.sub(r"\s+", " ", f"{draft.text[: match.start()]} {marks} {tail}").strip(), 0
    return found


def _kept(found: dict[int, Node], node: Node) -> str:
    found[len(found)] = node
    return f"<rule{len(found) - 1}>"


def _place(rest: str, goods: Goods) -> int:
    """Where a place or channel begins in `rest` ("mugs in Germany"): the filters take it."""
    for match in re.finditer(r" (?:in|from|at|via|through|by) (?:the )?(?=(\w+(?: \w+)?))", rest):
        if match[1] in goods.others or match[1].split()[0] in goods.others:
            return match.start()
    return len(rest)


def _rest(text: str, as_of: date, calendar: bool = False) -> _Rest | None:
    """None where several times are named. `calendar`: "last year" is the one of the calendar, not the last 365 days."""
    draft = Draft(text)
    window: Node = {}
    if not calendar and (span := draft.take(_SPAN, " ")):
        window = {"within_days": span_days(span["k"], span["unit"])}
    else:
        periods = take_periods(draft, as_of)
        if len(periods) > 1:
            return None
        window = periods[0].arguments() if periods else {}
    count = None
    if times := draft.take(_TIMES, " "):
        number = {"once": 1, "twice": 2}.get(times["word"] or "") or int(times["n"])
        more = times["plus"] or times["more"]
        of = "units" if (times["of"] or "").startswith("unit") else "orders"
        count = ("ge" if more else _OPS.get(times["cmp"] or "", "ge" if times["word"] == "once" else "eq"), number, of)
    words = re.sub(r"\s+", " ", draft.text.replace("<period>", " ")).strip()
    return _Rest(window, count, words)


def _goods(words: str, goods: Goods) -> Node | None:
    """What is bought as part of a condition ({} for anything); `any` or `all` of several; None: these are no goods."""
    words = re.sub(rf"^(?:(?:a|an|any|the|some|one of (?:our|the|your)) )?{_SOMETHING}\b ?", "", words)
    origin = bool(re.match(r"(?:from|in|of|out of)\b", words))
    words = re.sub(r"^(?:(?:from|in|of|out of|the|our|your|a|an|any|some|their)\b ?)*", "", words)
    words = re.sub(
        r"(?:^| )(?:(?:category|categories|department|range|products?|items?|goods|again|it|from us|with us|yet|already)(?: |$))+$",
        "",
        words,
    )
    if not words:
        return {}
    for word, group in ((" or ", "any"), (" and ", "all")):
        if word in words:
            parts = [_goods(part, goods) for part in words.split(word)]
            return {group: parts} if all(parts) else None
    name = words.strip(" ,")
    category = next(
        (goods.categories[form] for form in (name, name.removesuffix("s")) if form in goods.categories), None
    )
    if category:
        return {"category": category}
    told = name.split()
    if origin or len(told) > 6 or _NO_GOODS & set(told) or name in goods.others or told[0] in goods.others:
        return None
    if name == "<quoted>" and goods.quoted:
        return {"product": goods.quoted[0]}
    if "<" in name or not re.search(r"[a-z]", name):
        return None
    return {"product": " ".join(goods.written.get(word, word) for word in told)}


def _each(what: Node, make: Callable[[Node], Node]) -> Node:
    """`make` for every product or category, joined as they are."""
    for group in ("any", "all"):
        if group in what:
            return {group: [_each(part, make) for part in what[group]]}
    return make(what)


def _standard(window: Node) -> bool:
    """A window that features know: none, or the last month, quarter or year."""
    return not window or window.get("within_days") in _STANDARD


def _bought(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    before = match.string[: match.start()]
    if not (match["said"] or match["never"] or re.search(r"(?:^|\b(?:and|or|but) |> )$", before)):
        return None
    back = match["verb"] in ("returned", "sent back", "refunded")
    units = re.match(_UNITS, rest.words)
    count, words = rest.count, rest.words
    if units and count is None:
        count, words = (_OPS.get(units["cmp"] or "", "ge"), int(units["n"]), "units"), words[units.end() :]
    what = _goods(words, goods)
    if what is None or (back and not words):
        return None
    if not what and not back:
        return _anything(match, rest, count)
    measure = "refunds" if back else count[2] if count else "orders"
    op, number = ("eq", 0) if match["never"] and not count else (count[0], count[1]) if count else ("ge", 1)
    node = _each(what, lambda one: {"purchase": measure, "operator": op, "value": number} | one | rest.window)
    return {"not": node} if match["never"] and count else node


def _anything(match: re.Match[str], rest: _Rest, count: tuple[str, int, str] | None) -> Node | None:
    """No goods are named: only what features cannot say (days of the calendar, other windows than theirs)."""
    if not re.search(r"\b(?:who|that|which|have|has|had|ever)\b", match["said"]) and not match["never"]:
        return None
    if _standard(rest.window) or ("within_days" in rest.window and not count):
        return None
    if count:
        node = {"purchase": count[2], "operator": count[0], "value": count[1]} | rest.window
        return {"not": node} if match["never"] else node
    if not match["never"]:
        return {"purchase": "orders", "operator": "ge", "value": 1} | rest.window
    silent: Node = {"purchase": "orders", "operator": "eq", "value": 0} | rest.window
    start = rest.window.get("start")
    if not start or "end" in rest.window:
        return silent
    # "Not since August" is said of customers: of those who bought before.
    return {"all": [{"purchase": "orders", "operator": "ge", "value": 1, "end": _before(start)}, silent]}


def _spent(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    said = re.sub(r"^(?:with us|in total|overall)\b ?", "", rest.words)
    what = _goods(said.removeprefix("on "), goods)
    if what is None or rest.count or bool(what) != said.startswith("on ") or (not what and _standard(rest.window)):
        return None
    if match["low"]:
        amount: Node = {"operator": "between", "value": [_number(match["low"]), _number(match["high"])]}
    else:
        amount = {
            "operator": "ge" if match["more"] else _OPS.get(match["cmp"] or "", "ge"),
            "value": _number(match["n"]),
        }
    return _each(what, lambda one: {"purchase": "revenue"} | amount | one | rest.window)


def _nothing(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    if rest.words or rest.count:
        return None
    return {"purchase": "orders", "operator": "eq", "value": 0} | rest.window


def _buyers(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    what = _goods(rest.words, goods)
    return (
        _each(what, lambda one: {"purchase": "orders", "operator": "ge", "value": 1} | one | rest.window)
        if what
        else None
    )


def _first(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    """Nothing before the days named, something on them."""
    if rest.words or rest.count or "within_days" in rest.window or not rest.window:
        return None
    bought: Node = {"purchase": "orders", "operator": "ge", "value": 1} | rest.window
    if "start" not in rest.window:
        return bought
    return {"all": [{"purchase": "orders", "operator": "eq", "value": 0, "end": _before(rest.window["start"])}, bought]}


def _last(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    """Something on the days named, nothing after them."""
    if rest.words or rest.count or "within_days" in rest.window or not rest.window:
        return None
    bought: Node = {"purchase": "orders", "operator": "ge", "value": 1} | rest.window
    if "end" not in rest.window:
        return bought
    return {"all": [bought, {"purchase": "orders", "operator": "eq", "value": 0, "start": _after(rest.window["end"])}]}


def _active(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    if rest.words or rest.count or "start" not in rest.window:
        return None
    return (
        {"purchase": "orders"}
        | ({"operator": "eq", "value": 0} if match["never"] else {"operator": "ge", "value": 1})
        | rest.window
    )


def _returns(match: re.Match[str], rest: _Rest, goods: Goods) -> Node | None:
    if rest.words:
        return None
    number = 0 if match["no"] else int(match["n"] or 1)
    op = (
        "eq"
        if match["no"]
        else "ge"
        if match["more"]
        else _OPS.get(match["cmp"] or "", "ge" if not match["n"] else "eq")
    )
    return {"purchase": "refunds", "operator": op, "value": number} | rest.window


def _but_not(tail: str, node: Node, as_of: date, goods: Goods) -> tuple[Node, int] | None:
    """ "… but not Kitchen in the last year", "… but not this year": the opposite condition and how long its words are.

    A window said at the end holds for both; one said first does too.
    """
    match = compiled(rf"^ but (?:not|never)(?P<rest> .+?){_END}").match(tail)
    rest = _rest(match["rest"], as_of, calendar="start" in node) if match else None
    if match is None or rest is None or rest.count or "purchase" not in node:
        return None
    what = _goods(rest.words, goods)
    known = {name for name in ("category", "product") if name in node}
    if what is None or (what and not known & set(what)) or rest.words in dict(phrases("segments")):
        return None
    window = {name: node[name] for name in ("within_days", "start", "end") if name in node}
    if not what:
        if not rest.window:
            return None
        what = {name: node[name] for name in known}
    elif rest.window and not window:
        node |= rest.window
    return {"purchase": node["purchase"], "operator": "eq", "value": 0} | what | (rest.window or window), match.end()


def _number(said: str) -> float | int:
    return int(float(said)) if float(said).is_integer() else float(said)


def _before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


_OF_RETURNS = rf"(?:(?P<no>no)|(?:{_CMP} )?(?P<n>\d+)(?P<more> or more|\+)?) (?:returns?|refunds?|returned orders?)"
_GRAMMAR: Final[tuple[tuple[str, Callable[[re.Match[str], _Rest, Goods], Node | None]], ...]] = (
    (rf"{_EXCEPT}{_SAID}{_MONEY}(?P<rest>.*?){_END}", _spent),
    (rf"{_EXCEPT}{_SAID}{_FIRST}(?P<rest> .*?){_END}", _first),
    (rf"{_EXCEPT}{_SAID}{_LAST}(?P<rest> .*?){_END}", _last),
    (rf"{_EXCEPT}{_SAID}(?:were |was |been )?{_NEVER}(?:were |was |been )?\bactive(?P<rest> .*?){_END}", _active),
    (rf"{_EXCEPT}{_SAID}{_NEVER}\bspent nothing(?P<rest>.*?){_END}", _nothing),
    (rf"{_EXCEPT}\b(?:buyers|purchasers) of(?P<rest> .*?){_END}", _buyers),
    (rf"{_EXCEPT}{_SAID}(?:with|having) {_OF_RETURNS}(?P<rest>.*?){_END}", _returns),
    (rf"{_EXCEPT}{_SAID}{_NEVER}{_BUY}(?P<rest>.*?){_END}", _bought),
)
