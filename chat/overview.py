"""How things stand: what greets a person when a conversation begins, and the dashboard page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import chainlit as cl
from chainlit.types import ThreadDict

from chat.parts import installed
from chat.people import present
from chat.showing import notes_element, props_of, send_in_order
from core.errors import AimaError, NoSuchData
from core.identity import WRITE, Identity
from language.format import day

__all__ = ["freshness_of", "greet", "mark_seen", "refresh_alerts", "show_dashboard", "waiting_of"]

ALERTS = 10
CARD = "Dashboard"
ASKS = (
    ("Revenue by month", "What was our revenue by month?"),
    ("Value at risk", "Which segments hold the most value at risk?"),
    ("Which campaigns work?", "Which campaigns work?"),
)


async def greet(identity: Identity, starters: Sequence[cl.Starter]) -> None:
    """Show the alerts nobody has seen, with the starters beside them (a message takes them off the screen)."""
    found = await installed().call("list_alerts", {"limit": ALERTS}, identity)
    if found["alerts"]:
        props = {
            "alerts": found["alerts"],
            "can_mark": WRITE in identity.scopes,
            "suggestions": [[starter.label, starter.message] for starter in starters],
        }
        element = cl.CustomElement(name=CARD, display="inline", props=props)
        await send_in_order("Since you were last here:", [element])


async def show_dashboard(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Headline figures with their trend, alerts, what waits for a decision, how fresh the scores are."""
    call = installed().call
    data = await call("describe_data", {}, identity)
    alerts = await call("list_alerts", {"limit": ALERTS}, identity)
    pending = await call("list_proposals", {"status": "pending"}, identity)
    missing, headlines = await _or_words(lambda: call("headlines", {}, identity))
    segments = await call("list_segments", {}, identity)
    props = {
        "headlines": headlines and {name: headlines[name] for name in ("days", "weeks", "headlines")},
        "currency": data["currency"],
        "alerts": alerts["alerts"],
        "can_mark": WRITE in identity.scopes,
        "approvals": [waiting_of(proposal) for proposal in pending["proposals"]],
        "freshness": freshness_of(data, segments),
        "suggestions": [list(ask) for ask in ASKS],
    }
    results = [result for result in (headlines, alerts, pending) if result]
    elements = [
        cl.CustomElement(name=CARD, display="inline", props=props),
        notes_element([result["evidence"] for result in results], is_demo=is_demo),
    ]
    content = "\n\n".join(["### How things stand", *([f"_{missing}_"] if missing else [])])
    await send_in_order(content, elements)


async def refresh_alerts(thread: ThreadDict, identity: Identity) -> None:
    """Leave only what is still unseen on the cards of a stored thread."""
    cards = [element for element in thread.get("elements") or [] if element.get("name") == CARD]
    if not cards:
        return
    found = await installed().call("list_alerts", {"limit": 50}, identity)
    unseen = {alert["id"] for alert in found["alerts"]}
    for element in cards:
        props = props_of(element)
        element["props"] = {**props, "alerts": [alert for alert in props["alerts"] if alert["id"] in unseen]}


async def mark_seen(action: cl.Action) -> dict[str, Any]:
    """A person has seen these alerts."""
    try:
        arguments = {"alert_ids": action.payload["alert_ids"]}
        return await installed().call("mark_alerts_seen", arguments, await present())
    except AimaError as error:
        return {"error": error.message}


def freshness_of(data: Mapping[str, Any], scored: Mapping[str, Any]) -> str:
    """What the scores are of and how far the data reach, in a sentence; `scored` rests on scores."""
    if "features" not in data["scores"]:
        return "No scores have been computed yet; that happens in the background after an import."
    scored_until, reach = scored["evidence"]["data_until"], data["evidence"]["data_until"]
    said = f"Scores are of {day(scored_until)}; the data reach {day(reach)}."
    if scored_until >= reach:
        return said
    return f"{said} They are computed anew in the background, or by “refresh the scores”."


def waiting_of(proposal: Mapping[str, Any]) -> dict[str, Any]:
    """What the dashboard says of a proposal that waits."""
    kept = {name: proposal[name] for name in ("id", "title", "created_at", "created_by")}
    return kept | {"to_send": proposal["audience"]["to_send"]}


async def _or_words(
    ask: Callable[[], Awaitable[dict[str, Any]]],
) -> tuple[str | None, dict[str, Any] | None]:
    """A result, or in words why there is none."""
    try:
        return None, await ask()
    except NoSuchData as error:
        return error.message, None
