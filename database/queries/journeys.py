"""Journeys by name: their drafts, and the versions that people approved, with what each of them runs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from core.errors import FixArguments, NotFound

__all__ = [
    "JourneyRow", "VersionRow", "begin_version", "close_empty", "get", "hold", "keep_draft", "listed", "look", "named",
    "release", "set_status", "versions", "wanted",
]  # fmt: skip

_KIND = re.compile(r" (?:journey|flow|automation|sequence|series|drip)s?$")
_COLUMNS = "id, name, status, definition, version, changed_by, changed_at"


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """A journey; `definition` is the newest one, approved or not."""

    id: UUID
    name: str
    status: str
    definition: dict[str, Any]
    version: int | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as it was approved, and how far it has looked; nobody enters by what was before `entries_from`."""

    journey_id: UUID
    version: int
    proposal_id: UUID
    payload: dict[str, Any]
    content_hash: str
    approved_hash: str | None
    started_at: datetime
    entries_from: datetime
    members_at: datetime | None
    news_at: datetime | None
    news_of: str


def keep_draft(
    connection: Connection, name: str, definition: Mapping[str, Any], by: str, journey_id: UUID | None = None
) -> UUID:
    """Keep a definition under a name, anew or in place of the one before; what runs is not touched.

    FixArguments where another journey has that name.
    """
    values = {"id": journey_id, "name": name, "definition": json.dumps(dict(definition)), "by": by}
    taken = connection.execute(
        text("select id from journeys where lower(name) = lower(:name) and id is distinct from :id"), values
    ).scalar()
    if taken is not None:
        raise FixArguments(f"There is a journey called “{name}” already: change that one, or take another name.")
    if journey_id is None:
        made = "insert into journeys (name, definition, changed_by) values (:name, :definition, :by) returning id"
    else:
        made = (
            "update journeys set name = :name, definition = :definition, changed_by = :by, changed_at = now()"
            " where id = :id returning id"
        )
    found = connection.execute(text(made), values).scalar()
    if found is None:
        raise NotFound(f"There is no journey {journey_id}.", field="journey_id")
    return UUID(str(found))


def get(connection: Connection, journey_id: UUID) -> JourneyRow:
    """One journey; NotFound without it."""
    row = connection.execute(text(f"select {_COLUMNS} from journeys where id = :id"), {"id": journey_id}).one_or_none()  # noqa: S608
    if row is None:
        raise NotFound(f"There is no journey {journey_id}.", field="journey")
    return JourneyRow(*row)


def named(connection: Connection, name: str) -> JourneyRow:
    """The journey of that name or id, without regard to case, or the only one whose name holds it; NotFound lists them.

    "Welcome journey", "welcome series" and "welcome" are one name.
    """
    rows = listed(connection)
    wanted = name.strip().lower()
    for said in dict.fromkeys((wanted, _KIND.sub("", wanted), _KIND.sub("", wanted).removeprefix("the "))):
        exact = [row for row in rows if said in (row.name.lower(), str(row.id))]
        alike = [row for row in rows if said and said in row.name.lower()]
        if len(exact or alike) == 1:
            return (exact or alike)[0]
    raise NotFound(f"There is no journey called “{name}”.", field="journey", valid=[row.name for row in rows][:20])


def listed(connection: Connection) -> list[JourneyRow]:
    """All of them: those that run first, then the ones changed last."""
    rows = connection.execute(
        text(
            f"select {_COLUMNS} from journeys order by"  # noqa: S608
            " array_position(array['running', 'paused', 'closing', 'draft', 'ended'], status), changed_at desc, id"
        )
    )
    return [JourneyRow(*row) for row in rows]


def set_status(connection: Connection, journey_id: UUID, before: Collection[str], status: str, by: str) -> bool:
    """Move a journey on; False where it is in none of the states `before`."""
    moved = connection.execute(
        text(
            "update journeys set status = :status, changed_by = :by, changed_at = now()"
            " where id = :id and status = any(:before)"
        ),
        {"id": journey_id, "status": status, "by": by, "before": list(before)},
    )
    return moved.rowcount == 1


