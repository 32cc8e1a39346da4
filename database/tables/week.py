"""Weekly plans and their actions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, REAL
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Json, Owned, Words

__all__ = ["WeekAction", "WeekPlan"]


class WeekPlan(Owned, Base):
    """What to do in the week that begins on a day: what it was made with, and what it comes to."""

    __tablename__ = "week_plans"
    __table_args__ = (UniqueConstraint("org_id", "week"),)
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    week: Mapped[date] = mapped_column(Date)
    settings: Mapped[Json]
    totals: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[Words]
    created_at: Mapped[Created]


class WeekAction(Owned, Base):
    """One action for one customer on one day, with why, how much it matters (0-100), and the hours that suit.

    `cost` is what its offer is expected to cost; null: it costs nothing but the message, or that is not known.
    """

    __tablename__ = "week_actions"
    __table_args__ = (Index(None, "org_id", "plan_id", "day", "kind"),)
    plan_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[Words]
    channel: Mapped[Words]
    score: Mapped[float] = mapped_column(REAL)
    reason: Mapped[Words]
    hint: Mapped[str | None] = mapped_column(Text)
    hour_from: Mapped[int] = mapped_column(SmallInteger)
    hour_until: Mapped[int] = mapped_column(SmallInteger)
    cost: Mapped[float | None] = mapped_column(REAL)
