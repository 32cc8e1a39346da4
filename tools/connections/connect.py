"""Connecting a source and letting it go: a person's acts, with a credential that no result, log or record repeats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from pydantic import ConfigDict, Field, SecretStr, field_validator

from connectors.sources.contract import Source, SourceSettings
from connectors.sources.discovery import source
from core.errors import AskPerson, FixArguments
from core.identity import ADMIN
from core.secrets import Vault
from database.queries import connections, organisations
from database.queries.connections import ConnectionRow
from tools.connections.run import JOB
from tools.connections.seal import Seal
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.results import Arguments, Evidence, ToolResult


class ConnectSourceArguments(Arguments):
    """What to connect, and with which settings."""

    model_config = ConfigDict(hide_input_in_errors=True)

    source: str = Field(description="Name of the source, from list_connections.")
    name: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        description="What to call the connection; the source's name if absent.",
    )
    settings: dict[str, SecretStr] = Field(
        default_factory=dict, description="The source's settings by name; none of them is ever shown again."
    )

    @field_validator("settings", mode="before")
    @classmethod
    def _as_text(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {name: value if isinstance(value, SecretStr) else str(value) for name, value in given.items()}


class DisconnectSourceArguments(Arguments):
    """What to disconnect."""

    connection: str = Field(description="Name or id of the connection.")


class ConnectedSource(ToolResult):
    """A connection was made or given other settings."""

    connection: str = figure("Connection", "Its name.")
    id: UUID = Field(description="Its id.")
    created: bool = Field(description="False: it was there, and has other settings now.")
    job_id: UUID = Field(description="The first sync; ask job_status.")

    @property
    def audit_subject(self) -> str:
        """What the audit entry is about."""
        return self.connection


class DisconnectedSource(ToolResult):
    """A connection is gone."""

    connection: str = figure("Connection", "Its name.")

    @property
    def audit_subject(self) -> str:
        """What the audit entry is about."""
        return self.connection


@tool(effect=Effect.OPERATE, scope=ADMIN, basis="record", examples=({"source": "demo", "settings": {"seed": "7"}},))
def connect_source(context: Context, arguments: ConnectSourceArguments) -> ConnectedSource:
    """Connect a source after asking it whether the credential is good; syncs begin at once.

    A connection of that name to the same source gets the settings given; where only its credential differs, it goes on
    from where it was. A name stands for one account: another account of the source needs a name of its own.
    """
    found = source(arguments.source)
    settings = found.configured({name: value.get_secret_value() for name, value in arguments.settings.items()})
    _check_organisation(context, found)
    found.check(settings)
    name = (arguments.name or found.title).strip()
    with context.transaction() as transaction:
        known = connections.every(transaction)
        before = next((row for row in known if row.name.casefold() == name.casefold()), None)
        if before is not None and before.source != found.name:
            raise FixArguments(f"'{before.name}' is a connection to {before.source} already.", field="name")
        connection_id = before.id if before else uuid4()
        seal = Seal(Vault.of(context.settings), context.identity.org_id, connection_id)
        sealed = seal.settings(settings)
        if before is not None:
            afresh = _reached(_opened_or_none(seal, before)) != _reached(settings)
            connections.renew(transaction, connection_id, sealed, afresh=afresh)
        else:
            prefix = connections.prefix_of(transaction, found.name, name)
            by = context.identity.actor
            connections.create(
                transaction, connection_id, source=found.name, name=name, prefix=prefix, settings=sealed, by=by
            )
    return ConnectedSource(
        connection=before.name if before else name,
        id=connection_id,
        created=before is None,
        job_id=context.enqueue(context.identity, JOB, {"connection": str(connection_id)}),
        evidence=Evidence(rows=1, as_of=context.now, sources=["connections"]),
    )


@tool(effect=Effect.OPERATE, scope=ADMIN, basis="record", examples=({"connection": "Demo shop"},))
def disconnect_source(context: Context, arguments: DisconnectSourceArguments) -> DisconnectedSource:
    """Forget a connection and its credential; a sync at work ends, and what was loaded stays."""
    with context.transaction() as transaction:
        row = connections.named(transaction, arguments.connection)
        connections.remove(transaction, row.id)
    return DisconnectedSource(
        connection=row.name, evidence=Evidence(rows=1, as_of=context.now, sources=["connections"])
    )


def _check_organisation(context: Context, found: Source[Any]) -> None:
    """Invented customers never get among real ones."""
    with context.transaction() as transaction:
        profile = organisations.profile(transaction)
    if found.invented and not profile.is_demo:
        raise FixArguments(f"{found.title} is made up: it fills demo organisations only.", field="source")


def _opened_or_none(seal: Seal, row: ConnectionRow) -> SourceSettings | None:
    try:
        return seal.opened(row)[1]
    except (AskPerson, FixArguments):
        return None


def _reached(settings: SourceSettings | None) -> Mapping[str, Any] | None:
    """What settings lead to, whatever the credential."""
    return None if settings is None else settings.model_dump(mode="json", exclude=set(settings.secrets()))
