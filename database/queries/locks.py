"""Locks by name, held by PostgreSQL for as long as a session or a transaction lives: a dead holder holds nothing.

Session locks need a connection of one's own (no transaction pooling between us and PostgreSQL).
"""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["hold", "is_free", "let_go"]


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
