"""Playbooks that people wrote over the defaults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["PlaybookRow", "every", "keep"]


@dataclass(frozen=True, slots=True)
class PlaybookRow:
    """What a person wrote for one segment."""

    kind: str
    segment: str
    offers: Sequence[str]
    message: str
    channels: Sequence[str]
    send_window: str
    updated_by: str
    updated_at: datetime


def every(connection: Connection) -> dict[tuple[str, str], PlaybookRow]:
    """What people wrote, by kind and name of the segment."""
    columns = ", ".join(PlaybookRow.__dataclass_fields__)
    rows = connection.execute(text(f"select {columns} from playbooks")).mappings()  # noqa: S608 - our own columns
    return {(row["kind"], row["segment"]): PlaybookRow(**row) for row in rows}


def keep(connection: Connection, row: PlaybookRow) -> None:
    """Keep what a person wrote, in place of what was there."""
    values = {name: getattr(row, name) for name in PlaybookRow.__dataclass_fields__}
    values |= {"offers": json.dumps(list(row.offers)), "channels": json.dumps(list(row.channels))}
    connection.execute(
        text(
            """
            insert into playbooks (kind, segment, offers, message, channels, send_window, updated_by, updated_at)
            values (:kind, :segment, cast(:offers as jsonb), :message, cast(:channels as jsonb), :send_window,
                    :updated_by, :updated_at)
            on conflict (org_id, kind, segment) do update set offers = excluded.offers, message = excluded.message,
                channels = excluded.channels, send_window = excluded.send_window, updated_by = excluded.updated_by,
                updated_at = excluded.updated_at
            """
        ),
        values,
    )
