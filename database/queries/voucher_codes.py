"""Voucher codes: put in, given to customers once each, and seen again in orders.

Codes are given out under the lock of their offer, in the transaction that takes messages out of the outbox: a courier
that is killed afterwards has given nothing away twice, for the next one finds whose code is whose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, TEXT

from database.queries import offers

__all__ = ["Codes", "Redeemed", "add", "assign", "free", "redeemed", "reserved"]

Codes = Callable[[int], Sequence[str]]
"""Makes so many new codes."""
TRIES = 20


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What became of the codes of one campaign."""

    given: int
    orders: int
    revenue: float


def add(connection: Connection, offer_id: UUID, codes: Collection[str], source: str) -> list[str]:
    """Put codes in; returns those that were not there before, in whatever case they were written."""
    rows = connection.execute(
        text(
            """
            insert into offer_codes (code_key, code, offer_id, source)
            select distinct on (upper(c)) upper(c), c, :offer, :source from unnest(:codes) as c
            on conflict do nothing returning code
            """
        ).bindparams(bindparam("codes", type_=ARRAY(TEXT))),
        {"offer": offer_id, "codes": list(codes), "source": source},
    )
    return list(rows.scalars())


def free(connection: Connection, offer_id: UUID) -> int:
    """Codes of an offer that nobody has."""
    query = text("select count(*) from offer_codes where offer_id = :id and taken_at is null")
    return int(connection.execute(query, {"id": offer_id}).scalar_one())


def reserved(connection: Connection, offer_id: UUID) -> int:
    """Codes that campaigns under way have still to give: recipients who wait and have none yet."""
    query = text(
        """
        select count(*) from messages m
        join campaigns c on c.campaign_id = m.campaign_id and c.status in ('scheduled', 'active', 'paused')
        join proposals p on p.id::text = c.proposal_id and p.payload -> 'offer' ->> 'id' = :offer
        where m.status in ('pending', 'claimed') and not exists (
            select from code_assignments a where a.campaign_id = m.campaign_id and a.customer_id = m.customer_id)
        """
    )
    return int(connection.execute(query, {"offer": str(offer_id)}).scalar_one())


def assign(
    connection: Connection,
    campaign_id: str,
    offer_id: UUID,
    customers: Collection[int],
    now: datetime,
    make: Codes | None = None,
) -> dict[int, str]:
    """The code of each of these customers in this campaign; who has none yet is given one, once and for all.

    `make` makes new codes where the offer's are generated; without it those that were imported are given out, and who
    comes when they are used up is left out of the answer.
    """
    offers.lock(connection, offer_id)
    known = _of(connection, campaign_id, customers)
    without = [customer for customer in dict.fromkeys(customers) if customer not in known]
    if not without:
        return known
    if make is not None:
        _make_enough(connection, offer_id, len(without), make)
    connection.execute(_GIVE, {"campaign": campaign_id, "offer": offer_id, "customers": without, "now": now})
    return _of(connection, campaign_id, customers)


def _make_enough(connection: Connection, offer_id: UUID, number: int, make: Codes) -> None:
    """New codes, until so many are free; one that is there already is made anew."""
    for _ in range(TRIES):
        missing = number - free(connection, offer_id)
        if missing <= 0:
            return
        add(connection, offer_id, make(missing), "generated")


_GIVE = text(
    """
    with wanted as (
        select customer, row_number() over (order by place) as turn
        from unnest(:customers) with ordinality as w (customer, place)
    ),
    chosen as (
        select code_key, row_number() over (order by code_key) as turn from (
            select code_key from offer_codes where offer_id = :offer and taken_at is null
            order by code_key limit (select count(*) from wanted)
        ) k
    ),
    taken as (
        update offer_codes k set taken_at = :now from chosen c
        where k.code_key = c.code_key and k.taken_at is null and c.turn <= (select count(*) from wanted)
        returning k.code_key, c.turn
    )
    insert into code_assignments (campaign_id, customer_id, code_key, assigned_at)
    select :campaign, w.customer, t.code_key, :now from wanted w join taken t using (turn)
    """
).bindparams(bindparam("customers", type_=ARRAY(BIGINT)))


def _of(connection: Connection, campaign_id: str, customers: Collection[int]) -> dict[int, str]:
    query = text(
        "select a.customer_id, k.code from code_assignments a join offer_codes k on k.code_key = a.code_key"
        " where a.campaign_id = :campaign and a.customer_id = any(:customers)"
    ).bindparams(bindparam("customers", type_=ARRAY(BIGINT)))
    rows = connection.execute(query, {"campaign": campaign_id, "customers": list(customers)})
    return {row[0]: row[1] for row in rows}


def redeemed(connection: Connection, campaign_id: str) -> Redeemed:
    """Codes of a campaign that customers have, and the sales whose orders name one."""
    row = connection.execute(
        text(
            """
            select count(distinct a.customer_id), count(distinct o.order_id), coalesce(sum(o.revenue), 0)
            from code_assignments a
            left join orders o on o.kind = 'sale' and o.voucher_code is not null
                and upper(o.voucher_code) = a.code_key
            where a.campaign_id = :campaign
            """
        ),
        {"campaign": campaign_id},
    ).one()
    return Redeemed(row[0], row[1], float(row[2]))
