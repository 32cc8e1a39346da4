"""The organisation at hand: its name, time zone, currency, and whether it is the demo shop."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Profile:
    """What the figures of an organisation are labelled with; `currency` is "" as long as nobody and nothing told it.

    `assumed` names the settings that nobody told: `currency`, `time_zone`.
    """

    id: UUID
    slug: str
    name: str
    time_zone: str
    currency: str
    is_demo: bool
    assumed: tuple[str, ...] = ()


def profile(connection: Connection) -> Profile:
    """The organisation the transaction is bound to."""
    row = connection.execute(
        text("select id, slug, name, time_zone, currency, is_demo, assumed from organisations")
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


def served(connection: Connection) -> list[tuple[UUID, str]]:
    """Every organisation of this database, as (id, slug), oldest first; for workers and the shell."""
    return [(row.id, row.slug) for row in connection.execute(text("select id, slug from organisations_served()"))]
