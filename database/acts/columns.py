"""The packed rows of an organisation as columns in memory, kept as long as none of them changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, text

from database.acts.records import EPOCH, TABLES, Packed

__all__ = ["Columns", "Kind", "columns_of"]

MOST_ROWS = 6_000_000  # of a table; beyond, the database is asked
MOST_HELD = 12_000_000  # rows of all tables held at a time
MOST_KINDS = 100_000
MOST_UNPACKED = 45  # days read row by row
LARGEST = 2.0**62  # ten-thousandths that all amounts together stay below
Ints = NDArray[np.int64]
Places = NDArray[np.int32]
_STATE = text(
    "select bit_xor(hashint8extended(version, 46)) as versions, count(*) as days, coalesce(sum(rows), 0) as rows,"
    " count(*) filter (where packed is null) - 1 as unpacked, bool_or(day = '0001-01-01') as complete,"
    " nullif(current_setting('app.org_id', true), '') as org,"
    " current_setting('app.kept_apart', true) = 'shown' as shown from act_days where table_name = :name"
)
_DAYS = text("select day, version, packed is null as raw from act_days where table_name = :name and day > '0001-01-01'")
_PACKS = text(
    "select day, packed from act_days where table_name = :name and version = any(:versions) and packed is not null"
)
_KINDS = text("select * from act_kinds where table_name = :name order by id")


@dataclass(frozen=True, slots=True)
class Kind:
    """What rows say besides instant, customer and amount."""

    kind: str
    channel: str | None = None
    country: str | None = None
    city: str | None = None
    currency: str | None = None
    campaign_id: str | None = None
    taxed: bool = False
    shipped: bool = False


@dataclass(frozen=True)
class Columns:
    """Rows of a table in order of time: instants (microseconds since 2000), customers, kinds, ten-thousandths.

    `who` is a row's place in `customers`, -1 where nobody is known; `kind` its place in `kinds`. `days` are those of
    periods that were asked for (days.py), `made` is what was worked out of the kinds before.
    """

    at: Ints
    who: Places
    kind: Places
    revenue: Ints
    customers: Ints
    kinds: Sequence[Kind]
    days: dict[tuple[date, date, str], Any] = field(default_factory=dict)
    made: dict[Any, Any] = field(default_factory=dict)

    def of_kind(self, name: str, part: slice = slice(None)) -> NDArray[np.bool_]:
        """Whether each row is a sale, refund, visit …"""
        if name not in self.made:
            self.made[name] = np.array([kind.kind == name for kind in self.kinds], bool)
        mask: NDArray[np.bool_] = self.made[name][self.kind[part]]
        return mask

    @cached_property
    def rows_by_kind(self) -> Ints:
        """How many rows there are of each of `kinds`."""
        return np.bincount(self.kind, minlength=len(self.kinds))

    @cached_property
    def first_at(self) -> Ints:
        """Instant of each customer's first row that is not void; the largest number where there is none."""
        first = np.full(len(self.customers) + 1, np.iinfo(np.int64).max)
        rows = np.flatnonzero((self.who >= 0) & ~self.of_kind("void"))[::-1]
        first[self.who[rows]] = self.at[rows]
        return first

    @cached_property
    def opening(self) -> NDArray[np.bool_]:
        """Whether each row is the first sale of its customer."""
        rows = np.flatnonzero((self.who >= 0) & self.of_kind("sale"))
        opens = np.zeros(len(self.at), bool)
        first = np.full(len(self.customers), -1)
        first[self.who[rows[::-1]]] = rows[::-1]
        opens[first[first >= 0]] = True
        return opens


@dataclass(slots=True)
class _Held:
    """A table as it was at `state`: the records of each of its days with their version, and the kinds they name."""

    state: tuple[Any, ...]
    days: dict[date, tuple[int, NDArray[Any]]]
    kinds: dict[int, Kind]
    columns: Columns


_held: WeakKeyDictionary[Engine, OrderedDict[tuple[str, str], _Held]] = WeakKeyDictionary()
_lock = threading.Lock()


def columns_of(connection: Connection, name: str) -> Columns | None:
    """The rows of `name` (orders, events) as this transaction sees them; None: ask the database.

    Held by organisation and by the versions of its days: a transaction that sees others reads the days that differ.
    """
    state = connection.execute(_STATE, {"name": name}).one()
    if not state.complete or state.unpacked > MOST_UNPACKED or state.rows > MOST_ROWS or state.org is None:
        return None
    if state.shown:
        return None  # a load: it sees orders without revenue, too
    key, seen = (state.org, name), (state.versions, state.days)
    held = _take(connection.engine, key)
    if held is None or held.state != seen:
        made = _read(connection, TABLES[name], seen, held)
        if made is None:
            return None
        held = made
    _keep(connection.engine, key, held)
    return held.columns


def _take(engine: Engine, key: tuple[str, str]) -> _Held | None:
    with _lock:
        return _held.setdefault(engine, OrderedDict()).get(key)


