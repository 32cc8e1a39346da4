"""The page of campaigns: launched, sent by journeys, imported, with where each stands; and the offers they can give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import chainlit as cl

from agent.events import Column, Table
from chat.cards import Place, follow, redraw
from chat.offers import offers_element
from chat.parts import installed
from chat.people import present
from chat.showing import RowButton, notes_element, send_in_order, table_element
from core.errors import AimaError, FixArguments
from core.identity import PROPOSE, Identity

__all__ = ["campaigns_table", "show_campaigns", "take_step"]

MOST = 200
STEPS = ("pause", "resume", "end", "archive")
NEXT = ("Which campaigns are worth proposing?", "Plan next week", "/approvals")
EMPTY = (
    "### Campaigns\n\n**No campaign has been launched from here or imported yet.** One begins as a draft: ask which "
    "are worth proposing, or describe one. It goes out once somebody has approved it."
)
COLUMNS = (
    Column(name="name", title="Campaign"),
    Column(name="origin", title="From", unit="verbatim"),
    Column(name="status", title="Status"),
    Column(name="kind", title="Type"),
    Column(name="channel", title="Channel"),
    Column(name="messages", title="Messages", unit="messages"),
    Column(name="done", title="Done", unit="share"),
    Column(name="clicks", title="Clicks", unit="count"),
    Column(name="orders", title="Orders", unit="orders"),
    Column(name="revenue", title="Revenue", unit="money"),
    Column(name="started_at", title="Starts", unit="instant"),
    Column(name="ends_at", title="Ends", unit="instant"),
    Column(name="campaign_id", title="Id"),
)


async def show_campaigns(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Campaigns, newest first, and the offers there are."""
    found = await installed().call("list_campaigns", {"limit": MOST}, identity)
    offers = await installed().call("list_offers", {}, identity)
    elements: list[Any] = []
    if found["total"]:
        elements.append(table_element(campaigns_table(found), [RowButton("Open", "campaign_id", "/plan {}")]))
    elements.append(offers_element(offers, identity))
    suggestions = NEXT if PROPOSE in identity.scopes else ()
    evidence = [one["evidence"] for one in (found, offers) if one["total"]]
    elements.append(notes_element(evidence, is_demo=is_demo, suggestions=suggestions))
    await send_in_order("### Campaigns" if found["total"] else EMPTY, elements)


def campaigns_table(found: Mapping[str, Any]) -> Table:
    """Campaigns as rows."""
    columns = [column.model_copy(update=_in(column, found["currency"])) for column in COLUMNS]
    rows = [[_cell(campaign, column.name) for column in COLUMNS] for campaign in found["campaigns"]]
    return Table(title="Campaigns", columns=columns, rows=rows, total_rows=found["total"], tool="list_campaigns")


def _in(column: Column, currency: str) -> dict[str, str]:
    return {"unit": currency} if column.unit == "money" else {}


def _cell(campaign: Mapping[str, Any], name: str) -> Any:
    if name == "campaign_id" and campaign["from_here"] != "here":
        return None  # there is no card of it to open
    return str(campaign[name]).replace("_", " ") if name == "kind" and campaign[name] else campaign[name]


async def take_step(action: cl.Action) -> dict[str, Any]:
    """A person pressed Pause, Resume, End or Archive on the card of a campaign."""
    place, proposal_id = Place.of(action.payload), str(action.payload["proposal_id"])
    step, campaign = str(action.payload["step"]), str(action.payload["campaign_id"])
    try:
        if step not in STEPS:
            raise FixArguments("There is no such step.", valid=STEPS)
        identity = await present()
        note = {"note": str(action.payload["note"])} if action.payload.get("note") else {}
        after = await installed().call(f"{step}_campaign", {"campaign": campaign, **note}, identity)
        await redraw(place, proposal_id, identity)
    except AimaError as error:
        return {"error": error.message}
    if after["status"] == "active":
        installed().start(follow(place, proposal_id, campaign, identity))
    return {}
