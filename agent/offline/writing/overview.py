"""Words for how things stand: alerts, headline figures, one customer over time, survival curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.offline.writing.told import Told, amount, bullets, day, many, money, percent, period
from agent.titles import title_of

__all__ = ["customer_history", "headlines", "list_alerts", "mark_alerts_seen", "survival_curves"]

_SHOWN = 8


def list_alerts(told: Told) -> str:
    """What a person should know."""
    alerts = told.result["alerts"]
    if not alerts:
        return "**There is nothing you have not seen.** No alert is waiting."
    lines = [f"**{alert['title']}** ({alert['severity']}, {day(alert['created_at'])})" for alert in alerts[:_SHOWN]]
    return f"**{many(told.result['unseen'])} alerts nobody has seen.**\n\n{bullets(lines)}"


def mark_alerts_seen(told: Told) -> str:
    """How many were marked."""
    left = told.result["unseen"]
    rest = f" {many(left)} are left." if left else ""
    return f"**{many(told.result['marked'])} alerts marked as seen**, for everybody here.{rest}"


def headlines(told: Told) -> str:
    """Each figure with its change."""
    result = told.result
    lines = [_headline(line, told.currency) for line in result["headlines"]]
    days = many(result["days"])
    lead = f"**The last {days} days**, {period(result['start'], result['end'])}, against the {days} days before:"
    return f"{lead}\n\n{bullets(lines)}"


def _headline(line: Mapping[str, Any], currency: str) -> str:
    now = amount(line["now"], line["unit"], currency)
    if line["change"] is None:
        return f"**{title_of(line['metric'])}: {now}** (nothing to compare with)"
    change = line["change"]
    how = f"{'up' if change > 0 else 'down'} {percent(abs(change))}" if abs(change) >= 0.0005 else "unchanged"
    return f"**{title_of(line['metric'])}: {now}**, {how} (before: {amount(line['before'], line['unit'], currency)})"


def customer_history(told: Told) -> str:
    """Since when, how much lately, and the latest entries."""
    result = told.result
    if not result["entries"]:
        return f"**Nothing is recorded of customer {result['customer']}**: no order and no event."
    lines = [_entry(entry, told.currency) for entry in result["entries"][:_SHOWN]]
    since = day(f"{result['months'][0]['month']}-01").partition(" ")[2]
    return f"**Customer {result['customer']}, known since {since}.** The latest:\n\n{bullets(lines)}"


def _entry(entry: Mapping[str, Any], currency: str) -> str:
    what = entry["kind"].replace("_", " ").replace("sale", "order")
    worth = f", {money(entry['revenue'], currency)}" if entry["revenue"] is not None else ""
    times = f", {many(entry['times'])} times" if entry["times"] > 1 else ""
    return f"{day(entry['at'])}: {what}{worth}{times}"


def survival_curves(told: Told) -> str:
    """What share is left at the end of each curve."""
    curves = told.result["curves"]
    horizon = many(curves[0]["points"][-1]["days"])
    lines = [
        f"{curve['name']}: {percent(curve['points'][-1]['probability'])} of {many(curve['customers'])} customers"
        for curve in curves[1:]
    ]
    left = percent(curves[0]["points"][-1]["probability"])
    lead = f"**Of today's active customers {left} are expected to be still there after {horizon} days**"
    return f"{lead}, judged from {many(curves[0]['customers'])} customers.\n\n{bullets(lines)}"
