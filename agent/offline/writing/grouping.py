"""Words for groups of customers: kinds, clusters, one segment, overlap, change, playbooks, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.offline.rules import rule_words
from agent.offline.writing.told import Told, bullets, day, many, money, percent

__all__ = [
    "archive_segment",
    "cluster_customers",
    "export_segment",
    "grouped",
    "reactivate_segment",
    "refresh_segments",
    "segment_detail",
    "segment_drift",
    "segment_map",
    "segment_overlap",
    "update_playbook",
]

_SHOWN = 6
_KINDS = {"cluster": "Clusters", "discovered": "Discovered groups", "behaviour": "Behaviours"}


def grouped(told: Told) -> str:
    """Clusters, discovered groups and behaviours, a paragraph each."""
    return "\n\n".join(_grouping(grouping, told.currency) for grouping in told.result["groupings"])


def _grouping(grouping: Mapping[str, Any], currency: str) -> str:
    title = _KINDS[grouping["kind"]]
    if grouping["reason"]:
        return f"**{title}:** none. {grouping['reason']}"
    groups = [group for group in grouping["groups"] if group["size"]["customers"]]
    lines = [_group_line(group, currency) for group in groups]
    structure = f" ({grouping['structure']})" if grouping["structure"] else ", of which a customer may show several"
    alone = ""
    if grouping["kind"] == "discovered":
        alone = f" {many(grouping['ungrouped'])} customers lie in no dense group."
    return f"**{title}**{structure}.{alone}\n\n{bullets(lines)}"


def _group_line(group: Mapping[str, Any], currency: str) -> str:
    size = group["size"]
    worth = f", {money(size['average_value'], currency)} each on average" if size["average_value"] is not None else ""
    badge = f", {group['badge']}" if group["badge"] not in (None, "stable") else ""
    who = f": {group['description']}" if not group["value_level"] else ""
    return (
        f"**{_name(group['name'])}**{who}: {many(size['customers'])} customers ({percent(size['share'])}){worth}{badge}"
    )


def _name(name: str) -> str:
    return name.replace("_", " ")


def cluster_customers(told: Told) -> str:
    """Each group with its size, worth and what sets it apart."""
    result = told.result
    lines = [
        f"**{cluster['name']}**: {many(cluster['customers'])} customers ({percent(cluster['share'])}), "
        f"{money(cluster['average_value'], told.currency)} each on average, {cluster['value_level']} value"
        f"{_apart(cluster['traits'])}"
        for cluster in result["clusters"]
    ]
    kept = "They are not kept; say “keep them as clusters” with the number to make segments of them."
    return (
        f"**{many(result['customers'])} customers in {many(len(result['clusters']))} groups** "
        f"({result['structure']}):\n\n{bullets(lines)}\n\n{kept}"
    )


def _apart(traits: Sequence[Mapping[str, Any]], most: int = 2) -> str:
    return f"; {'; '.join(trait['words'] for trait in traits[:most])}" if traits else ""


def segment_detail(told: Told) -> str:
    """Who they are, what sets them apart, how they change, what to send them."""
    segment, currency = told.result["segment"], told.currency
    size, play = segment["size"], segment["playbook"]
    worth = [f"Revenue so far {money(size['revenue_all'], currency)}"]
    if size["average_value"] is not None:
        worth.append(f"{money(size['average_value'], currency)} each on average")
    if size["average_clv_12m"] is not None:
        worth.append(f"predicted {money(size['average_clv_12m'], currency)} each over the next 12 months")
    if size["average_churn_60"] is not None:
        worth.append(f"{percent(size['average_churn_60'])} likely on average to leave within 60 days")
    about = f": {segment['description'].rstrip('.')}" if told.result["kind"] in ("rfm", "behaviour") else ""
    lines = [
        f"offers: {'; '.join(play['offers'])}",
        f"message: {play['message']}",
        f"channels: {', '.join(play['channels'])}",
        f"when: {play['send_window']}",
    ]
    apart = [trait["words"] for trait in segment["traits"]]
    traits = f"\n\nWhat sets them apart:\n\n{bullets(apart)}" if apart else ""
    return (
        f"**{_name(segment['name'])}: {many(size['customers'])} customers** ({percent(size['share'])} of all){about}. "
        f"{'; '.join(worth)}.{_change(told.result['movement'], segment)}\n\n{segment['strategy']}\n\n"
        f"**What to send them:**\n\n{bullets(lines)}{traits}"
    )


def _change(movement: Mapping[str, Any] | None, segment: Mapping[str, Any]) -> str:
    if movement is None or segment["badge"] is None:
        return ""
    return (
        f" **{segment['badge'].capitalize()}** since {day(movement['compared_with'])}: "
        f"{many(movement['size_before'])} then, {many(movement['size_now'])} now ({many(movement['entered'])} came, "
        f"{many(movement['departed'])} went)."
    )


def segment_overlap(told: Told) -> str:
    """The pairs with the most in common."""
    pairs = told.result["pairs"]
    if not pairs:
        return "There are no two segments to compare."
    lines = [
        f"**{_name(p['first'])}** ({many(p['first_size'])}) and **{_name(p['second'])}** ({many(p['second_size'])}): "
        f"{many(p['both'])} in both, {percent(p['share_of_first'])} of the first and "
        f"{percent(p['share_of_second'])} of the second"
        for p in pairs[:_SHOWN]
    ]
    return f"{bullets(lines)}" + ("\n\nThe table holds the others." if len(pairs) > _SHOWN else "")


def segment_map(told: Told) -> str:
    """What is on the map."""
    result = told.result
    lines = [f"{_name(group['name'])}: {many(group['customers'])}" for group in result["groups"][:_SHOWN]]
    return (
        f"**The map shows {many(result['drawn'])} customers**: who lies close together behaves alike; far apart means "
        f"only different. Of them:\n\n{bullets(lines)}"
    )


def segment_drift(told: Told) -> str:
    """Who moved, where that was asked; else what grows, shrinks and deteriorates."""
    if told.arguments.get("moved_from") or told.arguments.get("moved_to"):
        return _moved(told)
    asked = told.arguments.get("badge")
    rows = [row for row in told.result["segments"] if asked or row["badge"] not in (None, "stable")]
    since = day(told.result["compared_with"])
    if not rows:
        which = asked or "growing, shrinking or deteriorating"
        return f"**No segment is {which}** against {since}.{_flows(told)}"
    lines = [_drift_line(row) for row in rows[:_SHOWN]]
    return f"Against {since}:\n\n{bullets(lines)}{_flows(told)}"


def _drift_line(row: Mapping[str, Any]) -> str:
    sizes = f" ({many(row['size_before'])} then, {many(row['size_now'])} now)" if row["size_before"] is not None else ""
    return f"**{_name(row['segment'])}** is {row['badge']}{sizes}: {row['reason']}"


def _flows(told: Told) -> str:
    flows = [t for t in told.result["transitions"] if "none" not in (t["moved_from"], t["moved_to"])][:3]
    if not flows:
        return ""
    words = "; ".join(f"{t['moved_from']} to {t['moved_to']} {many(t['customers'])}" for t in flows)
    return f"\n\nMost customers moved from {words}."


def _moved(told: Told) -> str:
    result = told.result
    ends = [told.arguments.get(side) for side in ("moved_from", "moved_to")]
    way = " ".join(f"{word} {_name(end)}" for word, end in zip(("from", "to"), ends, strict=True) if end)
    since = day(result["compared_with"])
    if not result["moved"]:
        return f"**Nobody moved {way}** since {since}."
    lines = [
        f"**{c['customer']}**: {_name(c['moved_from'])} to {_name(c['moved_to'])}, "
        f"{money(c['monetary_value'], told.currency)} so far"
        for c in result["customers"][:_SHOWN]
    ]
    return f"**{many(result['moved'])} customers moved {way}** since {since}. Those who spent most:\n\n{bullets(lines)}"


def refresh_segments(told: Told) -> str:
    """The job that was started."""
    number = told.arguments.get("clusters")
    kept = f" with {many(number)} clusters, kept from now on" if number else ""
    return f"**Grouping all customers anew**{kept}. It runs in the background; ask “how far is the job?”."


def archive_segment(told: Told) -> str:
    """What was put away."""
    segment = told.result["segment"]
    return (
        f"**The segment “{segment['name']}” is archived** ({many(segment['size'])} customers). It can be reactivated."
    )


def reactivate_segment(told: Told) -> str:
    """What was brought back."""
    segment = told.result["segment"]
    words = rule_words(segment["rule"])
    return f"**The segment “{segment['name']}” is back: {many(segment['size'])} customers.** Condition: {words}."


def update_playbook(told: Told) -> str:
    """The playbook as it is now."""
    play = told.result["playbook"]
    lines = [
        f"offers: {'; '.join(play['offers'])}",
        f"message: {play['message']}",
        f"channels: {', '.join(play['channels'])}",
        f"when: {play['send_window']}",
    ]
    return f"**The playbook of {_name(told.result['segment'])} is changed:**\n\n{bullets(lines)}"


def export_segment(told: Told) -> str:
    """How many customers the file holds, and what was left out."""
    result = told.result
    rest = f" of {many(result['total'])}" if result["rows"] < result["total"] else ""
    barred = (
        f" Left out, as your rights do not cover it: {', '.join(result['left_out'])}." if result["left_out"] else ""
    )
    columns = ", ".join(_name(column) for column in result["columns"])
    return f"**{result['file_name']}: {many(result['rows'])} customers**{rest}. Columns: {columns}.{barred}"
