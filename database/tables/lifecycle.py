"""How campaigns go from step to step, and who has to approve what."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Owned, Ref, Words

__all__ = ["ApprovalRule", "CampaignStep", "Endorsement"]


class CampaignStep(Owned, Base):
    """A step of a campaign launched from here, written by the database itself whenever its status changes."""

    __tablename__ = "campaign_history"
    __table_args__ = (Index(None, "org_id", "campaign_id", "id"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    campaign_id: Mapped[Words]
    was: Mapped[Words]
    status: Mapped[Words]
    actor: Mapped[Words]
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[Created]


class ApprovalRule(Owned, Base):
    """From which audience or budget on a second person has to approve; one row, or none: never."""

    __tablename__ = "approval_rules"
    __table_args__ = (CheckConstraint("audience_above >= 0 and budget_above >= 0", name="above"),)
    audience_above: Mapped[int | None] = mapped_column(Integer)
    budget_above: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    changed_by: Mapped[Words]
    changed_at: Mapped[Created]


class Endorsement(Owned, Base):
    """The first of two people who approve a proposal, bound to what was shown; never changed."""

    __tablename__ = "endorsements"
    proposal_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    content_hash: Mapped[Words]
    decided_by: Mapped[Words]
    user_id: Mapped[Ref]
    decided_at: Mapped[Created]
