"""Segments that people save: a rule under a name, with its members; put away and brought back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import WRITE
from database.queries import saved_segments
from tools.audience.facts import Facts
from tools.audience.rule import Rule
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, ToolResult
from tools.segments.questions import SAVE_SEGMENT, SEGMENT_ARCHIVE

__all__ = ["SavedSegment", "archive_segment", "reactivate_segment", "save_segment", "saved_segment"]


class SaveSegmentArguments(Arguments):
    """A name and a rule."""

    name: str = Field(min_length=1, max_length=120, description="Name; saving the same name again updates it.")
    rule: Rule = Field(description="Which customers.")
    description: str | None = Field(default=None, max_length=2000, description="What it is for.")


class SavedSegment(BaseModel):
    """A segment somebody saved."""

    id: UUID = Field(description="Its id.")
    name: str = figure("Name", "Its name.")
    description: str | None = figure("Description", "What it is for.")
    rule: dict[str, Any] = Field(description="The rule it was saved with.")
    size: int = figure("Customers", "Customers in it when last refreshed.", unit="customers")
    refreshed_at: datetime = figure("Refreshed", "When its members were last computed.")


class SaveSegment(ToolResult):
    """The segment as saved."""

    segment: SavedSegment = Field(description="The saved segment.")
    created: bool = Field(description="True: new; false: one of that name was updated.")


class ArchiveSegmentArguments(Arguments):
    """Which saved segment."""

    segment: str = Field(min_length=1, max_length=120, description="Name of a saved segment.")


class ArchiveSegment(ToolResult):
    """The segment, put away or brought back."""

    segment: SavedSegment = Field(description="The saved segment.")
    archived: bool = Field(description="True: it is archived now.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Saved a segment",
    recorded=True,
    agents=("research",),
    basis="record",
    examples=({"name": "Win back", "rule": {"field": "rfm_segment", "operator": "eq", "value": "At Risk"}},),
    questions=(SAVE_SEGMENT,),
    views=(),
    next=("Write them an email", "Show me the segments"),
    audience=lambda arguments, _result: arguments.rule.plain(),
)
def save_segment(context: Context, arguments: SaveSegmentArguments) -> SaveSegment:
    """Save a rule as a named segment with its present members, to use it again and in campaigns."""
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        condition, values = facts.where(arguments.rule)
        saved, created = saved_segments.save(
            connection,
            name=arguments.name.strip(),
            description=arguments.description,
            rule=arguments.rule.plain(),
            condition=condition,
            values=values,
            created_by=context.identity.actor,
        )
        used = facts.definitions_of_rule(arguments.rule)
    return SaveSegment(
        segment=saved_segment(saved),
        created=created,
        evidence=facts.evidence(saved.size, ["customer_facts", "segments"], used),
    )


def saved_segment(row: saved_segments.SegmentRow) -> SavedSegment:
    """A stored segment as results carry it."""
    return SavedSegment(**{name: value for name, value in asdict(row).items() if name != "archived_at"})


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Archived a segment",
    recorded=True,
    agents=("research",),
    basis="record",
    examples=({"segment": "Win back"},),
    questions=(SEGMENT_ARCHIVE,),
    views=(),
    next=("Which segments are archived?",),
)
def archive_segment(context: Context, arguments: ArchiveSegmentArguments) -> ArchiveSegment:
    """Put a saved segment away: it is listed, refreshed and usable no more until reactivate_segment brings it back."""
    return _archive(context, arguments, archived=True)


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Brought a segment back",
    recorded=True,
    agents=("research",),
    basis="record",
    examples=({"segment": "Win back"},),
    views=(),
    next=("Show me the segments",),
)
def reactivate_segment(context: Context, arguments: ArchiveSegmentArguments) -> ArchiveSegment:
    """Bring an archived segment back, with its members as they are now."""
    return _archive(context, arguments, archived=False)


def _archive(context: Context, arguments: ArchiveSegmentArguments, *, archived: bool) -> ArchiveSegment:
    with context.transaction() as connection:
        facts = Facts.about(connection, context.now)
        changed = saved_segments.archive(connection, arguments.segment, archived=archived)
        if not archived:
            condition, values = facts.where(Rule.model_validate(changed.rule))
            changed = saved_segments.refresh(connection, changed, condition, values, facts.as_of)
    return ArchiveSegment(
        segment=saved_segment(changed), archived=archived, evidence=facts.evidence(changed.size, ["segments"])
    )
