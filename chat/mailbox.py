"""The page of the sandbox mailbox: what was delivered on this machine, campaign by campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import chainlit as cl

from chat.parts import installed
from chat.showing import notes_element, send_in_order
from core.identity import PROPOSE, Identity

__all__ = ["by_campaign", "show_mailbox"]

MOST = 500
WHOLE = 5  # messages of a campaign that can be opened: they differ by a name
EMPTY = (
    "### Sandbox mailbox\n\n**Nothing has been delivered yet.** Messages of campaigns that somebody approved arrive "
    "here instead of at your customers, until a mail server is connected."
)
DRAFT = ("Write a win-back email to the At Risk customers", "/approvals")
_BODY = ("body_text", "body_html")


async def show_mailbox(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """What the sandbox delivered (drawn by public/elements/Mailbox.jsx)."""
    found = await installed().call("mailbox", {"limit": MOST}, identity)
    suggestions = DRAFT if PROPOSE in identity.scopes and not found["total"] else ()
    notes = notes_element([found["evidence"]] if found["total"] else [], is_demo=is_demo, suggestions=suggestions)
    if not found["total"]:
        await send_in_order(EMPTY, [notes])
        return
    campaigns = by_campaign(found["messages"])
    if found["total"] > len(found["messages"]):
        await _count(campaigns, identity)
    props = {"campaigns": campaigns, "total": found["total"], "listed": len(found["messages"])}
    element = cl.CustomElement(name="Mailbox", display="inline", props=props)
    await send_in_order(
        f"### Sandbox mailbox\n\n{found['total']:,} messages; none of them left this machine.", [element, notes]
    )


def by_campaign(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The messages in groups of one campaign and channel, newest first, a few of each with their text."""
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for message in messages:
        key = (message["campaign_id"], message["channel"], message["subject"] if not message["campaign_id"] else None)
        group = groups.setdefault(
            key,
            {
                "campaign_id": message["campaign_id"],
                "subject": message["subject"] or message["channel"],
                "channel": message["channel"],
                "messages": [],
            },
        )
        kept = {name: message[name] for name in ("message_id", "recipient", "subject", "delivered_at")}
        whole = len(group["messages"]) < WHOLE
        group["messages"].append(kept | {name: message[name] if whole else None for name in _BODY})
    for group in groups.values():
        group["total"] = len(group["messages"])
    return list(groups.values())


async def _count(campaigns: Sequence[dict[str, Any]], identity: Identity) -> None:
    """Put all messages of each campaign into its total: not all of them are listed."""
    for campaign in campaigns:
        if campaign["campaign_id"]:
            asked = {"campaign_id": campaign["campaign_id"], "limit": 1}
            campaign["total"] = (await installed().call("mailbox", asked, identity))["total"]
