"""The page of the budget: the best split against today's, other totals, and splits that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import chainlit as cl

from chat.findings import Page, ask
from chat.mix import FIT
from chat.opening import opened_page
from chat.parts import installed
from chat.people import may_approve, present
from core.errors import AimaError
from core.identity import PROPOSE, WRITE, Identity
from language.cells import cell_text, value_name

__all__ = ["approve", "reject", "show_budget"]

CARD = "BudgetCard"
TITLE = "Where ad money does most"
PROPOSAL = "/budget propose"
AFTER = ("/mix",)


async def show_budget(words: str, identity: Identity, *, is_demo: bool) -> None:
    """The best split of as much as now; `propose` puts it before a person first."""
    async with opened_page(TITLE, "Working out the best split") as opened:
        if words.strip().lower() == "propose":
            await installed().call("propose_budget", {}, identity)
        page = await _budget_page(identity)
        again = (PROPOSAL,) if PROPOSE in identity.scopes and "budget_plan" in page.found.outcomes else ()
        fit = () if "budget_plan" in page.found.outcomes or WRITE not in identity.scopes else (FIT,)
        await page.show(opened, (*again, *fit, *AFTER), is_demo=is_demo)


async def _budget_page(identity: Identity) -> Page:
    found = await ask((("budget_plan", {}), ("budget_scenarios", {}), ("list_budget_plans", {})), identity)
    page = Page(found, identity)
    if plan := found.outcomes.get("budget_plan"):
        page.lead = installed().runtime.catalogue.get("budget_plan").worded(plan)
    for waiting in [one for one in found.result("list_budget_plans").plans if one.status == "pending"]:
        currency = found.result("list_budget_plans").currency
        page.elements.append(_card(waiting.model_dump(mode="json"), currency, identity, str(uuid4())))
    page.charts(*found.charts("budget_plan", "budget_scenarios"))
    page.tables(*found.tables("budget_plan", "budget_scenarios"))
    page.tables(*found.tables("list_budget_plans"), folded=True, about="what was recommended, and what was decided")
    return page


def _card(plan: Mapping[str, Any], currency: str, identity: Identity, element_id: str) -> cl.CustomElement:
    """A split as a person decides on it; the catalogue checks its hash and their right again."""
    lines = [
        {
            "channel": value_name("spend_channel", line["channel"]),
            "now": cell_text(line["now"], currency),
            "planned": cell_text(line["planned"], currency),
            "change": cell_text(line["change"], currency),
        }
        for line in plan["lines"]
    ]
    props = {
        "element_id": element_id,
        "plan": {
            name: plan[name] for name in ("id", "title", "status", "per", "content_hash", "cautions", "decided_by")
        },
        "lines": lines,
        "gain": f"{cell_text(plan['gain_low'], currency)} to {cell_text(plan['gain_high'], currency)}",
        "likely": cell_text(plan["likely_better"], "share"),
        "currency": currency,
        "can_approve": may_approve(identity),
    }
    return cl.CustomElement(id=element_id, name=CARD, display="inline", props=props)


async def approve(action: cl.Action) -> dict[str, Any]:
    """A person pressed Approve."""
    return await _decide(action, "approve_budget_plan", ("plan_id", "content_hash"))


async def reject(action: cl.Action) -> dict[str, Any]:
    """A person pressed Reject."""
    return await _decide(action, "reject_budget_plan", ("plan_id",))


async def _decide(action: cl.Action, tool: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """Decide; the card then shows what was decided."""
    try:
        identity = await present()
        decided = await installed().call(tool, {name: action.payload[name] for name in fields}, identity)
    except AimaError as error:
        return {"error": error.message}
    return {"status": decided["plan"]["status"], "by": decided["plan"]["decided_by"]}
