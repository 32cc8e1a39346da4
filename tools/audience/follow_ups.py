# ruff: noqa: E501  (one pattern a line reads better than a broken one)
"""Follow-ups about customers: "in 2024 only", "and coffee?", "how many of them are from Ireland", "the second one"."""

from __future__ import annotations

import re
from typing import Any, Final

from core.calendar import months_earlier
from language.filters import as_conditions
from language.followups import is_elliptic
from language.periods import Period
from language.references import period_of
from language.requests import Answerable
from language.residue import unknown_words
from language.rules import joined, previous_rule
from language.scene import Call, PastCall, Scene
from language.slots import Slots
from language.vocabulary import phrases
from tools.audience.asked import NO_PERIOD

__all__ = ["AMONG", "among", "narrowed"]

Node = dict[str, Any]
AMONG: Final = r"\b(?:of|among|amongst|out of) (?:them|those|these)\b"
_COUNT: Final = r"\b(?:how many|number|count|what share|what percentage|what %|how large)\b"
_LIST: Final = r"\b(?:who|which|list|show|names?)\b"
_BOUGHT: Final = r"\b(?:bought|ordered|purchased|shopped|came back|buy|order|spent)\b"
_NOT_BOUGHT: Final = r"\b(?:not|never|nothing|no longer)\b"
_BUYS: Final = frozenset("ordered bought purchased shopped came back also anything something".split())  # noqa: SIM905
_SIZE: Final = (
    r"(?:(?:and|so|just|only|ok|now|give me|tell me|in total|what is)[, ]+)*(?:how many|the number|number|the count|count|the total"
    r"|how large)(?: (?:is|are|was|were|of|in|that|those|they|them|there|it|these|total|please|only|all))*[?.! ]*"
)
_LIMIT: Final = (
    r"(?:(?:and|or|but|what about|how about|now|only|with|those|the ones|who|have|had)[, ]+)*"
    r"(?P<how>more than|over|above|at least|less than|fewer than|under|below|at most|up to|exactly) (?P<n>\d+(?:\.\d+)?)"
    r"(?: (?:times|then|instead|please))*[?.! ]*"
)
_OPERATORS: Final = {
    "more than": "gt", "over": "gt", "above": "gt", "at least": "ge", "less than": "lt", "fewer than": "lt",
    "under": "lt", "below": "lt", "at most": "le", "up to": "le", "exactly": "eq",
}  # fmt: skip
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth")
_ORDINAL: Final = (
    r"(?:(?:and|what about|how about|tell me about|show me|who is|more about|about|the|number|ok|now)[, ]+)*"
    rf"(?P<which>{'|'.join(_ORDINALS)}|1st|2nd|3rd|4th|5th)(?: (?:one|1|customer|person|of them|please|on the list|in the list))*[?.! ]*"
)
_SORT: Final = r"\b(?:sort|order|rank)(?:ed)?(?: (?:it|them|this|that|these|those))? by (?P<field>[a-z0-9 ]+)"
_SORTED_BY: Final = {
    "spend": "monetary_value", "revenue": "monetary_value", "spending": "monetary_value", "value": "monetary_value",
    "orders": "orders_all", "number of orders": "orders_all", "aov": "avg_order_value", "risk": "churn_90",
}  # fmt: skip
# What is kept of a customer over all time, and what it is within a period.
_DATED: Final = {"orders_all": "orders", "monetary_value": "revenue"}
_OUT: Final = (
    r"^(?:(?:and|now|then|please|but|ok|can you|could you)[, ]+)*(?:drop|remove|discard|skip|exclude|without|except|minus"
    r"|not|leave out|take out|throw out|kick out|filter out|get rid of) "
)
_NOT_THEN: Final = r"^(?:(?:and|but|though|yet|who|they|that)[, ]+)*(?:(?:have|did|had) )?(?:not|nothing|never|none)\b"
_NOT_YET: Final = "Who is in that list I know once it is there. Ask that again after it."
_PAGE: Final = 20  # rows where no number was asked for
_UNCLEAR: Final = "I cannot put that to the customers before. Say whom you mean in one sentence."


