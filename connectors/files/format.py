"""Finding out what a file is: packing, encoding, line ends, delimiter, and where its table starts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from connectors.files.code_pages import code_page
from connectors.files.layout import header_row, is_header, usual_width
from connectors.files.packing import PLAIN, ZIP, Packing, packing_of, unpacked
from core.errors import FixArguments

FileForm = Literal["text", "json lines", "json", "parquet", "workbook"]
PARQUET, OLD_EXCEL = b"PAR1", b"\xd0\xcf\x11\xe0"
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
DELIMITERS = (",", ";", "\t", "|")
ALIGNED = " "
PROBE_BYTES = 1 << 20
PROBE_ROWS = 200
MOST_COLUMNS = 800
MOST_SHARE = 0.8
BINARY_SHARE = 0.01  # of zero bytes; a few are damage to some rows
MARKLESS_SHARE = 0.3  # zero bytes in every second place: UTF-16 of a European language
SEPARATOR_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?[ ,;\t]*\r?\n", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"')
KNOWN_FORMS = (
    "CSV",
    "TSV",
    "Excel (.xlsx, .xls)",
    "OpenDocument (.ods)",
    "JSON",
    "JSON lines",
    "Parquet",
    "each also gzipped or zipped",
)


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a file is to be read. `delimiter` " " means columns aligned by white space.

    `above` are the lines before the header that are no rows; `rows_from` is the number of the first line that may be
    one. `sheet` is the sheet of a workbook, or the list in a JSON document.
    """

    form: FileForm
    packing: Packing = PLAIN
    encoding: str = ""
    delimiter: str = ""
    has_header: bool = True
    header: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    rows_from: int = 1
    old_mac: bool = False
    sheet: str | None = None


def detect_format(path: Path, sheet: str | None = None) -> FileFormat:
    """The format of the file; NotFound or FixArguments when it is no table that can be read here."""
    packing = packing_of(path, sheet)
    with unpacked(path, packing) as source:
        start = source.stream.read(PROBE_BYTES)
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        raise FixArguments(f"'{path.name}' is empty.", field="file")
    if start.startswith(PARQUET):
        return FileFormat("parquet", packing)
    if start.startswith((ZIP, OLD_EXCEL)):
        return FileFormat("workbook", packing, sheet=sheet)
    encoding = detect_encoding(start)
    text = start.decode(encoding, errors="replace")
    if text.count("\0") > len(text) * BINARY_SHARE:
        raise FixArguments(f"'{path.name}' is binary, not a table of text.", field="file", valid=KNOWN_FORMS)
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return FileFormat(_json_form(text), packing, encoding, sheet=sheet)
    bare = QUOTED.sub("", text)
    old_mac = bare.count("\r") - bare.count("\r\n") > bare.count("\n")
    text = _whole_lines(text.replace("\r", "\n") if old_mac else text)
    return _text_format(path, text, FileFormat("text", packing, encoding, old_mac=old_mac))


