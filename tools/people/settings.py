"""What an organisation has told of itself: name, currency, time zone, how it counts weeks and years, writes dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypedDict, Unpack
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

__all__ = ["WEEK_STARTS", "Told", "change_settings", "check_currency", "check_zone", "settings_of"]

WEEK_STARTS: Final = ("monday", "sunday", "saturday")
LONGEST_NAME = 80
COLUMNS: Final = {
    "name": "name",
    "week_start": "week_starts",
    "fiscal_year": "fiscal_year_starts",
    "formats": "formats",
}


def settings_of(database: Database, identity: Identity) -> organisations.Profile:
    """What figures are labelled with, and what of it nobody has told."""
    identity.require(READ)
    with database.transaction(identity.org_id) as connection:
        return organisations.profile(connection)


class Told(TypedDict, total=False):
    """What somebody tells of an organisation; None is as good as nothing."""

    name: str | None
    currency: str | None
    time_zone: str | None
    week_start: str | None  # the day weeks begin with
    fiscal_year: str | None  # its first day, such as "04-01"
    formats: str | None  # the locale in which dates are written


def change_settings(
    database: Database,
    identity: Identity,
    *,
    relabel: bool = False,
    now: datetime | None = None,
    **told: Unpack[Told],
) -> Counts:
    """Keep what is told, and work out again what depends on it: rows that changed.

    `relabel`: the amounts loaded so far always were in the currency told; else they are converted by the rates there
    are. Days are cut in a new zone from now on; instants that are loaded stay what they are.
    """
    identity.require(ADMIN)
    kept = _checked(told)
    now = now or utc_now()
    counts = Counts()
    with loading(database, identity.org_id, now) as (connection, _load):
        journal.pause(connection)  # no import's doing
        if "currency" in kept:
            counts += change_currency(connection, kept["currency"], relabel=relabel)
        if "time_zone" in kept:
            organisations.set_time_zone(connection, kept["time_zone"])
            counts += Counts(updated=1)  # days are cut anew
        if counts.updated:
            refresh_coverage(connection, "orders", counts, now, None)
        organisations.tell(connection, {COLUMNS[name]: value for name, value in kept.items() if name in COLUMNS})
        record(
            connection, actor=identity.actor, door=identity.door, action="settings", subject="organisation",
            detail={**kept, "relabel": relabel},
        )  # fmt: skip
    return counts


def _checked(told: Told) -> dict[str, str]:
    """What is told, in the form it is kept in; FixArguments for what cannot be."""
    forms: dict[str, Callable[[str], str]] = {
        "name": _named,
        "currency": check_currency,
        "time_zone": check_zone,
        "week_start": lambda said: _one_of(said.lower(), WEEK_STARTS, "week_start"),
        "fiscal_year": lambda said: "{:02}-{:02}".format(*check_fiscal_year(said)),
        "formats": lambda said: _one_of(said, tuple(FORMATS), "formats"),
    }
    return {name: forms[name](str(said)) for name, said in told.items() if said is not None}


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


def check_zone(time_zone: str) -> str:
    """The time zone; FixArguments where there is none of that name."""
    try:
        ZoneInfo(time_zone)
        return time_zone
    except (ZoneInfoNotFoundError, ValueError):
        raise FixArguments(
            f"'{time_zone}' is not a time zone; use a name such as Europe/London.", field="time_zone"
        ) from None
