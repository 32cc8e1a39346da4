"""The organisation at hand: its name, time zone, currency, and whether it is the demo shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text

from core.conventions import WEEKDAYS, Conventions, check_fiscal_year


@dataclass(frozen=True, slots=True)
class Profile:
    """What the figures of an organisation are labelled with; `currency` is "" as long as nobody and nothing told it.

    `assumed` names the settings that nobody told: `currency`, `time_zone`. `week_starts` is a weekday in English,
    `fiscal_year_starts` a day as "04-01", `formats` a way of writing dates; the last two are None until they are told.
    """

    id: UUID
    slug: str
    name: str
    time_zone: str
    currency: str
    is_demo: bool
    assumed: tuple[str, ...] = ()
    week_starts: str = WEEKDAYS[0]
    fiscal_year_starts: str | None = None
    formats: str | None = None

    @property
    def conventions(self) -> Conventions:
        """How weeks and years are counted and dates written here."""
        fiscal = check_fiscal_year(self.fiscal_year_starts) if self.fiscal_year_starts else None
        return Conventions(WEEKDAYS.index(self.week_starts), fiscal, self.formats)


def profile(connection: Connection) -> Profile:
    """The organisation the transaction is bound to."""
    row = connection.execute(
        text(
            "select id, slug, name, time_zone, currency, is_demo, assumed, week_starts, fiscal_year_starts, formats"
            " from organisations"
        )
    ).one()
    return Profile(**{**row._mapping, "assumed": tuple(row.assumed)})


@dataclass(frozen=True, slots=True)
class KeptApart:
    """Orders in a currency that no rate is known of: how many, and what was charged."""

    currency: str
    orders: int
    charged: Decimal


def kept_apart(connection: Connection) -> list[KeptApart]:
    """The orders that count in no figure, by currency."""
    found = connection.execute(
        text("select currency, count(*), sum(charged) from orders_kept_apart() group by 1 order by 1")
    )
    return [KeptApart(*row) for row in found]


def set_time_zone(connection: Connection, time_zone: str) -> None:
    """Give the organisation the time zone that somebody has told."""
    statement = "update organisations set time_zone = :zone, assumed = array_remove(assumed, 'time_zone')"
    connection.execute(text(statement), {"zone": time_zone})


def tell(connection: Connection, told: Mapping[str, str]) -> bool:
    """Keep what somebody has told of the organisation, by column; whether anything is another than before."""
    unknown = set(told) - {"name", "week_starts", "fiscal_year_starts", "formats"}
    if unknown:
        raise ValueError(f"these are not told so: {sorted(unknown)}")
    before = {name: getattr(profile(connection), name) for name in told}
    sets = ", ".join(f"{name} = :{name}" for name in told)
    if told and before != dict(told):
        connection.execute(text(f"update organisations set {sets}"), dict(told))  # noqa: S608 - the names above
        return True
    return False


def served(connection: Connection) -> list[tuple[UUID, str]]:
    """Every organisation of this database, as (id, slug), oldest first; for workers and the shell."""
    return [(row.id, row.slug) for row in connection.execute(text("select id, slug from organisations_served()"))]
