"""Segments somebody saved: the rule, its members when last refreshed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, text, update

from core.errors import NotFound
from database.tables.intelligence import Segment, SegmentMember

__all__ = ["SegmentRow", "archive", "every", "get", "members", "named", "names_of", "refresh", "save"]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A saved segment."""

    id: UUID
    name: str
    description: str | None
    rule: dict[str, Any]
    size: int
    refreshed_at: datetime
    archived_at: datetime | None = None


_COLUMNS = [getattr(Segment, name) for name in SegmentRow.__dataclass_fields__]


def save(
    connection: Connection,
    *,
    name: str,
    description: str | None,
    rule: Mapping[str, Any],
    condition: str,
    values: Mapping[str, Any],
    created_by: str,
) -> tuple[SegmentRow, bool]:
    """Save a rule and its present members under `name` (any case is the same name); True when it is new.

    Saving an archived name brings it back. `condition` and `values` are the compiled rule.
    """
    # Two callers saving one name at once take turns, so that the second updates what the first made.
    connection.execute(text("select pg_advisory_xact_lock(hashtext('segment ' || lower(:name)))"), {"name": name})
    found = connection.execute(select(Segment.id).where(func.lower(Segment.name) == func.lower(name))).scalar()
    if found is None:
        made = insert(Segment).values(
            name=name, description=description, rule=dict(rule), size=0, created_by=created_by
        )
        segment_id: UUID = connection.execute(made.returning(Segment.id)).scalar_one()
    else:
        segment_id = found
        changed = {"rule": dict(rule), "refreshed_at": func.now(), "archived_at": None}
        told = {} if description is None else {"description": description}
        connection.execute(update(Segment).where(Segment.id == segment_id).values(**changed, **told))
    _fill(connection, segment_id, condition, values)
    return get(connection, segment_id), found is None


def refresh(
    connection: Connection, segment: SegmentRow, condition: str, values: Mapping[str, Any], as_of: datetime
) -> SegmentRow:
    """Compute the members of a saved segment anew, and keep who came and went since it was last refreshed."""
    told = {"name": segment.name, "since": min(segment.refreshed_at, as_of), "at": as_of}
    _fill(connection, segment.id, condition, values, told)
    connection.execute(update(Segment).where(Segment.id == segment.id).values(refreshed_at=func.now()))
    return get(connection, segment.id)


def archive(connection: Connection, name: str, *, archived: bool) -> SegmentRow:
    """Put a saved segment away, or bring it back; NotFound lists the names that could be meant."""
    known = every(connection, archived=not archived)
    segment = next((s for s in known if s.name.lower() == name.strip().lower()), None)
    if segment is None:
        state = "saved" if archived else "archived"
        raise NotFound(f"There is no {state} segment '{name}'.", field="segment", valid=[s.name for s in known])
    at = func.now() if archived else None
    connection.execute(update(Segment).where(Segment.id == segment.id).values(archived_at=at))
    return get(connection, segment.id)


def _fill(
    connection: Connection,
    segment_id: UUID,
    condition: str,
    values: Mapping[str, Any],
    told: Mapping[str, Any] | None = None,
) -> None:
    """Make the members exactly those the rule picks; who stays keeps the day they came in.

    `told` (name, since, at): who comes and goes is kept as moves of that segment.
    """
    picked = f"with picked as materialized (select f.customer_id from customer_facts f where {condition})"  # noqa: S608
    inside = "exists (select 1 from picked p where p.customer_id = m.customer_id)"
    gone = f"delete from segment_members m where m.segment_id = :segment and not {inside}"  # noqa: S608
    into = "insert into segment_members (segment_id, customer_id) select :segment, customer_id from picked"
    come = f"{into} on conflict do nothing"
    bound = {**values, "segment": segment_id, **(told or {})}
    for change, (before, after) in ((gone, (":name", "'none'")), (come, ("'none'", ":name"))):
        statement = f"{picked} {change}"
        if told is not None:
            moved = f"select 'saved', customer_id, {before}, {after}, :since, :at from changed on conflict do nothing"  # noqa: S608
            keep = "insert into membership_moves (kind, customer_id, moved_from, moved_to, since, at)"
            statement = f"{picked}, changed as ({change} returning customer_id) {keep} {moved}"
        connection.execute(text(statement), bound)
    members = select(func.count()).select_from(SegmentMember).where(SegmentMember.segment_id == segment_id)
    connection.execute(update(Segment).where(Segment.id == segment_id).values(size=members.scalar_subquery()))


def get(connection: Connection, segment_id: UUID) -> SegmentRow:
    """The saved segment of that id."""
    row = connection.execute(select(*_COLUMNS).where(Segment.id == segment_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no segment {segment_id}.", field="segment")
    return SegmentRow(*row)


def named(connection: Connection, name: str) -> SegmentRow:
    """The saved segment of that name, any case; NotFound lists the names there are."""
    known = every(connection)
    for segment in known:
        if segment.name.lower() == name.strip().lower():
            return segment
    raise NotFound(f"There is no segment '{name}'.", field="segment", valid=[s.name for s in known])


def every(connection: Connection, *, archived: bool = False) -> Sequence[SegmentRow]:
    """Saved segments that are not archived (or those that are), newest first."""
    away = Segment.archived_at.is_not(None) if archived else Segment.archived_at.is_(None)
    statement = select(*_COLUMNS).where(away).order_by(Segment.created_at.desc(), Segment.name)
    return [SegmentRow(*row) for row in connection.execute(statement)]


def members(connection: Connection, segment_id: UUID) -> Sequence[int]:
    """Internal ids of who was in a saved segment when it was last refreshed."""
    statement = select(SegmentMember.customer_id).where(SegmentMember.segment_id == segment_id)
    return connection.execute(statement.order_by(SegmentMember.customer_id)).scalars().all()


def names_of(connection: Connection, customer_id: int) -> list[str]:
    """Names of the saved segments a customer was in when they were last refreshed."""
    statement = (
        select(Segment.name)
        .join(SegmentMember, SegmentMember.segment_id == Segment.id)
        .where(SegmentMember.customer_id == customer_id, Segment.archived_at.is_(None))
        .order_by(Segment.name)
    )
    return list(connection.execute(statement).scalars())
