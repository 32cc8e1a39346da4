"""Proposals and decisions: the frozen audience, what was put before a person, and what an approval sets off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, JSONB

from core.errors import NotFound

__all__ = [
    "MERGE_VALUES",
    "AudienceRow",
    "ProposalRow",
    "audience",
    "by_request",
    "decide",
    "get",
    "insert",
    "launch",
    "listed",
    "lock",
    "merge_values",
    "set_status",
]

# What an address must look like to be written to: one @, a host with a dot or localhost, ASCII, nothing that mail
# headers give a meaning to.
ADDRESS = r"^[A-Za-z0-9._%+''/=?^`{|}~!#$&*-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$"

# Values of merge fields. A name with digits is a label ("Customer 00042"), not something to greet by.
MERGE_VALUES = """
    coalesce(nullif(trim(c.raw ->> 'first_name'), ''),
             case when c.name !~ '[0-9@]' then nullif(split_part(trim(c.name), ' ', 1), '') end) as first_name,
    nullif(trim(c.name), '') as name, nullif(trim(c.country), '') as country, nullif(trim(c.city), '') as city,
    c.external_id as customer_id
"""


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


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal with its decision. `payload` is without the list of customers unless asked for by `get`."""

    id: UUID
    kind: str
    title: str
    payload: dict[str, Any]
    content_hash: str
    status: str
    created_by: str
    created_at: datetime
    replaces: UUID | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    approved_hash: str | None
    note: str | None
    campaign_id: str | None


def audience(connection: Connection, condition: str, parameters: Mapping[str, Any]) -> AudienceRow:
    """Everybody `condition` names (SQL over customer_facts, alias f, with bound `parameters`), counted by reach.

    Of several customers with one address the first counts as reachable.
    """
    row = connection.execute(
        text(
            f"""
            with members as (
                select c.id, lower(trim(c.email)) as address, c.consent_email is true as consent, {MERGE_VALUES}
                from customers c where c.id in (select f.customer_id from customer_facts f where {condition})
            ), judged as (
                select m.*, case
                    when address is null or address !~ :address_form then 'no_address'
                    when exists (select from suppressions s where s.channel = 'email' and s.address = m.address)
                        then 'suppressed'
                    when not consent then 'without_consent'
                    else 'candidate' end as reach
                from members m
            ), ranked as (
                select *, row_number() over (partition by reach, address order by id) as turn from judged
            )
            select count(*), count(*) filter (where reach = 'no_address'),
                   count(*) filter (where reach = 'suppressed'), count(*) filter (where reach = 'without_consent'),
                   count(*) filter (where reach = 'candidate' and turn > 1),
                   coalesce(array_agg(id order by id) filter (where reach = 'candidate' and turn = 1), '{{}}'),
                   count(*) filter (where reach = 'candidate' and turn = 1 and first_name is null),
                   count(*) filter (where reach = 'candidate' and turn = 1 and name is null),
                   count(*) filter (where reach = 'candidate' and turn = 1 and country is null),
                   count(*) filter (where reach = 'candidate' and turn = 1 and city is null)
            from ranked
            """  # noqa: S608 - `condition` is SQL of our own with bound values
        ),
        {**parameters, "address_form": ADDRESS},
    ).one()
    missing = dict(zip(("first_name", "name", "country", "city"), row[6:], strict=True))
    return AudienceRow(
        count=row[0],
        no_address=row[1],
        suppressed=row[2],
        without_consent=row[3],
        duplicate_address=row[4],
        reachable=list(row[5]),
        missing=missing,
    )


def merge_values(connection: Connection, customer_id: int) -> tuple[str, dict[str, str | None]]:
    """Address and merge values of one customer."""
    found = connection.execute(
        text(f"select trim(c.email) as address, {MERGE_VALUES} from customers c where c.id = :id"),  # noqa: S608
        {"id": customer_id},
    )
    values = dict(found.mappings().one())
    return values.pop("address"), values


def insert(
    connection: Connection,
    *,
    proposal_id: UUID,
    kind: str,
    title: str,
    payload: Mapping[str, Any],
    content_hash: str,
    created_by: str,
    thread_id: str | None,
    request_key: str | None,
    replaces: UUID | None = None,
) -> bool:
    """Keep a proposal; False when `request_key` made one before (a concurrent one is waited for)."""
    added = connection.execute(
        text(
            """
            insert into proposals (id, kind, title, payload, content_hash, created_by, thread_id, request_key, replaces)
            values (:id, :kind, :title, :payload, :hash, :by, :thread, :key, :replaces)
            on conflict (org_id, request_key) do nothing
            """
        ).bindparams(bindparam("payload", type_=JSONB)),
        {
            "id": proposal_id,
            "kind": kind,
            "title": title,
            "payload": dict(payload),
            "hash": content_hash,
            "by": created_by,
            "thread": thread_id,
            "key": request_key,
            "replaces": replaces,
        },
    )
    return added.rowcount == 1


