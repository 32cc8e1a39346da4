"""Offers on the page of campaigns: made, given the shop's own codes, and withdrawn (Offers.jsx)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import chainlit as cl

from chat.parts import installed
from chat.people import may_approve, present
from core.errors import AimaError, FixArguments
from core.identity import PROPOSE, Identity

__all__ = ["add_codes", "create_offer", "offers_element", "withdraw_offer"]

CARD = "Offers"
NUMBERS = ("value", "minimum", "budget")
TEXTS = ("name", "kind", "item", "codes", "code", "prefix", "valid_until")


def offers_element(found: Mapping[str, Any], identity: Identity) -> cl.CustomElement:
    """The offers there are, with what this person may do to them."""
    rights = {"may_make": PROPOSE in identity.scopes, "may_withdraw": may_approve(identity)}
    return cl.CustomElement(name=CARD, display="inline", props={**_plain(found), **rights})


async def create_offer(action: cl.Action) -> dict[str, Any]:
    """Keep the offer that the form holds."""
    return await _changed("create_offer", _told(action.payload))


async def add_codes(action: cl.Action) -> dict[str, Any]:
    """Put in the codes that were pasted, or read from a file: one a line, or with commas between them."""
    codes = [code for code in re.split(r"[\s,;\"]+", str(action.payload.get("codes") or "")) if code]
    try:
        if not codes:
            raise FixArguments("Paste the codes, one a line.", field="codes")
        identity = await present()
        made = await installed().call("add_offer_codes", {"offer": action.payload["offer"], "codes": codes}, identity)
        found = await installed().call("list_offers", {}, identity)
    except AimaError as error:
        return {"error": error.message}
    known = f", {made['known']:,} were there already" if made["known"] else ""
    return {**_plain(found), "said": f"{made['added']:,} codes put in{known}; {made['free']:,} are free."}


async def withdraw_offer(action: cl.Action) -> dict[str, Any]:
    """A person withdraws an offer."""
    return await _changed("withdraw_offer", {"offer": action.payload["offer"]})


async def _changed(tool: str, told: Mapping[str, Any]) -> dict[str, Any]:
    try:
        identity = await present()
        made = await installed().call(tool, told, identity)
        found = await installed().call("list_offers", {}, identity)
    except AimaError as error:
        return {"error": error.message}
    done = "is withdrawn" if tool == "withdraw_offer" else f"is kept: {made['offer']['words']}"
    return {**_plain(found), "said": f"“{made['offer']['name']}” {done}."}


def _told(form: Mapping[str, Any]) -> dict[str, Any]:
    """The form as arguments: what is empty is not told."""
    told: dict[str, Any] = {name: str(form[name]).strip() for name in TEXTS if str(form.get(name) or "").strip()}
    for name in NUMBERS:
        if said := str(form.get(name) or "").strip():
            told[name] = said
    return told


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"offers": found["offers"], "currency": found["currency"], "total": found["total"]}
