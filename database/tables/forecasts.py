"""What is foreseen and aimed at: forecasts kept until they can be held against what came, and targets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Money, Owned, Words


class Forecast(Owned, Base):
    """A figure foreseen for the days `start_day` to `end_day` when the data reached `known_until`.

    `filters`: canonical JSON of the conditions, empty for the whole shop. `so_far`: what had come of it by then, a part
    of `expected`; `low` and `high` hold nine in ten.
    """

    __tablename__ = "forecasts"
    __table_args__ = (CheckConstraint("start_day <= end_day and known_until < end_day", name="days"),)
    metric: Mapped[Words] = mapped_column(Text, primary_key=True)
    filters: Mapped[Words] = mapped_column(Text, primary_key=True)
    start_day: Mapped[date] = mapped_column(Date, primary_key=True)
    end_day: Mapped[date] = mapped_column(Date, primary_key=True)
    known_until: Mapped[date] = mapped_column(Date, primary_key=True)
    so_far: Mapped[Money]
    expected: Mapped[Money]
    low: Mapped[Money]
    high: Mapped[Money]
    champion: Mapped[Words]
    made_at: Mapped[Created]


class Target(Owned, Base):
    """What a figure of the whole shop is to reach in the days `start_day` to `end_day`, and who said so."""

    __tablename__ = "targets"
    __table_args__ = (CheckConstraint("start_day <= end_day and amount > 0", name="sense"),)
    metric: Mapped[Words] = mapped_column(Text, primary_key=True)
    start_day: Mapped[date] = mapped_column(Date, primary_key=True)
    end_day: Mapped[date] = mapped_column(Date, primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    set_by: Mapped[Words]
    set_at: Mapped[Created]
