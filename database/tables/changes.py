"""Whose facts changed: noted by triggers, read by copies of the facts that want to know what they missed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Identity, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Owned


class CustomerChange(Owned, Base):
    """Customers whose facts one statement of `transaction` changed; customer_ids null: more than a thousand."""

    __tablename__ = "customer_changes"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
    customer_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    noted_at: Mapped[Created]
