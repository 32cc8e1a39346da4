"""Plan cards: a proposal as a person decides on it, and the sending that an approval starts.

The card never decides what is done: it names the proposal and the hash of what it showed, and the catalogue's
approve_proposal checks both, and the person's right, against the database.

A card is put on the page once. What becomes of it later is told to it there (`window.aima.cards` of public/aima.js):
drawn anew by Chainlit it would be another card, without what somebody is writing into it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import chainlit as cl
from chainlit.data import get_data_layer
from chainlit.types import ThreadDict

from chat.parts import installed
from chat.people import may_approve, present
from chat.showing import props_of
from core.errors import AimaError
from core.identity import PROPOSE, Identity

__all__ = [
    "Place", "approve", "follow", "redraw", "refresh_cards", "reject", "resend", "revise", "send_card", "send_test",
    "settle", "show_at",
]  # fmt: skip

CARD, JOURNEY_CARD = "PlanCard", "JourneyCard"
JOURNEY = "journey"
LEADS = {"pending": "For you to decide:"}
LEAD = "What was proposed:"
JOURNEY_LEAD = "The journey:"
MOVING = ("running", "closing")
ENDORSED = "Your approval is kept. It takes two people: another one has to approve it too."
POLL_S = 0.7
GIVE_UP_S = 60.0  # reached after about twenty minutes in which nothing moved; the card is brought up to date on reload
STILL = ("scheduled", "paused", "expired", "archived")  # nothing of it moves before a person, or the clock, does


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card is on the screen."""

    element_id: str
    message_id: str

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Place:
        """The place a card's button named."""
        return cls(str(payload["element_id"]), str(payload["message_id"]))


async def send_card(proposal: Mapping[str, Any], identity: Identity) -> None:
    """Show a proposal, or a journey, in a message of its own, with how far its campaign is."""
    message = cl.Message(content=JOURNEY_LEAD if "state" in proposal else LEADS.get(proposal["status"], LEAD))
    place = Place(str(uuid4()), message.id)
    await message.send()
    element = _element(place, proposal, _card(place, proposal, identity, await _progress_of(proposal, identity)))
    await element.send(for_id=place.message_id)
    if "state" in proposal and proposal["status"] in MOVING:
        installed().start(_follow_journey(place, proposal, identity))


async def show_at(place: Place, proposal: Mapping[str, Any], identity: Identity) -> None:
    """Show a proposal, or a journey, in the place of what stands there."""
    await _draw(place, proposal, identity, await _progress_of(proposal, identity))


async def approve(action: cl.Action) -> dict[str, Any]:
    """A person pressed Approve."""
    return await _decide(action, "approve_proposal", ("proposal_id", "content_hash"))


async def reject(action: cl.Action) -> dict[str, Any]:
    """A person pressed Reject."""
    return await _decide(action, "reject_proposal", ("proposal_id", "note"))


async def settle(action: cl.Action) -> dict[str, Any]:
    """A person said what became of a message of unknown outcome."""
    place, proposal_id = Place.of(action.payload), str(action.payload["proposal_id"])
    try:
        identity = await present()
        arguments = {"message_id": action.payload["delivery_id"], "delivered": action.payload["delivered"]}
        settled = await installed().call("settle_delivery", arguments, identity)
        await redraw(place, proposal_id, identity)
    except AimaError as error:
        return {"error": error.message}
    if settled["job_id"]:
        installed().start(follow(place, proposal_id, settled["campaign_id"], identity))
    return {}


async def resend(action: cl.Action) -> dict[str, Any]:
    """A person wants what had failed sent again."""
    place, proposal_id = Place.of(action.payload), str(action.payload["proposal_id"])
    try:
        identity = await present()
        again = await installed().call("resend_failed", {"campaign_id": action.payload["campaign_id"]}, identity)
        await redraw(place, proposal_id, identity)
    except AimaError as error:
        return {"error": error.message}
    installed().start(follow(place, proposal_id, again["campaign_id"], identity))
    return {}


