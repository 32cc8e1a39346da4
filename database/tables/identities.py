"""What customers go by, and customers that turned out to be one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Json, Loaded, Words

__all__ = ["CustomerMerge", "CustomerName"]


class CustomerName(Loaded, Base):
    """Something a customer goes by besides the external id of the row: kind id, email, phone or vendor:<name>."""

    __tablename__ = "identities"
    journal_key = ("kind", "value")
    __table_args__ = (Index(None, "org_id", "customer_id"),)
    kind: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    value: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger)


class CustomerMerge(Loaded, Base):
    """Customer `gone` became a part of `kept`: by which rule, on what evidence, and what has to go back to part them.

    `parted_at`: a person took the merge back; the two are not merged again.
    """

    __tablename__ = "customer_merges"
    journal_key = ("id",)
    __table_args__ = (Index(None, "org_id", "kept"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    kept: Mapped[int] = mapped_column(BigInteger)
    gone: Mapped[int] = mapped_column(BigInteger)
    gone_name: Mapped[Words]
    rule: Mapped[Words]
    evidence: Mapped[Words]
    source: Mapped[Words]
    at: Mapped[Created]
    moved: Mapped[Json]
    parted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
