"""A file's bytes as UTF-8 chunks that end at the end of a record, whatever their encoding and line ends."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

from connectors.files.format import FileFormat

CHUNK_BYTES = 32 << 20
FIRST_CHUNK_BYTES = 2 << 20
LONGEST_RECORD = 64 << 20
BYTEWISE = ("utf-8", "utf-8-sig", "cp1252", "latin-1")  # line ends and quotes are single bytes as in ASCII


def chunks(stream: IO[bytes], format_: FileFormat, *, quotes: bool = True) -> Iterator[tuple[bytes, bool]]:
    """(chunk, whether it is the last): UTF-8, cut after a line end, outside of quotes where `quotes` matter."""
    source = stream if format_.encoding in BYTEWISE else _recoded(stream, format_.encoding)
    ready = rest = b""
    size = FIRST_CHUNK_BYTES
    while read := source.read(size):
        buffer = rest + (read.replace(b"\r", b"\n") if format_.old_mac else read)
        cut = _record_end(buffer, quotes)
        if cut == 0 and len(buffer) > LONGEST_RECORD:
            cut = buffer.rfind(b"\n") + 1 or len(buffer)  # a stray quote, not a record this long
        if cut and ready:
            yield utf8(ready), False
        ready = buffer[:cut] if cut else ready
        rest = buffer[cut:]
        size = CHUNK_BYTES
    yield utf8(ready + rest), True


def _recoded(stream: IO[bytes], encoding: str) -> IO[bytes]:
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")

    class _Utf8(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return text.read(size).encode(errors="replace")

    return _Utf8()  # type: ignore[return-value]


def _record_end(buffer: bytes, quotes: bool) -> int:
    """Index after the last line end that has an even number of quotes before it; 0 when there is none."""
    end = buffer.rfind(b"\n")
    odd = buffer.count(b'"', 0, end + 1) if quotes else 0
    while end >= 0 and odd % 2:
        earlier = buffer.rfind(b"\n", 0, end)
        odd -= buffer.count(b'"', earlier + 1, end + 1)
        end = earlier
    return end + 1


def utf8(chunk: bytes) -> bytes:
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
