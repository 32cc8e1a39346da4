"""One customer's page: the profile, and what the other tools know of the customer."""

from __future__ import annotations

import time
from typing import Any

import chainlit as cl
from chainlit.element import Element

from agent.display import shown
from agent.events import Chart
from agent.state import Finding
from chat.figures import figure_element
from chat.parts import installed
from chat.showing import notes_element
from chat.turn import show_step
from core.errors import AimaError
from core.identity import Identity

__all__ = ["call_shown", "finding_of", "show_customer"]

BESIDE = ("customer_interventions", "next_best_product", "similar_customers")
SIMILAR = 5


async def show_customer(customer: str, identity: Identity, *, is_demo: bool) -> None:
    """Show the page of `customer` (customer id or e-mail address) as a message."""
    profile = await call_shown("customer_profile", {"customer": customer}, identity)
    beside, missing = await _beside(profile["customer_id"], identity)
    elements: list[Element] = [
        figure_element(view) for view in shown([finding_of("customer_profile", profile)]) if isinstance(view, Chart)
    ]
    props = {"profile": _plain(profile), "missing": missing, **{name: _plain(r) for name, r in beside.items()}}
    elements.append(cl.CustomElement(name="CustomerProfile", display="inline", props=props))
    evidence = [result["evidence"] for result in (profile, *beside.values())]
    elements.append(notes_element(evidence, is_demo=is_demo))
    await cl.Message(content=f"### Customer {profile['customer_id']}", elements=elements).send()


async def _beside(customer: str, identity: Identity) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What the other tools say, and in words what they could not say."""
    found, missing = {}, []
    for tool in filter(installed().offers, BESIDE):
        arguments = {"customer": customer} | ({"limit": SIMILAR} if tool == "similar_customers" else {})
        try:
            found[tool] = await call_shown(tool, arguments, identity)
        except AimaError as error:
            missing.append(error.message)
    return found, missing


async def call_shown(tool: str, arguments: dict[str, Any], identity: Identity) -> dict[str, Any]:
    """A tool's result, with the call as a step on the screen."""
    began = time.perf_counter()
    result = await installed().call(tool, arguments, identity)
    await show_step(tool, arguments, result, (time.perf_counter() - began) * 1000)
    return result


def finding_of(tool: str, result: dict[str, Any]) -> Finding:
    """A result in the form agent.display takes."""
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


def _plain(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name != "evidence"}
