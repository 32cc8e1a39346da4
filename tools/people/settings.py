"""What an organisation has told of itself: its currency and its time zone. Changed at the shell by administrators."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.clock import utc_now
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

__all__ = ["change_settings", "check_currency", "check_zone", "settings_of"]


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
    relabel: bool = False,
    now: datetime | None = None,
) -> Counts:
    """Tell the currency or the time zone, and work out again what depends on them: rows that changed.

    `relabel`: the amounts loaded so far always were in `currency`; else they are converted by the rates there are.
    Days are cut in the new zone from now on; instants that are loaded stay what they are.
    """
    identity.require(ADMIN)
    code = None if currency is None else check_currency(currency)
    if time_zone is not None:
        check_zone(time_zone)
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
        said = {"currency": code, "time_zone": time_zone, "relabel": relabel}
        detail = {name: value for name, value in said.items() if value is not None}
        record(
            connection, actor=identity.actor, door=identity.door, action="settings", subject="organisation",
            detail=detail,
        )  # fmt: skip
    return counts


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
