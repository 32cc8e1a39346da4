"""Words for groups of customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.offline.rules import rule_words
from agent.offline.writing.customers import PRODUCT
from agent.offline.writing.grouping import grouped
from agent.offline.writing.told import Told, bullets, many, money, percent

__all__ = ["count_segment", "list_segments", "save_segment"]

_SHOWN = 5


def count_segment(told: Told) -> str:
    """Size, share, value, risk, reach."""
    size = told.result["segment"]
    rule = rule_words(told.arguments.get("rule"))
    if not size["customers"]:
        return f"**No customer** matches: {rule}."
    lines = [_worth(size, told.currency)]
    if size.get("average_churn_60") is not None:
        lines.append(f"mean probability to leave within 60 days: {percent(size['average_churn_60'])}")
    lines.append(f"{many(size['with_consent_email'])} of them can be e-mailed (address and consent)")
    return (
        f"**{many(size['customers'])} customers**, {percent(size['share'])} of all. Condition: "
        f"{rule}.{told.said(PRODUCT)}\n\n{bullets(lines)}"
    )


def _worth(size: Mapping[str, Any], currency: str) -> str:
    said = (
        f"revenue so far {money(size['revenue_all'], currency)}, {money(size['average_value'], currency)} each on "
        f"average"
    )
    if size.get("average_clv_12m") is not None:
        said += f"; predicted {money(size['average_clv_12m'], currency)} each over the next 12 months"
    return said


def save_segment(told: Told) -> str:
    """What was saved."""
    segment = told.result["segment"]
    did = "Saved" if told.result["created"] else "Updated"
    return (
        f"**{did} the segment “{segment['name']}”: {many(segment['size'])} customers.** Condition: "
        f"{rule_words(segment['rule'])}."
    )


def list_segments(told: Told) -> str:
    """The one asked about, or all of them; with the figures to choose by when a recommendation is asked for."""
    result = told.result
    if told.arguments.get("archived"):
        away = [f"**{s['name']}**: {many(s['size'])} customers" for s in result["saved"]]
        return f"Archived segments:\n\n{bullets(away)}" if away else "No segment is archived."
    if result["groupings"] and not result["rfm"] and not result["saved"]:
        return grouped(told)
    if not result["rfm"] and not result["saved"]:
        return "There are no segments yet: the RFM scores have not been computed. Say “recompute the scores”."
    asked = [s for s in result["rfm"] if s["name"].lower() in told.question.lower()]
    if asked:
        return "\n\n".join(_one(s, told.currency) for s in asked)
    lead = _lead(told)
    lines = [
        f"**{s['name']}**: {many(s['size']['customers'])} customers "
        f"({percent(s['size']['share'])}){_each(s, told.currency)}"
        for s in result["rfm"][:_SHOWN]
    ]
    saved = [f"**{s['name']}**: {many(s['size'])} customers" for s in result["saved"]]
    own = f"\n\nSaved segments:\n\n{bullets(saved)}" if saved else ""
    more = "\n\nThe table holds the others." if len(result["rfm"]) > _SHOWN else ""
    return f"{lead}{bullets(lines)}{more}{own}"


def _lead(told: Told) -> str:
    segments = told.result["rfm"]
    if not segments:
        return ""
    if "churn_table" in told.tools:
        return _priority(segments, told.currency)
    if told.asks(r"valuable|worth|revenue|value|best"):
        best = max(segments, key=lambda s: s["size"]["revenue_all"] or 0)
        return f"**{best['name']}** bring the most: {money(best['size']['revenue_all'], told.currency)} so far.\n\n"
    if told.asks(r"small"):
        least = segments[-1]
        return f"**{least['name']}** is the smallest: {many(least['size']['customers'])} customers.\n\n"
    first = segments[0]
    return f"**{first['name']}** is the largest RFM segment: {many(first['size']['customers'])} customers.\n\n"


def _priority(segments: list[dict[str, Any]], currency: str) -> str:
    """The segment with the largest product of size, value and risk; the product itself is not shown: no tool gave "
    "it."""

    def at_stake(segment: Mapping[str, Any]) -> float:
        size = segment["size"]
        return float(size["customers"] * (size["average_clv_12m"] or 0) * (size["average_churn_60"] or 0))

    chosen = max(segments, key=at_stake)
    size = chosen["size"]
    if not at_stake(chosen):
        return "There are no churn and value scores yet to set priorities by.\n\n"
    return (
        f"**Begin with {chosen['name']}**: {many(size['customers'])} customers, predicted "
        f"{money(size['average_clv_12m'], currency)} each over the next 12 months, "
        f"{percent(size['average_churn_60'])} likely "
        f"on average to leave within 60 days; {many(size['with_consent_email'])} can be e-mailed. No other segment "
        f"has as "
        f"much predicted value at risk. {chosen['strategy']}\n\n"
    )


def _one(segment: Mapping[str, Any], currency: str) -> str:
    size = segment["size"]
    return (
        f"**{segment['name']}: {many(size['customers'])} customers** ({percent(size['share'])} of all), who "
        f"{segment['description']}. {_worth(size, currency)[:1].upper()}{_worth(size, currency)[1:]}. "
        f"{segment['strategy']}"
    )


def _each(segment: Mapping[str, Any], currency: str) -> str:
    size = segment["size"]
    return f", {money(size['average_value'], currency)} each on average" if size["average_value"] is not None else ""
