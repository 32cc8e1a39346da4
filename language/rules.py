"""Rules about customers: asked for in a clause, implied by earlier calls, joined, and in words."""

from __future__ import annotations

import re
from typing import Any

from language.filters import as_conditions
from language.scene import Scene
from language.slots import Slots

__all__ = ["asked_rule", "habits", "joined", "opened_in", "previous_rule", "rule_words", "untold_days"]

Node = dict[str, Any]
_OPS = {
    "eq": "is", "ne": "is not", "lt": "<", "le": "≤", "gt": ">", "ge": "≥", "in": "in", "not_in": "not in",
    "contains": "contains", "is_null": "is unknown", "not_null": "is known", "between": "between",
    "top_share": "in the top", "bottom_share": "in the bottom",
}  # fmt: skip


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


_WINDOWED = {"orders_all": "orders", "monetary_value": "revenue"}


def _in_days(rule: Node | None, slots: Slots) -> Node | None:
    """The rule in the days of the clause: its counts and sums are of those days; a place alone is of who bought then.

    None where days are left that it cannot hold: what customers are today (a segment, a risk) has no days.
    """
    days = [p.arguments() for p in slots.periods if not any(_within(p.arguments(), part) for part in _windows(rule))]
    if not days or len(days) > 1 or slots.when.against or rule is None:
        return rule if not days else None
    bought = {"purchase": "orders", "operator": "ge", "value": 1} | days[0]
    if slots.conditions.rule is None:
        return joined(rule, bought)
    parts = rule.get("all", [rule])
    once = {"field": "orders_all", "operator": "eq", "value": 1}
    moved = [
        {"purchase": _WINDOWED[p["field"]], "operator": p["operator"], "value": p["value"]} | days[0]
        if p.get("field") in _WINDOWED and p["operator"] in ("eq", "lt", "le", "gt", "ge", "between") and p != once
        else p
        for p in parts
    ]
    if once in parts:
        moved.append(bought)
    plain = all("purchase" in p or p.get("field") in ("country", "city", "orders_all") for p in moved)
    return joined(*moved) if moved != parts and plain else None


def _windows(rule: Node | None) -> list[Node]:
    """The days that purchases of a rule lie in."""
    if rule is None:
        return []
    children = [*rule.get("all", []), *rule.get("any", []), *([rule["not"]] if "not" in rule else [])]
    own: list[Node] = [{k: rule[k] for k in ("start", "end") if k in rule}] if "purchase" in rule else []
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


def rule_words(rule: Node | None) -> str:
    """A rule in words: "spent over 1,000 in all and silent for at least 90 days"."""
    if rule is None:
        return "all customers"
    for word, between in (("all", " and "), ("any", " or ")):
        if word in rule:
            other = "any" if word == "all" else "all"
            parts = [(rule_words(part), other in part and len(part[other]) > 1) for part in rule[word]]
            return between.join(f"({said})" if mixed else said for said, mixed in parts)
    if "not" in rule:
        return f"not ({rule_words(rule['not'])})"
    if "purchase" in rule:
        return purchase_words(rule)
    if "event" in rule:
        did = "did" if rule.get("did", True) else "no"
        within = f" within {rule['within_days']} days" if rule.get("within_days") else ""
        return f"{did} {rule['event'].replace('_', ' ')}{within}"
    return _condition_words(rule["field"], rule["operator"], rule.get("value"))


def purchase_words(rule: Node) -> str:
    """ "bought “red mug” within 90 days", "spent > 300 from 2011-11-01 to 2011-11-30"."""
    op, value = rule["operator"], rule["value"]
    goods = "".join(f" “{rule[name]}”" for name in ("product", "category") if rule.get(name))
    measure, when = rule["purchase"], f"{_of_orders(rule)}{_when(rule)}"
    if (op, value) in (("ge", 1), ("gt", 0)) and measure in _DID:
        return f"{_DID[measure]}{goods or ' anything'}{when}"
    if (op, value) in (("eq", 0), ("lt", 1), ("le", 0)) and measure in _DID:
        nothing = f"{_DID[measure]} nothing{goods and f' of{goods}'}{when}"
        return nothing if when else f"never {_DID[measure]}{goods or ' anything'}"
    of = f" of{goods}" if goods else ""
    if measure == "revenue":
        return f"spent {_OPS[op]} {_said(value)}{f' on{goods}' if goods else ''}{when}"
    if measure == "gap_days":
        return f"longest break between two orders {_OPS[op]} {_said(value)} days{when}"
    named = f"{measure} with an order" if measure in ("days", "weeks", "months", "quarters", "years") else measure
    return f"{named}{of} {_OPS[op]} {_said(value)}{when}"


def _of_orders(rule: Node) -> str:
    """ " through marketplace", " in an order ≥ 200", " with a discount"."""
    said = f" through {rule['channel']}" if rule.get("channel") else ""
    if worth := rule.get("order_value"):
        said += f" in an order of {_OPS[worth['operator']]} {_said(worth['value'])}"
    if "discounted" in rule:
        said += f" with{'' if rule['discounted'] else 'out'} a discount"
    first = rule.get("within_days_of_first")
    return said + (f" within {first} days of the first order" if first else "")


def _when(rule: Node) -> str:
    if rule.get("within_days"):
        return f" within {rule['within_days']} days"
    start, end = rule.get("start"), rule.get("end")
    if start and end:
        return f" on {start}" if start == end else f" from {start} to {end}"
    return f" since {start}" if start else f" up to {end}" if end else ""


def _condition_words(field: str, op: str, value: Any) -> str:
    if (field, op, value) == ("orders_all", "eq", 1):
        return "bought only once"
    if field == "churn_status" and op == "eq":
        return "counts as having left" if value == "left" else "still active"
    said = _said(value)
    if pattern := _WORDS.get((field, op)) or _WORDS.get((field, "")):
        return pattern.format(value=said, op=_OPS[op])
    if match := re.fullmatch(r"churn_(\d\d)", field):
        return f"probability to leave within {match[1]} days {_OPS[op]} {said}"
    return re.sub(r"\s+", " ", f"{field.replace('_', ' ')} {_OPS[op]} {said}").strip()


def _said(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(_said(item) for item in value)
    if isinstance(value, float) and 0 < value < 1:
        return f"{100 * value:g}%"
    return (
        "" if value is None else f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    )


_DID = {"orders": "bought", "refunds": "returned"}
_WORDS = {
    ("monetary_value", ""): "total spend {op} {value}",
    ("recency_days", "ge"): "silent for at least {value} days",
    ("recency_days", "gt"): "silent for more than {value} days",
    ("recency_days", "le"): "bought within the last {value} days",
    ("recency_days", "is_null"): "never ordered",
    ("days_since_first_order", "le"): "first order within the last {value} days",
    ("orders_all", "eq"): "exactly {value} orders",
    ("orders_all", ""): "orders {op} {value}",
    ("rfm_segment", "eq"): "RFM segment {value}",
    ("churn_risk", "eq"): "{value} churn risk",
    ("clv_12m", ""): "predicted 12-month value {op} {value}",
    ("consent_email", "eq"): "agreed to emails",
    ("consent_sms", "eq"): "agreed to text messages",
    ("customer_id", "not_null"): "signed up",
    ("next_purchase_at", ""): "next purchase expected {op} {value}",
}
