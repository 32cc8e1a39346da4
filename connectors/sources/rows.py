"""From a vendor's records to typed frames with the importer's columns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from connectors.files.conversion import Conversion
from connectors.files.dates import EPOCH_MILLISECONDS, EPOCH_SECONDS, DateReading
from connectors.files.fields import KINDS, NUMERIC, TIMES
from connectors.files.mapping import Mapping
from connectors.files.numbers import NumberReading
from connectors.files.reading import LINE, Batch, Problem
from connectors.sources.contract import Record, Rows, Stream

__all__ = ["frames_of", "latest_of"]

FURTHEST_AHEAD = timedelta(days=366)
TIME_FORMS = DateReading(
    ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f", EPOCH_SECONDS, EPOCH_MILLISECONDS), None, "UTC"
)


def latest_of(stream: Stream, records: Iterable[Record]) -> list[Record]:
    """Each record once, as it was read last; a record without its key is kept, to be rejected where it is typed."""
    named: dict[Any, Record] = {}
    for number, record in enumerate(records):
        name = stream.name_of(record)
        name = (number,) if None in name else name
        named.pop(name, None)
        named[name] = record
    return list(named.values())


def frames_of(
    stream: Stream, records: list[Record], now: datetime
) -> tuple[list[tuple[str, pl.DataFrame]], int, list[Problem]]:
    """(table, frame) pairs, one a table, always with the same columns; how many rows were left out, and why."""
    frames: dict[str, list[pl.DataFrame]] = {}
    left_out, problems = 0, []
    for rows in stream.rows:
        text = _text(rows, records)
        typed, faults = _conversion(rows, now).apply(Batch(text))
        frames.setdefault(rows.table, []).append(typed.drop("line"))
        left_out += text.height - typed.height
        problems += faults
    return [(table, pl.concat(parts, how="diagonal")) for table, parts in frames.items()], left_out, problems


def _text(rows: Rows, records: list[Record]) -> pl.DataFrame:
    values = [[_as_text(v) for v in rows.values(item)] for record in records for item in rows.items(record)]
    frame = pl.DataFrame(values, schema=dict.fromkeys(rows.columns, pl.String), orient="row")
    return frame.with_row_index(LINE, offset=1)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False, default=float)
    return value.isoformat() if isinstance(value, datetime) else str(value)


AS_PROGRAMS = NumberReading(".", proven=True)


def _conversion(rows: Rows, now: datetime) -> Conversion:
    """Every vendor writes numbers with a point, and instants as ISO 8601 or as seconds or milliseconds since 1970."""
    types = {name: KINDS[rows.table].field(name).type for name in rows.columns}
    return Conversion(
        mapping=Mapping(kind=rows.table, columns={name: name for name in rows.columns}),
        dates={name: TIME_FORMS for name, type_ in types.items() if type_ in TIMES},
        numbers={name: AS_PROGRAMS for name, type_ in types.items() if type_ in NUMERIC},
        floated=frozenset(),
        latest=now + FURTHEST_AHEAD,
    )
