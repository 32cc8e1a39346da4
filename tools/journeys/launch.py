"""What a person's approval of a journey starts: a version of it, if all that was shown still holds."""

from __future__ import annotations

from sqlalchemy import Connection

from connectors.channels.discovery import channel_named, provider_title
from core.errors import FixArguments
from database.queries import audit, journey_moves, journeys
from database.queries.proposals import ProposalRow
from tools.campaigns.approval import Approved
from tools.campaigns.starts import starts
from tools.channels.account import Seal, account_of
from tools.context import Context
from tools.journeys.definition import Journey
from tools.journeys.proposal import KIND, frozen_rules
from tools.journeys.webhook import require_webhook
from tools.results import Evidence

__all__ = ["start"]

JOB = "run_journeys"


@starts(KIND, job=JOB)
def start(connection: Connection, context: Context, proposal: ProposalRow) -> Approved:
    """Let the approved version run, within the approval's transaction.

    FixArguments where a segment's rule, a carrier or the version is another than was shown.
    """
    journey = Journey.model_validate(proposal.payload["definition"])
    row = journeys.get(connection, proposal.payload["journey_id"])
    _require_same(connection, context, proposal, journey)
    version = int(proposal.payload["version"])
    by = context.identity.actor
    if not journeys.begin_version(connection, row.id, version, proposal.id, journey.name, context.now, by):
        raise FixArguments(
            f"Version {version} of “{journey.name}” is not the next one any more: another was approved. Propose it "
            "anew.",
            field="proposal_id",
        )
    moved = _moved(connection, journey, row, version)
    audit.record(
        connection,
        actor=by,
        door=context.identity.door,
        action="journey_started",
        subject=str(row.id),
        detail={"content_hash": proposal.content_hash, "version": version, "moved": moved},
    )
    return Approved(
        proposal_id=proposal.id,
        journey_id=row.id,
        status="active",
        messages=0,
        held_out=0,
        send_at=context.now,
        evidence=Evidence(rows=1, as_of=context.now, sources=["proposals", "approvals", "journeys"]),
    )


def _require_same(connection: Connection, context: Context, proposal: ProposalRow, journey: Journey) -> None:
    """Segments and carriers are a part of what was shown."""
    shown = proposal.payload
    now = {name: rule.plain() for name, rule in frozen_rules(connection, journey).items()}
    for name, rule in shown["rules"].items():
        if now.get(name) != rule:
            raise FixArguments(
                f"The segment “{name}” has another rule than was shown. Propose the journey anew, and look at it.",
                field="proposal_id",
            )
    seal = Seal(context.settings, context.identity.org_id)
    require_webhook(connection, seal, journey, "proposal_id")
    for node, send in shown["sends"].items():
        provider = account_of(connection, channel_named(send["channel"]), seal).provider
        if provider.name != send["provider"]:
            raise FixArguments(
                f"Node '{node}' was shown as going out by {provider_title(send['provider'])}. Since then that was "
                f"exchanged: {provider.title} carries such messages now. Propose the journey anew.",
                field="proposal_id",
            )


def _moved(connection: Connection, journey: Journey, row: journeys.JourneyRow, version: int) -> int:
    """Move those inside to nodes of the same name and kind, where the journey asks for it; returns how many."""
    if journey.on_change != "move":
        return 0
    moved = 0
    kinds = {node.id: node.type for node in journey.nodes}
    for earlier in journeys.versions(connection, row.id):
        if earlier.version == version:
            continue
        before = Journey.model_validate(earlier.payload["definition"])
        same = [node.id for node in before.nodes if kinds.get(node.id) == node.type]
        moved += journey_moves.move_to_version(connection, row.id, earlier.version, version, same)
    return moved
