"""Offers: what campaigns give, kept as they were told; only withdrawing changes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from core.errors import FixArguments

__all__ = [
    "NewOffer", "OfferRow", "Uses", "by_id", "committed", "insert", "listed", "live_campaigns", "lock", "named",
    "uses", "withdraw",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer."""

    id: UUID
    name: str
    kind: str
    value: Decimal | None
    item: str | None
    minimum: Decimal | None
    codes: str
    code: str | None
    prefix: str | None
    budget: Decimal | None
    valid_from: datetime | None
    valid_until: datetime | None
    created_by: str
    created_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewOffer:
    """An offer as it is told."""

    name: str
    kind: str
    value: Decimal | None
    item: str | None
    minimum: Decimal | None
    codes: str
    code: str | None
    prefix: str | None
    budget: Decimal | None
    valid_from: datetime | None
    valid_until: datetime | None
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Uses:
    """How often an offer was used in orders: orders that name one of its codes, and what they took off."""

    given: int
    free: int
    redeemed: int
    discount: Decimal
    revenue: Decimal


_COLUMNS = ", ".join(OfferRow.__dataclass_fields__)


def insert(connection: Connection, offer: NewOffer, by: str) -> UUID:
    """Keep an offer; FixArguments where another one of that name holds."""
    names = tuple(NewOffer.__dataclass_fields__)
    query = text(
        f"insert into offers ({', '.join(names)}, created_by)"  # noqa: S608 - names of our own columns
        f" values ({', '.join(f':{name}' for name in names)}, :by) returning id"
    )
    try:
        with connection.begin_nested():
            values = {name: getattr(offer, name) for name in names} | {"by": by}
            made: UUID = connection.execute(query, values).scalar_one()
    except IntegrityError as error:
        if "uq_offers_org_id_name" not in str(error):
            raise
        raise FixArguments(
            f"There is an offer called “{offer.name}” already: give another name, or say that it replaces that one.",
            field="name",
        ) from None
    return made


def by_id(connection: Connection, offer_id: UUID) -> OfferRow | None:
    """The offer of that id, withdrawn or not."""
    row = connection.execute(text(f"select {_COLUMNS} from offers where id = :id"), {"id": offer_id}).one_or_none()  # noqa: S608
    return None if row is None else OfferRow(*row)


def named(connection: Connection, words: str) -> list[OfferRow]:
    """The offers that hold and are of that id or name, else those with the words in their name."""
    for condition in (
        "id::text = lower(:words) or lower(name) = lower(:words)",
        "position(lower(:words) in lower(name)) > 0",
    ):
        query = text(f"select {_COLUMNS} from offers where withdrawn_at is null and ({condition}) order by name")  # noqa: S608
        if found := connection.execute(query, {"words": words.strip()}).all():
            return [OfferRow(*row) for row in found]
    return []


def listed(connection: Connection, *, withdrawn: bool, limit: int) -> tuple[int, Sequence[OfferRow]]:
    """How many there are, and the newest of them; those that were withdrawn only where they are asked for."""
    where = "" if withdrawn else "where withdrawn_at is null"
    total = connection.execute(text(f"select count(*) from offers {where}")).scalar_one()  # noqa: S608 - constants
    query = text(f"select {_COLUMNS} from offers {where} order by created_at desc, id limit :limit")  # noqa: S608
    return total, [OfferRow(*row) for row in connection.execute(query, {"limit": limit})]


def lock(connection: Connection, offer_id: UUID) -> None:
    """Take turns deciding about one offer and giving its codes out, until the end of the transaction."""
    connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"offer {offer_id}"})


def withdraw(connection: Connection, offer_id: UUID, by: str, now: datetime) -> None:
    """Let an offer hold no longer; its codes stay what they are."""
    connection.execute(
        text("update offers set withdrawn_at = :now, withdrawn_by = :by where id = :id and withdrawn_at is null"),
        {"id": offer_id, "by": by, "now": now},
    )


_LIVE = "c.proposal_id is not null and c.status in ('scheduled', 'active', 'paused')"


def live_campaigns(connection: Connection, offer_id: UUID) -> list[str]:
    """Names of the campaigns under way that give this offer."""
    query = text(
        f"select c.name from campaigns c join proposals p on p.id::text = c.proposal_id"  # noqa: S608 - a constant
        f" where {_LIVE} and p.payload -> 'offer' ->> 'id' = :id order by c.name"
    )
    return list(connection.execute(query, {"id": str(offer_id)}).scalars())


def committed(connection: Connection, offer_id: UUID) -> Decimal:
    """What approved campaigns with this offer may give away in all."""
    query = text(
        "select coalesce(sum((p.payload ->> 'budget')::numeric), 0) from campaigns c"
        " join proposals p on p.id::text = c.proposal_id where p.payload -> 'offer' ->> 'id' = :id"
    )
    return Decimal(connection.execute(query, {"id": str(offer_id)}).scalar_one())


def uses(connection: Connection, offer: OfferRow) -> Uses:
    """Codes given and free, and the sales whose orders name a code of this offer."""
    query = text(
        """
        with redeemed as (
            select o.order_id, o.discount, o.revenue from orders o
            where o.kind = 'sale' and o.voucher_code is not null and (
                upper(o.voucher_code) = upper(:code) or exists (
                    select from offer_codes k
                    where k.code_key = upper(o.voucher_code) collate "C" and k.offer_id = :id))
        )
        select (select count(*) from offer_codes where offer_id = :id and taken_at is not null),
               (select count(*) from offer_codes where offer_id = :id and taken_at is null),
               (select count(*) from redeemed), (select coalesce(sum(discount), 0) from redeemed),
               (select coalesce(sum(revenue), 0) from redeemed)
        """
    )
    return Uses(*connection.execute(query, {"id": offer.id, "code": offer.code}).one())
