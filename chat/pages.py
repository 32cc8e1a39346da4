"""Slash commands: what a page would show, straight from the tools, without asking a model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import chainlit as cl
from chainlit.element import Element
from chainlit.types import CommandDict

from agent.display import shown
from agent.events import Chart, Table
from agent.state import Finding
from chat.cards import send_card
from chat.figures import figure_element, ring_element
from chat.parts import installed
from chat.profile import call_shown, finding_of
from chat.segments import editor_element
from chat.showing import mailbox_element, notes_element, table_element
from chat.tables import badged, button_of, risk_table, saved_table
from core.errors import NoSuchData
from core.identity import PROPOSE, Identity

__all__ = ["commands", "customer_of", "page_of", "show_page"]

SAVED = 20  # saved segments that are counted anew for the page, newest first
CUSTOMER = re.compile(r"/customer\s+(?P<customer>\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A command, what it says it shows, and the tool calls it makes."""

    description: str
    icon: str
    calls: tuple[tuple[str, Mapping[str, Any]], ...]
    also: tuple[str, ...] = ()  # tools that are asked where the catalogue has them
    editor: bool = False


PAGES: dict[str, Page] = {
    "segments": Page(
        "Segments with size, value and churn",
        "chart-pie",
        (("list_segments", {}),),
        also=("segment_drift",),
        editor=True,
    ),
    "churn": Page(
        "Who is likely to leave, by value at risk",
        "user-minus",
        (("churn_summary", {}), ("churn_table", {"limit": 100})),
        also=("at_risk_segments",),
    ),
    "customers": Page(
        "Customers by what they spent",
        "users",
        (("find_customers", {"sort_by": "monetary_value", "limit": 100}),),
    ),
    "value": Page("Customer lifetime value", "gem", (("clv_summary", {"top": 25}),)),
    "approvals": Page("Proposals that wait for a decision", "clipboard-check", ()),
    "mailbox": Page("What the sandbox delivered", "mail", ()),
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


def page_of(message: cl.Message) -> str | None:
    """The page a message asks for, by a chosen command or by writing `/name`."""
    if message.command in PAGES:
        return message.command
    word = message.content.strip().lower()
    return word[1:] if word.startswith("/") and word[1:] in PAGES else None


def customer_of(message: cl.Message) -> str | None:
    """The customer whose page a message asks for (`/customer 17850`)."""
    found = CUSTOMER.fullmatch(message.content.strip())
    return found["customer"] if found else None


async def show_page(name: str, identity: Identity, *, is_demo: bool) -> None:
    """Show a page as a message."""
    match name:
        case "approvals":
            await _approvals(identity)
        case "mailbox":
            await _mailbox(identity, is_demo=is_demo)
        case _:
            await _findings(PAGES[name], identity, is_demo=is_demo)


async def _asked(page: Page, identity: Identity) -> tuple[list[Finding], list[str]]:
    """What the page's tools say, and in words what they could not say."""
    findings: list[Finding] = []
    missing: list[str] = []
    for tool, arguments in [*page.calls, *((name, {}) for name in page.also if installed().offers(name))]:
        try:
            findings.append(finding_of(tool, await call_shown(tool, dict(arguments), identity)))
        except NoSuchData as error:
            missing.append(f"_{error.message}_")
    return findings, missing


async def _findings(page: Page, identity: Identity, *, is_demo: bool) -> None:
    findings, missing = await _asked(page, identity)
    results = {finding["tool"]: finding["result"] for finding in findings if finding["result"] is not None}
    evidence = [result["evidence"] for result in results.values()]
    tables = [view for view in shown(findings) if isinstance(view, Table)]
    if saved := results.get("list_segments", {}).get("saved", [])[:SAVED]:
        counted = [await installed().call("count_segment", {"rule": one["rule"]}, identity) for one in saved]
        tables = [*(table for table in tables if table.title != "Saved segments"), saved_table(saved, counted)]
        evidence += [count["evidence"] for count in counted]
    if risks := results.get("churn_summary"):
        tables.insert(0, risk_table(risks))
    may_propose = PROPOSE in identity.scopes
    elements: list[Element] = [_picture(view) for view in shown(findings) if isinstance(view, Chart)]
    for table in (badged(table, results.get("segment_drift")) for table in tables):
        elements.append(table_element(table, button_of(table, may_propose=may_propose)))
    if page.editor:
        elements.append(await editor_element(identity))
    content = "\n\n".join([f"### {page.description}", *missing])
    await cl.Message(content=content, elements=[*elements, notes_element(evidence, is_demo=is_demo)]).send()


def _picture(chart: Chart) -> Element:
    return ring_element(chart) if chart.tool == "churn_summary" else figure_element(chart)


async def _approvals(identity: Identity) -> None:
    found = await installed().call("list_proposals", {"status": "pending"}, identity)
    if not found["proposals"]:
        await cl.Message(content="No proposal waits for a decision.").send()
    for proposal in found["proposals"]:
        await send_card(proposal, identity)


async def _mailbox(identity: Identity, *, is_demo: bool) -> None:
    found = await installed().call("mailbox", {"limit": 50}, identity)
    if not found["total"]:
        await cl.Message(content="The sandbox mailbox is empty. Approved campaigns arrive here.").send()
        return
    elements = [mailbox_element(found), notes_element([found["evidence"]], is_demo=is_demo)]
    await cl.Message(content=f"### Sandbox mailbox\n{found['total']:,} messages.", elements=elements).send()