def narrowed(slots: Slots, scene: Scene) -> Answerable | None:
    """The call a clause turns a count or a list of customers into; None where the clause stands by itself."""
    last = scene.last
    if last is None or slots.dimensions or slots.metrics not in ([], ["customers"], ["orders"]):
        return _sorted(slots, last) if last and last.tool == "find_customers" else None
    for reader in (
        _part_of,
        _year_before,
        _pointed,
        _sized,
        _columns,
        _sorted,
        _paged,
        _limited,
        _redated,
        _other_goods,
        _added,
    ):
        if (answer := reader(slots, last)) is not None:
            return answer
    return None


def among(slots: Slots, scene: Scene) -> Answerable | None:
    """Which, or how many, of the customers before meet one more condition."""
    before, added = previous_rule(scene), _said(slots)
    if (last := scene.last) is not None and last.result is None and last.tool == "find_customers" and _is_cut(last):
        return _NOT_YET  # asked in one message: who is in the ranking is not known before it is made
    if before is None or added is None or slots.conditions.unclear or unknown_words(slots, _BUYS):
        return None
    return _asked(slots, scene.last, joined(before, added))


def _is_cut(last: PastCall) -> bool:
    """A ranking of so many, and not all whom a rule picks."""
    return last.arguments.get("limit", _PAGE) != _PAGE or "rule" not in last.arguments


def _asked(slots: Slots, last: PastCall | None, rule: Node | None) -> list[Call]:
    """A count or a list, as the clause says, else as before."""
    listed = last is not None and last.tool == "find_customers"
    if slots.has(_COUNT) or not (slots.has(_LIST) or listed):
        return [Call("count_segment", {"rule": rule})]
    order = {"sort_by": "monetary_value", "limit": 20}
    if last is not None and listed:
        order |= {name: value for name, value in last.arguments.items() if name not in ("rule", "offset")}
    return [Call("find_customers", {**order, "rule": rule})]


def _said(slots: Slots) -> Node | None:
    """The conditions a clause states: its own, its places, what was bought and when."""
    places = [f for f in slots.filters if f["dimension"] in ("country", "city", "channel")]
    goods = [f["value"] for f in slots.filters if f["dimension"] == "category" and f["operator"] == "eq"]
    meant = slots.conditions.rule
    if meant and slots.has(_OUT) and "not" not in meant:  # "drop those with fewer than 3 orders"
        meant = {"not": meant}
    nodes = [meant, *as_conditions(places)]
    bought: Node = {"purchase": "orders", "operator": "ge", "value": 1}
    if slots.has(_NOT_BOUGHT):
        bought |= {"operator": "eq", "value": 0}
    period = slots.periods[0].arguments() if len(slots.periods) == 1 else {}
    if slots.conditions.rule is None and slots.has(_BOUGHT) and (goods or period):
        nodes += [bought | period | ({"category": each} if each else {}) for each in goods or [None]]
    elif goods or period or len(slots.periods) > 1:
        return None
    return joined(*nodes)


def _part_of(slots: Slots, last: PastCall) -> Answerable | None:
    """ "In percent of all Germans": what part of those the customers before are."""
    if not slots.measures.share or slots.conditions.nodes or slots.periods or unknown_words(slots, frozenset()):
        return None
    places = [f for f in slots.filters if f["dimension"] in ("country", "city")]
    rule = last.arguments.get("rule")
    if rule is None or len(places) != len(slots.filters) or (not places and slots.metrics not in ([], ["customers"])):
        return None
    whole = {"among": joined(*as_conditions(places))} if places else {}  # of all of them it is told with each count
    return [Call("count_segment", {"rule": rule, **whole})]


def _year_before(slots: Slots, last: PastCall) -> Answerable | None:
    """ "And the year before that": what they bought in the same days of the year before."""
    period = period_of(last)
    if slots.when.against != "last_year" or slots.periods or slots.filters or slots.conditions.nodes:
        return None
    if period is None or period.start is None or period.end is None or not is_elliptic(slots):
        return None
    earlier = Period(*months_earlier(period.start, period.end, 12))
    return _in_days(slots, last, earlier.arguments())


