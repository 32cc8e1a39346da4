"""Whom each channel's messages come from and who carries them, as an organisation has set it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["AccountRow", "forget", "get", "put", "state", "tests_since", "turn"]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One channel's account as stored; `settings` are sealed. None: as the installation has it."""

    channel: str
    provider: str | None
    settings: bytes | None = field(repr=False)
    sender: str | None
    reply_to: str | None
    footer: str | None
    changed_by: str
    changed_at: datetime


_COLUMNS = ", ".join(AccountRow.__dataclass_fields__)


def get(connection: Connection, channel: str) -> AccountRow | None:
    """The account of a channel; None where nothing was ever set."""
    row = connection.execute(
        text(f"select {_COLUMNS} from channel_accounts where channel = :channel"),  # noqa: S608
        {"channel": channel},
    ).one_or_none()
    return None if row is None else AccountRow(*row)


def put(
    connection: Connection,
    channel: str,
    *,
    provider: str | None,
    settings: bytes | None,
    sender: str | None,
    reply_to: str | None,
    footer: str | None,
    by: str,
) -> None:
    """Keep a channel's account in place of the one before."""
    connection.execute(
        text(
            """
            insert into channel_accounts (channel, provider, settings, sender, reply_to, footer, changed_by)
            values (:channel, :provider, :settings, :sender, :reply_to, :footer, :by)
            on conflict (org_id, channel) do update set provider = excluded.provider, settings = excluded.settings,
                sender = excluded.sender, reply_to = excluded.reply_to, footer = excluded.footer,
                changed_by = excluded.changed_by, changed_at = clock_timestamp()
            """
        ),
        {
            "channel": channel,
            "provider": provider,
            "settings": settings,
            "sender": sender,
            "reply_to": reply_to,
            "footer": footer,
            "by": by,
        },
    )


def forget(connection: Connection, channel: str) -> bool:
    """Let a channel be as the installation has it again; False where it was."""
    gone = connection.execute(text("delete from channel_accounts where channel = :channel"), {"channel": channel})
    return bool(gone.rowcount)


def state(connection: Connection) -> tuple[tuple[str, datetime], ...]:
    """What tells whether any account has changed: each channel's last change."""
    rows = connection.execute(text("select channel, changed_at from channel_accounts order by channel"))
    return tuple((row.channel, row.changed_at) for row in rows)


def turn(connection: Connection, actor: str) -> None:
    """Let one person's test messages be counted one after the other, until the end of the transaction."""
    connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"test messages of {actor}"}
    )


def tests_since(connection: Connection, actor: str, action: str, since: datetime) -> int:
    """Test messages that somebody has asked for since then, by the audit log."""
    counted = connection.execute(
        text("select count(*) from audit_log where actor = :actor and action = :action and at > :since"),
        {"actor": actor, "action": action, "since": since},
    )
    return int(counted.scalar_one())
