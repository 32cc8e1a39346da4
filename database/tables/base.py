"""What every table shares: naming, column types, and the organisation it belongs to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Integer, MetaData, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

ORG_FROM_SESSION = text("nullif(current_setting('app.org_id', true), '')::uuid")
IMPORT_FROM_SESSION = text("nullif(current_setting('app.import_no', true), '')::integer")
NEW_UUID = text("gen_random_uuid()")
NOW = text("now()")

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Created = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=NOW)]
Money = Annotated[Decimal, mapped_column(Numeric(18, 4))]
Amount = Annotated[Decimal | None, mapped_column(Numeric(18, 4))]
"""Money that may not be known."""
Json = Annotated[dict[str, Any], mapped_column(JSONB)]
JsonList = Annotated[list[Any], mapped_column(JSONB)]
Key = Annotated[UUID, mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=NEW_UUID)]
Ref = Annotated[UUID, mapped_column(PgUUID(as_uuid=True))]
Words = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """Metadata with stable constraint names, so that migrations can name what they drop."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class Owned:
    """A table whose rows belong to one organisation; row-level security holds them apart.

    `org_id` defaults to the transaction's organisation, so no statement has to pass it. There is no foreign key
    to organisations: checking it would cost more than the load itself on tables of tens of millions of rows.
    """

    @declared_attr
    def org_id(cls) -> Mapped[UUID]:
        return mapped_column(PgUUID(as_uuid=True), primary_key=True, server_default=ORG_FROM_SESSION, sort_order=-10)


class Loaded(Owned):
    """A table that imports write, or change (database/loading/journal.py): what one of them did can be taken back.

    `import_no` is the import that made the row, negative once others have changed it; null: no import. `journal_key`
    names a row for good. A migration calls `database.migrations.journal.journaled` for the table, with the same key.
    """

    journal_key: ClassVar[tuple[str, ...]]

    @declared_attr
    def import_no(cls) -> Mapped[int | None]:
        return mapped_column(Integer, server_default=IMPORT_FROM_SESSION, sort_order=1_000)
