"""From which size on a second person has to approve, and the first one's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries.proposals import ProposalRow

__all__ = ["ApprovalRules", "Endorsement", "endorse", "endorsement", "get", "put"]


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """A second person approves above so many recipients, or above such a budget; None: never for that."""

    audience_above: int | None = None
    budget_above: Decimal | None = None
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Endorsement:
    """The first of two people who approve."""

    content_hash: str
    decided_by: str
    user_id: UUID
    decided_at: datetime


def get(connection: Connection) -> ApprovalRules:
    """What is set; no second person for anything where nothing ever was."""
    row = connection.execute(
        text("select audience_above, budget_above, changed_by, changed_at from approval_rules")
    ).one_or_none()
    return ApprovalRules() if row is None else ApprovalRules(*row)


def put(connection: Connection, rules: ApprovalRules, by: str) -> None:
    """Keep the rules in place of those before."""
    connection.execute(
        text(
            """
            insert into approval_rules (audience_above, budget_above, changed_by) values (:audience, :budget, :by)
            on conflict (org_id) do update set audience_above = excluded.audience_above,
                budget_above = excluded.budget_above, changed_by = excluded.changed_by,
                changed_at = clock_timestamp()
            """
        ),
        {"audience": rules.audience_above, "budget": rules.budget_above, "by": by},
    )


def endorsement(connection: Connection, proposal_id: UUID) -> Endorsement | None:
    """Who approved a proposal first, where it needs two."""
    row = connection.execute(
        text("select content_hash, decided_by, user_id, decided_at from endorsements where proposal_id = :id"),
        {"id": proposal_id},
    ).one_or_none()
    return None if row is None else Endorsement(*row)


def endorse(connection: Connection, proposal: ProposalRow, *, by: str, user_id: UUID) -> None:
    """Keep the first person's word (one a proposal, by its primary key)."""
    connection.execute(
        text(
            """
            insert into endorsements (proposal_id, content_hash, decided_by, user_id) values (:id, :hash, :by, :user)
            """
        ),
        {"id": proposal.id, "hash": proposal.content_hash, "by": by, "user": user_id},
    )
