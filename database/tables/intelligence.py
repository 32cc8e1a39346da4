"""What is derived: scores, model runs, segments. Features are in their own file: one column a feature."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Instant, Json, JsonList, Loaded, Owned, Words

Real = REAL


class RfmScore(Owned, Base):
    """Recency, frequency and monetary quintiles (1-5) and the segment they name."""

    __tablename__ = "rfm_scores"
    __table_args__ = ({"postgresql_partition_by": "LIST (org_id)"},)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    recency_score: Mapped[int] = mapped_column(SmallInteger)
    frequency_score: Mapped[int] = mapped_column(SmallInteger)
    monetary_score: Mapped[int] = mapped_column(SmallInteger)
    segment: Mapped[Words]
    scored_at: Mapped[Created]


class ChurnScore(Owned, Base):
    """P(leaves within 30 / 60 / 90 days); `status` is active or left; drivers explain the score.

    survival: S(t) at the days the model run's parameters list as `survival_days`.
    """

    __tablename__ = "churn_scores"
    __table_args__ = ({"postgresql_partition_by": "LIST (org_id)"},)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    status: Mapped[Words]
    p30: Mapped[float | None] = mapped_column(Real)
    p60: Mapped[float | None] = mapped_column(Real)
    p90: Mapped[float | None] = mapped_column(Real)
    risk: Mapped[str | None] = mapped_column(Text)
    limit_days: Mapped[float | None] = mapped_column(Real)
    drivers: Mapped[list[Any] | None] = mapped_column(JSONB)
    survival: Mapped[list[float] | None] = mapped_column(ARRAY(REAL))
    model_run_id: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))
    scored_at: Mapped[Created]


class ChurnWatch(Owned, Base):
    """A prediction kept until its horizon is over, to be held against what happened; one set at a time."""

    __tablename__ = "churn_watches"
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    probability: Mapped[float] = mapped_column(Real)
    horizon_days: Mapped[int] = mapped_column(SmallInteger)
    predicted_at: Mapped[Instant]
    model_run_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True))


class ValueScore(Owned, Base):
    """Lifetime value over the next 12 months with its interval, and the next purchase date with its own."""

    __tablename__ = "value_scores"
    __table_args__ = ({"postgresql_partition_by": "LIST (org_id)"},)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    p_alive: Mapped[float | None] = mapped_column(Real)
    expected_orders_12m: Mapped[float | None] = mapped_column(Real)
    clv_12m: Mapped[float | None] = mapped_column(Real)
    clv_12m_low: Mapped[float | None] = mapped_column(Real)
    clv_12m_high: Mapped[float | None] = mapped_column(Real)
    next_purchase_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_purchase_low: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_purchase_high: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    model_run_id: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))
    scored_at: Mapped[Created]


class ModelRun(Owned, Base):
    """One training or scoring run: candidates compared, champion, parameters, back-test, or why there is none.

    state: what it takes to score somebody again (see analytics.state); only the newest run of a model has it.
    """

    __tablename__ = "model_runs"
    __table_args__ = (Index(None, "org_id", "model", "created_at"),)
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    model: Mapped[Words]
    status: Mapped[Words]
    champion: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    as_of: Mapped[Instant]
    rows: Mapped[int] = mapped_column(BigInteger)
    candidates: Mapped[JsonList]
    parameters: Mapped[Json]
    backtest: Mapped[Json]
    state: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[Created]


class Segment(Owned, Base):
    """A named group of customers: a rule tree compiled to bound SQL whenever it is asked for."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("org_id", "name"), CheckConstraint("size >= 0", name="size"))
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    name: Mapped[Words]
    description: Mapped[str | None] = mapped_column(Text)
    rule: Mapped[Json]
    size: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[Words]
    created_at: Mapped[Created]
    refreshed_at: Mapped[Created]
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SegmentMember(Loaded, Base):
    """Who was in a saved segment when it was last refreshed."""

    __tablename__ = "segment_members"
    journal_key = ("segment_id", "customer_id")
    segment_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[Created]
