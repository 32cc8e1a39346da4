"""Records where a quote is out of place: each line is read by itself, and only a line that cannot be read is lost.

A quote that opens and never closes would swallow every line up to the next quote. So a record goes on to further
lines only where it ends cleanly with the right number of fields and none of those lines is a row of its own.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from connectors.files.batch import Problem
from connectors.files.layout import DATA_CELL

LONGEST = 200  # lines of one record
UNCLOSED = "a quote is opened on this line and not closed, or a cell is longer than 128 KiB"
TYPICAL_ROWS = 200


def records(text: str, delimiter: str, width: int, first_line: int) -> tuple[list[list[str]], list[int], list[Problem]]:
    """Rows, the number of the line each starts on, and the lines that cannot be read."""
    lines = text.split("\n")
    typical = _data_columns(lines, delimiter, width)
    rows: list[list[str]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    at = 0
    while at < len(lines):
        row, taken = _record(lines, at, delimiter, width, typical)
        number = first_line + at
        if row is None:
            problems.append(Problem(number, "", lines[at].strip()[:200], UNCLOSED))
        elif any(cell.strip() for cell in row):
            rows.append(row)
            numbers.append(number)
        at += taken
    return rows, numbers, problems


def _record(
    lines: Sequence[str], at: int, delimiter: str, width: int, typical: frozenset[int]
) -> tuple[list[str] | None, int]:
    line = lines[at].removesuffix("\r")
    if '"' not in line:
        return line.split(delimiter), 1
    row, open_ = _parsed(line, delimiter)
    if not open_:
        return row, 1
    joined = line
    for further in range(at + 1, min(len(lines), at + LONGEST)):
        if typical and _is_row(lines[further], delimiter, width, typical):
            break
        joined += "\n" + lines[further].removesuffix("\r")
        if '"' not in lines[further]:
            continue
        whole, open_ = _parsed(joined, delimiter)
        if open_:
            continue
        if whole is not None and len(whole) == width:
            return whole, further - at + 1
        break
    return None, 1


def _parsed(text: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """The fields of a record, and whether it ends inside of a quote."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), []), False
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None, True
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return None, False
    return (rows[0], False) if len(rows) == 1 else (None, False)


def _data_columns(lines: Sequence[str], delimiter: str, width: int) -> frozenset[int]:
    """Columns that hold a number or a date in most lines that are rows without doubt."""
    found: Counter[int] = Counter()
    seen = 0
    for line in lines:
        cells = line.split(delimiter)
        if '"' not in line and len(cells) == width:
            seen += 1
            found.update(n for n, cell in enumerate(cells) if DATA_CELL.match(cell.strip()))
        if seen >= TYPICAL_ROWS:
            break
    return frozenset(n for n, times in found.items() if times > seen / 2)


def _is_row(line: str, delimiter: str, width: int, typical: frozenset[int]) -> bool:
    row, open_ = _parsed(line.removesuffix("\r"), delimiter)
    return not open_ and row is not None and len(row) == width and all(DATA_CELL.match(row[n].strip()) for n in typical)
