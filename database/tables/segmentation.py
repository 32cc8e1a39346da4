"""Groups found in the features: runs, memberships, moves, drift, the map; and what people changed of playbooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Instant, JsonList, Owned, Words


class Grouping(Owned, Base):
    """One run of a way to group everybody: its groups with name, traits, size and value level, or why there are none.

    `asked` is the number of clusters a person asked for; `tried` has each number tried with its silhouette.
    """

    __tablename__ = "groupings"
    __table_args__ = (
        CheckConstraint("kind in ('cluster', 'discovered', 'behaviour')", name="kind"),
        Index(None, "org_id", "kind", "created_at"),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    kind: Mapped[Words]
    as_of: Mapped[Instant]
    status: Mapped[Words]
    reason: Mapped[str | None] = mapped_column(Text)
    customers: Mapped[int] = mapped_column(BigInteger)
    ungrouped: Mapped[int] = mapped_column(BigInteger)
    silhouette: Mapped[float | None] = mapped_column(REAL)
    asked: Mapped[int | None] = mapped_column(Integer)
    tried: Mapped[JsonList]
    groups: Mapped[JsonList]
    created_at: Mapped[Created]


class CustomerGroup(Owned, Base):
    """The groups a customer is in by name, how surely (0-1), and the behaviours the customer shows."""

    __tablename__ = "customer_groups"
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    cluster: Mapped[str | None] = mapped_column(Text)
    cluster_confidence: Mapped[float | None] = mapped_column(REAL)
    discovered_group: Mapped[str | None] = mapped_column(Text)
    discovered_confidence: Mapped[float | None] = mapped_column(REAL)
    behaviours: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class MembershipMove(Owned, Base):
    """A customer who was in one segment of a kind at `since` and in another at `at`; "none" is no segment."""

    __tablename__ = "membership_moves"
    __table_args__ = (Index(None, "org_id", "kind", "at"),)
    kind: Mapped[Words] = mapped_column(Text, primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    moved_from: Mapped[Words] = mapped_column(Text, primary_key=True)
    moved_to: Mapped[Words] = mapped_column(Text, primary_key=True)
    since: Mapped[Instant]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)


class SegmentDrift(Owned, Base):
    """How a segment changed up to `as_of`; badge and who came and went are null without an earlier one."""

    __tablename__ = "segment_drifts"
    kind: Mapped[Words] = mapped_column(Text, primary_key=True)
    segment: Mapped[Words] = mapped_column(Text, primary_key=True)
    as_of: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    compared_with: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    badge: Mapped[str | None] = mapped_column(Text)
    alert: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[Words]
    size_before: Mapped[int | None] = mapped_column(BigInteger)
    size_now: Mapped[int] = mapped_column(BigInteger)
    stayed: Mapped[int | None] = mapped_column(BigInteger)
    entered: Mapped[int | None] = mapped_column(BigInteger)
    departed: Mapped[int | None] = mapped_column(BigInteger)
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    shifts: Mapped[JsonList]
    created_at: Mapped[Created]


class MapPoint(Owned, Base):
    """Where a sampled customer lies on the two-dimensional map."""

    __tablename__ = "map_points"
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    x: Mapped[float] = mapped_column(REAL)
    y: Mapped[float] = mapped_column(REAL)
    as_of: Mapped[Instant]


class Playbook(Owned, Base):
    """What a person wrote over the default playbook of a segment."""

    __tablename__ = "playbooks"
    kind: Mapped[Words] = mapped_column(Text, primary_key=True)
    segment: Mapped[Words] = mapped_column(Text, primary_key=True)
    offers: Mapped[JsonList]
    message: Mapped[Words]
    channels: Mapped[JsonList]
    send_window: Mapped[Words]
    updated_by: Mapped[Words]
    updated_at: Mapped[Created]
