"""Reading a file as batches of text columns, in constant memory.

Every batch has the file's columns as strings (empty is null) and LINE, the line number in the file. Lines that cannot
be a row (too many fields, a zero byte, broken JSON) are handed over as problems, never dropped; lines around the table
(a title, a total) are left out and told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import polars as pl

from connectors.files.batch import LINE, Batch, Problem, without_zero_bytes
from connectors.files.code_pages import page_said
from connectors.files.format import MOST_COLUMNS, FileFormat, detect_format, unique_names
from connectors.files.json_rows import json_batches, json_shape
from connectors.files.layout import LeftOut
from connectors.files.packing import unpacked
from connectors.files.text import text_batches
from connectors.files.wide import COLUMNS, Wide, wide_spend
from connectors.files.workbook import open_sheet
from core.decisions import Decisions
from core.errors import FixArguments

__all__ = ["LINE", "Batch", "Problem", "TableFile"]

ROWS = 250_000
SAMPLE_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that is a table: its format, its columns and a sample of its first rows.

    `decisions` takes what is decided while it is read. `exploded` names the list of which each item is a row (the
    columns `<exploded>.<name>` are the item's, the others belong to the whole and are repeated on its rows).
    """

    path: Path
    format: FileFormat
    header: tuple[str, ...]
    sample: pl.DataFrame = field(default_factory=pl.DataFrame)
    lines: pl.Series = field(default_factory=lambda: pl.Series(LINE, dtype=pl.Int64))
    exploded: str | None = None
    wide: Wide | None = None
    decisions: Decisions = field(default_factory=Decisions)
    left_out: LeftOut = field(default_factory=lambda: LeftOut(Decisions()))

    @classmethod
    def open(cls, path: Path, sheet: str | None = None) -> TableFile:
        """Find out the format and read a sample; NotFound or FixArguments when there is no table in it.

        `sheet`: which one, where a workbook has several sheets, an archive several files, a document several lists.
        """
        decisions = Decisions()
        bare = _without_sample(path, detect_format(path, sheet), decisions)
        first = next((batch for batch in bare.batches() if not batch.frame.is_empty()), None)
        if first is None:
            raise FixArguments(f"'{path.name}' has a header but no rows.", field="file")
        wide = wide_spend(bare.header, first.frame.drop(LINE).head(SAMPLE_ROWS))
        if wide is not None:
            bare = replace(bare, header=COLUMNS, wide=wide)
            first = next(wide.batches([first]))
        bare._tell()
        sample = first.frame.head(SAMPLE_ROWS)
        return replace(bare, sample=sample.drop(LINE), lines=sample[LINE])

    @property
    def first(self) -> Batch:
        """The sample with its line numbers."""
        return Batch(self.sample.with_columns(self.lines))

    def further(self) -> Iterator[pl.DataFrame]:
        """The rows after the sample."""
        seen = self.lines[-1] if len(self.lines) else 0
        frames = (batch.frame.filter(pl.col(LINE) > seen) for batch in self.batches())
        yield from (frame for frame in frames if not frame.is_empty())

    def batches(self) -> Iterator[Batch]:
        """All rows in file order; FixArguments when the file breaks off or cannot be unpacked."""
        yield from self.wide.batches(self._as_written()) if self.wide else self._as_written()

    def _as_written(self) -> Iterator[Batch]:
        header = self.wide.header if self.wide else self.header
        if self.format.form == "workbook":
            yield from open_sheet(self.path, self.format).batches(self.left_out)
            return
        with unpacked(self.path, self.format.packing) as source:
            if self.format.form == "parquet":
                yield from _parquet_batches(self.path, header, source.stream)
            elif self.format.form == "text":
                yield from text_batches(source, self.format, self.left_out)
            else:
                yield from json_batches(self.path, source, self.format, header, self.exploded)

    def _tell(self) -> None:
        above = "; ".join(f"“{line.strip()[:80]}”" for line in self.format.above[:5])
        if above:
            count = len(self.format.above)
            which = "The line above the header was" if count == 1 else f"The {count} lines above the header were"
            self.decisions.add("rows", f"{which} left out: {above}.")
        if page := page_said(self.format.encoding):
            said = (
                f"The text is not in Unicode: it was read in the code page {page}, in which its letters look most like"
            )
            said += " words. Where names look wrong, save it as UTF-8 and import it again."
            self.decisions.add("kind", said, doubtful=True)
        if self.wide:
            self.decisions.add("columns", self.wide.said, doubtful=not self.wide.named)
        if self.exploded:
            self.decisions.add(
                "rows",
                f"Each item of “{self.exploded}” was read as a row, with the fields around it repeated on each.",
            )


def _without_sample(path: Path, format_: FileFormat, decisions: Decisions) -> TableFile:
    left_out = LeftOut(decisions)
    if format_.form == "workbook":
        sheet = open_sheet(path, format_)
        known = replace(format_, sheet=sheet.name, above=sheet.above, has_header=sheet.has_header)
        return TableFile(path, known, sheet.header, decisions=decisions, left_out=left_out)
    if format_.form == "text":
        return TableFile(path, format_, format_.header, decisions=decisions, left_out=left_out)
    with unpacked(path, format_.packing) as source:
        if format_.form == "parquet":
            header, exploded = _parquet_header(path, source.stream), None
        else:
            header, exploded = json_shape(path, source, format_)
    return TableFile(path, format_, header, exploded=exploded, decisions=decisions, left_out=left_out)


def _parquet_header(path: Path, stream: IO[bytes]) -> tuple[str, ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = unique_names(pq.ParquetFile(stream).schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise FixArguments(f"'{path.name}' is a broken Parquet file: {error}.", field="file") from error
    if len(names) > MOST_COLUMNS:
        raise FixArguments(
            f"'{path.name}' has {len(names):,} columns; at most {MOST_COLUMNS:,} are read.", field="file"
        )
    return names


def _parquet_batches(path: Path, header: tuple[str, ...], stream: IO[bytes]) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(stream)
        total, done = max(1, parquet.metadata.num_rows), 0
        for batch in parquet.iter_batches(ROWS):
            frame = pl.DataFrame(pl.from_arrow(pa.Table.from_batches([batch])))
            frame.columns = list(header)
            lines = pl.Series(LINE, range(done + 1, done + frame.height + 1), dtype=pl.Int64)
            done += frame.height
            kept, problems = without_zero_bytes(_as_text(frame).with_columns(lines), list(header), [])
            yield Batch(kept, problems, done / total)
    except (pa.ArrowException, OSError) as error:
        raise FixArguments(f"'{path.name}' is a broken Parquet file: {error}.", field="file") from error


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
        elif kind.is_float() or kind.is_decimal():
            column = _pointed(column.cast(pl.String))
        columns.append(column.cast(pl.String))
    text = frame.select(columns)
    return text.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))


def _pointed(number: pl.Expr) -> pl.Expr:
    """Three decimals become four, so that nobody takes the point for one between thousands."""
    return pl.when(number.str.contains(r"\.\d{3}$")).then(number + "0").otherwise(number)


def _plain(value: object) -> object:
    return value.to_list() if isinstance(value, pl.Series) else value
