"""How people ask for campaigns: to propose and to change one, how it is doing, what waits, what arrived."""

from __future__ import annotations

import re
from typing import Any

from language.addressee import everybody_asked, unknown_addressee
from language.audience import LIST, unclear
from language.copywriting import campaign_kind, wording
from language.requests import Answerable, Request
from language.rules import asked_rule, previous_rule, rule_words
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["CAMPAIGN", "CAMPAIGN_STATE", "MAILBOX", "PROPOSALS", "REVISE"]

_NO_HOLDOUT = r"\b(?:no|without(?: a)?) (?:holdout|control)"
_HOLDOUT = r"(\d+) ?% (?:holdout|control|kept back)|(?:holdout|control group|kept back) (?:of |to )?(\d+) ?%"
_QUOTED_SEGMENT = (
    r"\b(?:segment|group|cluster) <quoted>|<quoted> (?:segment|group|cluster|customers?|people|shoppers?|buyers?)"
    r"|\b(?:to|for|at|email|contact|target) (?:the |our |my )?<quoted>"
)
_CHANGED = {"subject": "subject", "preview": "preview_text", "name": "name", "body|text|message": "body_text"}


def campaign(slots: Slots, scene: Scene) -> Answerable:
    """Propose an e-mail campaign to the customers named, or to "them"."""
    if slots.conditions.unclear:
        return unclear(slots)
    rule = asked_rule(slots)
    segment = _named_segment(slots, rule)
    if rule is None and segment is None and slots.customer:
        rule = {"field": "email" if "@" in slots.customer else "customer_id", "operator": "eq", "value": slots.customer}
    if rule is None and segment is None:
        unnamed = _unnamed(slots, scene)
        if isinstance(unnamed, str):
            return unnamed
        rule = unnamed
    kind = campaign_kind(slots, rule, segment)
    draft = wording(kind, slots, audience=segment or rule_words(rule))
    whom = {"segment": segment} if segment else {"rule": rule}
    arguments: dict[str, Any] = {"name": draft.name, "kind": kind, **whom}
    arguments |= {"subject": draft.subject, "preview_text": draft.preview_text, "body_text": draft.body_text}
    if slots.has(_NO_HOLDOUT):
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
        return {"field": "consent_email", "operator": "eq", "value": True}
    return before or (
        "Whom should it go to? Name a segment or describe the customers, for example: "
        "write an e-mail to customers who bought only once."
    )


def _named_segment(slots: Slots, rule: dict[str, Any] | None) -> str | None:
    if rule and rule.get("field") == "rfm_segment" and rule.get("operator") == "eq":
        return str(rule["value"])
    if rule is None and slots.quoted and slots.has(_QUOTED_SEGMENT):
        return slots.quoted[-1] if slots.has(r"subject") else slots.quoted[0]
    return None


def revise(slots: Slots, scene: Scene) -> Answerable:
    """Change the latest proposal."""
    proposed = scene.last_of("propose_campaign", "revise_proposal")
    latest = (proposed.result or {}).get("proposal", {}).get("id") if proposed else None
    identifier = slots.identifier or latest
    if not identifier:
        return "There is no proposal in this conversation to change. Ask for the proposals that are waiting first."
    changes = _changes(slots)
    if not changes:
        return "What should change? Say for example: change the subject to 'Something new for you'."
    return [Call("revise_proposal", {"proposal_id": identifier, **changes})]


def _changes(slots: Slots) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    text = slots.quoted[0] if slots.quoted else _after_to(slots.original)
    if text and (field := next((f for word, f in _CHANGED.items() if slots.has(rf"\b(?:{word})\b")), None)):
        changes[field] = text
    if slots.has(_NO_HOLDOUT):
        changes["holdout_share"] = 0
    elif match := re.search(_HOLDOUT, slots.plain):
        changes["holdout_share"] = int(match[1] or match[2]) / 100
    return changes


def _after_to(text: str) -> str | None:
    match = re.search(r"\b(?:to|:)\s+(.+)$", text)
    return match[1].strip().strip("'\".") if match else None


def campaign_state(_slots: Slots, _scene: Scene) -> Answerable:
    """The campaign launched last."""
    return [Call("campaign_status", {})]


