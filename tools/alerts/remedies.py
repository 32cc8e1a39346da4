"""What to do about an alert: where it is looked into, and what is said to have something done."""

from __future__ import annotations

from typing import Final

from database.queries.alerts import AlertRow
from tools.audience.places import with_article

__all__ = ["act_on", "look_into"]

LOOKS: Final = {
    "delivery_unknown": "/approvals",
    "churn_model_drift": "How good is the churn model?",
    "segment_drift": "/segments",
    "connection_disabled": "Which sources are connected?",
}


def look_into(alert: AlertRow) -> str:
    """A question or page; of a country, what moved its revenue."""
    if (country := _country(alert)) is not None:
        return f"Show revenue and orders by month in {country}"
    return LOOKS.get(alert.kind, "")


def act_on(alert: AlertRow) -> str:
    """A request for a draft; empty where none would help."""
    country = _country(alert)
    return f"Write a win-back email to customers in {country}" if country is not None else ""


def _country(alert: AlertRow) -> str | None:
    if alert.kind == "segment_drift" and alert.detail.get("kind") == "country":
        return with_article(str(alert.detail["segment"]))
    return None
