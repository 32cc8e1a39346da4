"""Behavioural vectors of customers, with an index for nearest neighbours (pgvector)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import BigInteger, DateTime, Index
from sqlalchemy.dialects.postgresql import UUID as PgUUID
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Base, Created, Owned

__all__ = ["WIDTH", "CustomerVector"]

WIDTH = 128


class CustomerVector(Owned, Base):
    """128 numbers of length 1 that stand for what a customer did before `as_of`."""

    __tablename__ = "customer_vectors"
    __table_args__ = (
        Index(
            "ix_customer_vectors_vector",
            "vector",
            postgresql_using="hnsw",
            postgresql_ops={"vector": "vector_cosine_ops"},
        ),
        {"postgresql_partition_by": "LIST (org_id)"},
    )
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    vector: Mapped[list[float]] = mapped_column(VECTOR(WIDTH))
    as_of: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    model_run_id: Mapped[UUID] = mapped_column(PgUUID(as_uuid=True))
    computed_at: Mapped[Created]
