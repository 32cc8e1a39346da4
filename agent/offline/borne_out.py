# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""What the typed reader of its kind makes of each part that the learnt roles see in a message.

"Between easter monday and the end of june in 2011" has to be read as a time, "the scandi lot" as a place: what no typed
reader bears out is not believed, however sure its role is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from agent.offline.agreement import akin
from agent.offline.said_plainly import Part, bare, number, placed, timed, without
from language.residue import unknown_words
from language.scene import Scene
from language.slots import read_slots
from language.vocabulary import DIMENSIONS, METRICS, known_words
from language.words import plain
from tools.metrics.goods import product_named

__all__ = ["borne_out"]

_NAMED: Final = 0.6  # of a figure or a dimension that no list knows by its words
_SURELY: Final = 0.8  # of one that stands for people or orders who did something
_CERTAIN: Final = 0.94  # of a figure or a dimension that is believed against what its words say
_STRONG_ALONE: Final = 0.9
_HOW_MANY: Final = re.compile(r"how many [a-z]+")
_STRONG: Final = 0.75  # of one that is believed against another of its family, or beside a weak one
_HOW: Final = frozenset(
    {"how", "how many", "how much", "what", "we", "they", "us", "them", "those", "people", "many", "much"}
)
_NARROWED: Final = re.compile(
    r"\d|\b(?:exactly|least|most|more|less|fewer|over|under|above|below|only|with|without|than|one(?! (?:order|invoice|basket)\b)|two|three|four|five|six)\b"
)
_CHANGES: Final = re.compile(r"(?:chang|grow|grew|f[ae]ll|r[io]se|increas|decreas|declin|drop)\w* (?=\w)")
_LETTERS: Final = 4
_NUMBER: Final = r"\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve"
_ASKED_WITH: Final = r"^(?:the |our )*(?:how (?:many|much) |number of |count of )?(?:the |our )*"
_SAME_CUT: Final = {"segment": "rfm_segment"}
_PLACED_AT: Final = re.compile(r"\d(?!\d*(?:%|$))|\b(?:second|third|fourth|fifth|but one|runner)\b")
_RULES_OUT: Final = re.compile(r"\b(?:not?|without|except|excluding|excl|but|only|minus|less|apart|other)\b")
_COMPARES: Final = re.compile(r"\b(?:exactly|at least|at most|more than|less than|fewer than)\b")
_COUNTS: Final = re.compile(r"\b(?:how many|number|count|no\.)\b")
_EVER: Final = re.compile(
    r"(?:(?:over|in|of|for|across|during|since) )?(?:the |our )?(?:whole|entire|full|complete|all)(?: of)?(?: the| our)? ?(?:time|history|period|span|data|file|record)?s?(?: span| period)?(?: (?:we have|so far))?"
    r"|since (?:the )?(?:start|beginning|begin)(?: of (?:the )?(?:data|time|records))?|ever|lifetime"
)
_CUSTOMER_TYPE: Final = re.compile(
    r"(?:(?:for|from|of|by|the|our|to|among|only) )*(?:(?P<new>new(?:comers?|bies)?|brand new|(?:first|1st)[- ]timers?|(?:first|1st)[- ]time)|returning|repeat|existing|recurring)"
    r"(?: (?:customers?|clients?|buyers?|shoppers?|people|ones?|folks?))?"
)
_PLACED: Final = frozenset(
    """
    come comes came coming place placed make made do done take taken over through via from by that which arrive arrived
    go went were was are orders order invoices invoice sales sale the had have has some any on em them it booked landed
    land cleared written write purchase purchases
    """.split()  # noqa: SIM905
)
_OF_GOODS: Final = frozenset(
    {"units", "products_sold", "skus_sold", "units_returned", "units_per_order", "average_unit_price"}
)
_NARROWABLE: Final = frozenset("revenue gross_sales orders units customers refunds refund_orders".split())  # noqa: SIM905
"""Figures of which some may be meant: "orders with three things in them"."""
_COUNTED_AS: Final = frozenset("pcs packs packets units things parts pieces items goods articles".split())  # noqa: SIM905
_COUNTED: Final = frozenset({"revenue", "orders"})


