"""Texts within octets: as they stand, and in what people pack tables into (gzip, zip, workbooks, Parquet, PDF)."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

__all__ = ["texts"]

DEEPEST = 3
LARGEST = 1 << 30  # octets unpacked of one member
_FLATE = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def texts(data: bytes, depth: int = 0) -> Iterator[str]:
    """Every text in `data` that can be looked into; what is packed in a way not known here is looked at as it is."""
    yield data.decode("utf-8", "replace")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield data.decode("utf-16", "replace")
    if depth < DEEPEST:
        for inner in _members(data):
            yield from texts(inner, depth + 1)


def _members(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"\x1f\x8b":
        yield from _unpacked(data)
    elif data[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.infolist():
                    with archive.open(member) as file:
                        yield file.read(LARGEST)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error):
            return
    elif data[:4] == b"PAR1":
        yield from _parquet(data)
    elif data[:5] == b"%PDF-":
        for stream in _FLATE.findall(data):
            try:
                yield zlib.decompress(stream)
            except zlib.error:
                continue


def _unpacked(data: bytes) -> Iterator[bytes]:
    try:
        with gzip.open(io.BytesIO(data)) as file:
            yield file.read(LARGEST)
    except (OSError, EOFError, zlib.error):
        return


def _parquet(data: bytes) -> Iterator[bytes]:
    import polars as pl

    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError):
        return
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Binary]
    yield frame.drop(nested).write_csv().encode()
