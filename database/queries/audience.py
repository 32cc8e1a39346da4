"""Who a rule names, and who of them can be written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, text

__all__ = ["MERGE_VALUES", "REACH", "AudienceRow", "Reach", "audience", "merge_values"]

# Values of merge fields. A name with digits is a label ("Customer 00042"), not something to greet by.
MERGE_VALUES = """
    coalesce(nullif(trim(c.raw ->> 'first_name'), ''),
             case when c.name !~ '[0-9@]' then nullif(split_part(trim(c.name), ' ', 1), '') end) as first_name,
    nullif(trim(c.name), '') as name, nullif(trim(c.country), '') as country, nullif(trim(c.city), '') as city,
    c.external_id as customer_id
"""


# What is known of a customer c's address and consent on a channel; addresses are alike without regard to case.
REACH = """
    left join contact_points p on p.kind = :kind and p.customer_id = c.id
    left join consents a on a.channel = :channel and a.customer_id = c.id
"""
SUPPRESSED = """
    exists (select from suppressions s where s.channel = :channel and s.address = lower(trim(p.address)))
"""
_JUDGED = f"""
    select c.id, lower(trim(p.address)) as address, {MERGE_VALUES},
        case
            when p.address is null or trim(p.address) !~ :form then 'no_address'
            when {SUPPRESSED} then 'suppressed'
            when a.granted is not true then 'without_consent'
            else 'candidate' end as reach
    from customers c {REACH}
"""  # noqa: S608 - constants
_COUNTS = """
    count(*) as count,
    count(*) filter (where reach = 'no_address') as no_address,
    count(*) filter (where reach = 'suppressed') as suppressed,
    count(*) filter (where reach = 'without_consent') as without_consent,
    count(*) filter (where reach = 'candidate' and turn > 1) as duplicate_address,
    coalesce(array_agg(id order by id) filter (where reach = 'candidate' and turn = 1), '{}') as reachable,
    count(*) filter (where reach = 'candidate' and turn = 1 and first_name is null) as first_name,
    count(*) filter (where reach = 'candidate' and turn = 1 and name is null) as name,
    count(*) filter (where reach = 'candidate' and turn = 1 and country is null) as country,
    count(*) filter (where reach = 'candidate' and turn = 1 and city is null) as city
"""
_MAY_BE_MISSING = ("first_name", "name", "country", "city")


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


def audience(connection: Connection, condition: str, parameters: Mapping[str, Any], reach: Reach) -> AudienceRow:
    """Everybody `condition` names (SQL over customer_facts, alias f, with bound `parameters`), by how they are reached.

    Of several customers with one address the first counts as reachable.
    """
    named = f"c.id in (select f.customer_id from customer_facts f where {condition})"  # noqa: S608 - bound values
    query = f"""
        with judged as ({_JUDGED} where {named}),
        ranked as (select *, row_number() over (partition by reach, address order by id) as turn from judged)
        select {_COUNTS} from ranked
    """  # noqa: S608 - constants, and `condition` with bound values
    found = dict(connection.execute(text(query), {**parameters, **asdict(reach)}).mappings().one())
    missing = {name: found.pop(name) for name in _MAY_BE_MISSING}
    return AudienceRow(**found, missing=missing)


def merge_values(connection: Connection, customer_id: int, reach: Reach) -> tuple[str, dict[str, str | None]]:
    """Address and merge values of one customer."""
    query = f"select trim(p.address) as address, {MERGE_VALUES} from customers c {REACH} where c.id = :id"  # noqa: S608
    values = dict(connection.execute(text(query), {"id": customer_id, **asdict(reach)}).mappings().one())
    return values.pop("address"), values
