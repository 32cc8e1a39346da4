"""People who were erased: what was done, as a certificate that holds nothing of them, and marks to know them by."""

from __future__ import annotations

from sqlalchemy import Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Json, JsonList, Key, Owned, Ref, Words

__all__ = ["Erasure", "ErasureMark"]


class Erasure(Owned, Base):
    """One erasure: rows and files by place, what was kept and why, and who else has the person's data."""

    __tablename__ = "erasures"
    id: Mapped[Key]
    erased_by: Mapped[Words]
    door: Mapped[Words]
    erased_at: Mapped[Created]
    places: Mapped[Json]
    kept: Mapped[JsonList]
    elsewhere: Mapped[JsonList]


class ErasureMark(Owned, Base):
    """A keyed hash (HMAC-SHA256, core/keyed_hash.py) of something an erased person went by.

    `channel` empty: rows of files that go by it are left out. Else an address that must not be written to on that
    channel for `reason`, whoever it comes with. The key is the installation's, and is not in the database.
    """

    __tablename__ = "erasure_marks"
    hash: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    channel: Mapped[str] = mapped_column(Text, primary_key=True, server_default=text("''"))
    reason: Mapped[str | None] = mapped_column(Text)
    erasure_id: Mapped[Ref]
