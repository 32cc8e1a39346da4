"""What nobody has told yet is asked at the terminal before a first file is read: currency and time zone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from core.identity import Identity
    from database.engine import Database

__all__ = ["tell"]


def tell(database: Database, identity: Identity, currency: str | None, time_zone: str | None) -> None:
    """Keep what the command line says; ask for the time zone where nobody has told it and somebody sits there.

    The currency is not asked for: files say it, and one that leaves it open is refused with the question.
    """
    from tools.people.settings import change_settings, settings_of

    untold = settings_of(database, identity).assumed
    if time_zone is None and "time_zone" in untold and sys.stdin.isatty():
        asked = typer.prompt("Where are days cut? A time zone such as Europe/Berlin", default="UTC")
        time_zone = str(asked).strip()
    if currency is not None or time_zone is not None:
        change_settings(database, identity, currency=currency, time_zone=time_zone)
