"""Rows of people who were erased, kept out of everything that is loaded.

They are known by keyed hashes of what they went by (core/keyed_hash.py). Rows about them are left out; their orders
are taken as nobody's, so that revenue is whole. An address that must not be written to stays so with whom it comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from core.decisions import Decisions
from core.keyed_hash import KeyedHash
from database.engine import driver_connection
from database.loading.contacts import ALSO, CONSENT, CONTACT, STATED, SUPPRESS
from database.loading.journal import REPEATS_DROPPED, StagedRows
from database.loading.statement import count, run

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ARRIVING", "Erased", "arriving", "naming", "not_about", "rewritten"]

ARRIVING = "arriving"
MONEY = ("orders", "order_lines", "refunds")  # kept as nobody's
DESCRIBING = ("customer", "name", "city", ALSO, CONTACT, CONSENT, STATED, SUPPRESS)
VENDOR = f"{ALSO}vendor_"


class Erased:
    """The marks of an organisation's erased people, asked for once a load."""

    def __init__(self, connection: Connection, keyed: Callable[[], KeyedHash]) -> None:
        self._connection, self._keyed = connection, keyed
        self._marks: dict[str, list[tuple[str, str]]] | None = None
        self._known: dict[str, bool] = {}
        self.left_out: Counter[str] = Counter()
        self.nobodys: Counter[str] = Counter()

    def without(self, staged: StagedRows) -> StagedRows:
        """The rows without those of erased people; the very same where there are none."""
        if staged.columns == REPEATS_DROPPED or not self._any() or not staged.rows:
            return staged
        kept, gone, nobodys = not_about(self._connection, staged, self._is_erased)
        self.left_out += Counter({staged.shape: gone})  # adding leaves noughts out
        self.nobodys += Counter({staged.shape: nobodys})
        self._suppress(kept)
        return kept

    def tell(self, decisions: Decisions) -> None:
        """Say what was left out, and what was taken as nobody's."""
        if gone := sum(self.left_out.values()):
            said = "Rows about people who were erased (a keyed hash of their number or address says so) were left out."
            decisions.add("people", said, rows=gone)
        if nobodys := sum(self.nobodys.values()):
            said = (
                "Orders of people who were erased were taken as nobody's: they count in revenue and name no customer."
            )
            decisions.add("people", said, rows=nobodys)

    def _any(self) -> bool:
        if self._marks is None:
            self._marks = {}
            for mark, channel, reason in self._connection.execute(
                text("select hash, channel, coalesce(reason, '') from erasure_marks")
            ):
                self._marks.setdefault(mark, []).append((channel, reason))
        return bool(self._marks)

    def _is_erased(self, name: str) -> bool:
        if name not in self._known:
            found = (self._marks or {}).get(self._keyed().hash(name), [])
            self._known[name] = any(channel == "" for channel, _reason in found)
        return self._known[name]

    def _suppress(self, staged: StagedRows) -> None:
        """Addresses that must not be written to, whoever they come with."""
        if not any(channel for found in (self._marks or {}).values() for channel, _reason in found):
            return
        for column in (name for name in staged.columns if name.startswith(CONTACT)):
            for address in _values(staged, column):
                for channel, reason in (self._marks or {}).get(self._keyed().hash(address), []):
                    if channel:
                        run(
                            self._connection,
                            "insert into suppressions (channel, address, reason) values (:channel, :address, :reason)"
                            " on conflict do nothing",
                            channel=channel,
                            address=address.strip().lower(),
                            reason=reason,
                        )


def naming(columns: Iterable[str]) -> list[str]:
    """The columns whose values identify somebody: a telephone number beside another name does not (identities.py)."""
    return [c for c in columns if c == "customer" or (c.startswith(ALSO) and c != f"{ALSO}phone")]


def not_about(
    connection: Connection, staged: StagedRows, is_meant: Callable[[str], bool], *, loaded: bool = False
) -> tuple[StagedRows, int, int]:
    """`staged` without rows about whom `is_meant` says by a name; how many went, how many were made nobody's.

    Numbers of a vendor are asked about as vendor:<name>|<number>. An order without a number is numbered by its
    customer: as nobody's it would be another one than it was, so it goes, unless the rows are those `loaded` once,
    which take the place of what they were.
    """
    meant = {
        column: [value for value in _values(staged, column) if is_meant(_named(column, value))]
        for column in naming(staged.columns)
    }
    if not any(meant.values()):
        return staged, 0, 0
    with arriving(connection, staged) as table:
        about = " or ".join(f"{column} = any(:{column})" for column, values in meant.items() if values)
        values = {column: found for column, found in meant.items() if found}
        nobodys = 0
        if staged.shape in MONEY and (loaded or "order_id" in staged.columns):
            blank = ", ".join(f"{c} = null" for c in staged.columns if c.startswith(DESCRIBING))
            numbered = "true" if loaded else "order_id is not null"
            nobodys = run(connection, f"update {table} set {blank} where {numbered} and ({about})", **values)  # noqa: S608
        gone = run(connection, f"delete from {table} where {about}", **values)  # noqa: S608
        return rewritten(connection, staged, table), gone, nobodys


class arriving:
    """A temporary table with staged rows as text, for the length of a block."""

    def __init__(self, connection: Connection, staged: StagedRows) -> None:
        self._connection, self._staged = connection, staged

    def __enter__(self) -> str:
        columns = ", ".join(self._staged.columns)
        declared = ", ".join(f"{column} text" for column in self._staged.columns)
        run(self._connection, f"create temp table {ARRIVING} ({declared}) on commit drop")
        copy = f"copy {ARRIVING} ({columns}) from stdin (format csv)"
        with driver_connection(self._connection).cursor() as cursor, cursor.copy(copy) as stream:
            stream.write(self._staged.csv)
        return ARRIVING

    def __exit__(self, *_error: object) -> None:
        if not _error[0]:
            run(self._connection, f"drop table {ARRIVING}")


def rewritten(connection: Connection, staged: StagedRows, table: str) -> StagedRows:
    """What is left in the temporary table, as staged rows; null and empty text stay two things."""
    rows = count(connection, f"select count(*) from {table}")  # noqa: S608
    with (
        driver_connection(connection).cursor() as cursor,
        cursor.copy(f"copy {table} ({', '.join(staged.columns)}) to stdout (format csv)") as stream,
    ):
        csv = b"".join(bytes(part) for part in stream)
    return replace(staged, rows=rows, csv=csv)


def _values(staged: StagedRows, column: str) -> Iterator[str]:
    """The different values of one column."""
    import polars as pl

    if not staged.csv:
        return
    frame = pl.read_csv(
        BytesIO(staged.csv),
        has_header=False,
        new_columns=list(staged.columns),
        columns=[staged.columns.index(column)],
        infer_schema=False,
    )
    found: pl.Series = frame.to_series().drop_nulls().unique()
    yield from found.to_list()


def _named(column: str, value: str) -> str:
    return f"vendor:{column.removeprefix(VENDOR)}|{value}" if column.startswith(VENDOR) else value
