"""Calls that propose, change or start something, and that tell how far it is."""

from __future__ import annotations

import re
from typing import Any

from agent.offline.addressee import everybody_asked, unknown_addressee
from agent.offline.building.audience import unclear
from agent.offline.building.built import LIST, Built
from agent.offline.copywriting import campaign_kind, wording
from agent.offline.rules import asked_rule, previous_rule, rule_words
from agent.offline.scene import Call, Scene
from agent.offline.slots import Slots

__all__ = ["campaign", "job", "mailbox", "proposals", "refresh", "revise"]


_QUOTED_SEGMENT = (
    r"\b(?:segment|group|cluster) <quoted>|<quoted> (?:segment|group|cluster|customers?|people|shoppers?|buyers?)"
    r"|\b(?:to|for|at|email|contact|target) (?:the |our |my )?<quoted>"
)


def campaign(slots: Slots, scene: Scene) -> Built:
    """Propose an e-mail campaign to the customers named, or to "them"."""
    if slots.conditions.unclear:
        return unclear(slots)
    rule = asked_rule(slots)
    segment = _named_segment(slots, rule)
    if rule is None and segment is None and slots.customer:
        rule = {"field": "email" if "@" in slots.customer else "customer_id", "op": "eq", "value": slots.customer}
    if rule is None and segment is None:
        unnamed = _unnamed(slots, scene)
        if isinstance(unnamed, str):
            return unnamed
        rule = unnamed
    kind = campaign_kind(slots, rule, segment)
    draft = wording(kind, slots, audience=segment or rule_words(rule))
    arguments: dict[str, Any] = {"name": draft.name, "kind": kind, "segment": segment} if segment else {}
    arguments = arguments or {"name": draft.name, "kind": kind, "rule": rule}
    arguments |= {"subject": draft.subject, "preview_text": draft.preview_text, "body_text": draft.body_text}
    if slots.has(r"\b(?:no|without(?: a)?) (?:holdout|control)"):
        arguments["holdout_share"] = 0
    return [Call("propose_campaign", arguments)]


def _unnamed(slots: Slots, scene: Scene) -> dict[str, Any] | str:
    """Everybody or "them"; a question back where words for whom are not understood, or nobody was spoken of."""
    before = previous_rule(scene)
    if unknown := unknown_addressee(slots):
        them = ", or say “them” for those spoken of before" if before else ""
        return (
            f"I know no customers called “{unknown}”. Give the name of a segment as it is listed (ask “show me the "
            f"segments”), best in quotation marks, or describe the customers{them}."
        )
    if everybody_asked(slots):
        return {"field": "consent_email", "op": "eq", "value": True}
    return before or (
        "Whom should it go to? Name a segment or describe the customers, for example: "
        "write an e-mail to customers who bought only once."
    )


def _named_segment(slots: Slots, rule: dict[str, Any] | None) -> str | None:
    if rule and rule.get("field") == "rfm_segment" and rule.get("op") == "eq":
        return str(rule["value"])
    if rule is None and slots.quoted and slots.has(_QUOTED_SEGMENT):
        return slots.quoted[-1] if slots.has(r"subject") else slots.quoted[0]
    return None


def revise(slots: Slots, scene: Scene) -> Built:
    """Change the latest proposal."""
    made = scene.last_of("propose_campaign", "revise_proposal")
    identifier = slots.identifier or (made.result or {}).get("proposal", {}).get("id") if made else slots.identifier
    if not identifier:
        return "There is no proposal in this conversation to change. Ask for the proposals that are waiting first."
    changes: dict[str, Any] = {}
    said = slots.quoted[0] if slots.quoted else _after(slots.original, r"\b(?:to|:)\s+(.+)$")
    for word, name in (
        ("subject", "subject"),
        ("preview", "preview_text"),
        ("name", "name"),
        ("body|text|message", "body_text"),
    ):
        if slots.has(rf"\b(?:{word})\b") and said:
            changes[name] = said
            break
    if slots.has(r"\b(?:no|without(?: a)?) (?:holdout|control)"):
        changes["holdout_share"] = 0
    elif match := re.search(
        r"(\d+) ?% (?:holdout|control|kept back)|(?:holdout|control group|kept back) (?:of |to )?(\d+) ?%", slots.plain
    ):
        changes["holdout_share"] = int(match[1] or match[2]) / 100
    if not changes:
        return "What should change? Say for example: change the subject to 'Something new for you'."
    return [Call("revise_proposal", {"proposal_id": identifier, **changes})]


def _after(text: str, pattern: str) -> str | None:
    match = re.search(pattern, text)
    return match[1].strip().strip("'\".") if match else None


def proposals(slots: Slots, scene: Scene) -> Built:
    """Proposals, by state."""
    for word, status in (("approved", "approved"), ("rejected", "rejected"), ("superseded", "superseded")):
        if slots.has(rf"\b{word}\b"):
            return [Call("list_proposals", {"status": status})]
    waiting = slots.has(r"\b(?:waiting|pending|open|approve|outstanding|decide)\b")
    return [Call("list_proposals", {"status": "pending"} if waiting else {})]


def mailbox(slots: Slots, scene: Scene) -> Built:
    """The sandbox mailbox."""
    arguments: dict[str, Any] = {"limit": slots.limit or LIST}
    if slots.customer and "@" in slots.customer:
        arguments["recipient"] = slots.customer
    return [Call("mailbox", arguments)]


def job(slots: Slots, scene: Scene) -> Built:
    """The latest background job, or the one named."""
    return [Call("job_status", {"job_id": slots.identifier} if slots.identifier else {})]


def refresh(slots: Slots, scene: Scene) -> Built:
    """Compute scores anew: those named, or all."""
    words = {"features": "feature", "rfm": "rfm|segment", "churn": "churn", "value": "value|clv"}
    what = [score for score, pattern in words.items() if slots.has(rf"\b(?:{pattern})")]
    return [Call("refresh_scores", {"what": what} if what else {})]
