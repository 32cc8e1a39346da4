"""What is a high, a medium and a low risk to leave, within the days that are asked about."""

from __future__ import annotations

from typing import Any, Final, Literal

__all__ = ["HIGH", "LONGEST", "MEDIUM", "Risk", "at_risk", "risk_level"]

Risk = Literal["high", "medium", "low"]
HIGH, MEDIUM = 0.70, 0.40
LONGEST: Final = 90
"""Days the risk kept with a customer (churn_risk) is of: what pages and badges mean where no other days are named."""


def risk_level(probability: float) -> Risk:
    """The level of a probability to leave."""
    return "high" if probability > HIGH else "medium" if probability >= MEDIUM else "low"


def at_risk(level: Risk, horizon_days: int) -> dict[str, Any]:
    """The rule of those at this level of risk within so many days."""
    if horizon_days == LONGEST:
        return {"field": "churn_risk", "operator": "eq", "value": level}
    field = f"churn_{horizon_days}"
    if level == "high":
        return {"field": field, "operator": "gt", "value": HIGH}
    below = {
        "field": field,
        "operator": "le" if level == "medium" else "lt",
        "value": HIGH if level == "medium" else MEDIUM,
    }
    if level == "low":
        return below
    return {"all": [{"field": field, "operator": "ge", "value": MEDIUM}, below]}
