"""The page of a week's plan: as a calendar, with its actions, its proposals and its file (Week.jsx)."""

from __future__ import annotations

from typing import Any

import chainlit as cl

from chat.opening import opened_page
from chat.parts import installed
from chat.people import may_approve, present
from chat.showing import notes_element
from core.errors import AimaError, NoSuchData
from core.identity import PROPOSE, WRITE, Identity

__all__ = ["approve_week", "export_week", "plan_week", "propose_week", "read_week", "show_week"]

CARD = "Week"
ROWS = 10
MOST = 100
EMPTY = (
    "A plan says for each day who should get which campaign, why, and when, within your frequency cap, consent, quiet "
    "hours and a budget. It sends nothing."
)


async def show_week(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """The plan made last, or how to make one."""
    async with opened_page("Week", "Looking up the plan") as opened:
        props: dict[str, Any] = {
            "may_plan": WRITE in identity.scopes,
            "may_propose": PROPOSE in identity.scopes,
            "may_approve": may_approve(identity),
            "plan": None,
        }
        evidence = []
        try:
            props |= await _state(identity)
            evidence = [props["plan"].pop("evidence")]
        except NoSuchData:
            props["nothing"] = EMPTY
        element = cl.CustomElement(name=CARD, display="inline", props=props)
        asks = ("Which campaigns are worth proposing?", "What offers do we have?")
        await opened.show("", [element, notes_element(evidence, is_demo=is_demo, suggestions=asks)])


async def read_week(action: cl.Action) -> dict[str, Any]:
    """A page of the actions of one day and type."""
    asked = {name: action.payload[name] for name in ("week", "day", "kind") if action.payload.get(name)}
    offset = int(action.payload.get("offset") or 0)
    try:
        found = await installed().call("week_plan", {**asked, "limit": ROWS, "offset": offset}, await present())
    except AimaError as error:
        return {"error": error.message}
    return {"rows": found["rows"], "total": found["rows_total"], "size": ROWS}


async def plan_week(action: cl.Action) -> dict[str, Any]:
    """Plan a week anew, within the limits of the form."""
    told = action.payload
    asked: dict[str, Any] = {
        "most_per_customer": int(told.get("most") or 1),
        "channels": told.get("channels") or ["email"],
    }
    if told.get("week"):
        asked["week"] = told["week"]
    try:
        if str(told.get("budget") or "").strip():
            asked["budget"] = float(told["budget"])
        identity = await present()
        await installed().call("plan_week", asked, identity)
        state = await _state(identity)
    except ValueError:
        return {"error": "The budget is an amount such as 500, or nothing."}
    except AimaError as error:
        return {"error": error.message}
    state["plan"].pop("evidence")
    return state


async def propose_week(action: cl.Action) -> dict[str, Any]:
    """Make proposals of the plan; each waits for a person."""
    try:
        identity = await present()
        made = await installed().call(
            "propose_week", {"week": action.payload["week"]}, identity, thread_id=cl.context.session.thread_id
        )
        state = await _state(identity)
    except AimaError as error:
        return {"error": error.message}
    state["plan"].pop("evidence")
    return {**state, "left_out": made["left_out"]}


async def approve_week(action: cl.Action) -> dict[str, Any]:
    """A person approved one or all of the proposals, each by the hash of what is shown."""
    try:
        identity = await present()
        result = await installed().call("approve_proposals", {"approvals": action.payload["approvals"]}, identity)
        state = await _state(identity)
    except AimaError as error:
        return {"error": error.message}
    state["plan"].pop("evidence")
    refused = [one["reason"] for one in result["decided"] if one["reason"]]
    waits = sum(one["status"] == "endorsed" for one in result["decided"])
    return {**state, "approved": result["approved"], "refused": refused, "endorsed": waits}


async def export_week(action: cl.Action) -> dict[str, Any]:
    """The plan as a file."""
    try:
        found = await installed().call("export_week", {"week": action.payload["week"]}, await present())
    except AimaError as error:
        return {"error": error.message}
    return {"file_name": found["file_name"], "csv": found["csv"], "rows": found["rows"], "total": found["total"]}


async def _state(identity: Identity) -> dict[str, Any]:
    """The plan and its proposals."""
    plan = await installed().call("week_plan", {"limit": 0}, identity)
    found = await installed().call("list_proposals", {"plan_id": plan["plan_id"], "limit": MOST}, identity)
    kept = ("id", "title", "status", "content_hash", "send_at", "budget", "endorsed_by", "campaign_id")
    proposals = [
        {name: one[name] for name in kept} | {"day": one["plan"]["day"], "to_send": one["audience"]["to_send"]}
        for one in found["proposals"]
        if one["plan"] and one["status"] != "superseded"
    ]
    return {"plan": plan, "proposals": sorted(proposals, key=lambda one: (one["day"], one["title"]))}
