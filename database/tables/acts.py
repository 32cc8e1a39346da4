"""What customers did, by day in columns: made of orders and events, for figures over long periods."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Boolean, Date, Identity, Integer, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Owned, Words


class ActDay(Owned, Base):
    """The rows of `table_name` (orders, events) on a day, UTC, in the form of database/acts/records.py.

    `version` is new whenever one of them changed; `packed` is null until a job has packed them again. The row of day
    0001-01-01 says that every day with rows has a row here.
    """

    __tablename__ = "act_days"
    table_name: Mapped[Words] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("nextval('act_versions')"))
    rows: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    packed: Mapped[bytes | None] = mapped_column(LargeBinary)


class ActKind(Owned, Base):
    """A kind of rows: what they say besides instant, customer and amount. `taxed`, `shipped`: they tell these parts."""

    __tablename__ = "act_kinds"
    id: Mapped[int] = mapped_column(Integer, Identity(always=False), primary_key=True)
    table_name: Mapped[Words]
    kind: Mapped[Words]
    channel: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    currency: Mapped[str | None] = mapped_column(Text)
    campaign_id: Mapped[str | None] = mapped_column(Text)
    taxed: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    shipped: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
