"""The page of the budget: the best split against today's, other totals, and splits that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import chainlit as cl

from chat.downloads import download_element
from chat.findings import Calls, Page, ask
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
CALLS: Calls = (("budget_plan", {}), ("budget_scenarios", {}), ("budget_flighting", {}), ("list_budget_plans", {}))
WEEKS = {"Patterns side by side": "the same money laid over the weeks in four ways"}
PREVIEW = (
    "**No split is recommended yet: the marketing mix model has not been fitted.** Below is a preview by a quick "
    "approximation, on which no advice rests. “Fit the model” takes a minute or two; then this page says what to move "
    "where, week by week, and what that is worth."
)
FAILED = (
    "**No split is recommended: the model that was fitted failed its checks.** What it says of the channels stands "
    "below, to be read with doubt. More weeks, or an experiment on one channel, help most; then fit it again."
)
NO_DATA_YET = "**No split can be recommended yet: the data for it are not there.**"
TO_LOAD = (
    "It takes two things, for a year or more of weeks: the orders, and what was spent on ads by day and channel. Drop "
    "a file with the columns day, channel and spend here, or connect the ad platforms under Settings."
)


async def show_budget(words: str, identity: Identity, *, is_demo: bool) -> None:
    """The best split of as much as now; `propose` puts it before a person first. Before a fit: what there is to do."""
    async with opened_page(TITLE, "Working out the best split") as opened:
        if words.strip().lower() == "propose":
            await installed().call("propose_budget", {}, identity)
        page, next_steps = await _budget_page(identity)
        await page.show(opened, (*next_steps, *AFTER), is_demo=is_demo)


async def _budget_page(identity: Identity) -> tuple[Page, tuple[str, ...]]:
    """The page, and the buttons that lead on."""
    found = await ask(CALLS, identity)
    page = Page(found, identity)
    plan = found.outcomes.get("budget_plan")
    for waiting in [one for one in found.result("list_budget_plans").plans if one.status == "pending"]:
        currency = found.result("list_budget_plans").currency
        page.elements.append(_card(waiting.model_dump(mode="json"), currency, identity, str(uuid4())))
    if plan is None:
        return page, await _not_yet(page, identity)
    page.lead = installed().runtime.catalogue.get("budget_plan").worded(plan)
    page.elements.append(download_element("media_report", {}))
    page.charts(*found.charts("budget_plan", "budget_scenarios", "budget_flighting"))
    page.tables(*found.tables("budget_plan", "budget_scenarios"))
    for table in found.tables("budget_flighting"):
        page.tables(table, folded=True, about=WEEKS.get(table.title, "the budget of the next 13 weeks, to the cent"))
    page.tables(*found.tables("list_budget_plans"), folded=True, about="what was recommended, and what was decided")
    return page, (PROPOSAL,) if PROPOSE in identity.scopes else ()


async def _not_yet(page: Page, identity: Identity) -> tuple[str, ...]:
    """Say why no split is recommended, show the preview of the model where there is one, and what leads on."""
    why, found = page.found.missing[:1], await ask((("mix_report", {}),), identity)
    report = found.outcomes.get("mix_report")
    page.found.missing = []
    if report is None:
        page.lead = "\n\n".join([NO_DATA_YET, *found.missing, TO_LOAD])
        return ("/imports", "/settings")
    page.found.evidence += found.evidence
    page.lead = "\n\n".join([PREVIEW] if report.result.preview else [FAILED, *why])
    page.charts(*found.charts("mix_report")[:2])
    return (FIT,) if WRITE in identity.scopes else ()


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
