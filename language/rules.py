"""Rules about customers: asked for in a clause, implied by earlier calls, joined."""

from __future__ import annotations

import re
from typing import Any, Final

from language.filters import as_conditions
from language.scene import Scene
from language.slots import Slots

__all__ = ["WINDOWED", "asked_rule", "habits", "joined", "opened_in", "previous_rule", "untold_days"]

Node = dict[str, Any]


def asked_rule(slots: Slots) -> Node | None:
    """The rule a clause states itself: its conditions and its places, in the days it names."""
    rule = joined(slots.conditions.rule, *as_conditions(slots.filters))
    return _in_days(rule, slots) or rule


_HABITS = {"night": ("night_share", 0.5), "weekend": ("weekend_share", 0.7)}
_OFTEN = {"repeat_customers": ("ge", 2), "returning_customers": ("ge", 2), "one_time_customers": ("eq", 1)}


def habits(slots: Slots) -> Node | None:
    """Who shops at such hours, or so often, where it is said as a figure is: "night shoppers", "our regulars"."""
    hours = [each["value"] for each in slots.order_filters if each["operator"] == "eq"]
    shops: list[Node] = [
        {"field": field, "operator": "ge", "value": share}
        for at in hours
        for field, share in [_HABITS.get(at, ("", 0))]
        if field
    ]
    counts = [_OFTEN[name] for name in slots.metrics if name in _OFTEN]
    return joined(*shops, *({"field": "orders_all", "operator": op, "value": n} for op, n in counts))


def untold_days(slots: Slots) -> bool:
    """Whether the clause names days that its rule does not hold."""
    rule = joined(slots.conditions.rule, *as_conditions(slots.filters))
    return bool(slots.periods) and _in_days(rule, slots) is None


def opened_in(rule: Node | None) -> Node | None:
    """The days in which the customers of a rule first bought, where it says nothing else."""
    parts = (rule or {}).get("all", [])
    shapes = [(p.get("purchase"), p.get("operator"), p.get("value")) for p in parts]
    if shapes != [("orders", "eq", 0), ("orders", "ge", 1)] or set(parts[1]) != {*parts[0], "start"}:
        return None
    return {"start": parts[1]["start"], "end": parts[1]["end"]}


WINDOWED: Final = {"orders_all": "orders", "monetary_value": "revenue"}
"""Fields of all time, with what is counted of the same in some days."""


def _in_days(rule: Node | None, slots: Slots) -> Node | None:
    """The rule in the days of the clause: its counts and sums are of those days; a place alone is of who bought then.

    None where days are left that it cannot hold: what customers are today (a segment, a risk) has no days.
    """
    told = [] if _undated_events(rule) else _windows(rule)
    days = [p.arguments() for p in slots.periods if not any(_within(p.arguments(), part) for part in told)]
    if not days or len(days) > 1 or slots.when.against or rule is None:
        return rule if not days else None
    bought = {"purchase": "orders", "operator": "ge", "value": 1} | days[0]
    if slots.conditions.rule is None:
        return joined(rule, bought)
    parts = rule.get("all", [rule])
    # "onetime customers of May": who bought then and at no other time; "bought once in May" is of May alone
    once = {"field": "orders_all", "operator": "eq", "value": 1} if slots.has(r"\bonetime\b|\bsingle-\w+") else None
    of_orders, of_events = _said_of(parts, slots)
    moved = [
        {"purchase": WINDOWED[p["field"]], "operator": p["operator"], "value": p["value"]} | days[0]
        if of_orders
        and p.get("field") in WINDOWED
        and p["operator"] in ("eq", "lt", "le", "gt", "ge", "between")
        and p != once
        else p | days[0]
        if of_events and _undated_events(p) and "event" in p
        else p
        for p in parts
    ]
    if once in parts:
        moved.append(bought)
    plain = not any(map(_undated_events, moved)) and all(map(_holds_in_days, moved))
    return joined(*moved) if moved != parts and plain else None


_DONE: Final = re.compile(r"\b(?:open|click|unsubscri|visit|view|bounc|brows|abandon|fill|put|add)\w*")
_BOUGHT: Final = re.compile(r"\b(?:spen[dt]|order|bought|buy|purchas|invoice|paid)\w*")


def _said_of(parts: list[Node], slots: Slots) -> tuple[bool, bool]:
    """Whether the days are of what was bought, and of what was done: beside both, of what stands before them.

    "Two orders or more, not opened any mail since July": the mails are since July.
    """
    done, bought = any("event" in p for p in parts), any(p.get("field") in WINDOWED for p in parts)
    said = next((words for mark, words in slots.taken if mark == "<period>"), "")
    before = slots.plain.partition(said)[0] if done and bought and said else ""
    verbs = [max((m.start() for m in pattern.finditer(before)), default=-1) for pattern in (_BOUGHT, _DONE)]
    return (True, True) if max(verbs) < 0 else (verbs[0] > verbs[1], verbs[1] > verbs[0])


_TIMELESS: Final = ("country", "city", "orders_all", "monetary_value", "consent_email", "consent_sms")


def _holds_in_days(rule: Node) -> bool:
    """Whether a condition can be of some days: what was bought or done, or what has no days."""
    never = (rule.get("field"), rule.get("operator")) == ("recency_days", "is_null")  # ordered nothing, ever
    return bool({"purchase", "event"} & rule.keys()) or rule.get("field") in _TIMELESS or never


def _undated_events(rule: Node | None) -> bool:
    """Whether what somebody did (opened, visited) is asked for at any time."""
    if rule is None:
        return False
    parts = [*rule.get("all", []), *rule.get("any", []), *([rule["not"]] if "not" in rule else [])]
    undated = "event" in rule and not {"within_days", "start", "end"} & rule.keys()
    return undated or any(map(_undated_events, parts))


def _windows(rule: Node | None) -> list[Node]:
    """The days that purchases of a rule lie in."""
    if rule is None:
        return []
    children = [*rule.get("all", []), *rule.get("any", []), *([rule["not"]] if "not" in rule else [])]
    dated = {"purchase", "event"} & rule.keys()
    own: list[Node] = [{k: rule[k] for k in ("start", "end") if k in rule}] if dated else []
    return [w for w in own if w] + [w for child in children for w in _windows(child)]


def _within(outer: Node, inner: Node) -> bool:
    starts, ends = [str(w.get("start", "0")) for w in (outer, inner)], [str(w.get("end", "9")) for w in (inner, outer)]
    return starts[0] <= starts[1] and ends[0] <= ends[1]


def joined(*rules: Node | None) -> Node | None:
    """All of `rules` at once."""
    parts: list[Node] = []
    for rule in rules:
        if rule is not None:
            parts += rule.get("all", [rule])
    return {"all": parts} if len(parts) > 1 else parts[0] if parts else None


def previous_rule(scene: Scene) -> Node | None:
    """Whom "them" means: the customers of the latest call that was about customers."""
    return next((call.audience for call in reversed(scene.past) if call.audience), None)