async def send_test(action: cl.Action) -> dict[str, Any]:
    """A person wants to see the message in their own mailbox first."""
    try:
        sent = await installed().call("send_test", {"proposal_id": action.payload["proposal_id"]}, await present())
    except AimaError as error:
        return {"error": error.message}
    return {"said": sent["words"]}


async def revise(action: cl.Action) -> dict[str, Any]:
    """A person changed a proposal: the old card says so, a new card asks for a new decision."""
    try:
        identity = await present()
        arguments = {"proposal_id": action.payload["proposal_id"], **action.payload["changes"]}
        made = await installed().call("revise_proposal", arguments, identity, thread_id=cl.context.session.thread_id)
        await redraw(Place.of(action.payload), str(action.payload["proposal_id"]), identity)
        await send_card(made["proposal"], identity)
    except AimaError as error:
        return {"error": error.message}
    return {}


async def _decide(action: cl.Action, tool: str, fields: tuple[str, ...]) -> dict[str, Any]:
    place, proposal_id = Place.of(action.payload), str(action.payload["proposal_id"])
    try:
        identity = await present()
        arguments = {name: action.payload[name] for name in fields if action.payload.get(name)}
        result = await installed().call(tool, arguments, identity)
        await redraw(place, proposal_id, identity)
    except AimaError as error:
        return {"error": error.message}
    if result.get("journey_id"):
        installed().start(_follow_journey(place, await _proposal(proposal_id, identity), identity))
    elif campaign_id := result.get("campaign_id"):
        installed().start(follow(place, proposal_id, str(campaign_id), identity))
    return {"said": ENDORSED} if result.get("status") == "endorsed" else {}


async def refresh_cards(thread: ThreadDict) -> None:
    """Bring the cards of a stored thread to what is true now, and go on following what is being sent."""
    identity = await present()
    for element in thread.get("elements") or []:
        if element.get("name") not in (CARD, JOURNEY_CARD):
            continue
        props = props_of(element)
        try:
            proposal = await _as_it_is(props["proposal"], identity)
            progress = await _progress_of(proposal, identity)
        except AimaError as error:
            element["props"] = {**props, "can_approve": False, "notice": error.message}
            continue
        place = Place(str(element["id"]), str(element["forId"]))
        element["props"] = _card(place, proposal, identity, progress)
        if progress and not progress["done"]:
            going = (
                _follow_journey(place, proposal, identity)
                if proposal.get("kind") == JOURNEY
                else follow(place, str(proposal["id"]), progress["campaign_id"], identity)
            )
            installed().start(going)