def lock(connection: Connection, proposal_id: UUID) -> None:
    """Take turns deciding about one proposal, until the end of the transaction."""
    connection.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"proposal {proposal_id}"}
    )


_SELECT = """
    select p.id, p.kind, p.title, {payload} as payload, p.content_hash, p.status, p.created_by, p.created_at,
           p.replaces, a.decision, a.decided_by, a.decided_at, a.content_hash as approved_hash, a.note, c.campaign_id
    from proposals p
    left join approvals a on a.proposal_id = p.id
    left join campaigns c on c.proposal_id = p.id::text
"""
_LIGHT, _WHOLE = _SELECT.format(payload="p.payload - 'customers'"), _SELECT.format(payload="p.payload")


def get(connection: Connection, proposal_id: UUID) -> ProposalRow:
    """One proposal, the list of customers included; NotFound when this organisation has none of that id."""
    row = connection.execute(text(f"{_WHOLE} where p.id = :id"), {"id": proposal_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no proposal {proposal_id}. list_proposals shows what there is.", field="proposal_id")
    return ProposalRow(*row)


def by_request(connection: Connection, request_key: str) -> ProposalRow | None:
    """The proposal an earlier call with the same key made."""
    row = connection.execute(text(f"{_LIGHT} where p.request_key = :key"), {"key": request_key}).one_or_none()
    return None if row is None else ProposalRow(*row)


def listed(
    connection: Connection, *, status: str | None, proposal_id: UUID | None, limit: int
) -> tuple[int, Sequence[ProposalRow]]:
    """How many match, and the newest of them."""
    where = "(:status::text is null or p.status = :status) and (:id::uuid is null or p.id = :id)"
    where = where.replace(":status::text", "cast(:status as text)").replace(":id::uuid", "cast(:id as uuid)")
    values = {"status": status, "id": proposal_id}
    total = connection.execute(text(f"select count(*) from proposals p where {where}"), values).scalar_one()  # noqa: S608
    query = text(f"{_LIGHT} where {where} order by p.created_at desc, p.id limit :limit")
    rows = connection.execute(query, {**values, "limit": limit})
    return total, [ProposalRow(*row) for row in rows]


def set_status(connection: Connection, proposal_id: UUID, status: str) -> None:
    """Move a pending proposal on (the caller holds its lock and has checked that it is pending)."""
    connection.execute(
        text("update proposals set status = :status where id = :id and status = 'pending'"),
        {"status": status, "id": proposal_id},
    )


def decide(
    connection: Connection, proposal: ProposalRow, *, decision: str, by: str, user_id: UUID, note: str | None
) -> None:
    """Keep a person's decision (one a proposal, by its primary key) and the state it leads to."""
    connection.execute(
        text(
            """
            insert into approvals (proposal_id, decision, content_hash, decided_by, user_id, note)
            values (:id, :decision, :hash, :by, :user, :note)
            """
        ),
        {
            "id": proposal.id,
            "decision": decision,
            "hash": proposal.content_hash,
            "by": by,
            "user": user_id,
            "note": note,
        },
    )
    set_status(connection, proposal.id, decision)


def launch(
    connection: Connection,
    proposal: ProposalRow,
    *,
    treated: list[int],
    held_out: list[int],
    due_at: datetime,
    status: str,
) -> int:
    """Make the campaign, its arms and its outbox rows; returns how many messages there are."""
    shown, campaign_id = proposal.payload, str(proposal.id)
    connection.execute(
        text(
            """
            insert into campaigns (campaign_id, name, channel, kind, status, audience, started_at, proposal_id)
            values (:campaign, :name, :channel, :kind, :status, :audience, :due, :campaign)
            """
        ),
        {
            "campaign": campaign_id,
            "name": proposal.title,
            "channel": shown["channel"],
            "kind": shown["campaign_kind"],
            "status": status,
            "audience": shown["audience"]["description"],
            "due": due_at,
        },
    )
    if held_out:
        _assign(connection, campaign_id, held_out, "control")
        _assign(connection, campaign_id, treated, "treatment")
    filled = connection.execute(
        text(
            """
            insert into messages (campaign_id, customer_id, channel, address, provider, due_at)
            select :campaign, c.id, :channel, trim(c.email), :provider, :due
            from customers c where c.id = any(:ids)
            on conflict (org_id, campaign_id, customer_id, channel) do nothing
            """
        ).bindparams(bindparam("ids", type_=ARRAY(BIGINT))),
        {
            "campaign": campaign_id,
            "channel": shown["channel"],
            "provider": shown["provider"],
            "due": due_at,
            "ids": treated,
        },
    )
    return filled.rowcount


def _assign(connection: Connection, campaign_id: str, customer_ids: list[int], arm: str) -> None:
    connection.execute(
        text(
            """
            insert into assignments (campaign_id, customer_id, arm) select :campaign, unnest(:ids), :arm
            on conflict do nothing
            """
        ).bindparams(bindparam("ids", type_=ARRAY(BIGINT))),
        {"campaign": campaign_id, "ids": customer_ids, "arm": arm},
    )
