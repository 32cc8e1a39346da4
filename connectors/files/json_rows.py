"""JSON as batches of text columns: one object a line, an array of objects, or a document with such an array inside."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

import polars as pl

from connectors.files.batch import LINE, Batch, Problem, without_zero_bytes
from connectors.files.chunks import chunks
from connectors.files.format import MOST_COLUMNS, FileFormat
from connectors.files.nested import ITEM_LISTS, item_list, rows_of, tables_in
from connectors.files.packing import Unpacked
from core.errors import FixArguments

ROWS = 100_000
SAMPLE_OBJECTS = 20_000
READ_BYTES = 1 << 20
LONGEST_OBJECT = 16 << 20
LARGEST_DOCUMENT = 128 << 20
OWN_FIELDS = 3  # plain fields from which an object with a list of items is an order, not the wrapping of a list
THREE_DECIMALS = re.compile(r"\.\d{3}$")
SPACE = re.compile(r"[\s,\ufeff]*")
UNREADABLE = (json.JSONDecodeError, RecursionError)


class _Text:
    """Bytes as text, decoded as they are read; what is no text becomes a sign of its own."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)(errors="replace")

    def read(self, size: int) -> str:
        """The text of the next so many bytes."""
        data = self._stream.read(size)
        return self._decoder.decode(data, final=not data)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file: its line or place, and the object it is; else None, and its text."""

    number: int
    found: dict[str, Any] | None
    text: str = ""


def json_shape(path: Path, source: Unpacked, format_: FileFormat) -> tuple[tuple[str, ...], str | None]:
    """(columns, the field whose items become rows each) of the first objects of a file."""
    first = [e.found for e in islice(_entries(path, source, format_), SAMPLE_OBJECTS) if e.found is not None]
    items = item_list(first)
    names: dict[str, None] = {}
    for one in first:
        for row in rows_of(one, items):
            names.update(dict.fromkeys(map(_storable, row)))
        if len(names) > MOST_COLUMNS:
            raise FixArguments(
                f"The objects in '{path.name}' have over {MOST_COLUMNS:,} different fields.", field="file"
            )
    if not names:
        raise FixArguments(f"'{path.name}' holds no JSON object with fields.", field="file")
    return tuple(names), items


def json_batches(
    path: Path, source: Unpacked, format_: FileFormat, columns: Sequence[str], items: str | None
) -> Iterator[Batch]:
    """All rows, numbered; what is no object as problems."""
    rows: list[list[object]] = []
    problems: list[Problem] = []
    number = 0
    for entry in _entries(path, source, format_):
        if entry.found is None:
            number = number + 1 if items else entry.number
            problems.append(Problem(number, "", entry.text[:200], "not a JSON object"))
        else:
            for row in rows_of(entry.found, items):
                number = number + 1 if items else entry.number
                rows.append([number, *(row.get(name) for name in columns)])
        if len(rows) + len(problems) >= ROWS:
            yield _batch(rows, columns, problems, source.share())
            rows, problems = [], []
    yield _batch(rows, columns, problems, 1.0)


def _batch(rows: list[list[object]], columns: Sequence[str], problems: list[Problem], share: float) -> Batch:
    schema = {LINE: pl.Int64, **dict.fromkeys(columns, pl.String)}
    try:
        frame = pl.DataFrame(rows, schema=schema, orient="row")
    except UnicodeEncodeError:  # half of a character, as "\ud83d" by itself
        sound = [[_storable(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
        frame = pl.DataFrame(sound, schema=schema, orient="row")
    return Batch(*without_zero_bytes(frame, list(columns), problems), share)


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode()


def _entries(path: Path, source: Unpacked, format_: FileFormat) -> Iterator[Entry]:
    if format_.form == "json lines":
        yield from _of_lines(source, format_)
        return
    encoding = "utf-8-sig" if format_.encoding == "utf-8" else format_.encoding
    text = _Text(source.stream, encoding)
    start = text.read(READ_BYTES).lstrip("\ufeff \t\r\n")
    found = _of_array(path, start[1:], text) if start.startswith("[") else _of_document(path, start, text, format_)
    for number, one in enumerate(found, start=1):
        yield Entry(number, one) if isinstance(one, dict) else Entry(number, None, json.dumps(one, default=str))


def _of_lines(source: Unpacked, format_: FileFormat) -> Iterator[Entry]:
    number = 0
    for chunk, _ in chunks(source.stream, format_, quotes=False):
        for line in chunk.decode().removesuffix("\n").split("\n"):
            number += 1
            if line.strip():
                found = _object(line)
                yield Entry(number, found, "" if found is not None else line.strip())


def _object(line: str) -> dict[str, Any] | None:
    """One JSON object with its numbers kept as written; None when the line holds anything else."""
    try:
        found = _loads(line)
    except UNREADABLE:
        return None
    return found if isinstance(found, dict) else None


def _of_array(path: Path, text: str, more: _Text) -> Iterator[Any]:
    """The elements of an array of any length."""
    decoder = json.JSONDecoder(parse_float=_number, parse_int=str, parse_constant=str)
    at, number = 0, 0
    while True:
        at = SPACE.match(text, at).end()  # type: ignore[union-attr]
        if text.startswith("]", at):
            return
        try:
            found, at = decoder.raw_decode(text, at)
            number += 1
            yield found
        except UNREADABLE as error:
            further = "" if len(text) - at > LONGEST_OBJECT else more.read(READ_BYTES)
            if not further:
                raise _broken(path, f"after element {number:,}", error) from error
            text, at = text[at:] + further, 0


def _of_document(path: Path, text: str, more: _Text, format_: FileFormat) -> Iterator[Any]:
    """The objects of the one list in a document, or of the list that is named."""
    text += more.read(LARGEST_DOCUMENT)
    if len(text) > LARGEST_DOCUMENT:
        raise FixArguments(
            f"'{path.name}' is one JSON document of over {LARGEST_DOCUMENT >> 20} MiB; give it as JSON lines.",
            field="file",
        )
    try:
        document = _loads(text)
    except UNREADABLE as error:
        raise _broken(path, "", error) from error
    if isinstance(document, dict):
        yield from _list_in(path, document, format_.sheet)


def _list_in(path: Path, document: dict[str, Any], wanted: str | None) -> Sequence[Mapping[str, Any]]:
    tables = tables_in(document)
    plain = [name for name, value in document.items() if not isinstance(value, dict | list)]
    if not tables or (len(plain) >= OWN_FIELDS and all(name.lower() in ITEM_LISTS for name in tables)):
        return [document]
    if wanted is None and len(tables) == 1:
        return next(iter(tables.values()))
    if wanted in tables:
        return tables[wanted]
    raise FixArguments(
        f"'{path.name}' holds several lists ({', '.join(tables)}). Say which with --sheet.",
        field="sheet",
        valid=list(tables),
    )


def _loads(text: str) -> Any:
    return json.loads(text, parse_float=_number, parse_int=str, parse_constant=str)


def _number(written: str) -> str:
    """As written; three decimals become four, so that nobody takes the point for one between thousands."""
    return written + "0" if THREE_DECIMALS.search(written) else written


def _broken(path: Path, where: str, error: Exception) -> FixArguments:
    why = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
    return FixArguments(f"'{path.name}' is broken JSON{' ' + where if where else ''}: {why}.", field="file")
