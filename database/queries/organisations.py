"""The organisation at hand: its name, time zone, currency, and whether it is the demo shop."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Profile:
    """What the figures of an organisation are labelled with."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    currency: str
    is_demo: bool


def profile(connection: Connection) -> Profile:
    """The organisation the transaction is bound to."""
    row = connection.execute(text("select id, slug, name, time_zone, currency, is_demo from organisations")).mappings()
    return Profile(**row.one())


def served(connection: Connection) -> list[tuple[UUID, str]]:
    """Every organisation of this database, as (id, slug), oldest first; for workers and the shell."""
    return [(row.id, row.slug) for row in connection.execute(text("select id, slug from organisations_served()"))]
