"""Files that are packed: gzip, and a zip archive with one file in it. Unpacked as they are read, never at once.

What unpacks to hundreds of times its size is no table of anybody's sales but a trap for memory and time.
"""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from core.errors import FixArguments, NotFound

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
MOST_TIMES = 150  # deflate reaches a thousand times; text that people export stays far below
SMALL = 64 << 20  # what unpacks to less than this harms nobody
BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile)
# What else the headers of a damaged archive end in, before a byte of it is unpacked: names that are no text, flags of
# ways to pack that nobody has invented.
DAMAGED = (ValueError, NotImplementedError, RuntimeError, struct.error)
WORKBOOK = "xl/workbook."
DOCUMENT = "content.xml"  # of an OpenDocument spreadsheet, which has its type beside
ENCRYPTED = 0x1  # flag bit of a member


@dataclass(frozen=True, slots=True)
class Packing:
    """How a file is packed; `member` is the file inside an archive."""

    form: Literal["", "gzip", "zip"] = ""
    member: str = ""


PLAIN = Packing()


def packing_of(path: Path, wanted: str | None = None) -> Packing:
    """How the file is packed; of an archive with several tables `wanted` names one, else FixArguments lists them."""
    if not path.exists():
        raise NotFound(f"There is no file '{path}'.", field="file")
    if not path.is_file():
        raise FixArguments(f"'{path}' is not a file.", field="file")
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
    except PermissionError as error:
        raise FixArguments(f"'{path}' may not be read by this user.", field="file") from error
    if start.startswith(GZIP):
        return Packing("gzip")
    if start == ZIP:
        members = _members(path)
        names = {member.filename for member in members}
        is_workbook = {DOCUMENT, "mimetype"} <= names or any(name.startswith(WORKBOOK) for name in names)
        return PLAIN if is_workbook else _chosen(path, members, wanted)
    return PLAIN


def _members(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (*BROKEN, *DAMAGED, OSError) as error:
        raise FixArguments(f"'{path.name}' is a broken archive or workbook: {error}.", field="file") from error


def _chosen(path: Path, members: list[zipfile.ZipInfo], wanted: str | None) -> Packing:
    files = [member for member in members if not member.is_dir() and not _is_beside(member.filename)]
    chosen = files if wanted is None else [member for member in files if member.filename == wanted]
    if not files:
        raise FixArguments(f"The archive '{path.name}' holds no file.", field="file")
    if len(chosen) != 1:
        raise FixArguments(
            f"The archive '{path.name}' holds {len(files)} files. Say which with --sheet, or unpack it.",
            field="sheet",
            valid=[member.filename for member in files[:50]],
        )
    if chosen[0].flag_bits & ENCRYPTED:
        raise FixArguments(f"'{path.name}' is locked with a password; unpack it first.", field="file")
    if chosen[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FixArguments(f"'{path.name}' is packed in a way that is not read here; unpack it first.", field="file")
    return Packing("zip", chosen[0].filename)


def _is_beside(name: str) -> bool:
    parts = PurePosixPath(name.lower()).parts
    return parts[0] == "__macosx" or parts[-1].startswith((".", "readme", "license"))


class Unpacked:
    """An open file, unpacked as it is read, that knows which share of it has been read."""

    def __init__(self, path: Path, packing: Packing) -> None:
        with ExitStack() as opened:  # closes the file where it cannot be unpacked
            self._raw = opened.enter_context(path.open("rb"))
            self._archive: zipfile.ZipFile | None = None
            self._size = max(1, path.stat().st_size)
            self._done = 0
            inner = self._inner(packing)
            opened.pop_all()
        self.stream: IO[bytes] = inner if inner is self._raw else io.BufferedReader(_Limited(inner, self, path.name))

    def _inner(self, packing: Packing) -> IO[bytes]:
        if packing.form == "gzip":
            return gzip.GzipFile(fileobj=self._raw)  # type: ignore[return-value]
        if packing.form == "zip":
            try:
                self._archive = zipfile.ZipFile(self._raw)
                return self._archive.open(packing.member)
            except DAMAGED as error:
                raise zipfile.BadZipFile(str(error)) from error
        return self._raw

    def count(self, read: int, name: str) -> None:
        """Note bytes handed out; FixArguments when there are far too many for the bytes packed."""
        self._done += read
        if self._done > max(SMALL, MOST_TIMES * self._size):
            raise FixArguments(
                f"'{name}' unpacks to more than {MOST_TIMES} times its size; unpack it first if that is right.",
                field="file",
            )

    def share(self) -> float:
        """Share of the packed bytes that has been read."""
        return min(1.0, self._raw.tell() / self._size)

    def close(self) -> None:
        """Close the file and the archive."""
        self.stream.close()
        if self._archive is not None:
            self._archive.close()
        self._raw.close()


class _Limited(io.RawIOBase):
    """The unpacked bytes, counted."""

    def __init__(self, inner: IO[bytes], owner: Unpacked, name: str) -> None:
        self._inner, self._owner, self._name = inner, owner, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        self._owner.count(len(data), self._name)
        return len(data)


@contextmanager
def unpacked(path: Path, packing: Packing) -> Iterator[Unpacked]:
    """Open a file for reading, unpacked; FixArguments when it cannot be unpacked."""
    try:
        source = Unpacked(path, packing)
        try:
            yield source
        finally:
            source.close()
    except BROKEN as error:
        kind = "gzip file" if packing.form == "gzip" else "archive"
        raise FixArguments(f"'{path.name}' is a broken {kind}: {error}.", field="file") from error
