"""Where a call and the learnt roles of the words it was read from speak of different things.

The readers of `language/` and the model of roles were made from different things, and seldom err alike. A call that
counts units where the words that name a figure are surely "orders", or that compares where nothing is said to be
compared, is not made: the question is read in another way, or asked back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from agent.offline.said_plainly import Part, direction, number
from analytics.text.roles import Sentence
from language.scene import Call
from language.vocabulary import DIMENSIONS, METRICS

__all__ = ["FIGURE", "UNSURE", "akin", "doubts"]

UNSURE: Final[Mapping[str, str]] = {
    "figure": "which figure you mean",
    "compare": "whether you want it compared with another time",
    "share": "whether you want a share or the figure itself",
    "cut": "what you want it broken down by",
    "condition": "which customers you mean",
    "order": "whether you want the highest or the lowest",
    "time": "which time you mean",
    "number": "how many you want",
    "kind": "whether you want a figure, customers or something else",
}
"""What is not clear, by the kind of a doubt."""
_PLAIN: Final = frozenset("revenue orders units customers refunds".split())  # noqa: SIM905
"""Figures that words of others may be read as."""
_SPECIAL: Final = 0.95  # of a figure that is none of those
_SURE: Final = 0.8  # of a part that speaks against a call
FIGURE: Final = 0.88
_WHERE: Final = re.compile(r"(?:\w+ ){0,2}wh?ere\b")
_PLACES: Final = frozenset({"country", "city", "hour"})  # what is asked for with "where" and "when"
_CUTS: Final = (
    frozenset({"product", "sku", "category"}), frozenset({"country", "city"}), frozenset({"channel", "spend_channel"}),
    frozenset({"segment", "rfm_segment"}), frozenset({"weekday", "hour", "daypart", "weekend"}),
    frozenset({"order", "customer"}), frozenset({"customer_type", "kind", "known_customer"}),
)  # fmt: skip
_OF_CUSTOMERS: Final = frozenset({"find_customers", "count_segment"})
_ANOTHER_KIND: Final[Mapping[str, frozenset[str]]] = {
    "metrics": frozenset({"find_customers", "count_segment", "list_imports", "define_terms", "next_best_product"}),
    "change_explained": frozenset({"find_customers", "count_segment", "list_imports", "define_terms"}),
}
"""Tools that answer none of what is surely asked for."""
_LACKING: Final = 0.9  # of a part that a call has to hold
_STEPS: Final = re.compile(r"\b(?:dai|day|week|month|quarter|year|annual|hour)\w*")
_KIND: Final = 0.97  # of a kind that does
_PEOPLE: Final = frozenset(
    "customers ordering_customers new_customers returning_customers repeat_customers one_time_customers".split()  # noqa: SIM905
)
_AKIN: Final[Sequence[frozenset[str]]] = (
    _PEOPLE | {"repeat_rate"},
    frozenset(
        """
        orders discounted_orders multi_product_orders single_product_orders anonymous_orders charged_orders
        refund_orders orders_per_customer
        """.split()  # noqa: SIM905
    ),
    frozenset(
        """
        revenue gross_sales revenue_before_tax charged average_order_value tax median_order_value largest_order
        smallest_order revenue_per_customer channel_revenue shipping_charged
        """.split()  # noqa: SIM905
    ),
    frozenset(
        """
        units units_per_order units_returned products_per_order lines lines_per_order products_sold skus_sold
        average_unit_price average_order_value
        """.split()  # noqa: SIM905
    ),
    frozenset("refunds refund_rate refund_orders units_returned average_refund largest_refund".split()),  # noqa: SIM905
    frozenset(
        """
        emails_sent email_opens email_clicks email_bounces open_rate click_rate bounce_rate click_to_open_rate
        unsubscribes unsubscribe_rate sms_sent sms_clicks clicks
        """.split()  # noqa: SIM905
    ),
    frozenset("spend cpa cpc cpm ctr roas conversions clicks impressions channel_revenue".split()),  # noqa: SIM905
    frozenset("visits product_views carts checkouts".split()),  # noqa: SIM905
)
"""Figures that the same words may name."""
_TWO: Final = frozenset("csg")  # roles that set something against another, or step
_PUT_RIGHT: Final = re.compile(r"\b(?:(?:i|we) mean|meant|rather|instead|sorry|wait)\b")
_COMPARED: Final = re.compile(
    r"\b(?:versus|vs|against|than|compar\w+|ahead|behind|over|up|down|gr[oe]w\w*|better|worse|chang\w+|differ\w*|drove|driv\w+)\b"
)
_IN_THAT_TIME: Final = re.compile(r"\bin (?:the|that|this|the same) (?:year|month|quarter|period|time)\b")
_ALL_OF_THEM: Final = re.compile(
    r"\b(?:all|each|every one|(?<!opened )(?<!clicked )none)"
    r" of (?:them|these|their orders|those orders)\b(?! (?:who|that)\b)"
)
_OF_HUNDRED: Final = re.compile(r"\b(?:10|100|ten|hundred)\b")
_DATED: Final = re.compile(
    r"(?:19|20)\d\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:last|this|q[1-4]|yesterday|today)\b"
)
_LOWEST: Final = re.compile(r"\b(?:least|lowest|fewest|smallest|bottom)\b")
_HIGHEST: Final = re.compile(r"\b(?:most|highest|biggest|largest|top)\b")
_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip


def doubts(sentence: Sentence, parts: Sequence[Part], calls: Sequence[Call], least: float = FIGURE) -> list[str]:
    """What the calls of one clause hold that its words do not say, or lack that they surely say (keys of UNSURE).

    `least`: the probability of a figure from which it speaks against another.
    """
    figures = [call for call in calls if call.tool == "query_metrics"]
    found: list[str] = []
    said = " ".join(role.word.lower() for role in sentence.roles)
    if _PUT_RIGHT.search(said):
        return []
    if _IN_THAT_TIME.search(said) and any('"orders_' in json.dumps(call.arguments, default=str) for call in calls):
        found.append("condition")
    if _ALL_OF_THEM.search(said) and any(call.tool != "query_metrics" for call in calls):
        found.append("condition")
    compared = _COMPARED.search(said) is not None
    if any(_is_contradictory(call.arguments.get("rule")) for call in calls):
        found.append("condition")
    if len(figures) == len(calls):
        for call in figures:
            found += _of_the_figure(parts, call.arguments, compared=compared, least=least)
            found += _lacking(parts, call.arguments, where=_WHERE.match(said) is not None)
            found += _of_rows(parts, call.arguments)
        if sentence.request == "customers_count" and sentence.chance >= _KIND and not _counts_people(figures):
            found.append("kind")
    tools = {call.tool for call in calls}
    rows = any(part.role == "d" and part.names != "customer" and part.sure >= _LACKING for part in parts)
    counted = tools <= _OF_CUSTOMERS and not rows
    if tools <= _ANOTHER_KIND.get(sentence.request, frozenset()) and sentence.chance >= _KIND and not counted:
        found.append("kind")
    for call in calls:
        if call.tool == "explain_change":
            told = {"metrics": [call.arguments["metric"]], "compare_start": None}
            found += _of_the_figure(parts, told, compared=True, least=least)
    if any(_lists(call) for call in calls):
        found += _of_numbers(parts, calls)
    return list(dict.fromkeys(found))


def _of_the_figure(parts: Sequence[Part], made: Mapping[str, Any], *, compared: bool, least: float) -> Iterator[str]:
    """Which figure it is, and what is made of it."""
    roles = {part.role for part in parts}
    told = set(made.get("metrics", ()))
    named = {
        part.names
        for part in parts
        if part.role == "m" and part.sure >= least and not any(part.text in METRICS.get(name, ()) for name in told)
    }
    kinds = {one["dimension"] for one in made.get("filters", ()) if one["operator"] == "eq"}
    rows = {"order", "customer"} & set(made.get("dimensions", ()))
    of_people = named <= _PEOPLE and "customer_type" in kinds  # "what came from new customers"
    special = [part for part in parts if part.role == "m" and part.sure >= _SPECIAL and part.names not in _PLAIN]
    if (
        told <= _PLAIN
        and not (made.get("ratio") or made.get("share"))
        and any(part.names not in told for part in special)
        and not rows
    ):
        yield "figure"  # "how often a customer buys" is no number of orders
    if len(named) == 2 and len(told) == 1 and told <= named and not made.get("having"):
        yield "figure"  # two were named, and only one of them is told
    if named and not (named & _akin(set(made.get("metrics", ()))) or made.get("ratio") or rows or of_people):
        yield "figure"
    ranked_by_change = made.get("having") or str(made.get("order_by", "")).endswith("_change")
    if made.get("compare_start") and not roles & _TWO and not ranked_by_change and not compared:
        yield "compare"
    if made.get("share") and "s" not in roles and not made.get("dimensions") and not _OF_HUNDRED.search(_words(parts)):
        yield "share"


def _of_rows(parts: Sequence[Part], made: Mapping[str, Any]) -> Iterator[str]:
    """What it is cut by, of whom, in which order and when."""
    cuts = {part.names for part in parts if part.role in "dv"}
    if (
        any(part.role == "d" for part in parts)
        and len(set(made.get("dimensions", ())) | cuts) > len(cuts)
        and len(made["dimensions"]) > 1
    ):
        yield "cut"
    one = {each["dimension"] for each in made.get("filters", ()) if each["operator"] == "eq"}
    if one & set(made.get("dimensions", ())) & {"hour", "weekday", "daypart"}:
        yield "cut"  # a ranking of hours, of one hour
    named = cuts | {part.names for part in parts if part.role == "m"}
    people = {"segment", "rfm_segment", "customer_type", "customer"} | _PEOPLE
    if made.get("rule") and not {part.role for part in parts} & set("wrb") and not named & people:
        yield "condition"
    said = " ".join(part.text for part in parts if part.role == "o" and part.sure >= _SURE)
    low, high = bool(_LOWEST.search(said)), bool(_HIGHEST.search(said))
    if made.get("dimensions") and low != high and low == made.get("descending", True) and direction(said):
        yield "order"
    times = [part for part in parts if part.role == "t" and part.sure >= _KIND and _DATED.search(part.text)]
    if times and not any(name in made for name in ("start", "end", "compare_start", "last_days")):
        yield "time"


def _lacking(parts: Sequence[Part], made: Mapping[str, Any], *, where: bool) -> Iterator[str]:
    """What is surely said and has no place in a call: a breakdown, or steps in time."""
    kinds = {one["dimension"] for one in made.get("filters", ())}
    sure = [part for part in parts if part.sure >= _LACKING and not part.text.startswith("all ")]
    rows = set(made.get("dimensions", ()))
    if rows:
        cuts = {part.names for part in sure if part.role == "d" and part.names in DIMENSIONS}
        if (cuts and not any(_same_cut(one, two) for one in cuts for two in rows | kinds)) or (
            rows <= _PLACES and parts and not where and not any(part.role in "dvco" for part in parts)
        ):
            yield "cut"  # "which things do Estonians buy most" has no rows of customers
    if rows or made.get("compare_start") or made.get("grain") or made.get("per") or made.get("having"):
        return
    if any(part.role == "d" and part.names in DIMENSIONS and part.names not in {*kinds, "customer"} for part in sure):
        yield "cut"
    if any(part.role == "g" and _STEPS.search(part.text) for part in sure):
        yield "cut"


def _same_cut(one: str, other: str) -> bool:
    return one == other or any({one, other} <= alike for alike in _CUTS)


def _is_contradictory(rule: Mapping[str, Any] | None) -> bool:
    """Customers who did something and did not: two groups that were to be compared."""
    parts = rule.get("all", []) if rule else []
    told = [(json.dumps({k: v for k, v in part.items() if k != "did"}, sort_keys=True), part["did"]) for part in parts
            if "did" in part]  # fmt: skip
    return any((said, not did) in told for said, did in told)


def _of_numbers(parts: Sequence[Part], calls: Sequence[Call]) -> Iterator[str]:
    """A number of rows or of customers that no call holds."""
    held = set(_numbers([call.arguments for call in calls]))
    for part in parts:
        said = number([part]).strip()
        count = int(said) if said.isdigit() else _WORDS.get(said)
        quoted = re.search(rf"\b{count}\b", json.dumps([call.arguments for call in calls], default=str))
        if part.role == "n" and part.sure >= _SURE and count and not quoted and not held & {count, count / 100}:
            yield "number"


def _words(parts: Sequence[Part]) -> str:
    return " ".join(part.text for part in parts)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _numbers(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def akin(one: str, other: str) -> bool:
    """Whether the same words may name both figures."""
    return any({one, other} <= family for family in _AKIN)


def _akin(names: set[str]) -> set[str]:
    return names.union(*(family for family in _AKIN if family & names))


def _lists(call: Call) -> bool:
    """Rows or customers are chosen, of which so many may be wanted."""
    return call.tool in ("find_customers", "propose_campaign") or bool(call.arguments.get("dimensions"))


def _counts_people(calls: Sequence[Call]) -> bool:
    return any(_PEOPLE & set(call.arguments.get("metrics", ())) for call in calls)
