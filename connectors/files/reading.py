"""Reading a file as batches of text columns, in constant memory.

Every batch has the file's columns as strings (empty is null) and LINE, the line number in the file. Lines that cannot
be a row (too many fields, a zero byte, broken JSON) are handed over as problems, never dropped.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import polars as pl

from connectors.files.format import ALIGNED, FileFormat, detect_format, open_bytes, unique_names
from core.decisions import Decisions
from core.errors import FixArguments

LINE, EXTRA = "__line__", "__extra__"
CHUNK_BYTES = 32 << 20
FIRST_CHUNK_BYTES = 2 << 20
LONGEST_RECORD = 64 << 20
ROWS = 250_000
SAMPLE_ROWS = 20_000
UNIT = "\x1f"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was not taken: line number, column, the value found, the reason."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Batch:
    """Some consecutive rows of a file, the lines that were no rows, and the share of the file read so far."""

    frame: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that is a table: its format, its columns and a sample of its first rows.

    `decisions` takes what is decided while it is read.
    """

    path: Path
    format: FileFormat
    header: tuple[str, ...]
    sample: pl.DataFrame
    decisions: Decisions = field(default_factory=Decisions)

    @classmethod
    def open(cls, path: Path) -> TableFile:
        """Find out the format and read a sample; NotFound or FixArguments when there is no table in it."""
        format_ = detect_format(path)
        header = format_.header or _typed_header(path, format_)
        bare = cls(path, format_, header, pl.DataFrame())
        first = next(bare.batches(), None)
        if first is None or first.frame.is_empty():
            raise FixArguments(f"'{path.name}' has a header but no rows.", field="file")
        return cls(path, format_, header, first.frame.drop(LINE).head(SAMPLE_ROWS), bare.decisions)

    def batches(self) -> Iterator[Batch]:
        """All rows in file order; FixArguments when the file breaks off or cannot be unpacked."""
        readers: dict[str, Callable[[TableFile], Iterator[Batch]]] = {
            "text": _text_batches,
            "json lines": _json_batches,
            "parquet": _parquet_batches,
        }
        try:
            yield from readers[self.format.form](self)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FixArguments(f"'{self.path.name}' is a broken gzip file: {error}.", field="file") from error


def _typed_header(path: Path, format_: FileFormat) -> tuple[str, ...]:
    if format_.form == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with open_bytes(path, format_.gzipped) as stream:
                return unique_names(pq.ParquetFile(stream).schema_arrow.names)
        except pa.ArrowInvalid as error:
            raise FixArguments(f"'{path.name}' is a broken Parquet file: {error}.", field="file") from error
    names: dict[str, None] = {}
    with open_bytes(path, format_.gzipped) as stream:
        for _, line in zip(range(SAMPLE_ROWS), stream, strict=False):
            found = _json_object(line.decode(format_.encoding, errors="replace"))
            names.update(dict.fromkeys(found or ()))
    return tuple(names)


def _text_batches(table: TableFile) -> Iterator[Batch]:
    line = 1
    skip_header = table.format.has_header
    with _Progress(table.path, table.format.gzipped) as source:
        for chunk in _records(source.stream, table.format.encoding):
            body = _aligned(chunk) if table.format.delimiter == ALIGNED else chunk
            if line == 1 and skip_header:
                body, line = _after_header(body)
                if not body:
                    continue
            frame, problems = _parse(body, table, line)
            line += body.count(b"\n")
            yield Batch(frame, problems, source.share())


def _after_header(body: bytes) -> tuple[bytes, int]:
    """Drop blank lines and the header line; the number of the first line after it."""
    start, line = 0, 1
    while start < len(body):
        end = body.find(b"\n", start)
        end = len(body) if end < 0 else end
        blank = not body[start:end].strip()
        start, line = end + 1, line + 1
        if not blank:
            break
    return body[start:], line


