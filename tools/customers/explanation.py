"""Why a customer's score is what it is, in words: its parts, or what drives the churn score."""

from __future__ import annotations

from language.format import bullets, count, money, percent
from tools.customers.profile import CustomerProfile, CustomerProfileArguments, ScorePoints
from tools.figures import Cell
from tools.outcome import Outcome

__all__ = ["explained", "standing"]

_SCORES = (
    ("health", "customer_health_score", "health score", r"\bhealth|\bunwell\b"),
    ("price_sensitivity", "price_sensitivity_score", "price sensitivity score", r"\bprice[- ]?sensitiv|\bdiscount"),
    ("brand_loyalty", "brand_loyalty_score", "brand loyalty score", r"\bloyal"),
)
_LEAVING = r"\b(?:leav\w*|churn\w*|(?:at |high |low )risk|lost|gone|losing|lapsed|alive|still)\b"


def explained(outcome: Outcome[CustomerProfileArguments, CustomerProfile]) -> str | None:
    """The explanation of the score the question names; None when it names none, or there is none to explain."""
    result = outcome.result
    for field, name, words, pattern in _SCORES:
        parts: list[ScorePoints] = getattr(result, field)
        if parts and outcome.asks(pattern):
            head = f"**The {words} of customer {result.customer_id} is {count(_feature(result, name))} of 100.**"
            lines = [f"{p.part}, {count(p.points)} of {count(p.max_points)}: {p.why}" for p in parts]
            caution = outcome.said("No order has a discount") if field == "price_sensitivity" else ""
            return f"{head} It is the sum of these points:\n\n{bullets(lines)}\n\n{caution.strip()}".strip()
    why = outcome.asks(_LEAVING) and outcome.asks(r"\bwhy\b|\bprobab|\bhow|\bis\b|\bwill\b")
    return _leaving(result) if why else None


def _leaving(result: CustomerProfile) -> str:
    stands = standing(result)
    if not stands:
        return f"**Nothing is predicted for customer {result.customer_id}**: no churn score was computed."
    recency, gap = _feature(result, "recency_days"), _feature(result, "typical_gap_days")
    rhythm = f"; usually {gap:,.0f} days lie between two." if gap is not None else "."
    seen = f" The last order is {recency:,.0f} days ago{rhythm}" if recency is not None else ""
    drivers = result.churn_drivers
    why = f"\n\nWhat the score rests on:\n\n{bullets(drivers)}" if drivers else ""
    return f"**Customer {result.customer_id}: {stands[0]}.**{seen}{why}"


def standing(result: CustomerProfile) -> list[str]:
    """Whether one is still a customer and what is expected, by the churn score; it alone says who has left.

    The value model's own probability of being alive judges by counts of purchases and knows no limit of silence: it is
    an ingredient of the predicted value, and not given beside the churn score, which it often contradicts.
    """
    scores = result.scores
    worth, chance = _number(scores.get("clv_12m")), _number(scores.get("churn_90"))
    value = None if worth is None else money(worth, result.currency)
    if scores.get("churn_status") == "left":
        back = [f"predicted value of the next 12 months, should they come back: {value}"] if value else []
        return ["counts as having left: silent for longer than their own rhythm allows", *back]
    lines = []
    if chance is not None:
        lines.append(f"probability to leave within 90 days: {percent(chance)} ({scores.get('churn_risk')} risk)")
    return [*lines, *([f"predicted value of the next 12 months: {value}"] if value else [])]


def _feature(result: CustomerProfile, name: str) -> float | None:
    return next((_number(f.value) for f in result.features if f.name == name), None)


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None
