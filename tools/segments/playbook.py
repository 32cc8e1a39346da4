"""What people write over the playbook of a segment."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.errors import FixArguments
from core.identity import WRITE
from database.queries import playbooks
from database.queries.playbooks import PlaybookRow
from tools.audience.names import Kind, find
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult
from tools.segments.groups import PlaybookInfo, Standing, level_of, playbook_info
from tools.segments.questions import PLAYBOOK_CHANGE

Channel = Literal["email", "sms", "ads", "phone", "post"]
_FIELDS = ("offers", "message", "channels", "send_window")


class UpdatePlaybookArguments(Arguments):
    """Which segment, and what to do with it; what is left out stays as it is."""

    segment: str = Field(min_length=1, max_length=120, description="Name of a segment of any kind.")
    kind: Kind | None = Field(default=None, description="Its kind, where several share the name.")
    offers: list[str] | None = Field(default=None, min_length=1, max_length=10, description="Offers, best first.")
    message: str | None = Field(default=None, min_length=1, max_length=2_000, description="Message strategy.")
    channels: list[Channel] | None = Field(default=None, min_length=1, description="Channels, first choice first.")
    send_window: str | None = Field(default=None, min_length=1, max_length=200, description="When to send, in words.")


class UpdatePlaybook(ToolResult):
    """The playbook as it is now."""

    segment: str = figure("Segment", "Name of the segment.")
    kind: Kind = figure("Kind", "Its kind.")
    playbook: PlaybookInfo = Field(description="Offers, message, channels, time.")
    before: PlaybookInfo = Field(description="What it was until now.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Changed the playbook",
    recorded=True,
    agents=("research",),
    basis="record",
    examples=({"segment": "Hibernating", "offers": ["a seasonal preview"], "channels": ["email", "post"]},),
    questions=(PLAYBOOK_CHANGE,),
    views=(),
    next=("Show me the segments",),
)
def update_playbook(context: Context, arguments: UpdatePlaybookArguments) -> UpdatePlaybook:
    """Change what is to be done with a segment: offers, message strategy, channels, send window."""
    changes = {name: value for name in _FIELDS if (value := getattr(arguments, name)) is not None}
    if not changes:
        raise FixArguments("Nothing to change was given.", field="offers", valid=_FIELDS)
    with context.transaction() as connection:
        segment = find(connection, arguments.segment, arguments.kind)
        standing = Standing(connection)
        before = standing.playbook(segment.kind, segment.name, level_of(connection, segment.kind, segment.name))
        values = {name: getattr(before, name) for name in _FIELDS} | changes
        row = PlaybookRow(
            segment.kind, segment.name, **values, updated_by=context.identity.actor, updated_at=context.now
        )
        playbooks.keep(connection, row)
    return UpdatePlaybook(
        segment=segment.name,
        kind=segment.kind,
        playbook=playbook_info(row, segment.kind, segment.name, None),
        before=before,
        evidence=Evidence(rows=0, as_of=context.now, sources=["playbooks"]),
    )
