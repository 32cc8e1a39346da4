"""The segment editor: a rule in words or put together on a card, counted while it is edited, saved, and written to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, get_args

import chainlit as cl

from agent.events import Table
from chat.cards import send_card
from chat.parts import installed
from chat.people import present
from chat.profile import GROUPS
from chat.showing import name_first
from core.errors import AimaError
from core.event_kinds import EVENT_KINDS
from core.identity import PROPOSE, WRITE, Identity
from language.description import described
from tools.audience.rule import Operator

__all__ = ["count", "edit", "editor_element", "launch", "read", "save"]

PREVIEW = 5
START = {"all": [{"field": "recency_days", "operator": "ge", "value": 90}]}
# Headings of the fields a condition can be on: what is known of customers, then what is computed of them.
KNOWN = {
    "attribute": "About them",
    "rfm": "RFM segment and scores",
    "churn": "Risk to leave",
    "value": "Predicted value",
    "groups": "Groups and behaviours",
}
Callback = Callable[[cl.Action], Awaitable[dict[str, Any]]]


# Fields whose values describe_data lists, by the dimension that has them.
VALUES = {
    "country": "country",
    "rfm_segment": "rfm_segment",
    "favourite_category": "category",
    "main_channel": "channel",
}


async def editor_element(identity: Identity, rule: Mapping[str, Any] | None = None) -> cl.CustomElement:
    """The card (drawn by public/elements/SegmentEditor.jsx), with `rule` on it."""
    dictionary = await installed().call("feature_dictionary", {}, identity)
    data = await installed().call("describe_data", {}, identity)
    listed = {dimension["name"]: dimension["values"] for dimension in data["dimensions"]}
    props = {
        "fields": [*_headed(dictionary["other_fields"], KNOWN), *_headed(dictionary["features"], GROUPS)],
        "values": {field: listed.get(dimension, []) for field, dimension in VALUES.items()},
        "operators": list(get_args(Operator)),
        "events": sorted(EVENT_KINDS),
        "currency": data["currency"],
        "rule": rule or START,
        "can_save": WRITE in identity.scopes,
        "can_propose": PROPOSE in identity.scopes,
    }
    return cl.CustomElement(name="SegmentEditor", display="inline", props=props)


def _headed(fields: list[dict[str, Any]], headings: Mapping[str, str]) -> list[dict[str, Any]]:
    return [field | {"group": headings.get(field["group"], field["group"].capitalize())} for field in fields]


def _told(callback: Callable[[Mapping[str, Any], Identity], Awaitable[dict[str, Any]]]) -> Callback:
    """What was wrong goes back to the card as words (chainlit reads the signature: it must be the outer one)."""

    async def answer(action: cl.Action) -> dict[str, Any]:
        try:
            return await callback(action.payload, await present())
        except AimaError as error:
            return {"error": error.message}

    return answer


@_told
async def count(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """How many customers the rule picks, and the first of them."""
    rule = payload["rule"]
    counted = await installed().call("count_segment", {"rule": rule}, identity)
    listed = await installed().call("find_customers", {"rule": rule, "limit": PREVIEW}, identity)
    first = name_first(Table(title="", columns=listed["columns"], rows=listed["rows"], total_rows=listed["total"]))
    return {
        "segment": counted["segment"],
        "currency": counted["currency"],
        **first.model_dump(mode="json", include={"columns", "rows"}),
    }


@_told
async def read(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """A description in words as a rule, with the parts that were not understood."""
    data = await installed().call("describe_data", {}, identity)
    found = await asyncio.to_thread(described, str(payload["words"]), data)
    return {"rule": found.rule, "unclear": found.unclear}


@_told
async def edit(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Open the editor on the rule an answer used."""
    element = await editor_element(identity, payload["rule"])
    await cl.Message(
        content="The customers of that answer, as a segment to change and keep:", elements=[element]
    ).send()
    return {}


@_told
async def save(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Save the rule under a name."""
    saved = await installed().call("save_segment", {"name": payload["name"], "rule": payload["rule"]}, identity)
    return {"saved": saved["segment"]["name"], "size": saved["segment"]["size"], "created": saved["created"]}


@_told
async def launch(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Put an email to the customers of the rule before a person, as a card of its own."""
    arguments = {name: payload[name] for name in ("name", "rule", "subject", "body_text")}
    made = await installed().call("propose_campaign", arguments, identity, thread_id=cl.context.session.thread_id)
    await send_card(made["proposal"], identity)
    return {"proposed": made["proposal"]["title"]}
