"""What campaigns offer, and the voucher codes that customers get."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import NEW_UUID, Base, Created, Owned, Ref, Words

__all__ = ["CODES", "KINDS", "CodeAssignment", "Offer", "OfferCode"]

KINDS = ("percent", "amount", "free_item", "cashback", "points")
CODES = ("none", "shared", "unique")
_VALUE = "value > 0 and (kind <> 'percent' or value <= 100) or value is null and kind = 'free_item'"


class Offer(Owned, Base):
    """An offer: what it is worth, from which order on, by which codes, until when. Only withdrawing changes a row.

    `value` is percent, money or points by its kind; of a free item what it is worth. `budget` is the most that all
    campaigns with it may give away.
    """

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"codes in {CODES} and (codes = 'shared') = (code is not null)", name="codes"),
        CheckConstraint(_VALUE, name="value"),
        CheckConstraint("(kind = 'free_item') = (item is not null)", name="item"),
        Index(
            "uq_offers_org_id_name",
            "org_id",
            text("lower(name)"),
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
    )
    id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)
    name: Mapped[Words]
    kind: Mapped[Words]
    value: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    item: Mapped[str | None] = mapped_column(Text)
    minimum: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    codes: Mapped[Words] = mapped_column(Text, server_default="none")
    code: Mapped[str | None] = mapped_column(Text)
    prefix: Mapped[str | None] = mapped_column(Text)
    budget: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    valid_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[Words]
    created_at: Mapped[Created]
    replaces: Mapped[UUID | None] = mapped_column(PgUUID(as_uuid=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class OfferCode(Owned, Base):
    """A voucher code of an offer; `code_key` is the code in capitals. One that is taken is never free again."""

    __tablename__ = "offer_codes"
    __table_args__ = (
        CheckConstraint("source in ('generated', 'imported')", name="source"),
        Index(None, "org_id", "offer_id", postgresql_where=text("taken_at is null")),
    )
    code_key: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    code: Mapped[Words]
    offer_id: Mapped[Ref]
    source: Mapped[Words]
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Created]


class CodeAssignment(Owned, Base):
    """Whose code is whose: one for each customer and campaign."""

    __tablename__ = "code_assignments"
    __table_args__ = (UniqueConstraint("org_id", "code_key"),)
    campaign_id: Mapped[Words] = mapped_column(Text, primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    code_key: Mapped[str] = mapped_column(Text(collation="C"))
    assigned_at: Mapped[Created]
