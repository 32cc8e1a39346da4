"""What to do with a segment when nobody has said otherwise: offers, message, channels, time to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["DEFAULTS", "LEVELS", "STRATEGIES", "Playbook"]


@dataclass(frozen=True, slots=True)
class Playbook:
    """Offers (best first), message strategy, channels (first choice first) and when to send (local time)."""

    offers: tuple[str, ...]
    message: str
    channels: tuple[str, ...]
    send_window: str


MORNINGS = "Tuesday to Thursday, 9 to 11 in the morning"
EVENINGS = "Monday to Thursday, 18 to 21 in the evening"
OWN_HOUR = "at the hour they usually order"

STRATEGIES: Final[Mapping[str, str]] = {
    "high": "Keep them close: service, early access, and no discount they do not need.",
    "medium": "Lead them to the next order: related products, bundles, a reason to come back sooner.",
    "low": "Automate: cheap channels only, and effort only where they answer.",
}
"""What to do with a group by the value level of its customers."""

LEVELS: Final[Mapping[str, Playbook]] = {
    "high": Playbook(
        ("early access to new products", "a personal contact", "free delivery"),
        "Thank them and give them what others do not get yet; say nothing about price.",
        ("email", "phone"),
        OWN_HOUR,
    ),
    "medium": Playbook(
        ("a bundle of what they buy", "double loyalty points", "free delivery above their usual order"),
        "Show the product that goes with the last one, and what a larger order gives.",
        ("email", "ads"),
        MORNINGS,
    ),
    "low": Playbook(
        ("a small voucher with an end date", "bestsellers"),
        "One clear product, one clear price, one button.",
        ("email",),
        EVENINGS,
    ),
}

_RFM: Final[Mapping[str, Playbook]] = {
    "Champions": LEVELS["high"],
    "Loyal": Playbook(
        ("the next loyalty level", "a bundle of what they like", "a gift with the next order"),
        "Acknowledge how long they have been here; recommend the better version of what they buy.",
        ("email", "sms"),
        OWN_HOUR,
    ),
    "Potential Loyalist": Playbook(
        ("loyalty points for the next order", "a related product"),
        "Invite them in: what a third order brings, and what goes with the last one.",
        ("email",),
        MORNINGS,
    ),
    "New": Playbook(
        ("help with the first product", "free delivery on the second order"),
        "A welcome series of three messages in 30 days: use it well, others like it, come back.",
        ("email",),
        "two days after the delivery, then weekly",
    ),
    "Promising": Playbook(
        ("a small voucher on a second category", "bestsellers"),
        "Stay in mind with something useful; offer only in the second message.",
        ("email", "ads"),
        EVENINGS,
    ),
    "Need Attention": Playbook(
        ("a limited-time offer on what they bought", "a short question"),
        "Ask what is missing, and make the answer easy; then an offer that ends soon.",
        ("email",),
        MORNINGS,
    ),
    "About to Sleep": Playbook(
        ("a reminder of what they looked at", "a popular product at a small discount"),
        "Remind first; discount only who does not answer within a week.",
        ("email", "sms"),
        OWN_HOUR,
    ),
    "At Risk": Playbook(
        ("a win-back voucher", "a product like those they bought", "a call for the most valuable"),
        "Say that they are missed, name what they liked, make one good offer with an end date.",
        ("email", "sms"),
        OWN_HOUR,
    ),
    "Cannot Lose Them": Playbook(
        ("a personal call", "a generous one-off offer", "the way back to their old terms"),
        "From a person with a name, not a newsletter: what went wrong, and what we do about it.",
        ("phone", "email"),
        MORNINGS,
    ),
    "Hibernating": Playbook(
        ("a seasonal offer", "a strong one-off voucher"),
        "Rarely and with a reason: what is new since they were last here.",
        ("email",),
        "at the start of a season, not more than once in two months",
    ),
    "Lost": Playbook(
        ("one last strong voucher",),
        "One honest last message; who does not answer is left in peace.",
        ("email",),
        "once a year",
    ),
}
_BEHAVIOURS: Final[Mapping[str, Playbook]] = {
    "high_spender": LEVELS["high"],
    "frequent_shopper": Playbook(
        ("a subscription", "a multi-buy bundle", "loyalty points"),
        "Make the habit easier: reorder in one step, never run out.",
        ("email", "sms"),
        OWN_HOUR,
    ),
    "weekend_shopper": Playbook(
        ("a weekend offer", "click and collect on Saturday"),
        "Something for the weekend, short enough to read on a telephone.",
        ("email", "sms"),
        "Friday 16 to 20, or Saturday 9 to 11",
    ),
    "category_focused": Playbook(
        ("news of their category", "a neighbouring category at a trial price"),
        "Speak as a specialist of their category; then show the one beside it.",
        ("email",),
        MORNINGS,
    ),
    "location_clustered": Playbook(
        ("a local event", "delivery on the same day", "collect near home"),
        "Name their place and what is different there.",
        ("email", "ads"),
        EVENINGS,
    ),
    "new_shopper": _RFM["New"],
    "inactive": _RFM["About to Sleep"],
    "seasonal_spender": Playbook(
        ("the new season before others see it", "last season's bestseller"),
        "Weeks before their season: what is new, and what they bought a year ago.",
        ("email",),
        "four weeks before their best month",
    ),
}
DEFAULTS: Final[Mapping[str, Mapping[str, Playbook]]] = {"rfm": _RFM, "behaviour": _BEHAVIOURS}
"""Playbooks by kind of segment and name; groups that are found take LEVELS by their value."""
