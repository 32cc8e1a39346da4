"""Which sources are connected and how their syncs go, and which there are."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from connectors.sources.contract import SourceSettings
from connectors.sources.discovery import sources
from core.identity import READ
from database.queries import connections
from database.queries.connections import ConnectionRow
from tools.channels.account import Seal
from tools.channels.view import in_sentences
from tools.connections.account import SyncResult
from tools.connections.questions import CONNECT, CONNECTIONS
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

SHOWN = ("name", "source", "status", "last_synced_at", "rows", "last_error")


class ListConnectionsArguments(Arguments):
    """Nothing to choose."""


class ConnectionInfo(BaseModel):
    """One connection."""

    id: UUID = Field(description="Its id.")
    name: str = figure("Connection", "Its name.")
    source: str = figure("Source", "What it is a connection to.")
    status: str = figure("Status", "active, or disabled: not synced until a person gives a valid credential.")
    last_synced_at: datetime | None = figure(
        "Last sync", "When the last complete sync began; null: none yet.", unit="instant"
    )
    syncing_since: datetime | None = figure("Syncing since", "When the sync now at work began; null: none is.")
    rows: int | None = figure("Rows", "Rows the last sync brought or changed.", unit="rows")
    left_out: int | None = figure("Left out", "Rows the last sync could not take.", unit="rows")
    problems: list[str] = Field(description="Why rows were left out, the first few.")
    last_error: str | None = figure("Last error", "What went wrong last, in words; null: nothing.")


class SettingInfo(BaseModel):
    """What a source has to be told."""

    name: str = Field(description="Name of the setting.")
    meaning: str = Field(description="What it is.")
    required: bool = Field(description="True: there is no default.")
    secret: bool = Field(description="True: a credential; it is asked for at the shell and never shown.")


class SourceInfo(BaseModel):
    """A source that can be connected."""

    name: str = Field(description="Name for `aima connect`.")
    title: str = Field(description="Name for people.")
    settings: list[SettingInfo] = Field(description="What it has to be told.")


class ConnectionList(ToolResult):
    """Connections and sources."""

    connections: list[ConnectionInfo] = Field(description="What is connected, by name.")
    sources: list[SourceInfo] = Field(description="What can be connected.")
    channels: list[str] = Field(description="Whom messages come from and who carries them, a sentence a channel.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="connected sources",
    agents=("analytics", "research"),
    basis="record",
    examples=({},),
    questions=(CONNECT, CONNECTIONS),
    views=(table("connections", title="Connected sources", columns=SHOWN),),
    next=("Sync now", "Are there any alerts?"),
)
def list_connections(context: Context, arguments: ListConnectionsArguments) -> ConnectionList:
    """Connected sources (shop, ads, mail tools): state, last sync, last error, rows; and what can be connected."""
    with context.transaction() as transaction:
        rows = connections.every(transaction)
        ways = in_sentences(transaction, Seal(context.settings, context.identity.org_id))
    known = sources()
    return ConnectionList(
        connections=[_info(row, known[row.source].title if row.source in known else row.source) for row in rows],
        sources=[
            SourceInfo(name=one.name, title=one.title, settings=_settings(one.settings))
            for one in known.values()
            if not one.invented
        ],
        channels=ways,
        evidence=Evidence(rows=len(rows), as_of=context.now, sources=["connections"]),
    )


def _info(row: ConnectionRow, title: str) -> ConnectionInfo:
    last = SyncResult.model_validate({"touched": None, **row.last_result}) if row.last_result else None
    return ConnectionInfo(
        id=row.id,
        name=row.name,
        source=title,
        status=row.status,
        last_synced_at=row.last_synced_at,
        syncing_since=row.started_at,
        rows=sum(c.inserted + c.updated for c in last.tables.values()) if last else None,
        left_out=last.left_out if last else None,
        problems=last.problems if last else [],
        last_error=row.last_error,
    )


def _settings(model: type[SourceSettings]) -> list[SettingInfo]:
    secret = model.secrets()
    return [
        SettingInfo(name=name, meaning=field.description or "", required=field.is_required(), secret=name in secret)
        for name, field in model.model_fields.items()
    ]
