"""What belongs to the marketing mix: experiments that calibrate it, and budgets recommended by it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Json, Key, Money, Owned, Words

BUDGET_STATES = ("pending", "approved", "rejected", "superseded")


class LiftTest(Owned, Base):
    """What an experiment measured: spend a week moved by `change` from `spend`, sales a week by `lift` ± `error`.

    source: the file it came in; null where a person entered it. A channel has one experiment of a period in files.
    """

    __tablename__ = "lift_tests"
    __table_args__ = (
        CheckConstraint("error > 0", name="error"),
        CheckConstraint("spend >= 0 and spend + change >= 0 and change <> 0", name="spend"),
        CheckConstraint("started_on <= measured_on", name="period"),
        Index(
            "uq_lift_tests_period", "org_id", "channel", "started_on", "measured_on", unique=True,
            postgresql_where=text("source is not null"),
        ),
    )  # fmt: skip
    id: Mapped[Key]
    channel: Mapped[Words]
    spend: Mapped[Money]
    change: Mapped[Money]
    lift: Mapped[Money]
    error: Mapped[Money]
    measured_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[Words]
    created_at: Mapped[Created]
    started_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str | None] = mapped_column(Text)


class LiftTestExclusion(Owned, Base):
    """A campaign whose measured effect a person keeps out of the marketing mix."""

    __tablename__ = "lift_test_exclusions"
    campaign_id: Mapped[str] = mapped_column(Text, primary_key=True)
    excluded_by: Mapped[Words]
    created_at: Mapped[Created]


class BudgetPlan(Owned, Base):
    """A split of the budget put before a person, and what they decided; approving it moves no money by itself."""

    __tablename__ = "budget_plans"
    __table_args__ = (
        UniqueConstraint("org_id", "request_key"),
        CheckConstraint(f"status in {BUDGET_STATES}", name="status"),
        CheckConstraint("status not in ('approved', 'rejected') or user_id is not null", name="decided"),
    )
    id: Mapped[Key]
    title: Mapped[Words]
    payload: Mapped[Json]
    content_hash: Mapped[Words]
    status: Mapped[Words] = mapped_column(Text, server_default="pending")
    request_key: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[Words]
    created_at: Mapped[Created]
    decided_by: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(Text)
