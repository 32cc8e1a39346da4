"""Campaigns that were launched from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["LaunchedCampaign", "launched", "launched_ids"]


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


def launched(connection: Connection, campaign_id: str | None) -> LaunchedCampaign | None:
    """The launched campaign of that id, or the one approved last."""
    row = connection.execute(
        text(
            """
            select c.campaign_id, c.name, c.status, p.payload ->> 'provider', c.started_at, c.ended_at,
                   (select count(*) from assignments s where s.campaign_id = c.campaign_id and s.arm = 'control')
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
