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

__all__ = ["SegmentRow", "every", "get", "named", "names_of", "save"]


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A saved segment."""

    id: UUID
    name: str
    description: str | None
    rule: dict[str, Any]
    size: int
    refreshed_at: datetime


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


def _fill(connection: Connection, segment_id: UUID, condition: str, values: Mapping[str, Any]) -> None:
    """Make the members exactly those the rule picks; who stays keeps the day they came in."""
    picked = f"with picked as materialized (select f.customer_id from customer_facts f where {condition})"  # noqa: S608
    inside = "exists (select 1 from picked p where p.customer_id = m.customer_id)"
    gone = f"{picked} delete from segment_members m where m.segment_id = :segment and not {inside}"  # noqa: S608
    into = "insert into segment_members (segment_id, customer_id) select :segment, customer_id from picked"
    come = f"{picked} {into} on conflict do nothing"
    bound = {**values, "segment": segment_id}
    connection.execute(text(gone), bound)
    connection.execute(text(come), bound)
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


def every(connection: Connection) -> Sequence[SegmentRow]:
    """Saved segments that are not archived, newest first."""
    statement = select(*_COLUMNS).where(Segment.archived_at.is_(None)).order_by(Segment.created_at.desc(), Segment.name)
    return [SegmentRow(*row) for row in connection.execute(statement)]


def names_of(connection: Connection, customer_id: int) -> list[str]:
    """Names of the saved segments a customer was in when they were last refreshed."""
    statement = (
        select(Segment.name)
        .join(SegmentMember, SegmentMember.segment_id == Segment.id)
        .where(SegmentMember.customer_id == customer_id, Segment.archived_at.is_(None))
        .order_by(Segment.name)
    )
    return list(connection.execute(statement).scalars())
