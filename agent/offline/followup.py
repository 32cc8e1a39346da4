"""Follow-ups: "and in October?", "only Germany", "why?", "show them" change or continue the call before."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from agent.events import AgentName
from agent.offline.filters import as_conditions
from agent.offline.intent import WHY_SCORE
from agent.offline.rules import asked_rule, joined, previous_rule
from agent.offline.scene import Call, PastCall, Scene
from agent.offline.slots import Slots

__all__ = ["follow_up"]

_ELLIPSIS = (
    r"^(?:ok,? |so,? |now,? |please,? )*(?:and|what about|how about|only|just|but|now|same|then|also|instead|or|by|in"
    r"|for|since|for the|without|excluding|outside|not|per|top|the|make it|sort|order)\b"
)
_WHOLE = (
    r"\b(?:what (?:is|was|are|were)|how (?:many|much)|who|which|whom|show me|list|give me|tell me|save|write|draft|send"
    r"|launch|create|propose)\b"
)
_WHY = r"(?:and |but )?(?:why|how come|why is that|why so|what happened|what is the reason|explain)[ ?.!]*"
_SHOW = (
    r"(?:and |now |please |ok )*(?:show|list|give|display|name|who)(?: me)?(?: are)? ?"
    r"(?:them|those|these|they|it|all)(?: all)?(?: please)?[ ?.!]*"
)
_ONE = r"\b(?:she|he|her|his|him|they|their|them|it|its|this customer|that customer)\b"
# "They should live in France": one more condition on those before
_MUST = r"(?:and |but )?(?:they|these|those|all of them) (?:should|must|need to|have to|also) "
_FILLER = frozenset(
    """
    ok so now please and what about how only just but same then also instead or by in for since the without excluding
    outside not per top that this is are it to do with again split break down broken show me i mean there from a an of
    those them customers customer ones make sort order be was were first
    """.split()  # noqa: SIM905
)

Carried = tuple[AgentName, list[Call] | str]


def follow_up(slots: Slots, scene: Scene) -> Carried | None:
    """The call a short clause turns the last one into; None when the clause stands by itself."""
    last = scene.last
    if last is None:
        return None
    if re.fullmatch(_WHY, slots.plain):
        return _why(last, scene)
    if last.arguments.get("customer") and slots.has(_ONE) and slots.has(WHY_SCORE):
        return "research", [Call("customer_profile", {"customer": last.arguments["customer"]})]
    if re.fullmatch(_SHOW, slots.plain):
        rule = previous_rule(scene)
        return (
            ("research", [Call("find_customers", {"rule": rule, "sort_by": "monetary_value", "limit": 20})])
            if rule
            else None
        )
    if re.search(rf"^{_MUST}", slots.plain) and (narrowed := _among(slots, scene)):
        return narrowed
    if re.search(r"\b(?:how many|what share|which|who|what percentage) of (?:them|those|these)\b", slots.plain):
        return _among(slots, scene)
    if last.tool == "cohort_retention" and (carried := _cohort(slots, last)):
        return carried
    if not _is_elliptic(slots):
        return None
    match last.tool:
        case "query_metrics":
            return _metrics(slots, last)
        case "find_customers" | "count_segment":
            return _customers(slots, last)
        case "churn_table" | "churn_summary":
            return _churn(slots, scene)
        case "next_purchase" if slots.horizon:
            return "analytics", [
                Call(last.tool, {**_without(last.arguments, "customer"), "within_days": slots.horizon})
            ]
        case "customer_profile" if slots.customer:
            return "research", [Call(last.tool, {"customer": slots.customer})]
    return None


def _among(slots: Slots, scene: Scene) -> Carried | None:
    """Which, or how many, of the customers before meet one more condition."""
    before, added = previous_rule(scene), asked_rule(slots)
    if before is None or added is None or slots.conditions.unclear:
        return None
    rule = joined(before, added)
    if re.search(rf"\b(?:which|who) of\b|^{_MUST}", slots.plain):
        return "research", [Call("find_customers", {"rule": rule, "sort_by": "monetary_value", "limit": 20})]
    return "research", [Call("count_segment", {"rule": rule})]


def _is_elliptic(slots: Slots) -> bool:
    """A clause of little more than slots: it has no question word of its own and no unknown words."""
    left = [w for w in re.findall(r"[a-z]+", re.sub(r"<[^>]+>", " ", slots.text)) if w not in _FILLER]
    whole = slots.top and slots.dimensions and slots.metrics
    if not slots.marks() or whole or re.search(_WHOLE, slots.plain):
        return False
    begins = bool(re.search(_ELLIPSIS, slots.plain))
    return not left and (begins or (len(slots.plain.split()) <= 4 and not slots.metrics))


def _metrics(slots: Slots, last: PastCall) -> Carried | None:
    if slots.conditions.rule:
        return None
    arguments = dict(last.arguments)
    if slots.metrics and not (slots.metrics == ["customers"] and (slots.filters or slots.dimensions)):
        arguments["metrics"] = slots.metrics
        arguments.pop("order_by", None)
    if slots.filters:
        arguments["filters"] = _replaced(arguments.get("filters", []), slots.filters)
        named = {f["dimension"] for f in slots.filters if f["operator"] == "eq"}
        # "only Germany" after "by country" asks for Germany's figure, not for a list of one
        arguments["dimensions"] = [d for d in arguments.get("dimensions", []) if d not in named]
    if slots.dimensions:
        # "by country" after "only Germany": the cut replaces the filter it would make pointless
        kept = [f for f in arguments.get("filters", []) if f["dimension"] not in slots.dimensions or f in slots.filters]
        arguments["filters"] = kept
        arguments |= {"dimensions": slots.dimensions, "grain": slots.grain or "none", "limit": slots.limit or 10}
        arguments.pop("order_by", None)
    elif slots.grain:
        arguments |= {"grain": slots.grain, "limit": 500, "dimensions": []}
        arguments.pop("order_by", None)
    if slots.limit:
        arguments["limit"] = slots.limit
    if slots.top:
        arguments["descending"] = not slots.ascending
    if not slots.periods:
        return "research", [Call("query_metrics", _clean(arguments))]
    bare = _clean(_without(arguments, "start", "end"))
    return "research", [Call("query_metrics", bare | period.arguments()) for period in slots.periods]


def _replaced(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    dimensions = {f["dimension"] for f in new}
    return [f for f in old if f["dimension"] not in dimensions] + new


def _customers(slots: Slots, last: PastCall) -> Carried | None:
    if (slots.metrics and slots.metrics != ["customers"]) or slots.dimensions or slots.periods:
        return None
    arguments = dict(last.arguments)
    added = joined(slots.conditions.rule, *as_conditions(slots.filters))
    if added is not None:
        places = {"country", "city"} & {n.get("field") for n in as_conditions(slots.filters)}
        kept = _without_fields(arguments.get("rule"), places) if not slots.conditions.rule else arguments.get("rule")
        arguments["rule"] = joined(kept, added)
    if slots.limit and last.tool == "find_customers":
        arguments["limit"] = slots.limit
    elif added is None:
        return None
    return "research", [Call(last.tool, arguments)]


def _without_fields(rule: dict[str, Any] | None, fields: set[Any]) -> dict[str, Any] | None:
    if rule is None or rule.get("field") in fields:
        return None
    if "all" in rule:
        return joined(*[part for part in rule["all"] if part.get("field") not in fields])
    return rule


def _churn(slots: Slots, scene: Scene) -> Carried | None:
    # one question makes both calls: the list is what a follow-up continues
    table = next((c for c in scene.past[-2:] if c.tool == "churn_table"), None) or scene.last_of("churn_summary")
    if table is None:
        return None
    if slots.filters or slots.conditions.rule:
        if (
            not slots.filters
            and str(slots.conditions.rule).count("churn_risk") == 1
            and len(slots.conditions.nodes) == 1
        ):
            risk = slots.conditions.nodes[0].get("value")
            horizon = table.arguments.get("horizon_days", 60)
            return "analytics", [
                Call("churn_table", {"horizon_days": horizon, "risk": risk, "limit": slots.limit or 10})
            ]
        rule = joined(previous_rule(scene), asked_rule(slots))
        listed = {"rule": rule, "sort_by": "clv_12m", "limit": slots.limit or 10}
        return "research", [Call("count_segment", {"rule": rule}), Call("find_customers", listed)]
    if not (slots.horizon or slots.limit):
        return None
    arguments = dict(table.arguments)
    if slots.horizon:
        arguments["horizon_days"] = min((30, 60, 90), key=lambda h: abs(h - (slots.horizon or 60)))
    if slots.limit and table.tool == "churn_table":
        arguments["limit"] = slots.limit
    calls = [Call(table.tool, arguments)]
    if table.tool == "churn_table" and slots.horizon:
        calls.insert(0, Call("churn_summary", {"horizon_days": arguments["horizon_days"]}))
    return "analytics", calls


def _cohort(slots: Slots, last: PastCall) -> Carried | None:
    arguments = dict(last.arguments)
    if slots.periods and slots.periods[0].start:
        arguments["cohort"] = slots.periods[0].start.strftime("%Y-%m")
    if re.search(_WHOLE, slots.plain) or slots.metrics or slots.conditions.rule:
        return None
    match = re.search(r"(?:after )?(\d+) months?\b", slots.plain)
    if match:
        arguments["months_after"] = int(match[1])
    return ("analytics", [Call("cohort_retention", arguments)]) if arguments != last.arguments else None


def _why(last: PastCall, scene: Scene) -> Carried | None:
    """What the data can say about a reason: what moved together, or what drives a score. Never a cause."""
    if last.tool in ("churn_table", "churn_summary"):
        horizon = last.arguments.get("horizon_days", 60)
        arguments = {"horizon_days": horizon, "min_probability": 0.5, "order": "probability", "limit": 5}
        return "analytics", [Call("churn_summary", {"horizon_days": horizon}), Call("churn_table", arguments)]
    if last.tool == "at_risk_segments":
        arguments = {"horizon_days": last.arguments.get("horizon_days", 90), "order": "value_at_risk", "limit": 5}
        return "analytics", [Call("churn_table", arguments)]
    if last.tool in ("recommend_interventions", "customer_interventions"):
        return "analytics", [Call("experiment_effect", {})]
    if last.tool == "similar_customers":
        return "research", [Call("customer_profile", {"customer": last.arguments.get("customer")})]
    if last.tool == "lookalike_segment":
        return "analytics", [Call("model_report", {"model": "vectors"})]
    if last.tool == "customer_profile":
        return "research", [Call("customer_profile", last.arguments)]
    if last.tool != "query_metrics":
        return None
    moved = list(dict.fromkeys([*last.arguments["metrics"], "orders", "customers", "average_order_value"]))[:8]
    base = {"metrics": moved, "grain": "month", "limit": 500} | (
        {"filters": last.arguments["filters"]} if last.arguments.get("filters") else {}
    )
    start = last.arguments.get("start")
    if start:
        day = date.fromisoformat(str(start))
        base["start"] = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1).isoformat()
        if last.arguments.get("end"):
            base["end"] = last.arguments["end"]
    return "research", [Call("query_metrics", base)]


def _clean(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value not in (None, [], "none")}


def _without(arguments: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name not in names}