def begin_version(
    connection: Connection, journey_id: UUID, version: int, proposal_id: UUID, name: str, now: datetime, by: str
) -> bool:
    """Let a version run that a person has approved; False where a newer one, or this very one, runs already."""
    moved = connection.execute(
        text(
            """
            update journeys set status = case when status = 'paused' then status else 'running' end,
                version = :version, name = :name, changed_by = :by, changed_at = now()
            where id = :id and coalesce(version, 0) < :version
            """
        ),
        {"id": journey_id, "version": version, "name": name, "by": by},
    )
    if moved.rowcount == 0:
        return False
    connection.execute(
        text(
            "insert into journey_versions (journey_id, version, proposal_id, started_at, entries_from)"
            " select :id, :version, :proposal, :now, coalesce((select max(entries_from) from journey_versions"
            " where journey_id = :id), :now)"
        ),
        {"id": journey_id, "version": version, "proposal": proposal_id, "now": now},
    )
    return True


_VERSIONS = """
    select v.journey_id, v.version, v.proposal_id, p.payload, p.content_hash, a.content_hash, v.started_at,
        v.entries_from, v.members_at, v.news_at, v.news_of
    from journey_versions v join proposals p on p.id = v.proposal_id
    left join approvals a on a.proposal_id = p.id and a.decision = 'approved'
"""


def versions(connection: Connection, journey_id: UUID) -> list[VersionRow]:
    """The versions of a journey that were approved, the newest first."""
    rows = connection.execute(text(f"{_VERSIONS} where v.journey_id = :id order by v.version desc"), {"id": journey_id})
    return [VersionRow(*row) for row in rows]


def look(connection: Connection, version: VersionRow, *, members: datetime | None, news: tuple[datetime, str]) -> None:
    """Keep how far a version has looked."""
    connection.execute(
        text(
            "update journey_versions set members_at = coalesce(cast(:members as timestamptz), members_at),"
            " news_at = :news, news_of = :of where journey_id = :id and version = :version"
        ),
        {"id": version.journey_id, "version": version.version, "members": members, "news": news[0], "of": news[1]},
    )


def wanted(connection: Connection) -> bool:
    """Whether anything runs, or waits to be told to a webhook."""
    found = connection.execute(
        text(
            "select exists (select from journeys where status in ('running', 'closing'))"
            " or exists (select from journey_calls where status = 'pending')"
        )
    )
    return bool(found.scalar_one())


def close_empty(connection: Connection) -> int:
    """End the journeys that nobody enters any more and nobody is in."""
    closed = connection.execute(
        text(
            "update journeys j set status = 'ended', changed_at = now() where status = 'closing'"
            " and not exists (select from journey_people p where p.journey_id = j.id and p.state = 'in')"
        )
    )
    return closed.rowcount


def hold(connection: Connection, journey_id: UUID) -> int:
    """Let no message of a journey go out for now; what a courier has in hand goes. Returns how many wait."""
    held = connection.execute(
        text(
            "update campaigns set status = 'paused' where status <> 'paused' and step_of in"
            " (select proposal_id from journey_versions where journey_id = :id)"
        ),
        {"id": journey_id},
    )
    return held.rowcount


def release(connection: Connection, journey_id: UUID, entries_from: datetime | None) -> int:
    """Let the messages of a journey go out again; what people did before that instant lets nobody in."""
    connection.execute(
        text("update journey_versions set entries_from = coalesce(cast(:at as timestamptz), entries_from)"
             " where journey_id = :id"),
        {"id": journey_id, "at": entries_from},
    )  # fmt: skip
    let_go = connection.execute(
        text(
            "update campaigns set status = 'active' where status = 'paused' and step_of in"
            " (select proposal_id from journey_versions where journey_id = :id)"
        ),
        {"id": journey_id},
    )
    return let_go.rowcount