def _pointed(slots: Slots, last: PastCall) -> Answerable | None:
    """ "The second one": the customer in that row."""
    match = re.fullmatch(_ORDINAL, slots.plain)
    if match is None or last.tool != "find_customers":
        return None
    at = _ORDINALS.index(match["which"]) if match["which"] in _ORDINALS else int(match["which"][0]) - 1
    rows = (last.result or {}).get("rows", [])
    return [Call("customer_profile", {"customer": str(rows[at][0])})] if at < len(rows) else "There is no such row."


def _sized(slots: Slots, last: PastCall) -> Answerable | None:
    return [Call("count_segment", {"rule": last.arguments.get("rule")})] if re.fullmatch(_SIZE, slots.plain) else None


def _columns(slots: Slots, last: PastCall) -> list[Call] | None:
    """ "Just the names": the same customers with that column alone."""
    match = re.fullmatch(
        r"(?:(?:just|only|and|now|please|show|me|give|with|the|their)[, ]+)*(?P<what>name|email|city|country)(?:s| address(?:es)?)?[?.! ]*",
        re.sub("ies\\b", "y", slots.plain),
    )
    return (
        [Call("find_customers", {**last.arguments, "fields": [match["what"]]})]
        if match and last.tool == "find_customers"
        else None
    )


def _sorted(slots: Slots, last: PastCall) -> Answerable | None:
    match = re.search(_SORT, slots.plain)
    if match is None or last.tool != "find_customers":
        return None
    said = match["field"].strip().removesuffix(" instead").removesuffix(" please")
    known = {phrase: field for phrase, field in phrases("fields") if phrase == said}
    field = _SORTED_BY.get(said) or known.get(said)
    if field is None:
        return f"I cannot sort by “{said}”. “Which customer features are there?” lists what I can sort by."
    return [Call("find_customers", {**last.arguments, "sort_by": field})]


def _paged(slots: Slots, last: PastCall) -> Answerable | None:
    """ "The next 10", "make that 20"."""
    if last.tool != "find_customers":
        return None
    if match := re.fullmatch(
        r"(?:and |the |show |me |now )*next (\d+)?(?: (?:ones|1s|please|customers))*[?.! ]*", slots.plain
    ):
        shown = int(last.arguments.get("limit", 20))
        skipped = int(last.arguments.get("offset", 0)) + shown
        return [Call("find_customers", {**last.arguments, "offset": skipped, "limit": int(match[1] or shown)})]
    alone = r"(?:(?:and|ok|now|please|just|only|show|me|give|make|it|that|the|top|first|list)[, ]+)*(\d{1,3})(?: (?:please|of them|rows|only))*[?.! ]*"
    if match := re.fullmatch(alone, slots.plain):
        return [Call("find_customers", {**last.arguments, "limit": int(match[1])})]
    return None


def _limited(slots: Slots, last: PastCall) -> Answerable | None:
    """ "And more than 5?": the one number of the rule before."""
    match, rule = re.fullmatch(_LIMIT, slots.plain), last.arguments.get("rule")
    if match is None or rule is None:
        return None
    nodes = rule.get("all", [rule])
    numeric = [node for node in nodes if _has_number(node)]
    if len(numeric) != 1:
        return _UNCLEAR
    number = float(match["n"])
    value = int(number) if number.is_integer() else number
    changed = {**numeric[0], "operator": _OPERATORS[match["how"]], "value": value}
    return _asked(slots, last, joined(*[changed if node is numeric[0] else node for node in nodes]))


def _has_number(node: Node) -> bool:
    number = isinstance(node.get("value"), int | float) and node.get("operator") in _OPERATORS.values()
    return number and (node.get("operator"), node["value"]) not in (("ge", 1), ("eq", 0))


def _redated(slots: Slots, last: PastCall) -> Answerable | None:
    """ "In 2024 only", "and in 2023?": the purchases of the rule before in another period."""
    rule = last.arguments.get("rule")
    if len(slots.periods) != 1 or rule is None or slots.filters or slots.conditions.nodes or slots.metrics:
        return None
    if not is_elliptic(slots):
        return None
    if slots.has(_OUT):  # "without those from the last 30 days": who bought then is left out
        return _asked(slots, last, joined(rule, _none_in(slots.periods[0].arguments())))
    return _in_days(slots, last, slots.periods[0].arguments())


