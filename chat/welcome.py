"""What greets a person: how the shop does, what needs them, questions to begin with; without data, the first steps."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

import chainlit as cl
from chainlit.data import get_data_layer
from chainlit.types import Pagination, ThreadFilter

from chat.parts import installed
from chat.starters import starters
from core.errors import AimaError
from core.identity import PROPOSE, WRITE, Identity
from language.format import count, money, percent
from tools.people.accounts import first_name

__all__ = ["GREETING", "NO_DATA", "Card", "cards_of", "describe", "greet", "leave_greeting", "steps_of"]

NO_DATA = (
    "There is no data yet. **Drop a file here** or choose one with the paper clip: orders, customers, events, "
    "campaigns or spend, as CSV, TSV, Excel, JSON or Parquet, also gzipped or zipped. You see how its columns are read "
    "before anything is written.\n\n"
    "**Begin with orders**: who bought, when, and for how much is enough for figures, segments, churn and value. Add "
    "customers (name, email, consent) to write to them, and events (visits, opens) to know them better."
)
ELEMENT = "Welcome"
SETTLED = 2  # conversations: one of them was more than loading a file
GREETING = "greeting"
FIGURES: Final = ("revenue", "orders", "new_customers", "average_order_value", "customers", "visits", "emails_sent")
MOST_FIGURES, MOST_CARDS, MOST_ALERTS = 4, 3, 50
# The first colon or full stop of an alert, where its headline ends; not one inside a name in quotes.
HEAD_END: Final = re.compile(r"[:.] (?=(?:[^“”]|“[^”]*”)*$)")
SEVERE = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Card:
    """Something that needs a person: `buttons` are labels with what they say; `alerts` can be put aside."""

    title: str
    text: str
    tone: str
    buttons: tuple[tuple[str, str], ...]
    alerts: tuple[str, ...] = ()


async def describe(identity: Identity) -> dict[str, Any]:
    """What data there is (see describe_data)."""
    return await installed().call("describe_data", {}, identity)


async def greet(identity: Identity, data: Mapping[str, Any]) -> None:
    """Show the first page of a conversation. It is not kept, and leaves with the first question."""
    loaded = bool(data["tables"])
    segments = await _or_nothing("list_segments", {}, identity) if loaded else {}
    found = await asyncio.gather(
        _or_nothing("headlines", {}, identity) if loaded else _nothing(),
        _or_nothing("list_alerts", {"limit": MOST_ALERTS}, identity),
        _or_nothing("list_proposals", {"status": "pending"}, identity),
        _or_nothing("at_risk_segments", {"limit": 1}, identity) if "churn" in data["scores"] else _nothing(),
        _conversations(),
    )
    headlines, alerts, pending, risk, had = found
    figures = headlines.get("headlines", [])
    chosen = [line for name in FIGURES for line in figures if line["metric"] == name and line["now"] is not None]
    cards = cards_of(alerts, pending, risk, identity)
    props = {
        "name": await asyncio.to_thread(partial(first_name, installed().runtime.database, identity.actor)),
        "is_new": not had,
        "currency": data["currency"],
        "period": {name: headlines[name] for name in ("days", "start", "end")} if chosen else None,
        "figures": chosen[:MOST_FIGURES],
        "cards": [asdict(card) for card in cards[:MOST_CARDS]],
        "more": max(len(cards) - MOST_CARDS, 0),
        "can_mark": WRITE in identity.scopes,
        "starters": [asdict(starter) for starter in starters(data, segments, identity)],
        "steps": [] if data["is_demo"] else steps_of(data, segments, asked=had >= SETTLED),
    }
    message = cl.Message(content="")
    await cl.context.emitter.send_step(message.to_dict())
    element = cl.CustomElement(name=ELEMENT, display="inline", props=props)
    await element.send(for_id=message.id, persist=False)
    cl.user_session.set(GREETING, message.to_dict())


async def leave_greeting() -> None:
    """Take the greeting off the screen: a conversation has begun."""
    if (greeting := cl.user_session.get(GREETING)) is not None:
        cl.user_session.set(GREETING, None)
        await cl.context.emitter.delete_step(greeting)


def cards_of(
    alerts: Mapping[str, Any], pending: Mapping[str, Any], risk: Mapping[str, Any], identity: Identity
) -> list[Card]:
    """What needs a person, the most pressing first: alerts, what waits for a decision, where value may be lost."""
    told = sorted(alerts.get("alerts", []), key=lambda alert: SEVERE.index(alert["severity"]))
    may_propose = PROPOSE in identity.scopes
    cards = [_alert(alert, may_propose=may_propose) for alert in told]
    if waiting := pending.get("proposals", []):
        cards.insert(min(len(cards), 1), _waiting(waiting))
    if rows := risk.get("rows", []):
        cards.append(_at_risk(rows[0], risk["currency"], may_propose=may_propose))
    return cards


def _alert(alert: Mapping[str, Any], *, may_propose: bool) -> Card:
    title, *rest = HEAD_END.split(str(alert["title"]), maxsplit=1)
    text = rest[0] if rest else ""
    buttons = [("Look", alert["look"])] if alert["look"] else []
    buttons += [("Write to them", alert["act"])] if alert["act"] and may_propose else []
    tone = "bad" if alert["severity"] in SEVERE[:2] else "note"
    return Card(title, text[:1].upper() + text[1:], tone, tuple(buttons), (str(alert["id"]),))


def _waiting(proposals: Sequence[Mapping[str, Any]]) -> Card:
    first, others = proposals[0], len(proposals) - 1
    title = "1 campaign waits for your decision" if not others else f"{len(proposals)} campaigns wait for your decision"
    more = f", and {count(others)} more" if others else ""
    text = f"“{first['title']}”, {count(first['audience']['to_send'])} messages{more}."
    return Card(title, text, "wait", (("Decide", "/approvals"),))


def _at_risk(row: Mapping[str, Any], currency: str, *, may_propose: bool) -> Card:
    people = row["name"] if row["name"].endswith("s") else f"{row['name']} customers"
    title = f"{money(row['value_at_risk'], currency)} may be lost with your {people}"
    text = (
        f"{count(row['customers'])} of them still buy, and are on average {percent(row['average_probability'])} likely "
        "to leave within 90 days."
    )
    look = ("Look", "Which segments hold the most value at risk?")
    write = ("Write to them", f"Write an email to the {row['name']} customers")
    return Card(title, text, "note", (look, write) if may_propose else (look,))


def steps_of(data: Mapping[str, Any], segments: Mapping[str, Any], *, asked: bool) -> list[dict[str, Any]]:
    """The first steps of a shop of one's own, each with whether it is done; none once all are."""
    tables = {entry["table"] for entry in data["tables"]}
    steps = [
        {
            "title": "Load your orders",
            "text": "A file from your shop: who bought, when, for how much. CSV, Excel, JSON or Parquet.",
            "done": "orders" in tables,
            "file": "Choose a file",
            "buttons": [("Connect a shop instead", "What can I connect?")],
        },
        {
            "title": "Check what was read",
            "text": "How columns, dates and money were understood, and what was left out.",
            "done": bool(tables),
            "buttons": [("Show the imports", "/imports")],
        },
        {
            "title": "See the first figures",
            "text": "Revenue, orders and new customers, with what changed.",
            "done": bool(tables) and asked,
            "buttons": [("Open the dashboard", "/dashboard")],
        },
        {
            "title": "Save your first segment",
            "text": "Describe customers in your own words, see how many they are, and keep them.",
            "done": bool(segments.get("saved")),
            "buttons": [("Open the segment editor", "/segments")],
        },
    ]
    return [] if all(step["done"] for step in steps) else steps


async def _conversations() -> int:
    """How many conversations this person has had, counted up to `SETTLED`."""
    layer, user = get_data_layer(), cl.user_session.get("user")
    if layer is None or user is None or not getattr(user, "id", None):
        return 0
    earlier = await layer.list_threads(Pagination(first=SETTLED), ThreadFilter(userId=str(user.id)))
    return len(earlier.data)


async def _or_nothing(tool: str, arguments: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """A tool's result; nothing where there are no data for it, or no right to it."""
    try:
        return await installed().call(tool, arguments, identity)
    except AimaError:
        return {}


async def _nothing() -> dict[str, Any]:
    return {}