async def _as_it_is(shown: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """A stored proposal or journey as it is now."""
    if "state" not in shown:
        return await _proposal(str(shown["id"]), identity)
    if not shown["state"]:
        return dict(shown)
    state = await _journey(str(shown["id"]), identity)
    return {**shown, "title": state["name"], "status": state["status"], "state": state}


async def _follow_journey(place: Place, shown: Mapping[str, Any], identity: Identity) -> None:
    """Show where people are until the journey ends or is paused; ask less often while nothing moves."""
    last: dict[str, Any] = {}
    pause_s = POLL_S
    while pause_s < GIVE_UP_S and last.get("status", "running") in MOVING:
        try:
            now = await _as_it_is(shown, identity)
            progress = await _progress_of(now, identity) or {}
            moved = progress != last
            if moved:
                await _draw(place, now, identity, progress, persist=bool(progress.get("done")))
        except AimaError as error:
            await cl.ErrorMessage(content=error.message).send()
            return
        last, pause_s = progress, POLL_S if moved else pause_s * 1.05
        await asyncio.sleep(pause_s)


async def follow(place: Place, proposal_id: str, campaign_id: str, identity: Identity) -> None:
    """Show the sending on the card until it is done, then say the result; ask less often while nothing moves."""
    last: dict[str, Any] = {}
    pause_s = POLL_S
    while pause_s < GIVE_UP_S and not last.get("done") and last.get("status") not in STILL:
        try:
            progress = await _progress(campaign_id, identity) or {}
            moved = progress != last
            if moved:
                proposal = await _proposal(proposal_id, identity)
                await _draw(place, proposal, identity, progress, persist=bool(progress.get("done")))
        except AimaError as error:
            await cl.ErrorMessage(content=error.message).send()
            return
        last, pause_s = progress, POLL_S if moved else pause_s * 1.05
        await asyncio.sleep(pause_s)
    if last.get("done"):
        await cl.Message(content=_outcome(last)).send()


async def _proposal(proposal_id: str, identity: Identity) -> dict[str, Any]:
    found = await installed().call("list_proposals", {"proposal_id": proposal_id}, identity)
    proposal: dict[str, Any] = found["proposals"][0]
    return proposal


async def _progress_of(proposal: Mapping[str, Any], identity: Identity) -> dict[str, Any] | None:
    """How far a proposal's campaign is, or how its journey stands once it runs; of a journey's card, what it shows."""
    if proposal.get("kind") != JOURNEY:
        return await _progress(proposal.get("campaign_id"), identity)
    if "state" in proposal:
        state: dict[str, Any] | None = proposal["state"]
        return state
    return await _journey(proposal["journey"]["id"], identity) if proposal["status"] == "approved" else None


async def _journey(journey_id: str, identity: Identity) -> dict[str, Any]:
    status = await installed().call("journey_status", {"journey": journey_id}, identity)
    return {name: value for name, value in status.items() if name not in ("evidence", "audience")}


async def _progress(campaign_id: str | None, identity: Identity) -> dict[str, Any] | None:
    if not campaign_id:
        return None
    status = await installed().call("campaign_status", {"campaign_id": campaign_id}, identity)
    return {name: value for name, value in status.items() if name != "evidence"}


async def redraw(place: Place, proposal_id: str, identity: Identity) -> None:
    proposal = await _proposal(proposal_id, identity)
    await _draw(place, proposal, identity, await _progress_of(proposal, identity))


async def _draw(
    place: Place,
    proposal: Mapping[str, Any],
    identity: Identity,
    progress: Mapping[str, Any] | None = None,
    *,
    persist: bool = True,
) -> None:
    """Tell the card on the page what is true now, and keep it for when the conversation is opened again."""
    props = _card(place, proposal, identity, progress)
    await cl.send_window_message({"card": props})
    if persist and (history := get_data_layer()):
        element = _element(place, proposal, props)
        element.for_id = place.message_id
        with suppress(AimaError):  # the page went on to another conversation: opened again, this one asks anew
            await history.create_element(element)


def _element(place: Place, proposal: Mapping[str, Any], props: dict[str, Any]) -> cl.CustomElement:
    name = JOURNEY_CARD if proposal.get("kind") == JOURNEY else CARD
    return cl.CustomElement(id=place.element_id, name=name, display="inline", props=props)


def _card(
    place: Place, proposal: Mapping[str, Any], identity: Identity, progress: Mapping[str, Any] | None
) -> dict[str, Any]:
    return {
        "told_at": time.time_ns() // 1000,  # of two tellings the later one holds, whichever comes first
        "element_id": place.element_id,
        "message_id": place.message_id,
        "proposal": dict(proposal),
        "progress": dict(progress) if progress else None,
        "can_approve": may_approve(identity),
        "can_propose": PROPOSE in identity.scopes,
    }


def _outcome(progress: Mapping[str, Any]) -> str:
    counts: Mapping[str, int] = progress["counts"]
    sent = counts.get("sent", 0)
    other = ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items()) if status != "sent" and count)
    reasons = "; ".join(f"{reason}: {count:,}" for reason, count in progress["reasons"].items())
    where = progress["carrier"] + (" (see the page Mailbox)" if progress["provider"] == "sandbox" else "")
    lines = [f"**{progress['name']}** is carried out: {sent:,} of {progress['total']:,} messages went to {where}."]
    if other:
        lines.append(f"Not sent: {other}{f' ({reasons})' if reasons else ''}.")
    if progress["held_out"]:
        lines.append(f"{progress['held_out']:,} customers were kept back at random, so that the lift can be measured.")
    return "\n\n".join(lines)
