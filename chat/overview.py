"""Alerts on the pages, until somebody has seen them."""

from __future__ import annotations

from typing import Any

import chainlit as cl
from chainlit.types import ThreadDict

from chat.parts import installed
from chat.people import present
from chat.showing import props_of
from chat.welcome import GREETING
from core.errors import AimaError
from core.identity import Identity

__all__ = ["mark_seen", "refresh_alerts"]

CARD = "Dashboard"


async def refresh_alerts(thread: ThreadDict, identity: Identity) -> None:
    """Leave only what is still unseen on the cards of a stored thread."""
    cards = [element for element in thread.get("elements") or [] if element.get("name") == CARD]
    if not cards:
        return
    found = await installed().call("list_alerts", {"limit": 50}, identity)
    unseen = {alert["id"] for alert in found["alerts"]}
    for element in cards:
        props = props_of(element)
        element["props"] = {**props, "alerts": [alert for alert in props.get("alerts", []) if alert["id"] in unseen]}


async def mark_seen(action: cl.Action) -> dict[str, Any]:
    """A person has seen these alerts. On the first page no conversation has begun by that."""
    if cl.user_session.get(GREETING) is not None:
        cl.context.session.has_first_interaction = False
    try:
        arguments = {"alert_ids": action.payload["alert_ids"]}
        return await installed().call("mark_alerts_seen", arguments, await present())
    except AimaError as error:
        return {"error": error.message}