def borne_out(part: Part, parts: Sequence[Part], message: str, scene: Scene, *, of_people: bool) -> list[Part] | None:
    """`part` as its reader reads it, nothing where it tells no more than the others; None where it is not believed.

    `of_people`: customers are counted or listed.
    """
    match part.role:
        case "m" | "d" if not part.sure:
            return None  # "ATC to checkout" are two figures
        case "m":
            return _figure(part, parts, message, scene)
        case "d" if of_people and part.names in ("customer", ""):
            return [replace(part, names="customer")]
        case "d":
            return _dimension(part, parts, scene)
        case "q" | "b":
            return _of_orders(part, scene)
        case "t" | "w" | "c" if "(" in part.text:
            inside = _in_brackets(part, scene)
            return None if inside is None else borne_out(inside, parts, message, scene, of_people=of_people)
        case "t" if _EVER.fullmatch(part.text):
            return []
        case "n":
            return [part] if number([part]) else None
        case "o" if _PLACED_AT.search(part.text):
            return None  # "the second best"
        case "o" | "s" | "g" if not _says_that_alone(part, parts, scene):
            return None
        case "t" if match := _CHANGES.match(part.text):
            rest = replace(part, text=part.text[match.end() :])
            return [replace(part, role="s", text="change"), rest] if _is_read(rest, scene) else None
        case "w" | "v" if match := _CUSTOMER_TYPE.fullmatch(part.text):
            return [replace(part, role="v", names="customer_type", text="new" if match["new"] else "returning")]
        case "v":
            return _value(part, scene)
        case "t":
            return [part] if _is_read(part, scene) else None
        case "x":
            return [part] if _is_left_out(part, parts, scene) else None
        case _:
            return [part]


def _value(part: Part, scene: Scene) -> list[Part] | None:
    """A customer by number, a country by its code, a product by words of its name; else as it stands in the data."""
    if part.names == "customer" and (number_ := re.search(r"(?<!\S)[a-z]{0,3}-?\d{2,}$", part.text)):
        return [replace(part, text=f"of customer {number_[0]}")]
    if part.names == "product" and (named := _product(part.text, scene)):
        return [replace(part, text=named)]
    code = part.names == "country" and re.fullmatch(r"[a-z]{2}", bare(part.text)) is not None
    told = replace(part, text=bare(part.text).upper()) if code else part
    return [told] if _is_read(told, scene) else _in_full(part, scene)


def _in_brackets(part: Part, scene: Scene) -> Part | None:
    """A time that is told once more in brackets is that; what else stands there may narrow the question."""
    before, _, inside = part.text.partition("(")
    inside = inside.partition(")")[0].strip()
    if part.role == "w" or re.match(r"(?:since|from|until|till|by|up to|before|after)\b", before):
        return None  # "since easter (the 20th of april)" is more than that day
    told = replace(part, role="t", text=inside)
    return replace(part, text=inside) if not _RULES_OUT.search(inside) and _is_read(told, scene) else None


def _figure(part: Part, parts: Sequence[Part], message: str, scene: Scene) -> list[Part] | None:
    """By its own words where they name one, and by what was learnt where they name another of its family, or none."""
    others = [other for other in parts if other is not part and other.role == "m"]
    if part.text in _HOW and others:
        return []
    slots = read_slots(part.text, scene)
    typed = slots.metrics
    if "<over>" in slots.marks():
        known = part.names in typed or part.sure >= _SURELY
        return [part] if known and part.names in METRICS else None  # "blended CAC" is one figure over another
    if part.sure >= _CERTAIN and part.names in METRICS and (part.names not in _NARROWABLE or typed == ["spend"]):
        return [part]  # "what % comes back for a second go" is no refund: what was learnt is seldom wrong there
    if _COMPARES.search(part.text) or _NARROWED.search(re.sub(r"<[^>]*>", " ", slots.text)):
        return None
    named = re.sub(_ASKED_WITH, "", part.text)
    if len(typed) == 1 and named in METRICS.get(typed[0], ()) and part.names not in typed:
        return [replace(part, names=typed[0])] if akin(typed[0], part.names) or part.sure < _STRONG else None
    if typed in (["customers"], ["orders"]) and part.names not in typed and part.sure >= _SURELY:
        return [part]  # "how many people opted out": by what they did, they are not customers
    if part.names == "refunds" and "refund_orders" in typed and _COUNTS.search(message.lower()):
        return [replace(part, names="refund_orders")]
    goods = any(other.role == "v" and other.names in ("product", "category") for other in parts)  # "bags of coffee"
    if not (typed or goods) and part.names in _OF_GOODS and any(_may_be_goods(word) for word in part.text.split()):
        return None
    least = _STRONG_ALONE if _HOW_MANY.fullmatch(part.text) else _NAMED  # "how many shop at night": people, or orders
    if part.names in typed or (not typed and part.sure >= least):
        return [part] if part.names in METRICS else None
    if typed and akin(typed[0], part.names):
        if part.sure >= _STRONG:
            return [part]
        return [replace(part, names=typed[0])] if len(typed) == 1 else None
    weak = not typed and any(other.names == part.names for other in others)
    return [] if weak else None


