"""Journeys: definitions, versions that people approved, where everybody is, what was done with whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Instant, Json, Owned, Ref, Words

JOURNEY_STATES = ("draft", "running", "paused", "closing", "ended")


class Journey(Owned, Base):
    """A journey by its name: the definition that is worked on, and the newest version that was approved.

    closing: nobody enters any more, who is inside goes on.
    """

    __tablename__ = "journeys"
    __table_args__ = (
        CheckConstraint(f"status in {JOURNEY_STATES}", name="status"),
        CheckConstraint("(status = 'draft') = (version is null)", name="version"),
        Index("uq_journeys_org_id_name", "org_id", text("lower(name)"), unique=True),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    name: Mapped[Words]
    status: Mapped[Words] = mapped_column(Text, server_default="draft")
    definition: Mapped[Json]
    version: Mapped[int | None] = mapped_column(Integer)
    changed_by: Mapped[Words]
    changed_at: Mapped[Created]


class JourneyVersion(Owned, Base):
    """A version as a person approved it: what runs is the content of that proposal.

    Nobody enters by what they did before `entries_from`. `members_at`: when it last looked who is in its segment;
    `news_at`, `news_of`: when it last looked what people did, and which loads that took in.
    """

    __tablename__ = "journey_versions"
    __table_args__ = (UniqueConstraint("org_id", "proposal_id"),)
    journey_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    proposal_id: Mapped[Ref]
    started_at: Mapped[Instant]
    entries_from: Mapped[Instant]
    members_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    news_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    news_of: Mapped[Words] = mapped_column(Text, server_default="")


class JourneyPerson(Owned, Base):
    """One entry of a customer into a journey: inside at a node until `due_at`, or out with an outcome.

    `cause` names what let them in (an event, or the segment), at `caused_at`; `since`: how long they are at the node.
    """

    __tablename__ = "journey_people"
    __table_args__ = (
        CheckConstraint("state in ('in', 'out')", name="state"),
        CheckConstraint(
            "(state = 'in') = (node is not null) and (state = 'in') = (due_at is not null)"
            " and (state = 'out') = (left_at is not null) and (state = 'out') = (outcome is not null)",
            name="place",
        ),
        Index(
            "uq_journey_people_inside",
            "org_id",
            "journey_id",
            "customer_id",
            unique=True,
            postgresql_where=text("state = 'in'"),
        ),
        Index(
            "ix_journey_people_due",
            "org_id",
            "journey_id",
            "version",
            "node",
            "due_at",
            postgresql_where=text("state = 'in'"),
        ),
        Index(None, "org_id", "customer_id"),
    )
    journey_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[Words]
    node: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    since: Mapped[Instant]
    cause: Mapped[Words]
    caused_at: Mapped[Instant]
    entered_at: Mapped[Instant]
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None] = mapped_column(Text)


class JourneyStep(Owned, Base):
    """A node that a customer has passed in an entry, and by which way; once, or by its visits on a circle."""

    __tablename__ = "journey_steps"
    __table_args__ = (Index(None, "org_id", "customer_id"),)
    journey_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    node: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    way: Mapped[Words]
    at: Mapped[Instant]
    visits: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class CustomerTag(Owned, Base):
    """What a journey noted of a customer: a tag, or with `value` an attribute of our own."""

    __tablename__ = "customer_tags"
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str | None] = mapped_column(Text)
    set_by: Mapped[Words]
    set_at: Mapped[Created]


class JourneyCall(Owned, Base):
    """A call to the organisation's own webhook that a node asked for; its id stays, however often it is made."""

    __tablename__ = "journey_calls"
    __table_args__ = (
        UniqueConstraint("org_id", "journey_id", "customer_id", "entry", "node"),
        CheckConstraint("status in ('pending', 'done', 'failed')", name="status"),
        Index("ix_journey_calls_due", "org_id", "due_at", postgresql_where=text("status = 'pending'")),
        Index(None, "org_id", "customer_id"),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    journey_id: Mapped[Ref]
    customer_id: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[int] = mapped_column(Integer)
    node: Mapped[Words]
    event: Mapped[Words]
    status: Mapped[Words] = mapped_column(Text, server_default="pending")
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    due_at: Mapped[Instant]
    reason: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[Instant]
