"""Addresses and consents that come with customers: columns contact_<kind> and consent_<channel> of staged rows.

An empty cell says nothing: what is known stays known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database.loading.statement import MANY_CHANGES, OWN_ORG, run

__all__ = ["CONTACT", "Contacts", "contact_type"]

CONTACT, CONSENT = "contact_", "consent_"
_COLUMN = re.compile(rf"({CONTACT}|{CONSENT})[a-z][a-z0-9_]*")
_TABLES = {
    CONTACT: ("contact_points", "kind", "address", "text"),
    CONSENT: ("consents", "channel", "granted", "boolean"),
}


def contact_type(column: str) -> str | None:
    """SQL type of a contact column; None for any other column."""
    return _Column(column).type if _COLUMN.fullmatch(column) else None


class _Column:
    """A staged column, and where what it says is kept: the table, its key and its value."""

    def __init__(self, name: str) -> None:
        prefix = CONTACT if name.startswith(CONTACT) else CONSENT
        self.name, self.of = name, name.removeprefix(prefix)
        self.table, self.key, self.value, self.type = _TABLES[prefix]
        self.dated = prefix == CONSENT

    def known(self, alias: str, customer: str) -> str:
        """The condition under which a row of the table, called `alias`, is what is known of `customer` (SQL)."""
        return f"{alias}.{self.key} = '{self.of}' and {alias}.customer_id = {customer}"


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contact columns of a load; `at` and `source` are kept with consents."""

    columns: tuple[_Column, ...]
    at: datetime
    source: str

    @classmethod
    def among(cls, columns: Iterable[str], at: datetime, source: str) -> Contacts:
        """Those of `columns` that are addresses or consents."""
        return cls(tuple(_Column(name) for name in columns if contact_type(name)), at, source)

    @property
    def names(self) -> list[str]:
        """The columns by name."""
        return [column.name for column in self.columns]

    def joins(self, customer: str) -> str:
        """Joins to what is known of `customer` (SQL), each under the name of its column."""
        return "".join(f" left join {c.table} {c.name} on {c.known(c.name, customer)}" for c in self.columns)

    def changed(self, row: str) -> str:
        """The condition that `row` says something else than what is known."""
        return self._any(f"{row}.{{0.name}} is not null and {{0.name}}.{{0.value}} is distinct from {row}.{{0.name}}")

    def missing(self, row: str) -> str:
        """The condition that `row` says something of which nothing is known."""
        return self._any(f"{row}.{{0.name}} is not null and {{0.name}}.customer_id is null")

    def put(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` (SQL with external_id and the columns) say of customers of whom nothing is known."""
        self._keep(connection, rows, "")

    def add(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` say where nothing is known."""
        self._keep(connection, rows, "on conflict (org_id, {0.key}, customer_id) do nothing")

    def replace(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` say, in place of what is known."""
        differs = "where {0.table}.{0.value} <> excluded.{0.value}"
        self._keep(connection, rows, f"on conflict (org_id, {{0.key}}, customer_id) do update set {{1}} {differs}")

    def _any(self, condition: str) -> str:
        return " or ".join(f"({condition.format(c)})" for c in self.columns) or "false"

    def _keep(self, connection: Connection, rows: str, conflict: str) -> None:
        if not self.columns:
            return
        run(
            connection,
            f"create temp table reached on commit drop as select c.id as customer_id, {', '.join(self.names)}"  # noqa: S608
            f" from {rows} s join customers c on c.external_id = s.external_id",
        )
        kept = Counter[str]()
        for c in self.columns:
            given = {c.value: c.name} | ({"at": ":at", "source": ":source"} if c.dated else {})
            sets = ", ".join(f"{name} = excluded.{name}" for name in given)
            kept[c.table] += run(
                connection,
                f"insert into {c.table} (org_id, {c.key}, customer_id, {', '.join(given)})"  # noqa: S608
                f" select {OWN_ORG}, '{c.of}', customer_id, {', '.join(given.values())} from reached"
                f" where {c.name} is not null {conflict.format(c, sets)}",
                **({"at": self.at, "source": self.source} if c.dated else {}),
            )
        for table in (name for name, rows in kept.items() if rows >= MANY_CHANGES):
            run(connection, "select refresh_statistics(:table)", table=table)
        run(connection, "drop table reached")
