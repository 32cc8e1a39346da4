"""The files a page is made of: compressed once, kept by browsers for as long as their name or mark says the same."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import Response

__all__ = ["Asset", "asset_of", "mark_of", "served"]

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
WORTH_PACKING = 0.9  # of its size, or it is served as it is
TYPES = {".jsx": "text/javascript", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is kept in memory: packed with gzip where that is smaller; `mark` changes with its content."""

    kept: bytes
    is_packed: bool
    media_type: str
    mark: str

    @property
    def body(self) -> bytes:
        """Its bytes as they are on disk."""
        return gzip.decompress(self.kept) if self.is_packed else self.kept


def asset_of(folder: Path, name: str) -> Asset | None:
    """The file called `name` in `folder`; None where there is none, outside of it, or where it is no part of a page."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file() or path.suffix == ".map":
        return None
    return _read(path, path.stat().st_mtime_ns)


def mark_of(folder: Path, name: str) -> str:
    """What stands for the file's content in an address; "" for a file that is not there."""
    asset = asset_of(folder, name)
    return asset.mark if asset else ""


def served(asset: Asset, headers: Mapping[str, str], *, immutable: bool) -> Response:
    """The file as an answer to a request with these headers: packed where the browser takes it, 304 where it has it."""
    kept = {"ETag": f'"{asset.mark}"', "Cache-Control": FOREVER if immutable else ASK_AGAIN, "Vary": "Accept-Encoding"}
    if asset.mark in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=kept)
    if asset.is_packed and "gzip" in headers.get("accept-encoding", ""):
        return Response(asset.kept, media_type=asset.media_type, headers={**kept, "Content-Encoding": "gzip"})
    return Response(asset.body, media_type=asset.media_type, headers=kept)


@lru_cache(maxsize=100)
def _read(path: Path, _written: int) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, 6, mtime=0)
    is_packed = len(packed) < len(body) * WORTH_PACKING
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(packed if is_packed else body, is_packed, guessed, hashlib.sha256(body).hexdigest()[:16])
