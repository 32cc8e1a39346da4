"""Whose facts have changed since a snapshot: what triggers noted, seen by transaction and so without gaps."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

__all__ = ["Changes", "changes_since", "note_everybody"]

_SINCE = text(
    """
    select customer_ids, transaction = cast(cast(pg_current_xact_id_if_assigned() as text) as bigint) as own
    from customer_changes
    where not pg_visible_in_snapshot(cast(cast(transaction as text) as xid8), cast(:snapshot as pg_snapshot))
    """
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Customers whose facts changed; None: too many to name. `own`: by this very transaction, not committed yet."""

    customers: frozenset[int] | None
    own: bool = False

    @property
    def none(self) -> bool:
        """Nothing has changed."""
        return self.customers is not None and not self.customers


def changes_since(connection: Connection, snapshot: str) -> Changes:
    """What this transaction sees that `snapshot` (of pg_current_snapshot) did not."""
    rows = connection.execute(_SINCE, {"snapshot": snapshot}).all()
    own = any(row.own for row in rows)
    if any(row.customer_ids is None for row in rows):
        return Changes(None, own)
    return Changes(frozenset(id_ for row in rows for id_ in row.customer_ids), own)


def note_everybody(connection: Connection) -> None:
    """Note a change to too many customers to name, where no trigger sees it; what is older than a day goes."""
    connection.execute(text("delete from customer_changes where noted_at < now() - interval '1 day'"))
    connection.execute(text("insert into customer_changes (customer_ids) values (null)"))
