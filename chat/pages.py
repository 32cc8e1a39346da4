"""Slash commands: pages straight from the tools, without asking a model."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import chainlit as cl
from chainlit.types import CommandDict

from chat.account import show_settings
from chat.attribution import show_attribution
from chat.browsing import show_customers
from chat.budget import show_budget
from chat.campaigns import show_campaigns
from chat.dashboard import show_dashboard
from chat.findings import show_churn, show_segments, show_value
from chat.forecast import show_forecast
from chat.imports import show_imports, undo_import
from chat.journeys import show_journey, show_journeys
from chat.mailbox import show_mailbox
from chat.merging import merge_customers, part_customers
from chat.mix import show_mix
from chat.naming import rename_conversation, say_page, title_of_page
from chat.plans import show_approvals, show_plan, show_plans
from chat.profile import show_customer
from chat.showing import notes_element, send_in_order
from chat.week import show_week
from chat.welcome import NO_DATA, describe
from core.identity import Identity

__all__ = ["ONE", "PAGES", "Asked", "asked_of", "commands", "show_page"]

LEFT_OUT = "This page is about everybody, so “{}” is left out. As a question it is counted in:"
COMMAND = re.compile(r"/(?P<name>\w+)(?:\s+(?P<words>\S.*))?", re.DOTALL)


class Shown(Protocol):
    """What shows a page: `words` are what was written after the command. It may tell what the page is called."""

    def __call__(self, words: str, identity: Identity, /, *, is_demo: bool) -> Awaitable[str | None]: ...


@dataclass(frozen=True, slots=True)
class Page:
    """A command, what it says it shows, and what shows it."""

    description: str
    icon: str
    show: Shown
    needs_data: bool = True
    takes_words: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A page somebody asked for, and the words after its name."""

    name: str
    show: Shown
    words: str
    needs_data: bool = True


PAGES: Final[Mapping[str, Page]] = {
    "dashboard": Page("How things stand: figures, alerts, what waits", "layout-dashboard", show_dashboard),
    "customers": Page("Every customer: search, sort, open one", "users", show_customers, takes_words=True),
    "segments": Page("Segments with size, value and churn, and their editor", "chart-pie", show_segments),
    "churn": Page("Who is likely to leave, by value at risk", "user-minus", show_churn),
    "value": Page("Customer lifetime value and next purchases", "gem", show_value),
    "attribution": Page("Which channels are credited with orders", "waypoints", show_attribution, takes_words=True),
    "campaigns": Page("Campaigns and where each stands, and offers", "megaphone", show_campaigns, needs_data=False),
    "week": Page("A week of actions, day by day", "calendar-days", show_week),
    "journeys": Page(
        "What people are led through: who is where, and a new one",
        "route",
        show_journeys,
        needs_data=False,
        takes_words=True,
    ),
    "forecast": Page("What is to come: revenue, orders, customers, targets", "trending-up", show_forecast),
    "mix": Page("What each ad channel brings, by the marketing mix model", "blend", show_mix, takes_words=True),
    "budget": Page("Where ad money does most, and budgets to decide on", "scale", show_budget, takes_words=True),
    "plans": Page("What was proposed and what became of it", "history", show_plans, needs_data=False),
    "approvals": Page("Proposals that wait for a decision", "clipboard-check", show_approvals, needs_data=False),
    "mailbox": Page("What the sandbox delivered", "mail", show_mailbox, needs_data=False),
    "imports": Page("What was imported, and taking it back", "file-input", show_imports, needs_data=False),
    "settings": Page("You, your data, how fresh it is, where messages go", "settings", show_settings, needs_data=False),
}
# Pages of one thing: they need to be told which, so the list of commands does not offer them.
ONE: Final[Mapping[str, Shown]] = {
    "customer": show_customer,
    "plan": show_plan,
    "journey": show_journey,
    "undo": undo_import,
    "merge": merge_customers,
    "part": part_customers,
}


def commands() -> list[CommandDict]:
    """The commands for the composer."""
    return [
        {
            "id": name,
            "description": page.description,
            "icon": page.icon,
            "button": None,
            "persistent": None,
            "selected": None,
        }
        for name, page in PAGES.items()
    ]


def asked_of(message: cl.Message) -> Asked | None:
    """The page a message asks for, by a chosen command or by writing `/name`, `/customer 17850`; None: it is none."""
    if message.command and message.command in PAGES:
        page = PAGES[message.command]
        return Asked(message.command, page.show, message.content.strip(), page.needs_data)
    written = COMMAND.fullmatch(message.content.strip())
    if written is None:
        return None
    name, words = written["name"].lower(), (written["words"] or "").strip()
    if page_written := PAGES.get(name):
        return Asked(name, page_written.show, words, page_written.needs_data)
    return Asked(name, ONE[name], words) if name in ONE and words else None


async def show_page(asked: Asked, message: cl.Message, identity: Identity, *, is_demo: bool) -> None:
    """Show the page that `message` asks for as a message, or how to get data in while there is none."""
    page = PAGES.get(asked.name)
    left_out = asked.words if page is not None and not page.takes_words else ""
    title = title_of_page(asked.name, "" if left_out else asked.words)
    await say_page(message, title)
    if asked.needs_data and not (await describe(identity))["tables"]:
        await cl.Message(content=NO_DATA).send()
        return
    if left_out:
        notes = notes_element([], is_demo=is_demo, suggestions=(f"{asked.name} {left_out}".capitalize(),))
        await send_in_order(LEFT_OUT.format(left_out), [notes])
    named = await asked.show(asked.words, identity, is_demo=is_demo)
    if named and named != title:
        await say_page(message, named)
        await rename_conversation(named, was=title)
