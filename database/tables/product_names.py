"""What products were called over time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, DateTime, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Loaded, Words


class ProductName(Loaded, Base):
    """A name that order lines with a price carry for a product, on how many lines and when last.

    `chosen`: it was given to the product because no catalogue names it (loading/naming.py).
    """

    __tablename__ = "product_names"
    journal_key = ("sku", "name")
    sku: Mapped[Words] = mapped_column(Text, primary_key=True)
    name: Mapped[Words] = mapped_column(Text, primary_key=True)
    lines: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    last_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    chosen: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
