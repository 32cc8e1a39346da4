"""What an organisation has told of itself: name, currency, time zone, how it counts weeks and years, writes dates."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.clock import utc_now
from core.conventions import FORMATS, check_fiscal_year
from core.currencies import CODES
from core.errors import FixArguments
from core.identity import ADMIN, READ, Identity
from database.engine import Database
from database.loading import journal
from database.loading.coverage import refresh_coverage
from database.loading.currencies import change_currency
from database.loading.load import loading
from database.loading.merge import Counts
from database.queries import organisations
from database.queries.audit import record

__all__ = ["WEEK_STARTS", "change_settings", "check_currency", "check_zone", "settings_of"]

WEEK_STARTS: Final = ("monday", "sunday", "saturday")
LONGEST_NAME = 80


def settings_of(database: Database, identity: Identity) -> organisations.Profile:
    """What figures are labelled with, and what of it nobody has told."""
    identity.require(READ)
    with database.transaction(identity.org_id) as connection:
        return organisations.profile(connection)


def change_settings(
    database: Database,
    identity: Identity,
    *,
    currency: str | None = None,
    time_zone: str | None = None,
    name: str | None = None,
    week_start: str | None = None,
    fiscal_year: str | None = None,
    formats: str | None = None,
    relabel: bool = False,
    now: datetime | None = None,
) -> Counts:
    """Tell what is not None, and work out again what depends on it: rows that changed.

    `relabel`: the amounts loaded so far always were in `currency`; else they are converted by the rates there are.
    Days are cut in the new zone from now on; instants that are loaded stay what they are. Weeks begin with the day
    `week_start`, fiscal years with `fiscal_year` ("04-01"); dates are written as in the locale `formats`.
    """
    identity.require(ADMIN)
    code = None if currency is None else check_currency(currency)
    if time_zone is not None:
        check_zone(time_zone)
    told = _checked(name, week_start, fiscal_year, formats)
    now = now or utc_now()
    counts = Counts()
    with loading(database, identity.org_id, now) as (connection, _load):
        journal.pause(connection)  # no import's doing
        if code is not None:
            counts += change_currency(connection, code, relabel=relabel)
        if time_zone is not None:
            organisations.set_time_zone(connection, time_zone)
            counts += Counts(updated=1)  # days are cut anew
        if counts.updated:
            refresh_coverage(connection, "orders", counts, now, None)
        organisations.tell(connection, told)
        said = {"currency": code, "time_zone": time_zone, "relabel": relabel or None}
        detail = {setting: value for setting, value in said.items() if value is not None} | told
        record(
            connection, actor=identity.actor, door=identity.door, action="settings", subject="organisation",
            detail=detail,
        )  # fmt: skip
    return counts


def _checked(name: str | None, week_start: str | None, fiscal_year: str | None, formats: str | None) -> dict[str, str]:
    """What is told, by column; FixArguments for what cannot be."""
    told: dict[str, str] = {}
    if name is not None:
        told["name"] = _named(name)
    if week_start is not None:
        told["week_starts"] = _one_of(week_start.lower(), WEEK_STARTS, "week_start")
    if fiscal_year is not None:
        told["fiscal_year_starts"] = "{:02}-{:02}".format(*check_fiscal_year(fiscal_year))
    if formats is not None:
        told["formats"] = _one_of(formats, tuple(FORMATS), "formats")
    return told


def _named(name: str) -> str:
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME or not words.isprintable():
        raise FixArguments(f"A name has 1 to {LONGEST_NAME} characters.", field="name")
    return words


def _one_of(value: str, valid: tuple[str, ...], field: str) -> str:
    if value not in valid:
        raise FixArguments(f"'{value}' cannot be chosen here.", field=field, valid=valid)
    return value


def check_currency(code: str) -> str:
    """The ISO code in capitals; FixArguments for what is none."""
    if code.upper() not in CODES:
        raise FixArguments(f"'{code}' is no currency; use an ISO code such as EUR, USD or GBP.", field="currency")
    return code.upper()


def check_zone(time_zone: str) -> None:
    """FixArguments where there is no such time zone."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise FixArguments(
            f"'{time_zone}' is not a time zone; use a name such as Europe/London.", field="time_zone"
        ) from None