def detect_encoding(start: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 (also without mark), else the code page its letters are of."""
    for mark, name in BOMS:
        if start.startswith(mark):
            return name
    for name, first in (("utf-16-be", 0), ("utf-16-le", 1)):
        probe = start[: len(start) // 2 * 2]
        zeros, others = probe[first::2].count(0), probe[1 - first :: 2].count(0)
        if zeros > MARKLESS_SHARE * len(probe) / 2 and others <= BINARY_SHARE * len(probe) and _is_text(probe, name):
            return name
    whole = start[: -4 if len(start) >= PROBE_BYTES else None]
    try:
        whole.decode()
    except UnicodeDecodeError:
        return code_page(whole)
    return "utf-8"


def _is_text(probe: bytes, encoding: str) -> bool:
    text = probe[:4_000].decode(encoding, errors="replace")
    return sum(char.isprintable() or char.isspace() for char in text) > (1 - BINARY_SHARE) * len(text)


def _json_form(text: str) -> FileForm:
    """JSON lines where each of the first two lines is an object of its own; else one document."""
    lines = list(islice((line.strip() for line in text.lstrip("\ufeff \t\r\n").splitlines() if line.strip()), 3))
    whole = [line for line in lines[:2] if line.startswith("{") and line.endswith("}")]
    if len(whole) == 2 or (len(lines) > 1 and len(whole) == 1 and lines[0] not in ("{", "[", "[{")):
        return "json lines"
    return "json"


def _whole_lines(text: str) -> str:
    end = text.rfind("\n")
    return text if len(text) < PROBE_BYTES // 4 or end < 0 else text[:end]


def _text_format(path: Path, text: str, known: FileFormat) -> FileFormat:
    given = SEPARATOR_LINE.match(text)
    body = text[given.end() :] if given else text
    delimiter = given[1] if given else _delimiter(body)
    rows = _records(body, delimiter) if delimiter is not None else []
    if delimiter is None or not rows:
        raise FixArguments(
            f"'{path.name}' is not a table: no delimiter gives its lines the same number of columns.",
            field="file",
            valid=("comma", "semicolon", "tab", "|", "columns aligned by spaces"),
        )
    _, first, _ = usual_width([cells for cells, _ in rows])
    at = first + header_row([cells for cells, _ in rows[first:]])
    cells, _ = rows[at]
    if len(cells) > MOST_COLUMNS:
        raise FixArguments(
            f"'{path.name}' has {len(cells):,} columns; at most {MOST_COLUMNS:,} are read.", field="file"
        )
    has_header = is_header(cells)
    header = unique_names(cells) if has_header else tuple(f"column_{n}" for n in range(1, len(cells) + 1))
    before = (1 if given else 0) + (rows[at - 1][1] if at else 0)
    # Without a header the lines above are left out too; with one, everything to its last line.
    rows_from = (1 if given else 0) + rows[at][1] + 1 if has_header else before + 1
    above = tuple(known_delimiter(delimiter).join(cells) for cells, _ in rows[:at])
    return replace(known, delimiter=delimiter, has_header=has_header, header=header, above=above, rows_from=rows_from)


def known_delimiter(delimiter: str) -> str:
    """The delimiter as it is shown between cells."""
    return delimiter if delimiter in (ALIGNED, "\t") else f"{delimiter} "


def _delimiter(text: str) -> str | None:
    """The delimiter that gives most rows one width, from the first row that has it on; the widest table of several."""
    best: tuple[int, str] | None = None
    for delimiter in (*DELIMITERS, ALIGNED):
        rows = [cells for cells, _ in _records(text, delimiter)]
        if not rows:
            continue
        width, first, times = usual_width(rows)
        below = _end(rows, width) - first
        if width < 2 or times < MOST_SHARE * below or (times < 2 and len(rows) > 2):
            continue
        if delimiter == ALIGNED and (first > 0 or best is not None):
            continue
        if below < len(rows) and width < 3 and times < 4:
            continue  # a letter with a comma in two of its lines
        if best is None or width > best[0]:
            best = (width, delimiter)
    return best[1] if best else None


def _end(rows: list[list[str]], width: int) -> int:
    """Index after the last row of that width: what follows are notes below the table."""
    return len(rows) - next(n for n, row in enumerate(reversed(rows)) if len(row) == width)


def _records(text: str, delimiter: str) -> list[tuple[list[str], int]]:
    """The first rows that are not blank, each with the number of the line it ends on."""
    if delimiter == ALIGNED:
        rows: Iterator[tuple[list[str], int]] = (
            (line.split(), number) for number, line in enumerate(text.split("\n"), start=1)
        )
    else:
        reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
        rows = ((row, reader.line_num) for row in _readable(reader))
    return list(islice((row for row in rows if any(cell.strip() for cell in row[0])), PROBE_ROWS))


def _readable(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows up to the first that the parser refuses (a cell of over 128 KiB: a quote that nothing closes)."""
    try:
        yield from reader
    except csv.Error:
        return


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Column names without blanks around them, none empty, none twice."""
    result: dict[str, None] = {}
    for position, name in enumerate(names, start=1):
        clean = name.replace("\0", "").strip().strip("\ufeff") or f"column_{position}"
        again = 2
        unique = clean
        while unique in result:
            unique, again = f"{clean}_{again}", again + 1
        result[unique] = None
    return tuple(result)
