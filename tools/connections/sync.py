"""Asking for a sync now."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from core.errors import AskPerson, NoSuchData
from core.identity import WRITE
from database.queries import connections
from tools.connections.questions import SYNC
from tools.connections.run import JOB
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult


class SyncConnectionArguments(Arguments):
    """Which connection."""

    connection: str | None = Field(default=None, description="Its name or id; absent: all of them.")


class SyncAsked(ToolResult):
    """A sync in the background."""

    connections: list[str] = figure("Connections", "Names of the connections it will bring up to date.")
    job_id: UUID = Field(description="Ask job_status with it.")


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Asked for new data",
    agents=("analytics", "research"),
    basis="record",
    examples=({}, {"connection": "My shop"}),
    questions=(SYNC,),
    views=(),
    next=("Which sources are connected?", "How far is the job?"),
)
def sync_connection(context: Context, arguments: SyncConnectionArguments) -> SyncAsked:
    """Bring in what is new from a connected source (or all), in the background; it happens every half hour anyway."""
    with context.transaction() as transaction:
        every = connections.every(transaction)
        chosen = [connections.named(transaction, arguments.connection)] if arguments.connection else every
    if not every:
        raise NoSuchData("No source is connected yet: a person connects one at the shell, with `aima connect SOURCE`.")
    active = [row for row in chosen if row.status == "active"]
    if not active:
        raise AskPerson(f"{chosen[0].name} is disabled until a person connects it again. {chosen[0].last_error or ''}")
    wanted = {"connection": str(active[0].id)} if arguments.connection else {}
    return SyncAsked(
        connections=[row.name for row in active],
        job_id=context.enqueue(context.identity, JOB, wanted),
        evidence=Evidence(rows=len(active), as_of=context.now, sources=["connections"]),
    )
