"""What somebody gets messages by, as far as they may see and say it themselves."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from database.queries.audience import REACH, Reach

__all__ = ["Recipient", "Standing", "agree", "known", "recipient_of", "standing"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who got a message, by which channel and where."""

    customer_id: int
    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One channel of a customer: their address, what they last said (None: nothing), why nothing is sent there."""

    address: str | None
    granted: bool | None
    suppressed: str | None


def recipient_of(connection: Connection, message_id: UUID, *, hold: bool = False) -> Recipient | None:
    """Whom a message was for; None where it is not kept any more. `hold`: wishes are kept one after the other."""
    query = "select customer_id, channel, address from messages where id = :id and address is not null"
    row = connection.execute(text(f"{query} for update" if hold else query), {"id": message_id}).one_or_none()
    return None if row is None else Recipient(*row)


def known(connection: Connection, customer_id: int) -> bool:
    """Whether there is such a customer still."""
    query = text("select exists (select from customers where id = :id)")
    return bool(connection.execute(query, {"id": customer_id}).scalar_one())


def standing(connection: Connection, customer_id: int, reach: Reach, address: str | None = None) -> Standing:
    """How things stand on one channel; with `address`, at that one in place of the customer's present one."""
    row = connection.execute(
        text(
            f"""
            select found.address, found.granted, s.reason from (
                select coalesce(cast(:address as text), trim(max(p.address))) as address, bool_or(a.granted) as granted
                from (select cast(:customer as bigint) as id) c {REACH}
            ) found
            left join suppressions s on s.channel = :channel and s.address = lower(trim(found.address))
            """  # noqa: S608 - constants
        ),
        {"customer": customer_id, "address": address, **asdict(reach)},
    ).one()
    return Standing(*row)


def agree(connection: Connection, customer_id: int, channel: str, source: str) -> None:
    """Keep that a customer agreed to a channel just now, in their own words at `source`."""
    connection.execute(
        text(
            """
            insert into consents as a (customer_id, channel, granted, source, stated_at)
            values (:customer, :channel, true, :source, now())
            on conflict (org_id, channel, customer_id) do update set granted = true, source = excluded.source,
                stated_at = excluded.stated_at, at = now() where not a.granted
            """
        ),
        {"customer": customer_id, "channel": channel, "source": source},
    )
