"""Proposals: those that wait, those with something to settle, and what became of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.events import Column, Table
from chat.cards import send_card
from chat.parts import installed
from chat.showing import RowButton, notes_element, send_in_order, table_element
from core.errors import NoSuchData
from core.identity import PROPOSE, Identity
from language.format import count, day

__all__ = ["effect_words", "plans_table", "show_approvals", "show_plan", "show_plans"]

MOST = 100
NEXT = ("Write a win-back email to the At Risk customers", "What should I do next?")
VERDICTS = {
    "lift shown": "Worked: more of them bought",
    "loss shown": "Fewer of them bought",
    "no lift shown": "No difference seen",
    "not enough data": "Too early, or too few people, to tell",
}
COLUMNS = (
    Column(name="title", title="Plan"),
    Column(name="status", title="Status"),
    Column(name="to_send", title="Messages", unit="messages"),
    Column(name="made", title="Made"),
    Column(name="by", title="By"),
    Column(name="decided", title="Decided"),
    Column(name="effect", title="Effect"),
    Column(name="id", title="Id"),
)


async def show_approvals(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Cards of the proposals that wait for a decision, and of campaigns with deliveries to settle."""
    pending = await installed().call("list_proposals", {"status": "pending"}, identity)
    unsettled = await installed().call("list_proposals", {"status": "unsettled"}, identity)
    if not pending["proposals"] and not unsettled["proposals"]:
        await _empty(
            "### Approvals\n\n**Nothing waits for a decision.** Campaigns that are drafted wait here until "
            "somebody approves or rejects them.",
            identity,
            is_demo=is_demo,
        )
    for proposal in (*unsettled["proposals"], *pending["proposals"]):
        await send_card(proposal, identity)


async def show_plans(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Everything that was proposed, newest first, with its decision and what it changed."""
    found = await installed().call("list_proposals", {"limit": MOST}, identity)
    if not found["total"]:
        await _empty(
            "### Plans\n\n**Nothing has been proposed yet.** Every campaign that is drafted stands here with its "
            "decision and, once it was sent, with what it changed.",
            identity,
            is_demo=is_demo,
        )
        return
    evidence = [found["evidence"]]
    effects: dict[str, str] = {}
    try:
        measured = await installed().call("experiment_effect", {}, identity)
        effects = {campaign["campaign_id"]: effect_words(campaign) for campaign in measured["campaigns"]}
        evidence.append(measured["evidence"])
    except NoSuchData:
        pass  # nothing has been measured yet: the column stays empty
    table = plans_table(found, effects)
    elements = [table_element(table, [RowButton("Open", "id", "/plan {}")]), notes_element(evidence, is_demo=is_demo)]
    await send_in_order("### Plans and what became of them", elements)


async def _empty(words: str, identity: Identity, *, is_demo: bool) -> None:
    """A page with nothing on it yet, and what to do next for those who may."""
    suggestions = NEXT if PROPOSE in identity.scopes else ()
    await send_in_order(words, [notes_element([], is_demo=is_demo, suggestions=suggestions)])


def effect_words(campaign: Mapping[str, Any]) -> str:
    """What a campaign changed, told by those it was kept from."""
    more = campaign["extra_buyers"]
    if campaign["verdict"] == "lift shown" and more is not None:
        return f"Worked: about {count(round(more))} more customers bought"
    return VERDICTS[campaign["verdict"]]


def plans_table(found: Mapping[str, Any], effects: Mapping[str, str]) -> Table:
    """Proposals as rows; `effects` by campaign."""
    rows = [
        [
            proposal["title"],
            proposal["status"],
            proposal["audience"]["to_send"],
            day(proposal["created_at"]),
            proposal["created_by"],
            f"{day(decision['at'])} by {decision['by']}" if (decision := proposal["decision"]) else None,
            effects.get(str(proposal["campaign_id"])),
            proposal["id"],
        ]
        for proposal in found["proposals"]
    ]
    return Table(title="Plans", columns=list(COLUMNS), rows=rows, total_rows=found["total"], tool="list_proposals")


async def show_plan(proposal_id: str, identity: Identity, *, is_demo: bool) -> None:
    """One proposal as its card."""
    found = await installed().call("list_proposals", {"proposal_id": proposal_id}, identity)
    await send_card(found["proposals"][0], identity)
