"""How many people there are, and how many of them can be written to on a channel."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, text

from database.queries.audience import REACH, SUPPRESSED, Reach

__all__ = ["Reached", "people", "reached"]

_QUERY = f"""
    with judged as (
        select a.granted, lower(trim(p.address)) as address, trim(p.address) ~ :form as is_address,
            {SUPPRESSED} as gone
        from customers c {REACH}
    )
    select count(address) as with_address, count(*) filter (where granted) as agreed,
        count(*) filter (where not granted) as refused, count(*) filter (where gone) as suppressed,
        count(distinct address) filter (where granted and is_address and not gone) as reachable
    from judged
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Reached:
    """People by what is known of them on a channel; `reachable`: different addresses that may be written to."""

    with_address: int
    agreed: int
    refused: int
    suppressed: int
    reachable: int


def people(connection: Connection) -> int:
    """Everybody known, with orders or without."""
    return int(connection.execute(text("select count(*) from customers")).scalar_one())


def reached(connection: Connection, reach: Reach) -> Reached:
    """How far a channel reaches."""
    return Reached(**connection.execute(text(_QUERY), asdict(reach)).mappings().one())
