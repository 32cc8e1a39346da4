"""Slash commands: what a page would show, straight from the tools, without asking a model."""

from __future__ import annotations

import time
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
from chat.figures import figure_element
from chat.parts import installed
from chat.showing import mailbox_element, notes_element, table_element
from chat.turn import show_step
from core.identity import Identity

__all__ = ["commands", "page_of", "show_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A command, what it says it shows, and the tool calls it makes."""

    description: str
    icon: str
    calls: tuple[tuple[str, Mapping[str, Any]], ...]


PAGES: dict[str, Page] = {
    "segments": Page("Segments with size, value and churn", "chart-pie", (("list_segments", {}),)),
    "churn": Page(
        "Who is likely to leave, by value at risk",
        "user-minus",
        (("churn_summary", {}), ("churn_table", {"limit": 100})),
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


async def show_page(name: str, identity: Identity, *, is_demo: bool) -> None:
    """Show a page as a message."""
    match name:
        case "approvals":
            await _approvals(identity)
        case "mailbox":
            await _mailbox(identity, is_demo=is_demo)
        case _:
            await _findings(PAGES[name], identity, is_demo=is_demo)


async def _findings(page: Page, identity: Identity, *, is_demo: bool) -> None:
    findings: list[Finding] = []
    for tool, arguments in page.calls:
        began = time.perf_counter()
        result = await installed().call(tool, arguments, identity)
        took_ms = (time.perf_counter() - began) * 1000
        await show_step(tool, dict(arguments), result, took_ms)
        findings.append(_finding(tool, result))
    views = shown(findings)
    elements: list[Element] = [figure_element(view) for view in views if isinstance(view, Chart)]
    elements += [table_element(view) for view in views if isinstance(view, Table)]
    evidence = [finding["result"]["evidence"] for finding in findings if finding["result"] is not None]
    notes = notes_element(evidence, is_demo=is_demo)
    await cl.Message(content=f"### {page.description}", elements=[*elements, notes]).send()


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


def _finding(tool: str, result: dict[str, Any]) -> Finding:
    return {
        "id": tool,
        "step": "page",
        "agent": "analytics",
        "tool": tool,
        "arguments": result["evidence"]["arguments"],
        "result": result,
        "error": None,
        "error_code": None,
    }
