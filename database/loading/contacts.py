"""Addresses and consents that come with customers: columns contact_<kind> and consent_<channel> of staged rows.

An empty cell says nothing: what is known stays known. Beside a consent stands when it was stated (stated_<channel>),
and why its address must not be written to again (suppress_<channel>__<kind of address>, a word).

Of two consents the later one stands, where the source says when they were stated. A refusal of which that is not known
stands against everything, an agreement against nothing, and of equals the refusal stands; so a file with an older yes
never undoes a no, whichever is read first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from core.decisions import Decisions
from database.loading.statement import MANY_CHANGES, OWN_IMPORT, OWN_ORG, count, run

__all__ = ["ALSO", "CONSENT", "CONTACT", "STATED", "SUPPRESS", "Contacts", "contact_type", "weight"]

CONTACT, CONSENT, STATED, SUPPRESS, ALSO = "contact_", "consent_", "stated_", "suppress_", "also_"
_COLUMN = re.compile(rf"({CONTACT}|{CONSENT})[a-z][a-z0-9_]*")
_BESIDE = re.compile(rf"({STATED}|{SUPPRESS}|{ALSO})[a-z][a-z0-9_]*")
_TABLES = {
    CONTACT: ("contact_points", "kind", "address", "text"),
    CONSENT: ("consents", "channel", "granted", "boolean"),
}


def contact_type(column: str) -> str | None:
    """SQL type of a column that tells of addresses, consents or what else somebody goes by; None for any other."""
    if _BESIDE.fullmatch(column):
        return "timestamptz" if column.startswith(STATED) else "text"
    return _Column(column).type if _COLUMN.fullmatch(column) else None


def weight(granted: str, stated_at: str) -> str:
    """SQL: what a consent weighs; the heavier stands."""
    unknown = f"case when {granted} then '-infinity' else 'infinity' end::timestamptz"
    return f"(coalesce({stated_at}, {unknown}), not {granted})"


class _Column:
    """A staged column, and where what it says is kept: the table, its key and its value."""

    def __init__(self, name: str, columns: Iterable[str] = ()) -> None:
        prefix = CONTACT if name.startswith(CONTACT) else CONSENT
        self.name, self.of = name, name.removeprefix(prefix)
        self.table, self.key, self.value, self.type = _TABLES[prefix]
        self.consents = prefix == CONSENT
        self.stated = f"{STATED}{self.of}" if self.consents and f"{STATED}{self.of}" in columns else None

    def known(self, alias: str, customer: str) -> str:
        """The condition under which a row of the table, called `alias`, is what is known of `customer` (SQL)."""
        return f"{alias}.{self.key} = '{self.of}' and {alias}.customer_id = {customer}"

    def heavier(self, row: str, known: str) -> str:
        """The condition that the consent of `row` stands against the one `known`."""
        stated = f"{row}.{self.stated}" if self.stated else "null"
        return f"{weight(f'{row}.{self.name}', stated)} > {weight(f'{known}.granted', f'{known}.stated_at')}"

    def changed(self, row: str) -> str:
        """The condition that `row` says something else than what is known, under the name of the column."""
        if self.consents:
            unknown = f"{self.name}.customer_id is null"
            return f"({row}.{self.name} is not null and ({unknown} or {self.heavier(row, self.name)}))"
        return f"({row}.{self.name} is not null and {self.name}.{self.value} is distinct from {row}.{self.name})"


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contact columns of a load; `at` and `source` are kept with consents."""

    columns: tuple[_Column, ...]
    suppressing: tuple[str, ...]
    at: datetime
    source: str
    decisions: Decisions = field(default_factory=Decisions)

    @classmethod
    def among(cls, columns: Iterable[str], at: datetime, source: str, decisions: Decisions) -> Contacts:
        """Those of `columns` that are addresses or consents."""
        given = list(columns)
        told = tuple(_Column(name, given) for name in given if _COLUMN.fullmatch(name))
        return cls(told, tuple(name for name in given if name.startswith(SUPPRESS)), at, source, decisions)

    @property
    def names(self) -> list[str]:
        """The columns by name, with those that stand beside them."""
        stated = [column.stated for column in self.columns if column.stated]
        return [*(column.name for column in self.columns), *stated, *self.suppressing]

    def joins(self, customer: str) -> str:
        """Joins to what is known of `customer` (SQL), each under the name of its column."""
        return "".join(f" left join {c.table} {c.name} on {c.known(c.name, customer)}" for c in self.columns)

    def changed(self, row: str) -> str:
        """The condition that `row` says something else than what is known."""
        return " or ".join(column.changed(row) for column in self.columns) or "false"

    def missing(self, row: str) -> str:
        """The condition that `row` says something of which nothing is known."""
        told = (f"({row}.{c.name} is not null and {c.name}.customer_id is null)" for c in self.columns)
        return " or ".join(told) or "false"

    def put(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` (SQL with external_id and the columns) say of customers of whom nothing is known."""
        self._keep(connection, rows, "")

    def add(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` say where nothing is known."""
        self._keep(connection, rows, "on conflict (org_id, {0.key}, customer_id) do nothing")

    def replace(self, connection: Connection, rows: str) -> None:
        """Keep what `rows` say, in place of what is known; of consents the heavier."""
        self._keep(connection, rows, "on conflict (org_id, {0.key}, customer_id) do update set {1} where {2}")

    def settle(self, connection: Connection, staging: str) -> None:
        """Suppress the addresses that the rows of `staging` say so of; tell of agreements that a refusal outweighs."""
        for name in self.suppressing:
            channel, _, kind = name.removeprefix(SUPPRESS).partition("__")
            run(
                connection,
                "insert into suppressions (org_id, channel, address, reason, at)"  # noqa: S608
                f" select distinct on (p.address) {OWN_ORG}, :channel, lower(trim(p.address)), s.{name}, :at"
                f" from {staging} s join customers c on c.external_id = s.customer"
                " join contact_points p on p.customer_id = c.id and p.kind = :kind"
                f" where s.{name} is not null order by p.address, s.{name} on conflict do nothing",
                channel=channel,
                kind=kind,
                at=self.at,
            )
        for column in (column for column in self.columns if column.consents):
            stay = count(
                connection,
                f"select count(*) from {staging} s join customers c on c.external_id = s.customer"  # noqa: S608
                f" join consents k on {column.known('k', 'c.id')}"
                f" where s.{column.name} and not k.granted and not {column.heavier('s', 'k')}",
            )
            if stay:
                said = f"People who refused {column.of} messages before agree in this file, without a later date"
                self.decisions.add("consent", f"{said}: the refusal stays.", rows=stay, doubtful=True)

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
            given = {c.value: c.name}
            differs = f"{c.table}.{c.value} <> excluded.{c.value}"
            if c.consents:
                given |= {"at": ":at", "source": ":source", "stated_at": c.stated or "null::timestamptz"}
                weights = [weight(f"{row}.granted", f"{row}.stated_at") for row in ("excluded", "consents")]
                differs = " > ".join(weights)
            sets = ", ".join(f"{name} = excluded.{name}" for name in given)
            kept[c.table] += run(
                connection,
                f"insert into {c.table} (org_id, import_no, {c.key}, customer_id, {', '.join(given)})"  # noqa: S608
                f" select {OWN_ORG}, {OWN_IMPORT}, '{c.of}', customer_id, {', '.join(given.values())} from reached"
                f" where {c.name} is not null {conflict.format(c, sets, differs)}",
                **({"at": self.at, "source": self.source} if c.consents else {}),
            )
        for table in (name for name, rows in kept.items() if rows >= MANY_CHANGES):
            run(connection, "select refresh_statistics(:table)", table=table)
        run(connection, "drop table reached")