def _may_be_goods(word: str) -> bool:
    """ "How many different candles": what is counted may be what it is of."""
    return word.endswith("s") and len(word) > 3 and word not in known_words() | _COUNTED_AS


def _says_that_alone(part: Part, parts: Sequence[Part], scene: Scene) -> bool:
    """No other figure is named in an order or a shape: "most cancelled" is more than the most."""
    named = {other.names for other in parts if other.role == "m"} | {"spend"}  # "who spends more"
    return named.issuperset(read_slots(part.text, scene).metrics)


def _dimension(part: Part, parts: Sequence[Part], scene: Scene) -> list[Part] | None:
    if match := re.match(rf"(?:the )?({_NUMBER}) (?=\w)", part.text):
        rest = _dimension(replace(part, text=part.text[match.end() :]), parts, scene)
        return None if rest is None else [replace(part, role="n", names="", text=match[1]), *rest]
    if {word for said in part.text.split() for word in (said, said.removesuffix("s"))} & (
        scene.product_words - known_words()
    ):
        return None  # "these umbrellas": they are not all products
    same = [other for other in parts if other is not part and other.role == "d" and other.names == part.names]
    if part.sure < _NAMED and any(other.sure >= _NAMED for other in same):
        return []
    part = replace(part, names=_SAME_CUT.get(part.names, part.names))
    typed = read_slots(f"revenue by {part.text}", scene).dimensions
    known = part.names in DIMENSIONS and part.sure >= (_CERTAIN if typed else _NAMED)
    known = known or part.names in typed
    return [part] if known else None


def _of_orders(part: Part, scene: Scene) -> list[Part] | None:
    """Of which orders: the place or channel that they came from is a value as any other."""
    slots = read_slots(f"orders {part.text}", scene)
    unknown = set(unknown_words(slots, _COUNTED)) - _PLACED
    if unknown or not (slots.order_filters or slots.filters):
        return None
    said = [words for mark, words in slots.taken if mark == "<value>"]
    if len(slots.filters) == len(said) == 1 and not slots.order_filters:
        return [replace(part, role="v", names=slots.filters[0]["dimension"], text=said[0])]
    return [replace(part, role="b")]


def _is_read(part: Part, scene: Scene) -> bool:
    """A time or a value, with no word that its reader does not know."""
    if re.search(r"\b(?:to|until|till|and|from|since|between)$", part.text):
        return False  # where it ends is somewhere else
    slots = read_slots(f"revenue {timed(part) if part.role == 't' else placed(part)}", scene)
    if part.role == "v" and slots.marks() - {"<value>", "<metric>", "<whose>", "<dimension>", "<when>", "<rule>"}:
        return False
    of_whom = slots.filters or slots.order_filters or slots.conditions.rule
    found = slots.periods or slots.when.against if part.role == "t" else of_whom
    return bool(found) and not unknown_words(slots, _COUNTED)


def _product(text: str, scene: Scene) -> str | None:
    """Words of a product's name, as they stand in the names there are."""
    return product_named(plain(bare(text)), "of", scene)


def _in_full(part: Part, scene: Scene) -> list[Part] | None:
    """ "Insta" is the one value that begins so."""
    said = bare(part.text)
    begun = [value for value in scene.values.get(part.names, ()) if value.lower().startswith(said)]
    return [replace(part, text=begun[0].lower())] if len(begun) == 1 and len(said) >= _LETTERS else None


def _is_left_out(part: Part, parts: Sequence[Part], scene: Scene) -> bool:
    """What is ruled out narrows the values, the orders or the days that the question is of."""
    times = " ".join(timed(other) for other in parts if other.role == "t")
    if (said := without(part)) and _product(said.removeprefix("excluding "), scene):
        return True
    slots, all_of_it = (read_slots(f"revenue {times} {said}", scene) for said in (said, ""))
    narrowed = slots.filters or slots.order_filters or slots.periods != all_of_it.periods
    return bool(narrowed) and not unknown_words(slots, _COUNTED)
