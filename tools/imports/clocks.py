"""Where the days of a shop are cut that has not told: by the offsets of a file's times, else in UTC, and said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.files.appearance import clean
from connectors.files.conversion import Conversion
from connectors.files.offsets import has_hours, zones_of
from core.decisions import Decisions
from database.queries.imports import read_in_other_zones
from database.queries.organisations import Profile, profile

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

__all__ = ["note_other_zones", "read_elsewhere", "zone_by_offsets"]

TIMES = ("ordered_at", "occurred_at", "refunded_at", "posted_at")
TOLD = "aima org set --time-zone ZONE"
SHOWN = 3


def zone_by_offsets(conversion: Conversion, sample: pl.DataFrame, shop: Profile, decisions: Decisions) -> str | None:
    """The time zone that the file shows, for an organisation that has told none; what was taken is noted."""
    name = next((name for name in TIMES if name in conversion.dates), None)
    if "time_zone" not in shop.assumed or name is None:
        return None
    column = conversion.mapping.columns[name]
    values = clean(sample[column])
    instants = conversion.dates[name].read(values)
    zones = zones_of(values, instants)
    if zones:
        others = f" (as those of {', '.join(zones[1:4])} would)" if zones[1:] else ""
        said = f"Days are cut in {zones[0]}: the times of “{column}” bear its offsets{others}."
        decisions.add("dates", said, doubtful=bool(others), instead=TOLD)
        return zones[0]
    if has_hours(instants, shop.time_zone):
        said = f"Nobody has said where your shop is: times are read, and days cut, in {shop.time_zone}."
        decisions.add("dates", said, doubtful=True, instead=TOLD)
    return None


def read_elsewhere(connection: Connection) -> str:
    """A sentence about files whose days and times were read in another zone than the one in force; empty: none."""
    zone = profile(connection).time_zone
    files = read_in_other_zones(connection, zone)
    if not files:
        return ""
    shown = ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN} more" if len(files) > SHOWN else "")
    them = "it" if len(files) == 1 else "them"
    return (
        f"The days and times of {shown} were read in another time zone and stay as they are: take {them}"
        f" back and import {them} again to have {them} read in {zone}."
    )


def note_other_zones(connection: Connection, zone: str, decisions: Decisions) -> None:
    """A file that tells the time zone leaves those before it as they were read: said."""
    if read_in_other_zones(connection, zone):
        decisions.add("dates", read_elsewhere(connection), doubtful=True, instead="aima import FILE --again")
