"""Addresses and consents that come with customers: columns contact_<kind> and consent_<channel> of staged rows.

An empty cell says nothing: what is known stays known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database.loading.statement import OWN_ORG, run

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

    def replace(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` (SQL with external_id and the columns) say, in place of what was known."""
        for c in self.columns:
            kept = ("at", "source", c.value) if c.dated else (c.value,)
            sets = ", ".join(f"{name} = excluded.{name}" for name in kept)
            conflict = f"on conflict (org_id, {c.key}, customer_id) do update set {sets}"
            self._insert(connection, c, rows, f"{conflict} where {c.table}.{c.value} <> excluded.{c.value}")

    def add(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` say where nothing was known."""
        for c in self.columns:
            self._insert(connection, c, rows, f"and not exists (select from {c.table} k where {c.known('k', 'c.id')})")

    def _any(self, condition: str) -> str:
        return " or ".join(f"({condition.format(c)})" for c in self.columns) or "false"

    def _insert(self, connection: Connection, c: _Column, rows: str, end: str) -> None:
        more, values = (", at, source", ", :at, :source") if c.dated else ("", "")
        run(
            connection,
            f"insert into {c.table} (org_id, {c.key}, customer_id, {c.value}{more})"  # noqa: S608
            f" select {OWN_ORG}, '{c.of}', c.id, s.{c.name}{values} from {rows} s"
            f" join customers c on c.external_id = s.external_id where s.{c.name} is not null {end}",
            **({"at": self.at, "source": self.source} if c.dated else {}),
        )
