"""What is learnt of who responds to what: effects by customer, next items, and value at risk over time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import REAL
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Owned, Words


class UpliftScore(Owned, Base):
    """Added probability to buy if a customer gets an intervention, learnt from the randomised campaign named."""

    __tablename__ = "uplift_scores"
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    intervention: Mapped[Words] = mapped_column(Text, primary_key=True)
    effect: Mapped[float] = mapped_column(REAL)
    campaign_id: Mapped[Words]
    scored_at: Mapped[Created]


class NextItem(Owned, Base):
    """The next products (sku) and categories of a customer; `kind` is product or category, rank 1 the best."""

    __tablename__ = "next_items"
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[Words] = mapped_column(Text, primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    item: Mapped[Words]
    score: Mapped[float] = mapped_column(REAL)
    scored_at: Mapped[Created]


class ValueAtRisk(Owned, Base):
    """Value at risk of one group of customers as it was at one instant: what trends are drawn from."""

    __tablename__ = "value_at_risk"
    dimension: Mapped[Words] = mapped_column(Text, primary_key=True)
    name: Mapped[Words] = mapped_column(Text, primary_key=True)
    as_of: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    customers: Mapped[int] = mapped_column(Integer)
    expected_leavers: Mapped[float] = mapped_column(REAL)
    clv_12m: Mapped[float | None] = mapped_column(REAL)
    value_at_risk: Mapped[float | None] = mapped_column(REAL)