def _keep(engine: Engine, key: tuple[str, str], held: _Held) -> None:
    with _lock:
        tables = _held.setdefault(engine, OrderedDict())
        tables[key] = held
        tables.move_to_end(key)
        while len(tables) > 1 and sum(len(one.columns.at) for one in tables.values()) > MOST_HELD:
            tables.popitem(last=False)


def _read(connection: Connection, table: Packed, state: tuple[Any, ...], held: _Held | None) -> _Held | None:
    """The table anew: days whose version is known are taken over, packed ones unpacked, others read row by row."""
    known, kinds = (held.days, {n: kind for n, kind in held.kinds.items() if n < 0}) if held else ({}, {})
    kinds |= {row.id: _kind(row) for row in connection.execute(_KINDS, {"name": table.name})}
    days: dict[date, tuple[int, NDArray[Any]]] = {}
    wanted: dict[date, int] = {}
    raw: dict[date, int] = {}
    for row in connection.execute(_DAYS, {"name": table.name}):
        if row.day in known and known[row.day][0] == row.version:
            days[row.day] = known[row.day]
        elif row.raw:
            raw[row.day] = row.version
        else:
            wanted[row.day] = row.version
    packs = connection.execute(_PACKS, {"name": table.name, "versions": list(wanted.values())})
    for day, packed in packs:
        days[day] = wanted.pop(day), np.frombuffer(packed, table.dtype)
    if wanted:
        return None  # changed since: the next question sees it
    for day, records in _rows_of(connection, table, list(raw), kinds).items():
        days[day] = raw[day], records
    columns = _columns(table, [days[day][1] for day in sorted(days)], kinds)
    return None if columns is None else _Held(state, days, kinds, columns)


def _kind(row: Any) -> Kind:
    return Kind(**{name: getattr(row, name) for name in Kind.__dataclass_fields__})


def _rows_of(
    connection: Connection, table: Packed, days: list[date], kinds: dict[int, Kind]
) -> dict[date, NDArray[Any]]:
    """Records of days that are not packed; kinds that nobody has seen yet get numbers below 0."""
    if not days:
        return {}
    revenue = ", cast(t.revenue * 10000 as bigint) as revenue" if table.revenue else ""
    sql = (
        f"select {table.day} as day, cast(extract(epoch from t.{table.at} - :epoch) * 1000000 as bigint) as at,"  # noqa: S608
        f" coalesce(t.customer_id, 0) as customer, {table.kind_columns}{revenue} from {table.name} t"
        f" where t.{table.at} >= :first and t.{table.at} < :after and {table.day} = any(:days)"
        f" order by t.{table.at}, t.{table.key}"
    )
    values = {"epoch": datetime.fromisoformat(EPOCH), "days": days, "first": f"{min(days)} 00:00:00+00"}
    found = connection.execute(text(sql), {**values, "after": f"{max(days) + timedelta(1)} 00:00:00+00"})
    numbers = {kind: number for number, kind in kinds.items()}
    rows: dict[date, list[tuple[int, ...]]] = {day: [] for day in days}
    for row in found:
        kind = Kind(**{name: getattr(row, name) for name in table.kinds})
        number = numbers.setdefault(kind, min(0, *kinds) - 1) if kind not in numbers else numbers[kind]
        kinds[number] = kind
        rows[row.day].append((row.at, row.customer, number, *([row.revenue] if table.revenue else [])))
    return {day: np.array(of_day, table.dtype) for day, of_day in rows.items()}


def _columns(table: Packed, days: Sequence[NDArray[Any]], kinds: Mapping[int, Kind]) -> Columns | None:
    records = np.concatenate(days) if days else np.zeros(0, table.dtype)
    at, customer, number = (records[name].astype(np.int64) for name in ("at", "customer", "kind"))
    revenue = records["revenue"].astype(np.int64) if table.revenue else np.zeros(0, np.int64)
    if np.abs(revenue.astype(np.float64)).sum() >= LARGEST or len(kinds) > MOST_KINDS:
        return None
    customers, who = _places(customer)
    numbers = np.array(sorted(kinds), np.int64)
    kind = np.searchsorted(numbers, number).astype(np.int32)
    return Columns(at, who, kind, revenue, customers, [kinds[int(n)] for n in numbers])


def _places(customer: Ints) -> tuple[Ints, Places]:
    """The customers known, and the place of each row's among them."""
    largest = int(customer.max(initial=0))
    if largest > 20 * len(customer) + 1_000_000:  # few of many: sorting takes less than a place for everybody
        customers, who = np.unique(np.append(customer, 0), return_inverse=True)  # nobody is the first of them
        return customers[1:], (who[:-1] - 1).astype(np.int32)
    there = np.zeros(largest + 1, bool)
    there[customer] = True
    there[0] = False
    place = np.cumsum(there, dtype=np.int32) - np.int32(1)
    place[0] = -1
    return np.flatnonzero(there), place[customer]
