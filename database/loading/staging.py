"""Temporary staging tables: made from the columns at hand, filled by COPY."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from core.errors import GiveUp
from database.engine import driver_connection
from database.loading.erased import Erased
from database.loading.journal import REPEATS_DROPPED, StagedRows, keep_rows, pack
from database.loading.people import People
from database.loading.shapes import SHAPES, Shape
from database.loading.statement import count, run

if TYPE_CHECKING:
    import polars as pl

INSTANT_FORMAT = "%Y-%m-%d %H:%M:%S%.6f"


def encode(frame: pl.DataFrame) -> bytes:
    """A frame as CSV for COPY: null is empty, an empty string is quoted, instants are UTC."""
    import polars as pl

    zones = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime) and kind.time_zone]
    utc = frame.with_columns(pl.col(zones).dt.convert_time_zone("UTC").dt.replace_time_zone(None)) if zones else frame
    return utc.write_csv(include_header=False, datetime_format=INSTANT_FORMAT).encode()


class Staging:
    """The staging tables of one transaction; they vanish with it, but what they took is kept as that of `import_no`.

    None: it is kept already.
    """

    def __init__(self, connection: Connection, import_no: int | None, erased: Erased | None = None) -> None:
        self._connection = connection
        self._import_no = import_no
        self._erased = erased
        self.columns: dict[str, tuple[str, ...]] = {}
        self.rows: dict[str, int] = {}
        self.first_spans: dict[str, tuple[datetime, datetime]] = {}
        self._people: dict[str, People] = {}
        self._unsaid: set[str] = set()  # shapes of which the batches' people hold some who are left out

    def add(
        self, name: str, columns: tuple[str, ...], rows: int, csv: bytes, people: pl.DataFrame | None = None
    ) -> None:
        """Append rows of the shape `name`, encoded by `encode` with these columns (`line` among them).

        `people`: what `people_of` says of the rows.
        """
        staged = StagedRows(name, columns, rows, csv)
        kept = self.put(staged)
        if kept is not staged:
            self._unsaid.add(name)
        if people is not None:
            self._people.setdefault(name, People()).add(people)

    def put(self, staged: StagedRows) -> StagedRows:
        """Append rows, or do again what was done to those that are there; returns what was appended.

        Rows of people who were erased are not.
        """
        staged = self._erased.without(staged) if self._erased else staged
        name, columns = staged.shape, staged.columns
        if columns == REPEATS_DROPPED:
            self.drop_repeats(name)
            return staged
        if name not in self.columns:
            self._create(SHAPES[name], columns)
        if self.columns[name] != columns:
            raise GiveUp(f"Staging {name}: columns {columns} after {self.columns[name]}.")
        target = f"{SHAPES[name].staging} ({', '.join(columns)})"
        if self._import_no is None:
            self._copy(target, staged.csv)
        else:
            with ThreadPoolExecutor(1) as beside:
                packed = beside.submit(pack, staged)
                self._copy(target, staged.csv)
            keep_rows(self._connection, self._import_no, staged, packed.result())
        self.rows[name] += staged.rows
        return staged

    def copy_people(self, name: str, given: list[str]) -> bool:
        """Make the table `people` from what the batches said; False where nothing was said, or rows went since."""
        if name not in self._people or name in self._unsaid:
            return False
        declared = ", ".join(f"{column} text" for column in ("customer", *given))
        run(self._connection, f"create temp table people ({declared}) on commit drop")
        self._copy("people", encode(self._people[name].all().select("customer", *given)))
        return True

    def forget_people(self, name: str) -> None:
        """What the batches said of the people of a shape holds no more: its rows have changed."""
        self._people.pop(name, None)

    def _copy(self, target: str, csv: bytes) -> None:
        copy = f"copy {target} from stdin (format csv)"
        with driver_connection(self._connection).cursor() as cursor, cursor.copy(copy) as stream:
            stream.write(csv)

    def has(self, name: str, column: str) -> bool:
        """Whether the shape is staged with this column."""
        return column in self.columns.get(name, ())

    def expression(self, name: str, column: str, otherwise: str = "null") -> str:
        """`s.column`, or SQL that stands for it where the column was not given."""
        return f"s.{column}" if self.has(name, column) else otherwise

    def drop_repeats(self, name: str) -> list[tuple[int, str, int]]:
        """Take out later rows with a key seen before: (line, key, line of the first)."""
        shape = SHAPES[name]
        key = ", ".join(shape.key)
        found = self._connection.exec_driver_sql(
            f"with numbered as (select line, concat_ws(' ', {key}) as name, first_value(line) over w as first,"  # noqa: S608
            f" row_number() over w as nth from {shape.staging} window w as (partition by {key} order by line)),"
            f" gone as (delete from {shape.staging} s using numbered n where s.line = n.line and n.nth > 1"
            " returning n.line, n.name, n.first) select line, name, first from gone order by line"
        )
        repeats = [(int(row[0]), str(row[1]), int(row[2])) for row in found]
        self.rows[name] -= len(repeats)
        if self._import_no is not None:
            dropped = StagedRows(name, REPEATS_DROPPED, 0, b"")
            keep_rows(self._connection, self._import_no, dropped, pack(dropped))
        self.forget_people(name)  # a line taken out may have been the only one to name somebody
        return repeats

    def span(self, name: str, column: str | None = None) -> tuple[datetime, datetime] | None:
        """First and last instant staged in the shape's time column, or in `column`; None without any."""
        shape = SHAPES[name]
        at = column or shape.at
        if at is None or not self.has(name, at):
            return None
        row = self._connection.exec_driver_sql(f"select min({at}), max({at}) from {shape.staging}").one()  # noqa: S608
        return None if row[0] is None else (row[0], row[1])

    def analyse(self, name: str) -> None:
        """Statistics for the planner."""
        run(self._connection, f"analyze {SHAPES[name].staging}")

    def counted(self, table: str) -> int:
        """Rows of a temporary table."""
        return count(self._connection, f"select count(*) from {table}")  # noqa: S608

    def _create(self, shape: Shape, columns: tuple[str, ...]) -> None:
        types = {name: shape.type_of(name) for name in columns}
        if unknown := sorted(name for name, type_ in types.items() if type_ is None):
            raise GiveUp(f"Staging {shape.name}: unknown columns {unknown}.")
        declared = ", ".join(f"{name} {type_}" for name, type_ in types.items())
        run(self._connection, f"create temp table {shape.staging} ({declared}) on commit drop")
        self.columns[shape.name], self.rows[shape.name] = columns, 0
