"""The alert about a segment that gets worse, in one sentence a marketer understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from language.format import count, percent
from tools.audience.places import with_article

if TYPE_CHECKING:
    from analytics.segmentation.drift import FeatureShift
    from database.queries.drifts import Drift

__all__ = ["alert_title"]

HEADLINES: Final = {
    "orders_90d": "Fewer orders",
    "website_visit_frequency": "Fewer visits",
    "product_views_90d": "Fewer products looked at",
    "discounted_order_share": "More orders at a discount",
    "refund_rate": "More refunds",
    "avg_order_value": "Smaller orders",
    "email_open_rate": "Fewer emails opened",
    "email_click_rate": "Fewer emails clicked",
}
ACTS: Final = {
    "orders_90d": "ordered {} less often",
    "website_visit_frequency": "visited {} less often",
    "product_views_90d": "looked at {} fewer products",
    "avg_order_value": "spent {} less per order",
}
SHARES: Final = {
    "discounted_order_share": "bought {} of their orders at a discount, {} before",
    "refund_rate": "had {} of their orders refunded, {} before",
    "email_open_rate": "opened {} of their emails, {} before",
    "email_click_rate": "clicked in {} of their emails, {} before",
}


def alert_title(drift: Drift, worse: tuple[FeatureShift, ...]) -> str:
    """ "Fewer orders from the Netherlands: 255 customers ordered 40% less often than two months ago"."""
    people = f"{count(drift.size_now)} customers"
    if not worse:
        return f"Less activity {_of(drift)}: {people} do less than two months ago, compared with everybody else"
    first = worse[0]
    return f"{HEADLINES[first.feature]} {_of(drift)}: {people} {_act(first)}"


def _of(drift: Drift) -> str:
    if drift.kind != "country":
        return f"in “{drift.segment}”"
    return f"from {with_article(drift.segment)}"


def _act(shift: FeatureShift) -> str:
    before, now = shift.before or 0.0, shift.now or 0.0
    if shift.feature in SHARES:
        return SHARES[shift.feature].format(_whole(now), _whole(before))
    less = _whole(1 - now / before) if before > 0 else "much"
    return f"{ACTS[shift.feature].format(less)} than two months ago{_others(shift)}"


def _others(shift: FeatureShift) -> str:
    """What everybody else did meanwhile, where it was the other way."""
    before, now = shift.rest_before, shift.rest_now
    if not before or now is None or now < before:
        return ""
    change = now / before - 1
    return f"; everybody else did so {_whole(change)} more" if change >= 0.01 else "; nobody else did"


def _whole(share: float) -> str:
    return percent(share).replace(".0%", "%") if share < 0.01 else f"{100 * share:.0f}%"
