"""From slots to tool calls: one small builder an intent. A builder returns calls, or the words to say instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from agent.offline.copywriting import campaign_kind, wording
from agent.offline.rules import asked_rule, joined, previous_rule, rule_words
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["BUILDERS", "Built"]

Built = list[Call] | str
_LIST = 10
_PRONOUN = (
    r"\b(?:them|those|these|they|their|him|her|it|that segment|this segment|that group|this group|same customers)\b"
)
_HORIZONS = (30, 60, 90)
_PER_CUSTOMER = {"customers", "one_time_customers", "repeat_customers", "new_customers"}


def metrics(slots: Slots, scene: Scene) -> Built:
    """query_metrics: figures, rankings, trends and comparisons; one call a period when several are compared."""
    base: dict[str, Any] = {"metrics": _asked_metrics(slots)}
    dimensions = _asked_dimensions(slots)
    if dimensions:
        base["dimensions"] = dimensions
    if slots.filters:
        base["filters"] = slots.filters
    if slots.grain:
        base["grain"] = slots.grain
    if slots.top and slots.grain and not dimensions:
        base |= {"order_by": base["metrics"][0], "descending": not slots.ascending, "limit": slots.limit or 1}
    elif dimensions or slots.top:
        base |= {"limit": slots.limit or (_LIST if not slots.grain else 500)}
        if slots.ascending:
            base["descending"] = False
    bounds = [period.arguments() for period in slots.periods] or [{}]
    return [Call("query_metrics", base | bound) for bound in bounds]


def _asked_metrics(slots: Slots) -> list[str]:
    named = list(slots.metrics)
    if slots.has(r"\bhow (?:many|much) (?:did|have|do) (?:customers|people|we) (?:buy|bought)\b"):
        return ["units"]
    each = slots.has(r"\b(?:per|a|each|every|the average) (?:customer|buyer|client)\b")
    if each and {"orders", "revenue", "spend"} & set(named):
        return ["orders_per_customer" if "orders" in named else "revenue_per_customer"]
    # "how much revenue did customers bring": customers are who, not what is counted
    if (
        len(named) > 1
        and "customers" in named
        and not slots.has(r"\b(?:how many|number of) (?:\w+ )?customers|customers and|and customers|,")
    ):
        named.remove("customers")
    if not named and slots.has(r"\bgrow(?:n|ing|th)?\b|\bdoing\b|\bperform"):
        return ["revenue"]
    if named == ["revenue"] and slots.has(r"\bhow many\b.*\b(?:sell|sold)\b"):
        return ["units"]
    return named[:8] or ["revenue"]


def _asked_dimensions(slots: Slots) -> list[str]:
    dimensions = list(slots.dimensions)
    named = {f["dimension"] for f in slots.filters if f["operator"] == "in"}
    if slots.has(r"\bcompar|\bversus\b|\bor\b|\beach\b") and named:
        dimensions += [d for d in sorted(named) if d not in dimensions]
    if slots.has(r"\bwhich customers\b") and {"refunds", "refund_orders"} & set(slots.metrics):
        dimensions = ["customer"]
    if "spend" in slots.metrics or {"roas", "ctr", "cpc", "cpa", "impressions"} & set(slots.metrics):
        dimensions = ["spend_channel" if d == "channel" else d for d in dimensions]
    if "mentions" in slots.metrics or "average_rating" in slots.metrics:
        dimensions = ["mention_source" if d == "channel" else d for d in dimensions]
    return dimensions[:4]


def customers_count(slots: Slots, scene: Scene) -> Built:
    """How many customers a rule picks; countries alone are a question for the metrics."""
    rule = asked_rule(slots)
    if slots.conditions.unclear:
        return _unclear(slots)
    if slots.conditions.rule is None:
        them = previous_rule(scene) if slots.has(_PRONOUN) else None
        if them is None:
            return metrics(slots, scene)
        rule = joined(them, rule)
    if slots.periods:
        return _no_period(slots)
    return [Call("count_segment", {"rule": rule})]


def customers_list(slots: Slots, scene: Scene) -> Built:
    """Which customers: a rule, "them", or everybody by some order."""
    if slots.conditions.unclear:
        return _unclear(slots)
    rule = asked_rule(slots)
    if slots.has(_PRONOUN) or (rule is None and not slots.top and scene.last and slots.has(r"\bshow|list|who\b")):
        rule = joined(previous_rule(scene), rule)
    if slots.periods:
        return _no_period(slots)
    arguments: dict[str, Any] = {"sort_by": _sort_field(slots), "limit": slots.limit or (_LIST if slots.top else 20)}
    if rule:
        arguments["rule"] = rule
    if slots.ascending:
        arguments["descending"] = False
    return [Call("find_customers", arguments)]


def _sort_field(slots: Slots) -> str:
    for pattern, field in (
        (r"\b(?:lifetime value|clv|predicted value|most valuable)\b", "clv_12m"),
        (r"\b(?:orders?|often|frequent\w*|times)\b", "orders_all"),
        (r"\b(?:risk|churn|leave)\b", "churn_60"),
        (r"\b(?:health\w*)\b", "customer_health_score"),
        (r"\b(?:average order|basket)\b", "avg_order_value"),
        (r"\b(?:longest silent|longest without|most overdue)\b", "recency_days"),
    ):
        if slots.has(pattern) and not (slots.conditions.rule and field == "orders_all"):
            return field
    return "monetary_value"


def profile(slots: Slots, scene: Scene) -> Built:
    """One customer."""
    customer = slots.customer or (scene.last.arguments.get("customer") if scene.last else None)
    if not customer:
        return "Which customer? Give me the customer id or the e-mail address."
    return [Call("customer_profile", {"customer": customer})]


def churn_who(slots: Slots, scene: Scene) -> Built:
    """Who is likely to leave: the whole picture and the customers more likely than not to go."""
    horizon = _horizon(slots)
    table: dict[str, Any] = {"horizon_days": horizon, "order": _churn_order(slots), "limit": slots.limit or _LIST}
    level = re.search(r"\b(high|medium|low)[- ](?:churn[- ])?risk\b", slots.plain)
    if level:
        table["risk"] = level[1]
    else:
        table["min_probability"] = 0.5
    other = [n for n in slots.conditions.nodes if not str(n.get("field", "")).startswith("churn")]
    if other or slots.filters:
        likely = {"field": f"churn_{horizon}", "op": "ge", "value": 0.5}
        rule = slots.conditions.rule if _mentions_churn(slots) else joined(likely, slots.conditions.rule)
        return customers_by(joined(rule, *_places(slots)), slots)
    return [Call("churn_table", table), Call("churn_summary", {"horizon_days": horizon})]


def customers_by(rule: dict[str, Any] | None, slots: Slots) -> Built:
    """Size and list of the customers of a rule."""
    listed = {"rule": rule, "sort_by": "clv_12m", "limit": slots.limit or _LIST}
    return [Call("count_segment", {"rule": rule}), Call("find_customers", listed)]


def _places(slots: Slots) -> list[dict[str, Any]]:
    from agent.offline.filters import as_conditions

    return as_conditions(slots.filters)


def _mentions_churn(slots: Slots) -> bool:
    return any(str(n.get("field", "")).startswith("churn_") for n in slots.conditions.nodes)


def _churn_order(slots: Slots) -> str:
    return "probability" if slots.has(r"\bmost likely\b|\bhighest (?:risk|probability|chance)") else "value_at_risk"


def _horizon(slots: Slots) -> int:
    asked = slots.horizon
    if asked is None:
        for node in slots.conditions.nodes:
            if match := re.fullmatch(r"churn_(\d\d)", str(node.get("field", ""))):
                return int(match[1])
    return min(_HORIZONS, key=lambda h: abs(h - (asked or 60)))


def churn_overview(slots: Slots, scene: Scene) -> Built:
    """The state of churn, its definition, its model."""
    return [Call("churn_summary", {"horizon_days": _horizon(slots)})]


def value(slots: Slots, scene: Scene) -> Built:
    """Lifetime value."""
    return [Call("clv_summary", {"top": min(slots.limit or _LIST, 100)})]


def next_purchase(slots: Slots, scene: Scene) -> Built:
    """When a customer buys next, or who buys soon."""
    arguments: dict[str, Any] = {"within_days": min(slots.horizon or 14, 3650), "limit": slots.limit or 20}
    if slots.customer:
        arguments = {"customer": slots.customer}
    return [Call("next_purchase", arguments)]


def cohorts(slots: Slots, scene: Scene) -> Built:
    """The cohort triangle, one row of it, or one cell."""
    arguments: dict[str, Any] = {}
    start = slots.periods[0].start if slots.periods else None
    if start:
        arguments["cohort"] = start.strftime("%Y-%m")
    after = re.search(r"\b(?:after|in) (?:the )?(\d+|a|first|second|third|next) months?\b", slots.plain)
    after = after or re.search(
        r"\b(\d+|a|1) months? (?:later|after|on)\b|\bmonth (\d+)\b|\bthe (next) month\b", slots.plain
    )
    if after:
        word = next(g for g in after.groups() if g)
        arguments["months_after"] = {"a": 1, "first": 1, "next": 1, "second": 2, "third": 3}.get(word) or int(word)
    return [Call("cohort_retention", arguments)]


def save_segment(slots: Slots, scene: Scene) -> Built:
    """Keep a rule under a name."""
    if slots.conditions.unclear:
        return _unclear(slots)
    rule = asked_rule(slots) or previous_rule(scene)
    if rule is None:
        return "Which customers? Describe them, for example: save customers who bought only once as 'One-time'."
    named = re.search(
        r"(?i)\b(?:as|called|named|name it|call it|call them)\s+(?:a\s+segment\s+)?(?:called\s+|named\s+)?"
        r"([\w][\w &-]{1,60}?)\s*[.?!]?$",
        slots.original,
    )
    name = slots.quoted[0] if slots.quoted else named[1] if named else rule_words(rule)
    if name.lower() in ("a segment", "segment", "a new segment", "new segment"):
        name = rule_words(rule)
    return [Call("save_segment", {"name": name[:120], "rule": rule})]


def campaign(slots: Slots, scene: Scene) -> Built:
    """Propose an e-mail campaign to the customers named, or to "them"."""
    if slots.conditions.unclear:
        return _unclear(slots)
    rule = asked_rule(slots)
    segment = _named_segment(slots, rule)
    if rule is None and segment is None:
        rule = previous_rule(scene)
    if rule is None and segment is None:
        return (
            "Whom should it go to? Name a segment or describe the customers, for example: "
            "write an e-mail to customers who bought only once."
        )
    kind = campaign_kind(slots, rule, segment)
    draft = wording(kind, slots, audience=segment or rule_words(rule))
    arguments: dict[str, Any] = {"name": draft.name, "kind": kind, "segment": segment} if segment else {}
    arguments = arguments or {"name": draft.name, "kind": kind, "rule": rule}
    arguments |= {"subject": draft.subject, "preview_text": draft.preview_text, "body_text": draft.body_text}
    if slots.has(r"\b(?:no|without(?: a)?) (?:holdout|control)"):
        arguments["holdout_share"] = 0
    return [Call("propose_campaign", arguments)]


def _named_segment(slots: Slots, rule: dict[str, Any] | None) -> str | None:
    if rule and rule.get("field") == "rfm_segment" and rule.get("op") == "eq":
        return str(rule["value"])
    if rule is None and slots.quoted and slots.has(r"segment <quoted>|<quoted> segment|to <quoted>|for <quoted>"):
        return slots.quoted[-1] if slots.has(r"subject") else slots.quoted[0]
    return None


def revise(slots: Slots, scene: Scene) -> Built:
    """Change the latest proposal."""
    made = scene.last_of("propose_campaign", "revise_proposal")
    identifier = slots.identifier or (made.result or {}).get("proposal", {}).get("id") if made else slots.identifier
    if not identifier:
        return "There is no proposal in this conversation to change. Ask for the proposals that are waiting first."
    changes: dict[str, Any] = {}
    said = slots.quoted[0] if slots.quoted else _after(slots.original, r"\b(?:to|:)\s+(.+)$")
    for word, name in (
        ("subject", "subject"),
        ("preview", "preview_text"),
        ("name", "name"),
        ("body|text|message", "body_text"),
    ):
        if slots.has(rf"\b(?:{word})\b") and said:
            changes[name] = said
            break
    if slots.has(r"\b(?:no|without(?: a)?) (?:holdout|control)"):
        changes["holdout_share"] = 0
    elif match := re.search(
        r"(\d+) ?% (?:holdout|control|kept back)|(?:holdout|control group|kept back) (?:of |to )?(\d+) ?%", slots.plain
    ):
        changes["holdout_share"] = int(match[1] or match[2]) / 100
    if not changes:
        return "What should change? Say for example: change the subject to 'Something new for you'."
    return [Call("revise_proposal", {"proposal_id": identifier, **changes})]


def _after(text: str, pattern: str) -> str | None:
    match = re.search(pattern, text)
    return match[1].strip().strip("'\".") if match else None


def proposals(slots: Slots, scene: Scene) -> Built:
    """Proposals, by state."""
    for word, status in (("approved", "approved"), ("rejected", "rejected"), ("superseded", "superseded")):
        if slots.has(rf"\b{word}\b"):
            return [Call("list_proposals", {"status": status})]
    waiting = slots.has(r"\b(?:waiting|pending|open|approve|outstanding|decide)\b")
    return [Call("list_proposals", {"status": "pending"} if waiting else {})]


def mailbox(slots: Slots, scene: Scene) -> Built:
    """The sandbox mailbox."""
    arguments: dict[str, Any] = {"limit": slots.limit or _LIST}
    if slots.customer and "@" in slots.customer:
        arguments["recipient"] = slots.customer
    return [Call("mailbox", arguments)]


def job(slots: Slots, scene: Scene) -> Built:
    """The latest background job, or the one named."""
    return [Call("job_status", {"job_id": slots.identifier} if slots.identifier else {})]


def refresh(slots: Slots, scene: Scene) -> Built:
    """Compute scores anew: those named, or all."""
    words = {"features": "feature", "rfm": "rfm|segment", "churn": "churn", "value": "value|clv"}
    what = [score for score, pattern in words.items() if slots.has(rf"\b(?:{pattern})")]
    return [Call("refresh_scores", {"what": what} if what else {})]


def priorities(slots: Slots, scene: Scene) -> Built:
    """Where effort pays most."""
    if slots.conditions.rule and "rfm_segment" in str(slots.conditions.rule):
        return [Call("list_segments", {})]
    table = {"horizon_days": _horizon(slots), "order": "value_at_risk", "limit": slots.limit or 5}
    return [Call("list_segments", {}), Call("churn_table", table)]


def report(slots: Slots, scene: Scene) -> Built:
    """An overview of the business."""
    period = slots.periods[0].arguments() if slots.periods else {}
    return [
        Call("query_metrics", {"metrics": ["revenue", "orders", "customers"], "grain": "month", **period}),
        Call("churn_summary", {"horizon_days": 60}),
        Call("clv_summary", {"top": 5}),
        Call("list_segments", {}),
    ]


def _plain(tool: str) -> Callable[[Slots, Scene], Built]:
    return lambda _slots, _scene: [Call(tool, {})]


def _unclear(slots: Slots) -> str:
    unclear = "; ".join(f"“{part}”" for part in slots.conditions.unclear)
    known = rule_words(slots.conditions.rule) if slots.conditions.rule else ""
    understood = f" I understood: {known}." if known else ""
    return (
        f"I cannot turn {unclear} into a condition on customers.{understood} I can filter by what they spent, how "
        f"often and "
        "when they last bought, country, RFM segment, churn risk, predicted value, health, and e-mail activity. "
        "Ask “which customer features are there?” for the whole list."
    )


def _no_period(slots: Slots) -> str:
    return (
        "Lists of customers are made as of the end of the data, so I cannot limit them to that period. I can use "
        "the last "
        "month, quarter or year (“who spent more than … in the last quarter”), or give figures for the period."
    )


BUILDERS: Final[Mapping[str, Callable[[Slots, Scene], Built]]] = {
    "metrics": metrics,
    "customers_count": customers_count,
    "customers_list": customers_list,
    "profile": profile,
    "churn_who": churn_who,
    "churn_overview": churn_overview,
    "value": value,
    "next_purchase": next_purchase,
    "cohorts": cohorts,
    "save_segment": save_segment,
    "campaign": campaign,
    "revise": revise,
    "proposals": proposals,
    "mailbox": mailbox,
    "job": job,
    "refresh": refresh,
    "priorities": priorities,
    "report": report,
    "data": _plain("describe_data"),
    "features": _plain("feature_dictionary"),
    "segments": _plain("list_segments"),
    "campaign_state": _plain("campaign_status"),
}
