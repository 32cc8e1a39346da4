"""Where people are told that something waits for them in AIMA, and what they were told of."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Instant, Owned, Words


class NoticeTarget(Owned, Base):
    """An incoming webhook of Slack or Teams; `settings` are sealed (core/secrets.py), for its address is its key."""

    __tablename__ = "notice_targets"
    service: Mapped[str] = mapped_column(Text, primary_key=True)
    settings: Mapped[bytes] = mapped_column(LargeBinary)
    changed_by: Mapped[Words]
    changed_at: Mapped[Created]


class Notice(Owned, Base):
    """A proposal that waits, or an alert, that a service is told of once."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("about in ('approval', 'alert')", name="about"),
        CheckConstraint("status in ('pending', 'sent', 'failed')", name="status"),
        Index("ix_notices_due", "org_id", "due_at", postgresql_where=text("status = 'pending'")),
    )
    service: Mapped[str] = mapped_column(Text, primary_key=True)
    about: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    status: Mapped[Words] = mapped_column(Text, server_default="pending")
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    due_at: Mapped[Instant]
    reason: Mapped[str | None] = mapped_column(Text)
