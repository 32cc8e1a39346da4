"""The record of an import: its number, its account and its decisions, the audit entry, the mapping it confirmed."""

from __future__ import annotations

from collections.abc import Mapping as Table
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.files.mapping import header_key
from core.identity import Identity
from database.loading.load import Load
from database.loading.merge import Counts
from database.queries.audit import record
from database.queries.imports import GIVEN, record_import, save_mapping
from tools.imports.fingerprint import table_versions
from tools.imports.intake import Intake
from tools.imports.report import ImportResult

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["keep", "keep_given"]


def keep_given(
    connection: Connection,
    identity: Identity,
    name: str,
    load: Load,
    rows: int,
    now: datetime,
    seconds: float,
    source: str = GIVEN,
) -> None:
    """Note an import of rows that came from no file."""
    total = sum(load.counts.values(), Counts())
    numbers = {"inserted": total.inserted, "updated": total.updated, "unchanged": total.unchanged}
    values = {"file_name": name, "created_by": identity.actor, "created_at": now, "number": load.number}
    read = {"read": rows, "accepted": rows, "rejected": 0, "seconds": seconds, "source": source}
    what = {"kind": ", ".join(load.counts), "mapping": {}, "tables": table_versions(connection, load.counts)}
    record_import(connection, values | numbers | read | what)


def keep(
    connection: Any,
    identity: Identity,
    plan: Intake,
    result: ImportResult,
    now: datetime,
    remembered: Table[str, Any],
    *,
    confirmed: bool,
) -> None:
    """Note the import, the audit entry, and the mapping where a person confirmed it."""
    mapping = plan.mapping.model_dump()
    numbers = result.model_dump(
        include={"read", "accepted", "rejected", "inserted", "updated", "unchanged", "seconds", "kind"}
    )
    values = {"file_name": result.file, "mapping": mapping, "created_by": identity.actor, "created_at": now}
    values["read_zone"] = plan.read_zone
    values["decisions"] = [decision.model_dump(mode="json") for decision in result.decisions]
    record_import(connection, numbers | values | dict(remembered))
    record(connection, actor=identity.actor, door=identity.door, action="import", subject=result.file, detail=numbers)
    if confirmed and plan.table.format.has_header:
        save_mapping(
            connection,
            header_key=header_key(plan.table.header),
            kind=plan.mapping.kind,
            mapping=mapping,
            actor=identity.actor,
            now=now,
        )
