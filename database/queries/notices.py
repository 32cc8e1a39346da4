"""Notices to Slack and Teams: where they go, what there is to tell, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

__all__ = ["Due", "TargetRow", "collect", "due", "forget", "put", "settle", "targets", "wanted"]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A service that is told, with its sealed settings; `failed` is the reason of its last notice that failed."""

    service: str
    settings: bytes
    changed_by: str
    changed_at: datetime
    failed: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """What a service is to be told of now; `attempts`: how often in vain, at most."""

    service: str
    approvals: int
    alerts: int
    attempts: int


def targets(connection: Connection) -> list[TargetRow]:
    """The services that are told, by name."""
    rows = connection.execute(
        text(
            """
            select t.service, t.settings, t.changed_by, t.changed_at, (
                select n.reason from notices n where n.service = t.service and n.status = 'failed'
                order by n.due_at desc limit 1)
            from notice_targets t order by 1
            """
        )
    )
    return [TargetRow(*row) for row in rows]


def put(connection: Connection, service: str, settings: bytes, by: str, now: datetime) -> None:
    """Tell a service from now on."""
    connection.execute(
        text(
            """
            insert into notice_targets (service, settings, changed_by, changed_at)
            values (:service, :settings, :by, :now)
            on conflict (org_id, service) do update set settings = excluded.settings,
                changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """
        ),
        {"service": service, "settings": settings, "by": by, "now": now},
    )
    connection.execute(text("delete from notices where service = :service and status <> 'sent'"), {"service": service})


def forget(connection: Connection, service: str) -> bool:
    """Tell a service nothing any more; False where it was told nothing."""
    connection.execute(text("delete from notices where service = :service"), {"service": service})
    gone = connection.execute(text("delete from notice_targets where service = :service"), {"service": service})
    return gone.rowcount == 1


def wanted(connection: Connection) -> bool:
    """Whether any service is told."""
    return bool(connection.execute(text("select exists (select from notice_targets)")).scalar_one())


def collect(connection: Connection, now: datetime) -> None:
    """Note what each service is to be told of: what waits, and was made since the service was set up, each once."""
    connection.execute(
        text(
            """
            insert into notices (service, about, subject, due_at)
            select t.service, w.about, w.id, :now from notice_targets t join (
                select 'approval' as about, id, created_at from proposals where status = 'pending'
                union all select 'alert', id, created_at from alerts where seen_at is null
            ) w on w.created_at >= t.changed_at
            on conflict do nothing
            """
        ),
        {"now": now},
    )


_WAITS = """
    n.status = 'pending' and n.due_at <= :now and case n.about
        when 'approval' then exists (select from proposals p where p.id = n.subject and p.status = 'pending')
        else exists (select from alerts a where a.id = n.subject and a.seen_at is null) end
"""


def due(connection: Connection, now: datetime) -> list[Due]:
    """What is to be told now, by service; what has been decided or seen meanwhile is not."""
    rows = connection.execute(
        text(
            f"""
            select n.service, count(*) filter (where n.about = 'approval'), count(*) filter (where n.about = 'alert'),
                max(n.attempts)
            from notices n where {_WAITS} group by n.service order by 1
            """  # noqa: S608 - a constant
        ),
        {"now": now},
    )
    return [Due(*row) for row in rows]


def settle(
    connection: Connection, service: str, now: datetime, status: str, reason: str | None, due_at: datetime | None
) -> None:
    """Write down what became of what was due; a pending one is tried again at `due_at`."""
    connection.execute(
        text(
            "update notices set status = :status, reason = :reason, attempts = attempts + 1,"
            " due_at = coalesce(cast(:due as timestamptz), due_at)"
            " where service = :service and status = 'pending' and due_at <= :now"
        ),
        {"service": service, "now": now, "status": status, "reason": reason, "due": due_at},
    )
