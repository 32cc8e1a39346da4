"""What a proposal holds and shows: the frozen audience, the content, the time, and the hash a person approves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from tools.figures import figure
from tools.offers.offer import Offer

CampaignKind = Literal[
    "discount",
    "cashback",
    "loyalty",
    "location_based",
    "category_promotion",
    "spending_milestone",
    "re_engagement",
    "vip",
    "news",
]
ProposalStatus = Literal["pending", "approved", "rejected", "superseded", "expired"]


class Audience(BaseModel):
    """Who is meant, and how many of them can be written to."""

    description: str = Field(description="The segment or rule in words.")
    count: int = Field(description="Customers the segment or rule names.")
    reachable: int = Field(description="Customers with an address, consent, and no suppression; one an address.")
    to_send: int = Field(description="Customers who get the message: the reachable ones without the holdout.")
    held_out: int = Field(description="Reachable customers kept back at random, so that the lift can be measured.")
    without_consent: int = Field(description="Customers with an address who have not agreed to it (or not said).")
    suppressed: int = Field(description="Customers whose address must not be contacted (unsubscribed, bounced).")
    no_address: int = Field(description="Customers with no usable address for the channel.")
    duplicate_address: int = Field(description="Customers whose address another customer of the audience has too.")
    audience_hash: str = Field(description="SHA-256 of the frozen list of customers, in hex.")


class Content(BaseModel):
    """The message as written, merge fields like {first_name|there} and Liquid not yet filled in."""

    subject: str = Field(default="", description="Subject line, where the channel has one.")
    preview_text: str | None = Field(default=None, description="Line that mail programs show after the subject.")
    body_text: str = Field(description="Body as plain text.")
    body_html: str | None = Field(default=None, description="Body as HTML; made from the text when absent.")


class Sample(BaseModel):
    """One message exactly as it will look, for the first customer of the audience."""

    recipient: str = Field(description="Address of that customer.")
    subject: str = Field(description="Subject with merge fields filled in; empty where the channel has none.")
    preview_text: str | None = Field(default=None, description="Preview text with merge fields filled in.")
    text: str = Field(description="Plain text part, unsubscribe line included.")
    html: str | None = Field(description="HTML part, unsubscribe line included; null where the channel has none.")


class PartOfPlan(BaseModel):
    """Which part of a weekly plan a proposal is."""

    id: UUID = Field(description="The plan.")
    week: date = Field(description="First day of its week.")
    day: date = Field(description="The day it is for.")
    kind: str = Field(description="Type of campaign.")
    audience: str = Field(description="Whom it is for, in words.")


class Decision(BaseModel):
    """What a person decided."""

    decision: Literal["approved", "rejected"] = Field(description="approved or rejected.")
    by: str = Field(description="Who decided.")
    at: datetime = Field(description="When.")
    note: str | None = Field(default=None, description="What they said about it.")


class ProposalView(BaseModel):
    """A proposal as a person sees it: everything `content_hash` stands for."""

    id: UUID = Field(description="Proposal id.")
    kind: str = Field(description="What is proposed: campaign, or journey.")
    title: str = Field(description="Name of the campaign.")
    campaign_kind: str = Field(description="Goal of the campaign, e.g. re_engagement.")
    status: ProposalStatus = Field(description="pending, approved, rejected, superseded, expired.")
    content_hash: str = Field(description="SHA-256 of exactly what is shown here; approving names it.")
    channel: str = Field(description="Channel of the messages.")
    provider: str = Field(description="Who carries the messages; sandbox: nothing leaves the machine.")
    carrier: str = Field(description="The same in words: the mail server, the sandbox mailbox.")
    sender: str = Field(description="From address.")
    reply_to: str = Field(default="", description="Where answers go; empty: to the sender.")
    footer: str = Field(default="", description="The sender's own words at the end.")
    audience: Audience = Field(description="Who gets it.")
    content: Content = Field(description="What they get.")
    send_at: datetime | None = Field(default=None, description="When sending starts; null: at approval.")
    holdout_share: float = Field(description="Share of the reachable customers kept back (0 to 0.5).")
    sample: Sample | None = Field(default=None, description="One rendered message; null when nobody is reachable.")
    warnings: list[str] = Field(default_factory=list, description="What a person should look at before approving.")
    created_by: str = Field(description="Who asked for it.")
    created_at: datetime = figure("Created", "When.")
    replaces: UUID | None = Field(default=None, description="The proposal this one supersedes.")
    decision: Decision | None = Field(default=None, description="The decision, once there is one.")
    campaign_id: str | None = Field(default=None, description="The campaign an approval started.")
    offer: Offer | None = Field(default=None, description="What it offers, exactly as it was when proposed.")
    budget: float | None = figure(
        "Budget", "Most it may give away; null: nothing, or no limit.", unit="money", default=None
    )
    currency: str = Field(default="", description="ISO 4217 code of money.")
    expires_at: datetime | None = figure("Expires", "From then on nobody can approve it.", unit="instant", default=None)
    ends_at: datetime | None = figure("Ends", "What is not sent by then is left out.", unit="instant", default=None)
    expected: str | None = Field(default=None, description="What it is expected to bring, with its basis.")
    plan: PartOfPlan | None = Field(default=None, description="The weekly plan it is a part of.")
    endorsed_by: str | None = Field(default=None, description="Who approved it first, where it takes two people.")
    journey: dict[str, Any] | None = Field(default=None, description="Of a journey: all of it, in words and drawn.")


def canonical(document: Mapping[str, Any]) -> bytes:
    """`document` as canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def audience_hash(customer_ids: list[int]) -> str:
    """SHA-256 (hex) of the frozen audience, in its order."""
    return hashlib.sha256(canonical({"customers": customer_ids})).hexdigest()


def content_hash(payload: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a proposal's payload; the audience list enters through its own hash, computed anew here."""
    shown = {key: value for key, value in payload.items() if key != "customers"}
    return hashlib.sha256(canonical({**shown, "customers": audience_hash(payload["customers"])})).hexdigest()
