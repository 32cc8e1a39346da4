"""The types of campaigns: what each is for, whom it is meant for, what it may offer, and a first draft of its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, Field

from core.identity import READ
from tools.campaigns.steps_questions import TYPES_ASKED
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.offers.offer import OfferKind
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

__all__ = ["TYPES", "CampaignType", "words_for"]


@dataclass(frozen=True, slots=True)
class CampaignType:
    """One type. `audience` says whom it is meant for; analytics/planning/fit.py has the same as conditions.

    `offers` are the kinds it may give, the best first; `needs_offer`: it makes no sense without one.
    """

    kind: str
    title: str
    purpose: str
    audience: str
    offers: tuple[OfferKind, ...]
    needs_offer: bool
    subject: str
    preview: str
    body: str
    hour: int = 9


TYPES: Final[Mapping[str, CampaignType]] = {
    one.kind: one
    for one in (
        CampaignType(
            "discount",
            "Discount",
            "Bring back those who buy at reduced prices and are slipping away.",
            "bought before, past their usual day, and used to buying at a discount",
            ("percent", "amount"),
            True,
            "{offer} on your next order",
            "A small thank you on your next order.",
            "It has been a while since your last order. To make the next one easier we have {offer} for you.",
        ),
        CampaignType(
            "cashback",
            "Cashback",
            "Make regular customers with small baskets come for more.",
            "two or more orders within the year, baskets below the usual one",
            ("cashback",),
            True,
            "{offer} with your next order",
            "Credited after your order.",
            "Thank you for ordering with us so often. With your next order you get {offer}.",
        ),
        CampaignType(
            "loyalty",
            "Loyalty",
            "Turn a first order into a second one.",
            "bought for the first time within 45 days, and once so far",
            ("points", "percent", "free_item"),
            False,
            "How did you like your order?",
            "And what might go well with it.",
            "Thank you for your first order. We hope that everything arrived as you wanted it. If you liked it, have a "
            "look at what goes well with it.",
        ),
        CampaignType(
            "location_based",
            "Location",
            "Say what is new near customers.",
            "ordered within the year, always from one or two places",
            ("percent", "amount", "free_item"),
            False,
            "News for {city|your town}",
            "What is new for customers near you.",
            "Here is what is new in our shop for customers in and around {city|your town}.",
            12,
        ),
        CampaignType(
            "category_promotion",
            "Category",
            "Show what is new where somebody buys most.",
            "ordered within the year, half of it or more in one category",
            ("percent", "amount", "free_item"),
            False,
            "New in {favourite_category|our range}",
            "Chosen from what you like to buy.",
            "There are new things in {favourite_category|the part of our range that you like best}. Have a look before "
            "everybody else does.",
            18,
        ),
        CampaignType(
            "spending_milestone",
            "Spending milestone",
            "Help those over a milestone of the year who are close to it.",
            "spent four fifths or more of the next milestone within a year",
            ("points", "amount", "free_item", "percent", "cashback"),
            True,
            "You are close: {offer}",
            "One more order and it is yours.",
            "You have almost reached the next step of the year with us. One more order takes you there, and with it "
            "comes {offer}.",
        ),
        CampaignType(
            "re_engagement",
            "Win back",
            "Bring back those who have not ordered for longer than is usual for them.",
            "bought before, one and a half times their usual gap ago or longer",
            ("percent", "amount", "free_item", "points"),
            False,
            "It has been a while: see what is new",
            "A lot is new since your last order.",
            "It has been a while since your last order, and our range has moved on since then. Have a look at what is "
            "new. If something kept you from coming back, just reply to this message.",
        ),
        CampaignType(
            "vip",
            "Best customers",
            "Thank those who mean most, and give them what others do not get yet.",
            "the best tenth by what they spent, within their usual gap",
            ("free_item", "points"),
            False,
            "Thank you for being our customer",
            "You are among the customers we rely on.",
            "You are among the customers who mean most to us, and we want to say thank you. You will hear from us "
            "first when something new arrives.",
        ),
    )
}


def words_for(kind: str, offer: Mapping[str, Any] | None, *, subject: bool = True) -> dict[str, str]:
    """A first draft of a type: subject, preview text and body, with what the offer (as a proposal holds it) needs.

    Without `subject`: for a channel that has none.
    """
    one = TYPES[kind]
    body = f"Hello {{first_name|there}},\n\n{one.body}"
    if offer is not None:
        said = [] if "{offer}" in one.body else ["For you: {offer}."]
        said += ["Your code: {offer_code}"] if offer["codes"] != "none" else []
        said += ["It holds until {offer_until}."] if offer["valid_until"] else []
        body += "".join(f"\n\n{line}" for line in said)
    body += "\n\nWith best wishes\n{shop|your shop}"
    return {"subject": one.subject, "preview_text": one.preview, "body_text": body} if subject else {"body_text": body}


class CampaignTypesArguments(Arguments):
    """Nothing: all of them."""


class TypeLine(BaseModel):
    """One type."""

    kind: str = Field(description="Its name, as `kind` of propose_campaign.")
    title: str = figure("Type", "Its name for people.")
    purpose: str = figure("What it is for", "What it is for.")
    audience: str = figure("For", "Whom it is meant for.")
    offers: list[str] = figure("May give", "Kinds of offers that go with it, the best first.")
    needs_offer: bool = figure("Needs an offer", "True: it makes no sense without one.")
    subject: str = figure("Subject", "How its first draft begins.")


class CampaignTypes(ToolResult):
    """The types of campaigns."""

    types: list[TypeLine] = Field(description="The types.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="the types of campaigns",
    agents=("content",),
    basis="record",
    examples=({},),
    questions=(TYPES_ASKED,),
    views=(
        table("types", title="Types of campaigns", columns=("title", "purpose", "audience", "offers", "needs_offer")),
    ),
    next=("Propose campaigns", "What offers do we have?"),
)
def campaign_types(context: Context, arguments: CampaignTypesArguments) -> CampaignTypes:
    """The eight types of campaigns: what each is for, whom it is meant for, and what it may offer."""
    return CampaignTypes(
        types=[
            TypeLine(
                kind=one.kind,
                title=one.title,
                purpose=one.purpose,
                audience=one.audience,
                offers=list(one.offers),
                needs_offer=one.needs_offer,
                subject=one.subject,
            )
            for one in TYPES.values()
        ],
        evidence=Evidence(rows=0, as_of=context.now, sources=[]),
    )
