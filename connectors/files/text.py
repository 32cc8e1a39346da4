"""Delimited text as batches of text columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from connectors.files import stray_quotes
from connectors.files.batch import LINE, Batch, Problem, without_zero_bytes
from connectors.files.chunks import chunks
from connectors.files.format import ALIGNED, FileFormat
from connectors.files.layout import LeftOut, without_totals
from connectors.files.packing import Unpacked

EXTRA = "__extra__"
UNIT = "\x1f"
LONGEST_LINE = 1 << 20
MOST_NOTES = 40  # lines below a table


def text_batches(source: Unpacked, format_: FileFormat, left_out: LeftOut) -> Iterator[Batch]:
    """The rows of a delimited text, with the lines that are no rows of it."""
    line = 1
    for chunk, last in chunks(source.stream, format_):
        body = _aligned(chunk) if format_.delimiter == ALIGNED else chunk
        if line < format_.rows_from:
            body, line = _after_lines(body, line, format_.rows_from)
        if last:
            body = body[: _table_end(body, format_, line, left_out)]
        if body:
            frame, problems = _parse(body, format_, line)
            line += body.count(b"\n")
            yield Batch(without_totals(frame, format_.header, left_out), problems, source.share())


def _after_lines(body: bytes, line: int, wanted: int) -> tuple[bytes, int]:
    """The body from the line of that number on."""
    start = 0
    while line < wanted and start < len(body):
        end = body.find(b"\n", start)
        start, line = (len(body) if end < 0 else end + 1), line + 1
    return body[start:], line


def _table_end(body: bytes, format_: FileFormat, first_line: int, left_out: LeftOut) -> int:
    """Where the rows end: the lines below that are a sentence, where rows have cells, are told and left out."""
    if len(format_.header) < 3 or format_.delimiter == ALIGNED:
        return len(body)
    end, notes = len(body.rstrip()), []
    for _ in range(MOST_NOTES):
        start = body.rfind(b"\n", 0, end) + 1
        raw = body[start:end]
        text = raw[:10_000].decode(errors="replace").strip()
        cells = next(csv.reader([text], delimiter=format_.delimiter), [])
        if start == 0 or len(cells) > 1 or raw.count(b'"') % 2:
            break
        if text:
            notes.append((first_line + body.count(b"\n", 0, start), text))
        end = start - 1
    for number, text in notes:
        left_out.note(number, text, "it stands below the table and has one cell only")
    return end + 1 if notes else len(body)


def _aligned(chunk: bytes) -> bytes:
    """White space between columns to one separator."""
    trimmed = re.sub(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)", b"", chunk)
    return re.sub(rb"[ \t]+", UNIT.encode(), trimmed)


def _parse(body: bytes, format_: FileFormat, first_line: int) -> tuple[pl.DataFrame, list[Problem]]:
    separator = UNIT if format_.delimiter == ALIGNED else format_.delimiter
    columns = [*format_.header, EXTRA]
    if _longest_line(body) > LONGEST_LINE:
        return _parse_slowly(body, format_, separator, first_line)
    try:
        frame = pl.read_csv(
            body,
            has_header=False,
            schema=dict.fromkeys(columns, pl.String),
            separator=separator,
            missing_columns="insert",
            extra_columns="ignore",
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return _parse_slowly(body, format_, separator, first_line)  # the strict parser refuses the whole chunk
    if frame.height < body.count(b"\n") and _has_swallowed(frame, separator, len(format_.header)):
        return _parse_slowly(body, format_, separator, first_line)
    return _sound(_numbered(frame, body, first_line), format_, [])


def _longest_line(body: bytes) -> int:
    """Bytes of the longest line; the strict parser takes minutes for a line of millions of fields."""
    ends = np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == ord("\n"))
    return int(np.diff(ends, prepend=-1, append=len(body)).max())


def _has_swallowed(frame: pl.DataFrame, separator: str, width: int) -> bool:
    """Whether a cell may hold whole rows: line ends, and as many separators as a row has."""
    if width < 2:
        return False
    cell = pl.all()
    swallowed = cell.str.contains("\n", literal=True) & (cell.str.count_matches(re.escape(separator)) >= width - 1)
    return any(frame.select(swallowed.any()).row(0))


def _parse_slowly(
    body: bytes, format_: FileFormat, separator: str, first_line: int
) -> tuple[pl.DataFrame, list[Problem]]:
    """Line by line, where a quote is out of place."""
    columns = [*format_.header, EXTRA]
    width = len(columns)
    rows, lines, problems = stray_quotes.records(body.decode(), separator, width - 1, first_line)
    cells = [[cell or None for cell in (*row, *[""] * width)[:width]] for row in rows]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String), orient="row")
    return _sound(frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64)), format_, problems)


def _numbered(frame: pl.DataFrame, body: bytes, first_line: int) -> pl.DataFrame:
    """Add LINE. Line ends inside quoted values are counted where there are any."""
    numbered = frame.with_row_index(LINE, offset=0).with_columns(pl.col(LINE).cast(pl.Int64) + first_line)
    if frame.height >= body.count(b"\n"):
        return numbered
    inside = pl.sum_horizontal(pl.col(frame.columns).str.count_matches("\n").fill_null(0)).cast(pl.Int64)
    return numbered.with_columns(pl.col(LINE) + inside.cum_sum().shift(1, fill_value=0))


def _sound(frame: pl.DataFrame, format_: FileFormat, problems: list[Problem]) -> tuple[pl.DataFrame, list[Problem]]:
    """Take out blank lines, and lines that are no rows of this table."""
    names = list(format_.header)
    frame = frame.filter(~pl.all_horizontal(pl.col(*names, EXTRA).is_null()))
    bad = frame.filter(pl.col(EXTRA).is_not_null())
    problems += [
        Problem(line, EXTRA.strip("_"), str(value), f"more than {len(names)} fields on this line")
        for line, value in bad.select(LINE, EXTRA).iter_rows()
    ]
    frame = frame.filter(pl.col(EXTRA).is_null()).drop(EXTRA) if bad.height else frame.drop(EXTRA)
    return without_zero_bytes(frame, names, problems)