class _Progress:
    """An open file that knows which share of it has been read (of the packed bytes, where it is packed)."""

    def __init__(self, path: Path, gzipped: bool) -> None:
        self._size = max(1, path.stat().st_size)
        self._raw = path.open("rb")
        self.stream: IO[bytes] = gzip.GzipFile(fileobj=self._raw) if gzipped else self._raw  # type: ignore[assignment]

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self._raw.close()

    def share(self) -> float:
        return min(1.0, self._raw.tell() / self._size)


def _records(stream: IO[bytes], encoding: str) -> Iterator[bytes]:
    """UTF-8 chunks that end at the end of a record: a line end outside of quotes."""
    source = stream if encoding in ("utf-8", "utf-8-sig", "cp1252", "latin-1") else _recoded(stream, encoding)
    rest = b""
    size = FIRST_CHUNK_BYTES
    while True:
        read = source.read(size)
        buffer = rest + read
        cut = _record_end(buffer) if read else len(buffer)
        if cut == 0 and len(buffer) > LONGEST_RECORD:
            cut = buffer.rfind(b"\n") + 1 or len(buffer)  # a stray quote, not a record this long
        if cut:
            yield _utf8(buffer[:cut])
        rest = buffer[cut:]
        size = CHUNK_BYTES
        if not read:
            return


def _recoded(stream: IO[bytes], encoding: str) -> IO[bytes]:
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")

    class _Utf8(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return text.read(size).encode()

    return _Utf8()  # type: ignore[return-value]


def _record_end(buffer: bytes) -> int:
    """Index after the last line end that has an even number of quotes before it; 0 when there is none."""
    end = buffer.rfind(b"\n")
    quotes = buffer.count(b'"', 0, end + 1)
    while end >= 0 and quotes % 2:
        earlier = buffer.rfind(b"\n", 0, end)
        quotes -= buffer.count(b'"', earlier + 1, end + 1)
        end = earlier
    return end + 1


def _utf8(chunk: bytes) -> bytes:
    """UTF-8 without mark. Lines that are not valid UTF-8 are read as Windows-1252, or Latin-1 where that fails."""
    chunk = chunk.removeprefix(b"\xef\xbb\xbf")
    if chunk.isascii():
        return chunk
    try:
        chunk.decode()
    except UnicodeDecodeError:
        return b"".join(_utf8_line(line) for line in chunk.splitlines(keepends=True))
    return chunk


def _utf8_line(line: bytes) -> bytes:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1").encode()


def _aligned(chunk: bytes) -> bytes:
    """White space between columns to one separator."""
    trimmed = re.sub(rb"(?m)^[ \t]+|[ \t]+(?=\r?$)", b"", chunk)
    return re.sub(rb"[ \t]+", UNIT.encode(), trimmed)


def _parse(body: bytes, table: TableFile, first_line: int) -> tuple[pl.DataFrame, list[Problem]]:
    separator = UNIT if table.format.delimiter == ALIGNED else table.format.delimiter
    columns = [*table.header, EXTRA]
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
        frame = _parse_slowly(body, columns, separator)  # a stray quote: the strict parser refuses the whole chunk
    return _sound(_numbered(frame, body, first_line), table)


def _parse_slowly(body: bytes, columns: list[str], separator: str) -> pl.DataFrame:
    """Row by row with the forgiving parser of the standard library; line numbers come from that parser."""
    reader = csv.reader(io.StringIO(body.decode(), newline=""), delimiter=separator)
    width = len(columns)
    rows, lines, before = [], [], 0
    for row in reader:
        rows.append([cell or None for cell in (*row, *[""] * width)[:width]])
        lines.append(before)
        before = reader.line_num
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    return frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64))


def _numbered(frame: pl.DataFrame, body: bytes, first_line: int) -> pl.DataFrame:
    """Add LINE. Line ends inside quoted values are counted where there are any."""
    if LINE in frame.columns:
        return frame.with_columns(pl.col(LINE) + first_line)
    numbered = frame.with_row_index(LINE, offset=0).with_columns(pl.col(LINE).cast(pl.Int64) + first_line)
    if frame.height >= body.count(b"\n"):
        return numbered
    inside = pl.sum_horizontal(pl.col(frame.columns).str.count_matches("\n").fill_null(0)).cast(pl.Int64)
    return numbered.with_columns(pl.col(LINE) + inside.cum_sum().shift(1, fill_value=0))


