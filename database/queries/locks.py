"""Locks by name, held by PostgreSQL for as long as a session or a transaction lives: a dead holder holds nothing.

Session locks need a connection of one's own (no transaction pooling between us and PostgreSQL).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

__all__ = ["alone", "hold", "is_free", "let_go"]


@contextmanager
def alone(engine: Engine, kind: str, name: str) -> Iterator[bool]:
    """True inside when nobody else holds the lock; it is let go at the end of the block, or of this process."""
    with engine.connect() as connection:
        with connection.begin():
            taken = hold(connection, kind, name)
        try:
            yield taken
        finally:
            with suppress(OperationalError), connection.begin():  # a lost session holds nothing any more
                let_go(connection)
            connection.invalidate()


def hold(connection: Connection, kind: str, name: str) -> bool:
    """Hold the lock until the session ends; False when another session does."""
    query = text("select pg_try_advisory_lock(hashtext(:kind), hashtext(:name))")
    return bool(connection.execute(query, {"kind": kind, "name": name}).scalar_one())


def is_free(connection: Connection, kind: str, name: str) -> bool:
    """True when no other session holds the lock (this transaction holds it from then on)."""
    query = text("select pg_try_advisory_xact_lock(hashtext(:kind), hashtext(:name))")
    return bool(connection.execute(query, {"kind": kind, "name": name}).scalar_one())


def let_go(connection: Connection) -> None:
    """Let go of every lock this session holds: at once, where the end of the session would take a moment."""
    connection.execute(text("select pg_advisory_unlock_all()"))