def proposals(slots: Slots, _scene: Scene) -> Answerable:
    """Proposals, by state."""
    for status in ("approved", "rejected", "superseded"):
        if slots.has(rf"\b{status}\b"):
            return [Call("list_proposals", {"status": status})]
    waiting = slots.has(r"\b(?:waiting|pending|open|approve|outstanding|decide)\b")
    return [Call("list_proposals", {"status": "pending"} if waiting else {})]


def mailbox(slots: Slots, _scene: Scene) -> Answerable:
    """The sandbox mailbox."""
    recipient = {"recipient": slots.customer} if slots.customer and "@" in slots.customer else {}
    return [Call("mailbox", {"limit": slots.limit or LIST, **recipient})]


REVISE = Request(
    "revise",
    """
        change the subject to 'Hello again' | make the subject shorter | edit the proposal |
        use another subject line | set the holdout to 20 %
    """,
    revise,
    rank=100,
    cues=(
        r"\b(?:change|edit|revise|set|replace|update|rename) (?:the |its |that )*"
        r"(?:subject|body|text|message|preview|name|holdout|control|email|proposal)",
    ),
)
CAMPAIGN = Request(
    "campaign",
    """
        write them an e-mail | launch a campaign at them |
        propose a win-back campaign for customers silent for 90 days | draft an email to the champions |
        send a message to customers who bought only once | start a re-engagement campaign |
        create a newsletter for our best customers | win them back | contact them | can you email those customers |
        prepare a mailing
    """,
    campaign,
    rank=110,
    cues=(
        r"\b(?:write|draft|compose|prepare|create|make|send|launch|start|propose|run|plan|design|set up)\b"
        r"(?: [\w-]+){0,4} (?:emails?|campaigns?|mailing|message|offer|winback|reengagement)\b",
        r"\b(?:email|contact|message|mail|target|reach out to|write to|write) "
        r"(?:them|those|these|the|all|our|customers|everybody|everyone|people)\b",
        r"\b(?:by|via|with an?|per) (?:email|mail)\b|^offer\b",
        r"\bwin(?:back)? (?:them|those|these|the|our|customers)? ?back\b|\bwinback\b",
        r"\breengage (?:them|those|the|our)\b",
    ),
    not_with=(
        r"\bhow is\b|\bhow (?:far|did)\b|\bstatus\b|\bwhich proposals\b|\bemails? (?:did|have) we\b"
        r"|\bsegment (?:of|from|out of)\b|^(?:did|was|were|has|have)\b"
        r"|^(?:what|which)\b.*\b(?:effects?|lift|uplift|work\w*|caused?)\b"
    ),
)
CAMPAIGN_STATE = Request(
    "campaign_state",
    """
        how is the campaign doing | how far is sending | campaign status | how many messages were sent |
        is the campaign finished | did the emails go out | what happened to the campaign
    """,
    campaign_state,
    rank=250,
    cues=(
        r"\bcampaign(?:'s)? (?:status|progress|result)",
        r"\b(?:status|progress|state|results?) of (?:the |our |my |last )*campaign",
        r"\bhow (?:is|was|did|far is) (?:the |our |my |last |that )*campaign",
        r"\bhow many (?:messages|emails) (?:were|have been|are|went) (?:sent|out|waiting)",
        r"\b(?:did|have) (?:the |those |all )*(?:emails|messages) (?:go|gone|been sent)",
    ),
)
PROPOSALS = Request(
    "proposals",
    """
        which proposals are waiting | list the proposals | what is waiting for approval | show pending proposals |
        rejected proposals | what did we propose | is there anything to approve
    """,
    proposals,
    rank=260,
    cues=(
        r"\bproposals\b",
        r"\bwaiting for (?:my |an? |our )?approval\b",
        r"\b(?:anything|something|what|which|nothing) (?:\w+ ){0,2}to approve\b",
        r"\bawaiting approval\b",
    ),
)
MAILBOX = Request(
    "mailbox",
    """
        show the mailbox | what is in the sandbox | show me the messages that were delivered |
        open the sandbox mailbox | which mails arrived
    """,
    mailbox,
    rank=270,
    cues=(r"\b(?:mailbox|sandbox|inbox|outbox)\b",),
)
