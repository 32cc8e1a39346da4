"""Campaigns launched from here: started once by an approval, followed, and closed when nothing is left to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT

from database.queries.proposals import ProposalRow

__all__ = ["Launch", "LaunchedCampaign", "close_finished", "counts", "launch", "launched", "launched_ids", "reasons"]


MANY = 1_000


@dataclass(frozen=True, slots=True)
class LaunchedCampaign:
    """A campaign that an approved proposal became."""

    campaign_id: str
    name: str
    status: str
    provider: str
    started_at: datetime | None
    ended_at: datetime | None
    held_out: int
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Launch:
    """How an approved proposal starts: who gets it at which kind of address, who is kept back, when; when it ends."""

    treated: list[int]
    held_out: list[int]
    due_at: datetime
    status: str
    kind: str
    ends_at: datetime | None = None


def launch(connection: Connection, proposal: ProposalRow, start: Launch) -> int:
    """Make the campaign, its arms and its outbox rows; returns how many messages there are."""
    campaign_id = str(proposal.id)
    connection.execute(
        text(
            """
            insert into campaigns (campaign_id, name, channel, kind, status, audience, budget, started_at, proposal_id,
                                   ends_at)
            values (:campaign, :name, :channel, :kind, :status, :audience, :budget, :due, :campaign, :ends)
            """
        ),
        {
            "campaign": campaign_id,
            "name": proposal.title,
            "channel": proposal.payload["channel"],
            "kind": proposal.payload["campaign_kind"],
            "status": start.status,
            "audience": proposal.payload["audience"]["description"],
            "budget": proposal.payload.get("budget"),
            "due": start.due_at,
            "ends": start.ends_at,
        },
    )
    if start.held_out:
        _assign(connection, campaign_id, start.held_out, "control")
        _assign(connection, campaign_id, start.treated, "treatment")
    messages = _fill_outbox(connection, proposal, start)
    if messages >= MANY:  # the planner must know of them at once: the courier looks them up by their ids, all day
        connection.execute(text("select refresh_statistics('messages')"))
    return messages


def _fill_outbox(connection: Connection, proposal: ProposalRow, start: Launch) -> int:
    filled = connection.execute(
        text(
            """
            insert into messages (campaign_id, customer_id, channel, address, provider, due_at)
            select :campaign, c.id, :channel, trim(p.address), :provider, :due
            from customers c left join contact_points p on p.kind = :kind and p.customer_id = c.id
            where c.id = any(:ids)
            on conflict (org_id, campaign_id, customer_id, channel, entry) do nothing
            """
        ).bindparams(bindparam("ids", type_=ARRAY(BIGINT))),
        {
            "campaign": str(proposal.id),
            "channel": proposal.payload["channel"],
            "provider": proposal.payload["provider"],
            "due": start.due_at,
            "kind": start.kind,
            "ids": start.treated,
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


def launched(connection: Connection, campaign_id: str | None) -> LaunchedCampaign | None:
    """The launched campaign of that id, or the one approved last."""
    row = connection.execute(
        text(
            """
            select c.campaign_id, c.name, c.status, p.payload ->> 'provider', c.started_at, c.ended_at,
                   (select count(*) from assignments s where s.campaign_id = c.campaign_id and s.arm = 'control'),
                   c.ends_at
            from campaigns c join proposals p on p.id::text = c.proposal_id
            join approvals a on a.proposal_id = p.id
            where cast(:campaign as text) is null or c.campaign_id = cast(:campaign as text)
            order by a.decided_at desc limit 1
            """
        ),
        {"campaign": campaign_id},
    ).one_or_none()
    return None if row is None else LaunchedCampaign(*row)


def launched_ids(connection: Connection, limit: int = 20) -> list[str]:
    """Ids of launched campaigns, newest first."""
    rows = connection.execute(
        text(
            """
            select campaign_id from campaigns where proposal_id is not null
            order by started_at desc nulls last limit :limit
            """
        ),
        {"limit": limit},
    )
    return list(rows.scalars())


def counts(connection: Connection, campaign_id: str) -> dict[str, int]:
    """Messages of a campaign by status."""
    rows = connection.execute(
        text("select status, count(*) from messages where campaign_id = :campaign group by status"),
        {"campaign": campaign_id},
    )
    return {row[0]: row[1] for row in rows}


def reasons(connection: Connection, campaign_id: str, limit: int = 20) -> dict[str, int]:
    """Why messages of a campaign were not sent, or not yet, most frequent first."""
    rows = connection.execute(
        text(
            """
            select reason, count(*) from messages
            where campaign_id = :campaign and reason is not null and status <> 'sent'
            group by reason order by count(*) desc, reason limit :limit
            """
        ),
        {"campaign": campaign_id, "limit": limit},
    )
    return {row[0]: row[1] for row in rows}


def close_finished(connection: Connection, now: datetime) -> int:
    """Complete the launched campaigns that have nothing left to send."""
    closed = connection.execute(
        text(
            """
            update campaigns c set status = 'completed', ended_at = :now
            where c.proposal_id is not null and c.status = 'active' and not exists (
                select from messages m where m.campaign_id = c.campaign_id
                and m.status in ('pending', 'claimed', 'handing_over'))
            """
        ),
        {"now": now},
    )
    return closed.rowcount
