"""The dashboard page: a period in figures, what waits for a person, and how fresh it all is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import chainlit as cl

from chat.parts import installed
from chat.people import present
from chat.showing import notes_element, send_in_order
from core.errors import AimaError, NoSuchData
from core.identity import WRITE, Identity
from language.format import day

__all__ = ["freshness_of", "read_dashboard", "show_dashboard", "waiting_of"]

ALERTS = 10
CARD = "Dashboard"
ASKED = ("period", "against", "start", "end")
WORKING = "Adding up revenue, orders, customers and campaigns …"
ASKS = (
    ("Revenue by month", "What was our revenue by month?"),
    ("Value at risk", "Which segments hold the most value at risk?"),
    ("Which campaigns work?", "Which campaigns work?"),
)


async def show_dashboard(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """The page (drawn by public/elements/Dashboard.jsx): at once that it is being added up, then the figures."""
    card = cl.CustomElement(name=CARD, display="inline", props={"working": WORKING})
    await send_in_order("### Dashboard", [card])
    props, evidence = await _read(identity)
    card.props = props
    await card.update()
    await notes_element(evidence, is_demo=is_demo).send(for_id=card.for_id or "")


async def read_dashboard(action: cl.Action) -> dict[str, Any]:
    """The figures of another period, or against another one."""
    asked = {name: action.payload[name] for name in ASKED if action.payload.get(name)}
    try:
        return {"report": _plain(await installed().call("dashboard", asked, await present()))}
    except AimaError as error:
        return {"error": error.message}


async def _read(identity: Identity) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    call = installed().call
    data = await call("describe_data", {}, identity)
    alerts = await call("list_alerts", {"limit": ALERTS}, identity)
    pending = await call("list_proposals", {"status": "pending"}, identity)
    segments = await call("list_segments", {"kinds": ["rfm"]}, identity)
    props: dict[str, Any] = {
        "alerts": alerts["alerts"],
        "can_mark": WRITE in identity.scopes,
        "approvals": [waiting_of(proposal) for proposal in pending["proposals"]],
        "freshness": freshness_of(data, segments),
        "suggestions": [list(ask) for ask in ASKS],
    }
    try:
        report = await call("dashboard", {}, identity)
    except NoSuchData as error:
        return props | {"missing": error.message}, []
    return props | {"report": _plain(report)}, [report["evidence"]]


def freshness_of(data: Mapping[str, Any], scored: Mapping[str, Any]) -> str:
    """How far the data reach and what the scores are of, in a sentence; `scored` rests on scores."""
    reach = data["evidence"]["data_until"]
    last = next((table["last_at"] for table in data["tables"] if table["table"] == "orders"), None)
    known = f"The last order is of {day(last)}, {last[11:16]}." if last else f"The data reach {day(reach)}."
    if "features" not in data["scores"]:
        return f"{known} No scores have been computed yet; that happens in the background after an import."
    scored_until = scored["evidence"]["data_until"]
    said = f"{known} Segments, churn and value are computed up to {day(scored_until)}."
    if scored_until >= reach:
        return said
    return f"{said} They are computed anew in the background, or by “refresh the scores”."


def waiting_of(proposal: Mapping[str, Any]) -> dict[str, Any]:
    """What the dashboard says of a proposal that waits."""
    kept = {name: proposal[name] for name in ("id", "title", "created_at", "created_by")}
    return kept | {"to_send": proposal["audience"]["to_send"]}


def _plain(report: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name not in ("evidence", "audience")}
