"""Words for what is proposed, sent and running."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.offline.writing.told import Told, bullets, day, many, percent

__all__ = [
    "campaign_status", "job_status", "list_proposals", "mailbox", "propose_campaign", "refresh_scores",
    "revise_proposal",
]  # fmt: skip


def propose_campaign(told: Told) -> str:
    """What waits for a person."""
    return _proposed("I have put this campaign before you", told.result["proposal"])


def revise_proposal(told: Told) -> str:
    """The new proposal in the old one's place."""
    return _proposed("The proposal is changed; the earlier one is superseded", told.result["proposal"])


def _proposed(lead: str, proposal: Mapping[str, Any]) -> str:
    audience = proposal["audience"]
    when = f"on {day(proposal['send_at'])}" if proposal["send_at"] else "at once"
    lines = [
        f"{many(audience['count'])} customers in the audience, {many(audience['reachable'])} of them can be reached "
        f"by e-mail",
        f"not reached: {many(audience['without_consent'])} without consent, {many(audience['no_address'])} without "
        f"an address, "
        f"{many(audience['suppressed'])} unsubscribed or bounced",
        f"{many(audience['held_out'])} kept back at random ({percent(proposal['holdout_share'])}) to measure the lift",
    ]
    warnings = "".join(f"\n\n**Note:** {w}" for w in proposal["warnings"])
    return (
        f"**{lead}: “{proposal['title']}”, {many(audience['to_send'])} messages.** Subject: "
        f"“{(proposal.get('sample') or proposal['content'])['subject']}”."
        f"\n\n{bullets(lines)}{warnings}\n\nNothing is sent until you press Approve; it would then go out {when}."
    )


def list_proposals(told: Told) -> str:
    """How many, and which."""
    status = told.arguments.get("status")
    which = f"{status} " if status else ""
    result = told.result
    if not result["total"]:
        return f"There are no {which}proposals."
    lines = [
        f"**{p['title']}**: {p['status']}, {many(p['audience']['to_send'])} messages, made on {day(p['created_at'])}"
        for p in result["proposals"][:5]
    ]
    return f"**{many(result['total'])} {which}proposals.**\n\n{bullets(lines)}"


def campaign_status(told: Told) -> str:
    """How far sending is."""
    result = told.result
    counts = [f"{status.replace('_', ' ')}: {many(count)}" for status, count in result["counts"].items()]
    reasons = [f"{reason}: {many(count)}" for reason, count in result["reasons"].items()]
    where = " (sandbox mailbox: nothing left this machine)" if result["provider"] == "sandbox" else ""
    why = f"\n\nReasons:\n\n{bullets(reasons)}" if reasons else ""
    return (
        f"**Campaign “{result['name']}” is {result['status']}**: {many(result['total'])} messages{where}, "
        f"{many(result['held_out'])} customers kept back.\n\n{bullets(counts)}{why}"
    )


def mailbox(told: Told) -> str:
    """What arrived in the sandbox."""
    result = told.result
    if not result["total"]:
        return "The sandbox mailbox is empty."
    lines = [f"{m['recipient']}: “{m['subject']}”" for m in result["messages"][:5]]
    return f"**{many(result['total'])} messages** in the sandbox mailbox, the newest first:\n\n{bullets(lines)}"


def refresh_scores(told: Told) -> str:
    """The job that was started."""
    what = ", ".join(told.arguments.get("what") or ["features", "rfm", "churn", "value"])
    return f"**Computing anew: {what}.** It runs in the background; ask “how far is the job?”."


def job_status(told: Told) -> str:
    """State, progress, result or error."""
    result = told.result
    name = result["name"].replace("_", " ")
    if result["status"] == "failed":
        return f"**The job “{name}” failed**: {result['error']}"
    detail = f", {result['detail']}" if result["detail"] else ""
    stale = " It has shown no sign of life for a while and will be taken up again." if result["stale"] else ""
    return f"**The job “{name}” is {result['status']}**: {percent(result['progress'])} done{detail}.{stale}"
