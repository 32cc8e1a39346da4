"""One customer's page: the profile, and what the other tools know of the customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import chainlit as cl

from chat.opening import opened_page
from chat.parts import installed
from chat.showing import notes_element
from core.errors import AimaError
from core.identity import ADMIN, PROPOSE, WRITE, Identity
from language.markdown import as_text

__all__ = ["BESIDE", "grouped", "show_customer"]

BESIDE = ("customer_history", "customer_interventions", "next_best_product", "similar_customers")
LIKE, SIMILAR = "similar_customers", 5
GROUPS = {
    "rhythm": "Rhythm of buying",
    "value": "Spending",
    "basket": "Baskets",
    "price": "Prices and refunds",
    "channel": "Channels",
    "time": "Days and hours",
    "location": "Places",
    "engagement": "Email and website",
    "score": "Scores",
}


async def show_customer(customer: str, identity: Identity, *, is_demo: bool) -> str:
    """Show the page of `customer` (customer id or email address) as a message; returns what it is called."""
    async with opened_page(f"Customer {customer}", "Looking up everything known of them") as opened:
        profile = await installed().call("customer_profile", {"customer": customer}, identity)
        opened.title = as_text(str(profile["attributes"].get("name") or f"Customer {profile['customer_id']}"))
        await opened.show("", await _elements(profile, identity, is_demo=is_demo))
    return opened.title


async def _elements(profile: Mapping[str, Any], identity: Identity, *, is_demo: bool) -> list[cl.CustomElement]:
    dictionary = await installed().call("feature_dictionary", {}, identity)
    beside, missing = await _beside(profile["customer_id"], identity)
    props = {
        "profile": _plain(profile) | {"features": grouped(profile["features"], dictionary["features"])},
        "missing": missing,
        "can_propose": PROPOSE in identity.scopes,
        "can_learn": WRITE in identity.scopes,
        "can_erase": ADMIN in identity.scopes,
        **{name: _plain(result) for name, result in beside.items()},
    }
    return [
        cl.CustomElement(name="CustomerProfile", display="inline", props=props),
        notes_element([result["evidence"] for result in (profile, *beside.values())], is_demo=is_demo),
    ]


def grouped(features: list[dict[str, Any]], dictionary: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Features with the heading of their group."""
    groups = {entry["name"]: entry["group"] for entry in dictionary}
    return [
        feature | {"group": GROUPS.get(groups[feature["name"]], groups[feature["name"]].capitalize())}
        for feature in features
    ]


async def _beside(customer: str, identity: Identity) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What the other tools say, and in words what they could not say."""
    found, missing = {}, []
    for tool in BESIDE:
        arguments = {"customer": customer} | ({"limit": SIMILAR} if tool == LIKE else {})
        try:
            found[tool] = await installed().call(tool, arguments, identity)
        except AimaError as error:
            if tool != LIKE:  # the page says itself that they are not known yet, and offers to learn them
                missing.append(error.message)
    return found, missing


def _plain(result: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name != "evidence"}
