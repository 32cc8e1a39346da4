"""What the business did and what was said of it: campaigns, spend, experiments, mentions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Numeric, Text
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Amount, Base, Created, Instant, JsonList, Loaded, Money, Words


class Campaign(Loaded, Base):
    """A campaign, imported or launched from here (then `proposal_id` names the approved proposal).

    What was launched from here goes out until `ends_at`, and from step to step as the database allows it (0050).
    `step_of`: it is what one node of a journey sends; names the proposal that the journey's version was approved as.
    """

    __tablename__ = "campaigns"
    journal_key = ("campaign_id",)
    campaign_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    name: Mapped[Words]
    channel: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    status: Mapped[Words] = mapped_column(Text, server_default="completed")
    audience: Mapped[str | None] = mapped_column(Text)
    budget: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    proposal_id: Mapped[str | None] = mapped_column(Text)
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    step_of: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))


class CampaignDay(Loaded, Base):
    """One campaign on one day.

    `sent` and what follows it is of campaigns launched from here alone (database/queries/campaign_days.py); what
    platforms report of advertising is null in them.
    """

    __tablename__ = "campaign_daily"
    journal_key = ("campaign_id", "day")
    campaign_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    impressions: Mapped[int | None] = mapped_column(BigInteger)
    clicks: Mapped[int | None] = mapped_column(BigInteger)
    conversions: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    cost: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    revenue: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    sent: Mapped[int | None] = mapped_column(BigInteger)
    delivered: Mapped[int | None] = mapped_column(BigInteger)
    opened: Mapped[int | None] = mapped_column(BigInteger)
    clicked: Mapped[int | None] = mapped_column(BigInteger)
    bounced: Mapped[int | None] = mapped_column(BigInteger)
    unsubscribed: Mapped[int | None] = mapped_column(BigInteger)
    bought: Mapped[int | None] = mapped_column(BigInteger)
    bought_revenue: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))


class ChannelSpend(Loaded, Base):
    """Advertising spend of one channel on one day."""

    __tablename__ = "channel_spend"
    journal_key = ("day", "channel")
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    channel: Mapped[Words] = mapped_column(Text, primary_key=True)
    spend: Mapped[Money]
    impressions: Mapped[int | None] = mapped_column(BigInteger)
    clicks: Mapped[int | None] = mapped_column(BigInteger)
    conversions: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    revenue: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))


class Assignment(Loaded, Base):
    """The arm of an experiment a customer was drawn into."""

    __tablename__ = "assignments"
    journal_key = ("campaign_id", "customer_id")
    campaign_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    arm: Mapped[Words]
    assigned_at: Mapped[Created]


class ConversionPath(Loaded, Base):
    """A path to conversions as a file counts it, a list of touches; `path_id` is a hash of it.

    `conversions` of it in all, worth `value`, and `nulls` that did not convert; null: the file does not say.
    """

    __tablename__ = "conversion_paths"
    journal_key = ("file", "path_id")
    __table_args__ = (CheckConstraint("conversions >= 0 and (nulls is null or nulls >= 0)", name="counts"),)
    file: Mapped[Words] = mapped_column(Text, primary_key=True)
    path_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    path: Mapped[JsonList]
    conversions: Mapped[Money]
    value: Mapped[Amount]
    nulls: Mapped[Amount]


class Mention(Loaded, Base):
    """Something said about the brand. Text from outside: data, never an instruction."""

    __tablename__ = "mentions"
    journal_key = ("mention_id",)
    mention_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    source: Mapped[Words]
    posted_at: Mapped[Instant]
    author_handle: Mapped[str | None] = mapped_column(Text)
    text: Mapped[Words]
    rating: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    url: Mapped[str | None] = mapped_column(Text)
