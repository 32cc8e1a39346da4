"""The page of journeys, and what is done on a journey's card: write, change, try, put before a person, pause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import chainlit as cl

from agent.events import Column, Table
from chat.cards import Place, send_card, show_at
from chat.parts import installed
from chat.people import present
from chat.showing import RowButton, notes_element, send_in_order, table_element
from core.errors import AimaError
from core.identity import PROPOSE, Identity

__all__ = ["change", "propose", "save", "show_journey", "show_journeys", "try_out", "write"]

LEAD = (
    "### Journeys\n\nPeople enter by what they do or are, wait, are asked, written to, and leave. Nobody enters before "
    "a person has approved exactly what stands on the card."
)
COLUMNS = (
    Column(name="name", title="Journey"),
    Column(name="status", title="Status"),
    Column(name="inside", title="Inside", unit="customers"),
    Column(name="entered", title="Entered", unit="customers"),
    Column(name="goal", title="Reached the goal", unit="customers"),
    Column(name="effect", title="Effect", unit="verbatim"),
)
BLANK: Mapping[str, Any] = {"kind": "journey", "id": "", "title": "A new journey", "status": "new", "state": None}
CHANGES = ("pause_journey", "resume_journey", "end_journey")
Callback = Callable[[cl.Action], Awaitable[dict[str, Any]]]


async def show_journeys(words: str, identity: Identity, *, is_demo: bool) -> None:
    """The journeys there are, and a card to write one on; with words after the command, the journey they tell."""
    found = await installed().call("list_journeys", {}, identity)
    rows = [[one[column.name] for column in COLUMNS] for one in found["journeys"]]
    elements: list[Any] = []
    if rows:
        table = Table(title="Journeys", columns=list(COLUMNS), rows=rows, total_rows=len(rows), tool="list_journeys")
        elements = [table_element(table, [RowButton("Open", "name", "/journey {}")])]
    await send_in_order(LEAD, [*elements, notes_element([found["evidence"]], is_demo=is_demo)])
    if PROPOSE not in identity.scopes:
        return
    if words:
        made = await installed().call("draft_journey", {"words": words}, identity)
        await send_card(_card(made["draft"], made["unclear"]), identity)
    else:
        await send_card(dict(BLANK), identity)


async def show_journey(name: str, identity: Identity, *, is_demo: bool) -> None:
    """One journey as its card, and its proposal where one waits."""
    found = await installed().call("journey_status", {"journey": name}, identity)
    await send_card(_card(found), identity)
    if found["waiting"]:
        waiting = await installed().call("list_proposals", {"proposal_id": found["waiting"]}, identity)
        await send_card(waiting["proposals"][0], identity)


def _card(state: Mapping[str, Any], unclear: list[str] | None = None) -> dict[str, Any]:
    told = {name: value for name, value in state.items() if name not in ("evidence", "audience")}
    return {
        "kind": "journey",
        "id": str(state["id"]),
        "title": state["name"],
        "status": state["status"],
        "state": told,
        "unclear": unclear or [],
    }


def _told(callback: Callable[[Mapping[str, Any], Identity, Place], Awaitable[dict[str, Any]]]) -> Callback:
    """What was wrong goes back to the card as words (chainlit reads the signature: it must be the outer one)."""

    async def answer(action: cl.Action) -> dict[str, Any]:
        try:
            return await callback(action.payload, await present(), Place.of(action.payload))
        except AimaError as error:
            return {"error": error.message}

    return answer


def _named(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"journey": str(payload["journey"])} if payload.get("journey") else {}


@_told
async def write(payload: Mapping[str, Any], identity: Identity, place: Place) -> dict[str, Any]:
    """Write a journey down from words."""
    made = await installed().call("draft_journey", {"words": payload["words"], **_named(payload)}, identity)
    await show_at(place, _card(made["draft"], made["unclear"]), identity)
    return {}


@_told
async def save(payload: Mapping[str, Any], identity: Identity, place: Place) -> dict[str, Any]:
    """Keep what the card's form holds."""
    made = await installed().call("draft_journey", {"definition": payload["definition"], **_named(payload)}, identity)
    await show_at(place, _card(made["draft"]), identity)
    return {"said": "Kept."}


@_told
async def propose(payload: Mapping[str, Any], identity: Identity, _place: Place) -> dict[str, Any]:
    """Put it before a person, as a card of its own."""
    thread = cl.context.session.thread_id
    made = await installed().call("propose_journey", _named(payload), identity, thread_id=thread)
    await send_card(made["proposal"], identity)
    return {"said": "It waits for a decision, below."}


@_told
async def try_out(payload: Mapping[str, Any], identity: Identity, _place: Place) -> dict[str, Any]:
    """What it would have done last month."""
    found = await installed().call("dry_run_journey", _named(payload), identity)
    return {"trial": {name: value for name, value in found.items() if name not in ("evidence", "audience")}}


@_told
async def change(payload: Mapping[str, Any], identity: Identity, place: Place) -> dict[str, Any]:
    """A person pauses it, lets it go on, or closes it."""
    name = str(payload["change"])
    if name not in CHANGES:
        return {"error": "That cannot be done to a journey."}
    await installed().call(name, _named(payload), identity)
    found = await installed().call("journey_status", _named(payload), identity)
    await show_at(place, _card(found), identity)
    return {}
