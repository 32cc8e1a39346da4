"""Plain email wording for a campaign, from its goal: a first draft for a person to change, with no invented offer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from language.slots import Slots

__all__ = ["Wording", "campaign_kind", "wording"]


@dataclass(frozen=True, slots=True)
class Wording:
    """A message and the name of its campaign."""

    name: str
    subject: str
    preview_text: str
    body_text: str


_HELLO = "Hello {first_name|there},\n\n"
_BYE = "\n\nWith best wishes\nYour shop team"
_WORDING: Final[Mapping[str, Wording]] = {
    "re_engagement": Wording(
        "Win back",
        "It has been a while: see what is new",
        "A lot is new since your last order.",
        "It has been a while since your last order, and our range has moved on since then.\n\n"
        "Have a look at what is new. If something kept you from coming back, just reply to this message: "
        "we read every answer.",
    ),
    "vip": Wording(
        "Thank you to the best customers",
        "Thank you for being our customer",
        "You are among the customers we rely on.",
        "You are among the customers who mean most to us, and we want to say thank you.\n\n"
        "You will hear from us first when something new arrives. Tell us what you would like to see next: "
        "a reply to this message is enough.",
    ),
    "loyalty": Wording(
        "Second order",
        "How did you like your order?",
        "And what might go well with it.",
        "Thank you for your order. We hope that everything arrived as you wanted it.\n\n"
        "If you liked it, have a look at what goes well with it. And if something was not right, reply to this message "
        "and we will see to it.",
    ),
    "category_promotion": Wording(
        "Category news",
        "New arrivals, chosen for you",
        "Chosen from what you like to buy.",
        "There are new things in the part of our range that you like best.\n\nHave a look before everybody else does.",
    ),
    "location_based": Wording(
        "News for {country}",
        "News from our shop",
        "What is new for customers near you.",
        "Here is what is new in our shop for customers in your country.\n\nHave a look, and reply to this message "
        "if you "
        "miss something.",
    ),
    "news": Wording(
        "News",
        "News from our shop",
        "See what is new.",
        "Here is what is new in our shop.\n\nHave a look, and reply to this message if you miss something.",
    ),
    "discount": Wording(
        "Offer",
        "{offer} for you on your next order",
        "A small thank you on your next order.",
        "As a thank you we have {offer} on your next order for you.\n\nHave a look at what is new and use it whenever "
        "it suits you.",
    ),
}
_OFFER = r"(\d+(?:\.\d+)? ?%(?: (?:off|discount))?)|\b(free (?:shipping|delivery))\b"
_CODE = (  # as it is written, in capitals
    r"(?i:\b(?:(?:promo|discount|voucher|coupon) )?code:? )['\"“]?([A-Z0-9][A-Z0-9-]{2,19})\b"
)
_NO_OFFER = (  # what is kept back is none, nor is what is ruled out
    r"\b(?:hold(?:ing)?|keep(?:ing)?) back \d+(?:\.\d+)? ?%"
    r"|\b\d+(?:\.\d+)? ?% (?:as |for )?(?:an? |the )?(?:holdout|control|kept back)"
    r"|\b(?:holdout|control group) (?:of )?\d+(?:\.\d+)? ?%"
    r"|\b(?:not?|without|instead of|never) (?:an? |any )?(?:\d+ ?% )?(?:off|discounts?|free (?:shipping|delivery))\b"
)
_AMOUNT = (  # as it is written: "a 5 euro voucher", "£10 off"
    r"(?i)((?:[£€$] ?\d+(?:\.\d+)?|\d+(?:\.\d+)? ?(?:[£€$]|euros?|pounds?|dollars?|eur|gbp|usd|quid|bucks))"
    r"[ -](?:off|discount|voucher|coupon|credit|gift card))\b"
)


def campaign_kind(slots: Slots, rule: Mapping[str, Any] | None, segment: str | None) -> str:
    """The goal that fits the request and its audience."""
    if _offer(slots):
        return "discount"
    told = json.dumps([rule, segment]).lower()
    told = told.replace(json.dumps({"field": "churn_status", "operator": "eq", "value": "active"}), "")
    if slots.has(r"\b(?:winback|reengage\w*|silent|lost|sleeping|lapsed)\b") or _any(
        told, "recency", "churn", "at risk"
    ):
        return "re_engagement"
    if '"operator": "eq", "value": 0' in told or _any(told, "lost", "hibernating", "sleep", "cannot lose", "attention"):
        return "re_engagement"
    if slots.has(r"\b(?:thank|vips?|reward)\b") or _any(told, "champions", "clv_12m", "loyal"):
        return "vip"
    if _any(told, "orders_all", "promising", '"new"'):
        return "loyalty"
    if _any(told, "category", '"product"'):
        return "category_promotion"
    return "location_based" if _any(told, '"country"', '"city"') else "news"  # of nobody known to be silent


def wording(kind: str, slots: Slots, *, audience: str) -> Wording:
    """The draft for a goal; a subject in quotes in the request is used as it stands."""
    base = _WORDING[kind]
    offer = _offer(slots)
    subject = slots.quoted[0] if slots.quoted and slots.has(r"subject") else base.subject
    name = f"{base.name.replace(' {country}', '')}: {audience}" if audience else base.name
    body = _HELLO + base.body_text.replace("{offer}", offer) + _BYE
    return Wording(name[:120], subject.replace("{offer}", _capital(offer)), base.preview_text, body)


def _offer(slots: Slots) -> str:
    """What is offered, in words: "10 % off", "a £5 voucher"; empty where nothing is."""
    code = re.search(_CODE, slots.original)
    with_code = f" with the code {code[1]}" if code else ""
    if amount := re.search(_AMOUNT, slots.original):
        return f"{amount[1]}{with_code}"
    offer = next((a or b for a, b in re.findall(_OFFER, re.sub(_NO_OFFER, " ", slots.plain))), "")
    offer = f"{offer} off" if offer.rstrip().endswith("%") else offer
    return f"{offer}{with_code}" if offer else ""


def _any(text: str, *parts: str) -> bool:
    return any(part in text for part in parts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
