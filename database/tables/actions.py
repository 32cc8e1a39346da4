"""From proposal to delivery: proposals, approvals, the outbox, what providers reported, who must not be contacted."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Instant, Json, Loaded, Owned, Ref, Words

PROPOSAL_STATES = ("pending", "approved", "rejected", "superseded", "expired")
MESSAGE_STATES = ("pending", "claimed", "handing_over", "sent", "failed", "skipped", "unknown")
# What providers tell of a message, by weight: a heavier one stays, whatever comes after it.
DELIVERY_STATES = (
    "accepted", "deferred", "failed", "rejected", "delivered", "bounced", "unsubscribed", "complained",
)  # fmt: skip


class Proposal(Owned, Base):
    """Something to be done once a person approves exactly what was shown (`content_hash` of `payload`).

    `request_key` makes asking twice give one proposal: the conversation and tool call it came from. `plan_id`
    is the weekly plan that it is a part of; nobody can approve it from `expires_at` on.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("org_id", "request_key"),
        CheckConstraint(f"status in {PROPOSAL_STATES}", name="status"),
        Index(None, "org_id", "plan_id", postgresql_where=text("plan_id is not null")),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    kind: Mapped[Words]
    title: Mapped[Words]
    payload: Mapped[Json]
    content_hash: Mapped[Words]
    status: Mapped[Words] = mapped_column(Text, server_default="pending")
    request_key: Mapped[str | None] = mapped_column(Text)
    thread_id: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[Words]
    created_at: Mapped[Created]
    replaces: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    plan_id: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))


class Approval(Owned, Base):
    """A person's decision: one a proposal, never changed."""

    __tablename__ = "approvals"
    proposal_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    decision: Mapped[Words]
    content_hash: Mapped[Words]
    decided_by: Mapped[Words]
    user_id: Mapped[Ref]
    note: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[Created]


class Message(Loaded, Base):
    """The outbox: one row a recipient of a campaign and channel, ever; of a step of a journey, one an `entry` into it.

    pending → claimed → handing_over → sent | failed; skipped where consent, suppression, address or the cap forbid;
    unknown where a process died while handing over, and nothing is sent again before a person has looked.
    `delivery` and what follows it is what the provider's events add up to; null: it has told nothing.
    """

    __tablename__ = "messages"
    journal_key = ("id",)
    __table_args__ = (
        UniqueConstraint("org_id", "campaign_id", "customer_id", "channel", "entry"),
        CheckConstraint(f"status in {MESSAGE_STATES}", name="status"),
        CheckConstraint(f"delivery in {DELIVERY_STATES}", name="delivery"),
        Index(None, "org_id", "status", "due_at"),
        Index(
            "ix_messages_org_id_channel_address",
            "org_id",
            "channel",
            text("lower(address)"),
            postgresql_where=text("delivery is not null"),
        ),
        Index(
            None,
            "org_id",
            "customer_id",
            postgresql_where=text("status in ('claimed', 'handing_over', 'sent', 'unknown')"),
        ),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    campaign_id: Mapped[Words]
    customer_id: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[Words]
    address: Mapped[str | None] = mapped_column(Text)
    status: Mapped[Words] = mapped_column(Text, server_default="pending")
    reason: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[Instant]
    claimed_by: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    provider: Mapped[str | None] = mapped_column(Text)
    provider_reference: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[Created]
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    delivery: Mapped[str | None] = mapped_column(Text)
    delivery_reason: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    machine_opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    clicked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    entry: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class MessageEvent(Owned, Base):
    """What happened to a message: handed over, bounced, opened, unsubscribed; `provider` told it, null: we saw it.

    Where a provider names an address and no message (somebody wrote STOP) the address stands as a hash. `permanent`:
    there is no such address; `machine`: a program opened or clicked.
    """

    __tablename__ = "message_events"
    __table_args__ = (
        UniqueConstraint("org_id", "provider", "event_id"),
        CheckConstraint("message_id is not null or address_hash is not null", name="subject"),
        Index(None, "org_id", "message_id"),
        Index(None, "org_id", "address_hash", postgresql_where=text("address_hash is not null")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    message_id: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))
    kind: Mapped[Words]
    detail: Mapped[str | None] = mapped_column(Text)
    at: Mapped[Created]
    provider: Mapped[str | None] = mapped_column(Text)
    event_id: Mapped[str | None] = mapped_column(Text)
    address_hash: Mapped[str | None] = mapped_column(Text)
    permanent: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    machine: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    url: Mapped[str | None] = mapped_column(Text)


class WebhookNonce(Owned, Base):
    """A call of a provider whose signature leaves the body out: what it covers instead is good for one body."""

    __tablename__ = "webhook_nonces"
    __table_args__ = (Index(None, "org_id", "at"),)
    provider: Mapped[Words] = mapped_column(Text, primary_key=True)
    nonce: Mapped[Words] = mapped_column(Text, primary_key=True)
    body_hash: Mapped[Words]
    at: Mapped[Created]


class ProviderPause(Owned, Base):
    """A service that has asked for a while without messages (429 with Retry-After): they wait until it is over."""

    __tablename__ = "provider_pauses"
    provider: Mapped[Words] = mapped_column(Text, primary_key=True)
    until: Mapped[Instant]
    reason: Mapped[Words]


class Suppression(Loaded, Base):
    """An address that must not be contacted on a channel, whatever a campaign says."""

    __tablename__ = "suppressions"
    journal_key = ("channel", "address")
    channel: Mapped[Words] = mapped_column(Text, primary_key=True)
    address: Mapped[Words] = mapped_column(Text, primary_key=True)
    reason: Mapped[Words]
    at: Mapped[Created]


class SandboxMessage(Owned, Base):
    """The sandbox mailbox: what would have gone out, for looking at."""

    __tablename__ = "sandbox_mailbox"
    message_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True)
    channel: Mapped[Words]
    recipient: Mapped[Words]
    subject: Mapped[str | None] = mapped_column(Text)
    body_text: Mapped[Words]
    body_html: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[Json]
    delivered_at: Mapped[Created]


class ChannelAccount(Owned, Base):
    """Whom an organisation's messages of a channel come from, and who carries them; null: as the installation has it.

    `settings` are the provider's, sealed (core/secrets.py).
    """

    __tablename__ = "channel_accounts"
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    provider: Mapped[str | None] = mapped_column(Text)
    settings: Mapped[bytes | None] = mapped_column(LargeBinary)
    sender: Mapped[str | None] = mapped_column(Text)
    reply_to: Mapped[str | None] = mapped_column(Text)
    footer: Mapped[str | None] = mapped_column(Text)
    changed_by: Mapped[Words]
    changed_at: Mapped[Created]


class SendingRule(Owned, Base):
    """When an organisation's messages go out, how many a person gets, whether links are followed; one row, or none.

    Messages wait from `quiet_from` to `quiet_until` by the recipient's clocks; nobody gets more than `most_messages` in
    `most_days` days.
    """

    __tablename__ = "sending_rules"
    __table_args__ = (
        CheckConstraint(
            "(quiet_from is null) = (quiet_until is null) and quiet_from is distinct from"
            " coalesce(quiet_until, '24:00')",
            name="quiet",
        ),
        CheckConstraint(
            "(most_messages is null) = (most_days is null) and most_messages between 1 and 1000"
            " and most_days between 1 and 365",
            name="most",
        ),
    )
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    most_messages: Mapped[int | None] = mapped_column(Integer)
    most_days: Mapped[int | None] = mapped_column(Integer)
    follows: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    changed_by: Mapped[Words]
    changed_at: Mapped[Created]
