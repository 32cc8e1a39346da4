"""What is predicted for one customer, in words: the value or the leaving that was asked about, with its interval."""

from __future__ import annotations

from language.format import bullets, money, percent
from tools.audience.risk import LONGEST, risk_level
from tools.customers.profile import HORIZONS, CustomerProfile, CustomerProfileArguments
from tools.figures import Cell
from tools.outcome import Outcome

__all__ = ["outlook"]

YEAR = 365


def outlook(outcome: Outcome[CustomerProfileArguments, CustomerProfile]) -> str | None:
    """The prediction asked for; None where none was."""
    asked = outcome.arguments
    if asked.about is None:
        return None
    return (_value if asked.about == "value" else _leaving)(outcome.result, asked.horizon_days)


def _value(result: CustomerProfile, horizon: int | None) -> str:
    who, worth = f"Customer {result.customer_id}", _number(result.scores.get("clv_12m"))
    if worth is None:
        return f"**{who} has no predicted value**: I cannot say what they will bring, for it was not computed for them."
    low, high = (_number(result.scores.get(f"clv_12m_{end}")) for end in ("low", "high"))
    interval = ""
    if low is not None and high is not None:
        interval = f" (interval {money(low, result.currency)} to {money(high, result.currency)})"
    amount = f"**{money(worth, result.currency)}** over the next 12 months{interval}"
    only = "" if horizon in (None, YEAR) else f" That is for 12 months, the only span modelled, not for {horizon} days."
    if result.scores.get("churn_status") == "left":
        return f"{who} counts as having left. Should they come back, they are predicted to be worth {amount}.{only}"
    return f"{who} is predicted to be worth {amount}.{only}"


def _leaving(result: CustomerProfile, horizon: int | None) -> str:
    who, days = f"Customer {result.customer_id}", min(HORIZONS, key=lambda h: abs(h - (horizon or LONGEST)))
    if result.scores.get("churn_status") == "left":
        return f"**{who} counts as having left already**: silent for longer than their own rhythm allows."
    chance = _number(result.scores.get(f"churn_{days}"))
    if chance is None:
        return f"**{who} has no probability of leaving**: I cannot say, for no churn score was computed for them."
    risk = f" ({risk_level(chance)} risk)"
    only = "" if horizon in (None, days) else f" I model 30, 60 and 90 days, not {horizon}; {days} is the nearest."
    why = f"\n\nWhat the score rests on:\n\n{bullets(result.churn_drivers)}" if result.churn_drivers else ""
    return f"{who} leaves within {days} days with a probability of **{percent(chance)}**{risk}.{only}{why}"


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None