def _sound(frame: pl.DataFrame, table: TableFile) -> tuple[pl.DataFrame, list[Problem]]:
    """Take out blank lines, and lines that are no rows of this table."""
    names = list(table.header)
    frame = frame.filter(~pl.all_horizontal(pl.col(*names, EXTRA).is_null()))
    bad = frame.filter(pl.col(EXTRA).is_not_null())
    problems = [
        Problem(line, EXTRA.strip("_"), str(value), f"more than {len(names)} fields on this line")
        for line, value in bad.select(LINE, EXTRA).iter_rows()
    ]
    frame = frame.filter(pl.col(EXTRA).is_null()).drop(EXTRA) if problems else frame.drop(EXTRA)
    return _without_zero_bytes(frame, names, problems)


def _without_zero_bytes(
    frame: pl.DataFrame, names: list[str], problems: list[Problem]
) -> tuple[pl.DataFrame, list[Problem]]:
    """PostgreSQL's text holds every character but this one."""
    has = pl.any_horizontal(pl.col(names).str.contains("\0", literal=True).fill_null(False))
    zeroed = frame.select(has.alias("zero")).to_series()
    if not zeroed.any():
        return frame, problems
    lines = frame.filter(zeroed)[LINE]
    problems += [Problem(line, "", "", "the line holds a zero byte") for line in lines]
    return frame.filter(~zeroed), problems


def _json_object(line: str) -> dict[str, Any] | None:
    """One JSON object with its numbers kept as written; None when the line holds anything else."""
    try:
        found = json.loads(line, parse_float=str, parse_int=str)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _json_text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json_batches(table: TableFile) -> Iterator[Batch]:
    schema = {LINE: pl.Int64, **dict.fromkeys(table.header, pl.String)}
    rows: list[list[object]] = []
    problems: list[Problem] = []
    with _Progress(table.path, table.format.gzipped) as source:
        for number, raw in enumerate(source.stream, start=1):
            line = _utf8(raw).decode()
            if not line.strip():
                continue
            found = _json_object(line)
            if found is None:
                problems.append(Problem(number, "", line.strip()[:200], "not a JSON object"))
            else:
                rows.append([number, *(_json_text(found.get(name)) for name in table.header)])
            if len(rows) + len(problems) >= ROWS:
                yield Batch(pl.DataFrame(rows, schema=schema, orient="row"), problems, source.share())
                rows, problems = [], []
        yield Batch(pl.DataFrame(rows, schema=schema, orient="row"), problems, 1.0)


def _parquet_batches(table: TableFile) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_bytes(table.path, table.format.gzipped) as stream:
            parquet = pq.ParquetFile(stream)
            total, done = max(1, parquet.metadata.num_rows), 0
            for batch in parquet.iter_batches(ROWS):
                frame = pl.DataFrame(pl.from_arrow(pa.Table.from_batches([batch])))
                frame.columns = list(table.header)
                lines = pl.Series(LINE, range(done + 1, done + frame.height + 1), dtype=pl.Int64)
                done += frame.height
                kept, problems = _without_zero_bytes(_as_text(frame).with_columns(lines), list(table.header), [])
                yield Batch(kept, problems, done / total)
    except pa.ArrowInvalid as error:
        raise FixArguments(f"'{table.path.name}' is a broken Parquet file: {error}.", field="file") from error


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Typed columns as the text a CSV file would hold."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.Datetime):
            zone = "+00:00" if kind.time_zone else ""
            aware = column.dt.convert_time_zone("UTC") if kind.time_zone else column
            column = aware.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f" + zone)
        elif isinstance(kind, pl.Struct | pl.List | pl.Array):
            column = column.map_elements(lambda v: json.dumps(_plain(v), default=str), return_dtype=pl.String)
        columns.append(column.cast(pl.String))
    text = frame.select(columns)
    return text.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))


def _plain(value: object) -> object:
    return value.to_list() if isinstance(value, pl.Series) else value
