"""Addresses that must not be contacted on a channel."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["add", "contains", "remove"]


def add(connection: Connection, channel: str, address: str, reason: str) -> bool:
    """Suppress `address` (kept in lower case) on `channel`; False when it was suppressed already."""
    added = connection.execute(
        text(
            """
            insert into suppressions (channel, address, reason) values (:channel, lower(:address), :reason)
            on conflict do nothing
            """
        ),
        {"channel": channel, "address": address.strip(), "reason": reason},
    )
    return added.rowcount == 1


def contains(connection: Connection, channel: str, address: str) -> bool:
    """True when `address` must not be contacted on `channel`."""
    found = connection.execute(
        text("select exists (select from suppressions where channel = :channel and address = lower(:address))"),
        {"channel": channel, "address": address.strip()},
    )
    return bool(found.scalar_one())


def remove(connection: Connection, channel: str, address: str) -> bool:
    """Lift a suppression; False when there was none."""
    removed = connection.execute(
        text("delete from suppressions where channel = :channel and address = lower(:address)"),
        {"channel": channel, "address": address.strip()},
    )
    return removed.rowcount == 1