def _in_days(slots: Slots, last: PastCall, days: Node) -> Answerable:
    """The rule before, of what was bought in other days."""
    rule = last.arguments["rule"]
    nodes = rule.get("all", [rule])
    if any({"all", "any", "not"} & set(node) for node in nodes):
        return _UNCLEAR
    spans = {(node.get("start"), node.get("end"), node.get("within_days")) for node in nodes if "purchase" in node}
    dated = [_dated(node, days) for node in nodes]
    if len(spans) > 1:
        return _UNCLEAR
    changed = [new or node for new, node in zip(dated, nodes, strict=True)]
    if slots.has(_NOT_THEN):  # besides, nothing of it in the other period
        bought = [node for node in dated if node and node.get("purchase")]
        none = [{**node, "operator": "eq", "value": 0, "purchase": "orders"} for node in bought]
        return _asked(slots, last, joined(rule, *none)) if none else _UNCLEAR
    return _asked(slots, last, joined(*changed)) if any(dated) else NO_PERIOD


def _none_in(period: Node) -> Node:
    return {"purchase": "orders", "operator": "eq", "value": 0, **period}


def _dated(node: Node, period: Node) -> Node | None:
    """A purchase in `period`; None where the condition is of no period."""
    if "purchase" in node:
        return {name: v for name, v in node.items() if name not in ("start", "end", "within_days")} | period
    measure = _DATED.get(str(node.get("field")))
    return {"purchase": measure, "operator": node["operator"], "value": node["value"], **period} if measure else None


def _other_goods(slots: Slots, last: PastCall) -> Answerable | None:
    """ "And coffee?" after "who bought tea": the other category in its place."""
    goods = [f for f in slots.filters if f["dimension"] == "category"]
    rule = last.arguments.get("rule")
    if len(goods) != 1 or len(slots.filters) != 1 or slots.conditions.nodes or slots.periods or not is_elliptic(slots):
        return None
    nodes = (rule or {}).get("all", [rule] if rule else [])
    bought = [node for node in nodes if "purchase" in node and {"product", "category"} & set(node)]
    if len(bought) != 1 or goods[0]["operator"] != "eq":
        return _UNCLEAR
    other = {name: v for name, v in bought[0].items() if name != "product"} | {"category": goods[0]["value"]}
    return _asked(slots, last, joined(*[other if node is bought[0] else node for node in nodes]))


def _added(slots: Slots, last: PastCall) -> Answerable | None:
    """ "Only France", "and how many from Spain?": more conditions on the same customers."""
    bare = (
        slots.has(r"\b(?:how many|which)\b")
        and not slots.metrics
        and not slots.has(r"\b(?:customers?|people|clients?|buyers)\b")
    )
    if not (is_elliptic(slots) or (bare and (slots.filters or slots.conditions.nodes))):
        return None
    added = _said(slots)
    if slots.periods or slots.metrics == ["orders"] or unknown_words(slots, _BUYS):
        return None
    if added is None:
        limited = slots.limit and last.tool == "find_customers"
        return [Call(last.tool, {**last.arguments, "limit": slots.limit})] if limited else None
    return _asked(slots, last, joined(_kept(last.arguments.get("rule"), slots, added), added))


def _kept(rule: Node | None, slots: Slots, added: Node) -> Node | None:
    """The rule before, without what the clause says anew: its places, or the same measure with another number."""
    if rule is None:
        return rule
    anew = {_measure(node) for node in added.get("all", [added]) if _has_number(node)}
    if not slots.conditions.rule:
        anew |= {name for f in as_conditions(slots.filters) for name in (f["field"],) if name in ("country", "city")}
    return joined(*[node for node in rule.get("all", [rule]) if _measure(node) not in anew])


def _measure(node: Node) -> str:
    goods = [str(node[name]) for name in ("product", "category") if name in node]
    return " ".join([str(node.get("field") or node.get("purchase") or node), *goods])
