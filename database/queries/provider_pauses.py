"""Services that want no messages for a while, as they have said (429 with Retry-After)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["AT_WORK", "forget", "pause"]

AT_WORK = "not exists (select from provider_pauses q where q.provider = m.provider and q.until > :now)"
"""Of a message m: its provider takes messages at instant :now."""


def pause(connection: Connection, provider: str, until: datetime, reason: str) -> None:
    """Let a provider's messages wait until then."""
    connection.execute(
        text(
            """
            insert into provider_pauses (provider, until, reason) values (:provider, :until, :reason)
            on conflict (org_id, provider) do update set until = excluded.until, reason = excluded.reason
            """
        ),
        {"provider": provider, "until": until, "reason": reason},
    )


def forget(connection: Connection) -> None:
    """Ask every service anew: somebody has changed what they are spoken to with."""
    connection.execute(text("delete from provider_pauses"))
