"""What a page comes to, in a sentence or two above its charts; every figure is a tool's own."""

from __future__ import annotations

from language.format import count, money, percent
from tools.audience.risk import HIGH, MEDIUM
from tools.churn.outlook import ChurnSummary
from tools.segments.list import ListSegments
from tools.value.lifetime import ClvSummary, NextPurchase
from tools.value.wording import reliability

__all__ = ["churn_lead", "segments_lead", "value_lead"]


def churn_lead(result: ChurnSummary) -> str:
    """How many are at high risk, what they are worth, and how that goes with how many are expected to leave."""
    days, currency = result.horizon_days, result.currency
    high = next((group for group in result.by_risk if group.risk == "high"), None)
    ordered = count(result.active + result.left)
    head = (
        f"Of {ordered} customers who have ordered, {count(result.active)} are still customers and "
        f"{count(result.left)} have left. {result.definition}"
    )
    if high is None:
        return f"**Nobody is at high risk of leaving within {days} days.** {head}"
    worth = f", with {money(high.clv_12m, currency)} of predicted 12-month value" if high.clv_12m else ""
    return (
        f"**{count(high.customers)} customers are at high risk of leaving within {days} days**{worth}. {head}\n\n"
        f"High risk is a probability above {HIGH:.0%}, medium {MEDIUM:.0%} to {HIGH:.0%}. Not everybody at high risk "
        "leaves, and some at low risk do: added up over everybody, about "
        f"{result.expected_leavers:,.0f} customers are expected to leave "
        f"within {days} days, with {money(result.value_at_risk, currency)} of value at risk. Every figure on this "
        f"page is about the next {days} days."
    )


def value_lead(result: ClvSummary, due: NextPurchase | None, days: int) -> str:
    """What everybody is worth, how it is spread, how well such predictions did, and what the ranges mean."""
    currency = result.currency
    parts = [
        f"**{money(result.total_clv_12m, currency)}** is what {count(result.customers)} customers are predicted to "
        f"bring in the next 12 months, {money(result.mean_clv_12m, currency)} each on average."
    ]
    if result.top_share:
        parts[0] += f" The best fifth of them hold {percent(result.top_share)} of it."
    if tested := reliability(result):
        parts[0] += f" {tested}"
    if due is not None and due.count:
        parts[0] += f" **{count(due.count)} customers** are expected to buy in the next {days} days."
    parts.append(
        "The range beside a customer holds what nine in ten customers like them turn out to be worth. One person may "
        "stop buying tomorrow or buy far more, so it is wide; over many customers such surprises even out."
    )
    return "\n\n".join(parts)


def segments_lead(result: ListSegments) -> str:
    """What the segments are and whom they cover."""
    inside = sum(segment.size.customers for segment in result.rfm)
    others = result.customers - inside
    rest = f" The other {count(others)} never ordered." if others else ""
    return (
        f"Describe the customers you want, or start from the {len(result.rfm)} segments below: {count(inside)} of "
        f"{count(result.customers)} customers are in exactly one of them, by how recently, how often and for how much "
        f"they ordered.{rest}"
    )
