"""Who a rule names, and who of them can be written to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from database.queries.merge_fields import joins, values_of

__all__ = ["REACH", "AudienceRow", "Reach", "audience", "lacking", "merge_values"]

# What is known of a customer c's address and consent on a channel; addresses are alike without regard to case.
REACH = """
    left join contact_points p on p.kind = :kind and p.customer_id = c.id
    left join consents a on a.channel = :channel and a.customer_id = c.id
"""
SUPPRESSED = """
    exists (select from suppressions s where s.channel = :channel and s.address = lower(trim(p.address)))
"""
_JUDGED = f"""
    select c.id, lower(trim(p.address)) as address, {{values}},
        case
            when p.address is null or trim(p.address) !~ :form then 'no_address'
            when {SUPPRESSED} then 'suppressed'
            when a.granted is not true then 'without_consent'
            else 'candidate' end as reach
    from customers c {REACH} {{joins}}
"""  # noqa: S608 - constants
_CHOSEN = "reach = 'candidate' and turn = 1"
_COUNTS = f"""
    count(*) as count,
    count(*) filter (where reach = 'no_address') as no_address,
    count(*) filter (where reach = 'suppressed') as suppressed,
    count(*) filter (where reach = 'without_consent') as without_consent,
    count(*) filter (where reach = 'candidate' and turn > 1) as duplicate_address,
    coalesce(array_agg(id order by id) filter (where {_CHOSEN}), '{{}}') as reachable
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """How people are reached: the channel they agree to, the kind of its addresses, and what such a one looks like."""

    channel: str
    kind: str
    form: str


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """Who a rule names, by whether they can be written to; `missing` counts reachable customers without a value."""

    count: int
    no_address: int
    suppressed: int
    without_consent: int
    duplicate_address: int
    reachable: list[int]
    missing: dict[str, int]


def audience(
    connection: Connection,
    condition: str,
    parameters: Mapping[str, Any],
    reach: Reach,
    *,
    now: datetime,
    fields: Collection[str] = (),
) -> AudienceRow:
    """Everybody `condition` names (SQL over customer_facts, alias f, with bound `parameters`), by how they are reached.

    Of several customers with one address the first counts as reachable. `missing` has the merge `fields` asked for.
    """
    missing = [f", count(*) filter (where {_CHOSEN} and {name} is null) as {name}" for name in sorted(fields)]
    query = f"{_ranked(condition, fields)} select {_COUNTS}{''.join(missing)} from ranked"  # noqa: S608 - as above
    found = dict(connection.execute(text(query), {**parameters, **asdict(reach), "moment": now}).mappings().one())
    without = {name: found.pop(name) for name in fields}
    return AudienceRow(**found, missing=without)


def lacking(
    connection: Connection,
    condition: str,
    parameters: Mapping[str, Any],
    reach: Reach,
    *,
    now: datetime,
    fields: Collection[str],
    needed: Collection[str],
    limit: int,
) -> list[dict[str, object]]:
    """The values of those of the audience who would be written to and lack a field of `needed`; at most `limit`."""
    without = " or ".join(f"{name} is null" for name in sorted(needed))
    columns = ", ".join([*sorted(fields), "currency"])
    query = f"{_ranked(condition, fields)} select {columns} from ranked where {_CHOSEN} and ({without}) limit :limit"  # noqa: S608
    bound = {**parameters, **asdict(reach), "moment": now, "limit": limit}
    return [dict(row) for row in connection.execute(text(query), bound).mappings()]


def _ranked(condition: str, fields: Collection[str]) -> str:
    """Those `condition` names with these merge fields; `turn` counts those of one address."""
    judged = _JUDGED.format(values=values_of(fields), joins=joins(fields))
    named = f"c.id in (select f.customer_id from customer_facts f where {condition})"  # noqa: S608 - bound values
    turn = "row_number() over (partition by reach, address order by id) as turn"
    return f"with judged as ({judged} where {named}), ranked as (select *, {turn} from judged)"  # noqa: S608


def merge_values(
    connection: Connection, customer_id: int, reach: Reach, fields: Collection[str], now: datetime
) -> tuple[str, dict[str, object]]:
    """Address of one customer, and the values of these merge fields as of `now`."""
    query = f"""
        select trim(p.address) as address, {values_of(fields)} from customers c {REACH} {joins(fields)} where c.id = :id
    """  # noqa: S608 - names of declared fields
    bound = {"id": customer_id, "moment": now, **asdict(reach)}
    values = dict(connection.execute(text(query), bound).mappings().one())
    return values.pop("address"), values
