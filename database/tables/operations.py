"""How the system runs: jobs, imports, mappings, alerts, the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Json, JsonList, Owned, Words

JOB_STATES = ("queued", "running", "succeeded", "failed")


class Job(Owned, Base):
    """Work done in the background: its progress while it runs, its result or its error afterwards."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(f"status in {JOB_STATES}", name="status"),
        Index(None, "org_id", "name", "created_at"),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    name: Mapped[Words]
    status: Mapped[Words] = mapped_column(Text, server_default="queued")
    progress: Mapped[float] = mapped_column(REAL, server_default=text("0"))
    detail: Mapped[str | None] = mapped_column(Text)
    arguments: Mapped[Json]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    error: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[Words]
    created_at: Mapped[Created]
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Import(Owned, Base):
    """One load, of a file or of what a source gave: how many rows, what was decided, and what became of them.

    `fingerprint` names its bytes and the way they were read; `tables` holds what it left behind, by table. `number`
    counts the imports of the organisation (null: from before they could be undone). `same_as`: the import whose very
    rows these are, known by the fingerprint and not staged again. `read_zone`: the time zone in which its times were
    read that bear none; null: it has no such times, or is from before this was kept.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index(None, "org_id", "fingerprint", "recorded_at"),
        Index("uq_imports_org_id_number", "org_id", "number", unique=True),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    file_name: Mapped[Words]
    kind: Mapped[Words]
    mapping: Mapped[Json]
    read: Mapped[int] = mapped_column(BigInteger)
    accepted: Mapped[int] = mapped_column(BigInteger)
    rejected: Mapped[int] = mapped_column(BigInteger)
    inserted: Mapped[int] = mapped_column(BigInteger)
    updated: Mapped[int] = mapped_column(BigInteger)
    unchanged: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float] = mapped_column(REAL)
    created_by: Mapped[Words]
    created_at: Mapped[Created]
    fingerprint: Mapped[str | None] = mapped_column(Text)
    tables: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    number: Mapped[int | None] = mapped_column(Integer)
    source: Mapped[Words] = mapped_column(Text, server_default="file")
    decisions: Mapped[JsonList] = mapped_column(JSONB, server_default=text("'[]'"))
    same_as: Mapped[int | None] = mapped_column(Integer)
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[str | None] = mapped_column(Text)
    read_zone: Mapped[str | None] = mapped_column(Text)


class ImportChange(Owned, Base):
    """A row that an import changed or deleted: how it was before and after (database/loading/journal.py)."""

    __tablename__ = "import_changes"
    import_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    table_name: Mapped[Words]
    key: Mapped[JsonList]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ImportRows(Owned, Base):
    """Rows as an import staged them, packed; `size` is that of the CSV."""

    __tablename__ = "import_rows"
    import_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    shape: Mapped[Words]
    columns: Mapped[list[str]] = mapped_column(ARRAY(Text))
    rows: Mapped[int] = mapped_column(BigInteger)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(BigInteger)


class ImportMapping(Owned, Base):
    """A mapping a person confirmed, found again by the header it was made for."""

    __tablename__ = "import_mappings"
    header_key: Mapped[Words] = mapped_column(Text, primary_key=True)
    kind: Mapped[Words]
    mapping: Mapped[Json]
    saved_by: Mapped[Words]
    saved_at: Mapped[Created]


class Alert(Owned, Base):
    """Something a person should know, until somebody has seen it."""

    __tablename__ = "alerts"
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    kind: Mapped[Words]
    severity: Mapped[Words]
    title: Mapped[Words]
    detail: Mapped[Json]
    created_at: Mapped[Created]
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AuditEntry(Owned, Base):
    """Who did what, when, through which door. Rows are only ever added."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "org_id", "at"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    at: Mapped[Created]
    actor: Mapped[Words]
    door: Mapped[Words]
    action: Mapped[Words]
    subject: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[Json]
