"""Where an organisation's people are told that something waits: set by an administrator, kept sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from connectors.channels.credentials import HookAddress
from connectors.notices import SERVICES
from core.errors import FixArguments, NotFound
from core.identity import ADMIN, Identity
from core.secrets import Vault
from core.settings import Settings
from database.engine import Database
from database.queries import notices
from database.queries.audit import record

__all__ = ["Target", "addresses_of", "change_target", "remove_target", "targets_in_words", "targets_of"]


@dataclass(frozen=True, slots=True)
class Target:
    """A service that is told; its address is shown to nobody."""

    service: str
    title: str
    changed_by: str
    changed_at: datetime
    failed: str | None


def change_target(
    database: Database, identity: Identity, settings: Settings, service: str, address: str, now: datetime
) -> None:
    """Tell a service from now on, by its incoming webhook; FixArguments says what is wrong with the address."""
    identity.require(ADMIN)
    _require_known(service)
    try:
        checked = TypeAdapter(HookAddress).validate_python(address)
    except ValidationError as error:
        said = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise FixArguments(f"The address {said}.", field="address") from None
    sealed = Vault.of(settings).seal(json.dumps({"address": checked}), _place(identity.org_id, service))
    with database.transaction(identity.org_id) as connection:
        notices.put(connection, service, sealed, identity.actor, now)
        _note(connection, identity, "notices_set", service)


def remove_target(database: Database, identity: Identity, service: str) -> None:
    """Tell a service nothing any more; NotFound where it is told nothing."""
    identity.require(ADMIN)
    _require_known(service)
    with database.transaction(identity.org_id) as connection:
        if not notices.forget(connection, service):
            raise NotFound(f"{SERVICES[service][0]} is told nothing.", field="service")
        _note(connection, identity, "notices_removed", service)


def targets_of(database: Database, identity: Identity) -> Sequence[Target]:
    """The services that are told."""
    identity.require(ADMIN)
    with database.transaction(identity.org_id) as connection:
        rows = notices.targets(connection)
    return [Target(r.service, SERVICES[r.service][0], r.changed_by, r.changed_at, r.failed) for r in rows]


def targets_in_words(targets: Sequence[Target]) -> list[str]:
    """A line each."""
    if not targets:
        return ["Nobody is told: aima notices set slack ADDRESS, or teams."]
    return [
        f"{one.title} is told what waits for a decision, and of alerts (set by {one.changed_by})."
        + (f" The last notice failed: {one.failed}" if one.failed else "")
        for one in targets
    ]


def addresses_of(connection: Connection, settings: Settings, org_id: UUID) -> dict[str, str]:
    """The address of each service that is told; AskPerson where one cannot be opened with this installation's key."""
    vault = Vault.of(settings)
    return {
        row.service: str(json.loads(vault.open(row.settings, _place(org_id, row.service)))["address"])
        for row in notices.targets(connection)
    }


def _require_known(service: str) -> None:
    if service not in SERVICES:
        raise FixArguments(f"There is no service '{service}' for notices.", field="service", valid=list(SERVICES))


def _place(org_id: UUID, service: str) -> str:
    return f"{org_id}/notices {service}"


def _note(connection: Connection, identity: Identity, action: str, service: str) -> None:
    record(connection, actor=identity.actor, door=identity.door, action=action, subject=service, detail={})
