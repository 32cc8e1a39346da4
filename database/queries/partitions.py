"""Monthly partitions, made ahead of the rows that need them."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["make_ahead"]


def make_ahead(connection: Connection) -> int:
    """Make the partitions of this month and the next three; returns how many were missing."""
    query = text(
        """
        select coalesce(sum(ensure_month_partitions(t, now(), now() + interval '3 months')), 0)
        from unnest(array['orders', 'events']) t
        """
    )
    return int(connection.execute(query).scalar_one())
