"""Finding out what a file is: compression, encoding, delimiter, header."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Literal

from core.errors import FixArguments, NotFound

FileForm = Literal["text", "json lines", "parquet"]
GZIP, ZIP, PARQUET, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = (",", ";", "\t", "|")
ALIGNED = " "
PROBE_BYTES = 1 << 20
PROBE_ROWS = 200
MOST_SHARE = 0.8
BINARY_SHARE = 0.01  # of zero bytes; a few are damage to some rows
DATA_CELL = re.compile(r"^[-+(]?\W?[\d.,]+\)?%?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a file is to be read. `delimiter` " " means columns aligned by white space."""

    form: FileForm
    gzipped: bool
    encoding: str
    delimiter: str
    has_header: bool
    header: tuple[str, ...]


def detect_format(path: Path) -> FileFormat:
    """The format of the file; NotFound or FixArguments when it is no table that can be read here."""
    start, gzipped = _start_of(path)
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        raise FixArguments(f"'{path.name}' is empty.", field="file")
    if start.startswith(PARQUET):
        return FileFormat("parquet", gzipped, "", "", True, ())
    if start.startswith((ZIP, OLD_EXCEL)):
        raise FixArguments(
            f"'{path.name}' is a workbook or an archive; save the sheet as CSV, or unpack it.",
            field="file",
            valid=("CSV", "TSV", "JSON lines", "Parquet", "each also gzipped"),
        )
    encoding = detect_encoding(start)
    text = _whole_lines(start.decode(encoding, errors="replace"))
    if text.count("\0") > len(text) * BINARY_SHARE:
        raise FixArguments(f"'{path.name}' is binary, not a table of text.", field="file")
    if text.lstrip().startswith("{"):
        return FileFormat("json lines", gzipped, encoding, "", True, ())
    return _text_format(path, text, FileFormat("text", gzipped, encoding, ",", True, ()))


def detect_encoding(start: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 with mark, else Windows-1252, else Latin-1."""
    for mark, name in BOMS:
        if start.startswith(mark):
            return name
    for name in ("utf-8", "cp1252"):
        try:
            start[: -4 if len(start) >= PROBE_BYTES else None].decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def open_bytes(path: Path, gzipped: bool) -> IO[bytes]:
    """The file's content, unpacked."""
    return gzip.open(path, "rb") if gzipped else path.open("rb")  # type: ignore[return-value]


def _start_of(path: Path) -> tuple[bytes, bool]:
    if not path.exists():
        raise NotFound(f"There is no file '{path}'.", field="file")
    if not path.is_file():
        raise FixArguments(f"'{path}' is not a file.", field="file")
    try:
        with path.open("rb") as raw:
            gzipped = raw.read(2) == GZIP
        with open_bytes(path, gzipped) as stream:
            return stream.read(PROBE_BYTES), gzipped
    except PermissionError as error:
        raise FixArguments(f"'{path}' may not be read by this user.", field="file") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FixArguments(f"'{path.name}' is a broken gzip file: {error}.", field="file") from error


def _whole_lines(text: str) -> str:
    end = text.rfind("\n")
    return text if len(text) < PROBE_BYTES // 4 or end < 0 else text[:end]


def _text_format(path: Path, text: str, known: FileFormat) -> FileFormat:
    delimiter = _delimiter(text)
    if delimiter is None:
        raise FixArguments(
            f"'{path.name}' is not a table: no delimiter gives its lines the same number of columns.",
            field="file",
            valid=("comma", "semicolon", "tab", "|", "columns aligned by spaces"),
        )
    first = _records(text, delimiter)[0]
    has_header = not any(DATA_CELL.match(cell.strip()) for cell in first)
    header = unique_names(first) if has_header else tuple(f"column_{n}" for n in range(1, len(first) + 1))
    return replace(known, delimiter=delimiter, has_header=has_header, header=header)


def _delimiter(text: str) -> str | None:
    """The delimiter that gives most rows the width of the first one; the widest table of several."""
    best: tuple[int, str] | None = None
    for delimiter in (*DELIMITERS, ALIGNED):
        rows = _records(text, delimiter)
        width, times = Counter(len(row) for row in rows).most_common(1)[0]
        if width < 2 or times < MOST_SHARE * len(rows) or (len(rows[0]) != width and len(rows) > 2):
            continue
        if best is None or (width > best[0] and delimiter != ALIGNED):
            best = (width, delimiter)
    return best[1] if best else None


def _records(text: str, delimiter: str) -> list[list[str]]:
    """The first rows that are not blank."""
    if delimiter == ALIGNED:
        rows: Iterator[list[str]] = (line.split() for line in text.splitlines())
    else:
        rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    return list(islice((row for row in rows if any(cell.strip() for cell in row)), PROBE_ROWS))


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Column names without blanks around them, none empty, none twice."""
    seen: Counter[str] = Counter()
    result = []
    for position, name in enumerate(names, start=1):
        clean = name.strip().strip("\ufeff") or f"column_{position}"
        seen[clean] += 1
        result.append(clean if seen[clean] == 1 else f"{clean}_{seen[clean]}")
    return tuple(result)
