"""Workbooks of Excel and OpenDocument (.xlsx, .xls, .ods) as batches of text columns, as their cells hold them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from connectors.files.batch import LINE, Batch, without_zero_bytes
from connectors.files.format import MOST_COLUMNS, FileFormat, unique_names
from connectors.files.layout import LeftOut, header_row, is_header, without_totals
from connectors.files.opendocument import Extent, extent_of
from connectors.files.packing import BROKEN, DAMAGED, DOCUMENT, ZIP, Packing, unpacked
from core.errors import FixArguments

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

ROWS = 50_000
PROBE_ROWS = 200
MOST_BYTES = 1 << 30  # of the sheets unpacked
MOST_CELLS = 60_000_000  # of the rectangle a sheet spans; the reader holds all of it
MOST_REPEATED = (
    1_000_000  # cells that a document says to be as the one before: an order is not the same a million times
)
LARGEST = 512 << 20
CELL = re.compile(rb'<c [^>]{0,99}?r="([A-Z]{1,3})(\d{1,7})"')
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number


class Sheet:
    """One sheet of a workbook that holds a table: its header and its rows."""

    def __init__(self, name: str, sheet: CalamineSheet) -> None:
        self.name, self._sheet = name, sheet
        rows = [[cell_text(cell) for cell in row] for row in islice(sheet.iter_rows(), PROBE_ROWS)]
        probe = [(n, row) for n, row in enumerate(rows) if any(row)]
        cells = [[cell or "" for cell in row] for _, row in probe]
        at = header_row(cells)
        self.first_line = (sheet.start or (0, 0))[0] + 1
        self.has_rows = len(probe) > at and sum(map(bool, cells[at])) > 1
        top = probe[at][0] if probe else 0
        self.has_header = bool(probe) and is_header(cells[at])
        names = cells[at] if probe else []
        self.header = unique_names(names) if self.has_header else unique_names([""] * len(names))
        self.above = tuple(", ".join(filter(None, row)) for row in cells[:at])
        self.skip = top + 1 if self.has_header else top

    def batches(self, left_out: LeftOut) -> Iterator[Batch]:
        """All rows, numbered as Excel does."""
        rows: list[list[object]] = []
        total = max(1, self._sheet.height)
        for number, row in enumerate(self._sheet.iter_rows()):
            texts = [cell_text(cell) for cell in row] if number >= self.skip else ()
            if any(texts):
                rows.append([self.first_line + number, *texts])
            if len(rows) >= ROWS:
                yield self._batch(rows, number / total, left_out)
                rows = []
        yield self._batch(rows, 1.0, left_out)

    def _batch(self, rows: list[list[object]], share: float, left_out: LeftOut) -> Batch:
        schema = {LINE: pl.Int64, **dict.fromkeys(self.header, pl.String)}
        frame, problems = without_zero_bytes(pl.DataFrame(rows, schema=schema, orient="row"), list(self.header), [])
        return Batch(without_totals(frame, self.header, left_out), problems, share)


def open_sheet(path: Path, format_: FileFormat) -> Sheet:
    """The one sheet with a table, or the one named; FixArguments lists the sheets where there are several."""
    book = _book(path, _content(path, format_.packing))
    visible = _visible(book)
    if format_.sheet is not None and format_.sheet not in book.sheet_names:
        raise FixArguments(f"'{path.name}' has no sheet '{format_.sheet}'.", field="sheet", valid=visible)
    names = visible if format_.sheet is None else [format_.sheet]
    tables = [sheet for sheet in (Sheet(name, _sheet(path, book, name)) for name in names) if sheet.has_rows]
    if not tables:
        raise FixArguments(f"'{path.name}' has no sheet with a table.", field="sheet", valid=visible)
    if len(tables) > 1:
        names = [table.name for table in tables]
        raise FixArguments(
            f"'{path.name}' has {len(tables)} sheets with a table: {', '.join(names[:20])}. Say which with --sheet.",
            field="sheet",
            valid=names[:50],
        )
    if len(tables[0].header) > MOST_COLUMNS:
        raise FixArguments(f"'{path.name}' has over {MOST_COLUMNS:,} columns.", field="file")
    return tables[0]


def _content(path: Path, packing: Packing) -> bytes:
    with unpacked(path, packing) as source:
        content = source.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise FixArguments(f"The workbook '{path.name}' is over {LARGEST >> 20} MiB; save it as CSV.", field="file")
    if content.startswith(ZIP):
        _weigh(path, content)
    return content


def _weigh(path: Path, content: bytes) -> None:
    """Refuse a workbook that is far larger than it looks: its sheets are held whole while they are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise _too_large(path)
            for name in archive.namelist():
                is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
                if is_sheet or name == DOCUMENT:
                    with archive.open(name) as stream:
                        if _cells_spanned(stream) > MOST_CELLS if is_sheet else _is_inflated(extent_of(stream)):
                            raise _too_large(path)
    except (*BROKEN, *DAMAGED, OSError) as error:
        raise _broken(path, error) from error


def _is_inflated(extent: Extent) -> bool:
    return extent.spanned > MOST_CELLS or extent.repeated > MOST_REPEATED


def _cells_spanned(stream: Any) -> int:
    """Rows times columns up to the last cells that a sheet names, read without unpacking it whole."""
    last_row = last_column = done = 0
    rest = b""
    while part := stream.read(1 << 20):
        done += len(part)
        if done > MOST_BYTES:
            return MOST_CELLS + 1
        rest += part
        for column, row in CELL.findall(rest):
            last_row = max(last_row, int(row))
            last_column = max(last_column, _column_number(column))
        rest = rest[-256:]
    return last_row * last_column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _book(path: Path, content: bytes) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise FixArguments(f"'{path.name}' is locked with a password; save it without one.", field="file") from error
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(path, error) from error


def _sheet(path: Path, book: CalamineWorkbook, name: str) -> CalamineSheet:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise _broken(path, error) from error


def _visible(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _broken(path: Path, error: Exception) -> FixArguments:
    return FixArguments(f"'{path.name}' is a broken workbook: {error}.", field="file")


def _too_large(path: Path) -> FixArguments:
    return FixArguments(f"The sheets of '{path.name}' are too large to be read whole; save it as CSV.", field="file")


def cell_text(cell: object) -> str | None:
    """A cell as the text a CSV file would hold it; three decimals get a fourth, so that their point is no doubt."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell).replace("\r\n", "\n").strip() or None


def _number_text(cell: float) -> str:
    if cell.is_integer() and abs(cell) < 1e21:
        return str(int(cell))
    text = format(cell, f".{EXACT_DIGITS}g")
    if "e" in text:
        return text
    return text + "0" if re.search(r"\.\d{3}$", text) else text
