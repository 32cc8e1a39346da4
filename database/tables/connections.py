"""Sources an organisation is connected to: how to reach them, and how far each stream has been read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Json, Key, Owned, Words

CONNECTION_STATES = ("active", "disabled")


class SourceConnection(Owned, Base):
    """One connection. `settings` are sealed (core/secrets.py); `cursors` hold the position of each stream.

    `prefix` stands before the source's own identifiers where another connection has the bare ones.
    `started_at` is set while a sync runs: one that is still set when the next begins was cut off.
    """

    __tablename__ = "connections"
    __table_args__ = (
        CheckConstraint(f"status in {CONNECTION_STATES}", name="status"),
        UniqueConstraint("org_id", "name"),
    )
    id: Mapped[Key]
    source: Mapped[Words]
    name: Mapped[Words]
    prefix: Mapped[str] = mapped_column(Text, server_default="")
    settings: Mapped[bytes] = mapped_column(LargeBinary)
    cursors: Mapped[Json] = mapped_column(JSONB, server_default=text("'{}'"))
    status: Mapped[Words] = mapped_column(Text, server_default="active")
    last_error: Mapped[str | None] = mapped_column(Text)
    last_result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    last_synced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[Words]
    created_at: Mapped[Created]


class ConnectionPrefix(Owned, Base):
    """What stands before the identifiers of a connection, also after it was taken away; `name` is in lower case."""

    __tablename__ = "connection_prefixes"
    __table_args__ = (UniqueConstraint("org_id", "prefix"),)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    prefix: Mapped[Words]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
