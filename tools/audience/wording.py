"""A rule about customers in words: "total spend > 1,000 and silent for at least 90 days"."""

from __future__ import annotations

import re
from calendar import day_name
from collections.abc import Sequence
from typing import Any

from language.cells import value_name

__all__ = ["purchase_words", "rule_words"]

Node = dict[str, Any]
_OPS = {
    "eq": "is", "ne": "is not", "lt": "<", "le": "≤", "gt": ">", "ge": "≥", "in": "in", "not_in": "not in",
    "contains": "contains", "is_null": "is unknown", "not_null": "is known", "between": "between",
    "top_share": "in the top", "bottom_share": "in the bottom",
}  # fmt: skip


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
        return _event_words(rule)
    return _condition_words(rule["field"], rule["operator"], rule.get("value"))


def _event_words(rule: Node) -> str:
    """ "did visit at least 3 times within 30 days", "no email open", "fewer than 2 email opens"."""
    did, times = rule.get("did", True), int(rule.get("at_least") or 1)
    event = rule["event"].replace("_", " ")
    within = _when(rule)
    if times == 1:
        return f"{'did' if did else 'no'} {event}{within}"
    return f"did {event} {'at least' if did else 'fewer than'} {times} times{within}"


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
    through = rule.get("channel") or []
    named = [value_name("channel", name) for name in (through if isinstance(through, list) else [through])]
    said = {"first": " with the first order", "later": " after the first order"}.get(rule.get("which", ""), "")
    said += f" through {' or '.join(named)}" if named else ""
    said += f" on {_weekdays(rule['weekdays'])}" if rule.get("weekdays") else ""
    if worth := rule.get("order_value"):
        said += f" in an order of {_OPS[worth['operator']]} {_said(worth['value'])}"
    if "discounted" in rule:
        said += f" with{'' if rule['discounted'] else 'out'} a discount"
    first = rule.get("within_days_of_first")
    return said + (f" within {first} days of the first order" if first else "")


def _weekdays(days: Sequence[int]) -> str:
    """ "Sundays", "Saturdays and Sundays", "other days than Sundays"."""
    if len(days) > len(day_name) // 2:
        return f"other days than {_weekdays([d for d in range(1, 8) if d not in days])}" if len(days) < 7 else "any day"
    return " and ".join(f"{day_name[day - 1]}s" for day in days)


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
    said = value_name(field, value) if isinstance(value, str) else _said(value)
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
