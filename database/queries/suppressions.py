"""Addresses that must not be contacted on a channel."""

from __future__ import annotations

from sqlalchemy import Connection, text

__all__ = ["add"]


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
