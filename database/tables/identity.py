"""Organisations, the people in them, their API keys and their logins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Instant, Owned, Ref, Words


class Organisation(Base):
    """A business. Its time zone reads times without one; its currency is that of every figure ("": not known yet).

    `assumed` names the settings that nobody has told yet: `currency`, `time_zone`. The fiscal year starts with a day
    such as "04-01"; it and the way dates are written are null until somebody tells them.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("week_starts in ('monday', 'saturday', 'sunday')", name="week_starts"),
        CheckConstraint("fiscal_year_starts ~ '^(0[1-9]|1[0-2])-([0-2][0-9]|3[01])$'", name="fiscal_year_starts"),
        CheckConstraint("formats in ('en-GB', 'en-US', 'en-CA')", name="formats"),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    slug: Mapped[Words] = mapped_column(Text, unique=True)
    name: Mapped[Words]
    time_zone: Mapped[Words] = mapped_column(Text, server_default="UTC")
    currency: Mapped[Words] = mapped_column(Text, server_default="")
    assumed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    is_demo: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    created_at: Mapped[Created]
    week_starts: Mapped[Words] = mapped_column(Text, server_default="monday")
    fiscal_year_starts: Mapped[str | None] = mapped_column(Text)
    formats: Mapped[str | None] = mapped_column(Text)


class User(Owned, Base):
    """A person who can log in."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("role in ('admin', 'manager', 'analyst', 'viewer')", name="role"),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    email: Mapped[Words]
    name: Mapped[str | None] = mapped_column(Text)
    role: Mapped[Words]
    password_hash: Mapped[Words]
    created_at: Mapped[Created]
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ApiKey(Owned, Base):
    """A bearer token: only its SHA-256 is kept."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("key_hash"),)
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    user_id: Mapped[Ref]
    name: Mapped[Words]
    prefix: Mapped[Words]
    key_hash: Mapped[Words]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[Created]
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class LoginSession(Owned, Base):
    """Somebody signed in from one browser: only the SHA-256 of what the browser holds is kept.

    In force until `expires_at`, or until it was not seen for a while (`tools.people.sessions`), or ended.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "org_id", "user_id"))
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    user_id: Mapped[Ref]
    token_hash: Mapped[Words]
    source: Mapped[Words]
    device: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Created]
    seen_at: Mapped[Created]
    expires_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_because: Mapped[str | None] = mapped_column(Text)


class LoginTry(Base):
    """How often a login was tried in vain under one name (a hash); of no organisation, read by functions alone."""

    __tablename__ = "login_tries"
    name: Mapped[Words] = mapped_column(Text, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    tried_at: Mapped[Created] = mapped_column(index=True)
    closed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    succeeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
