"""Files of the data folder that may name a person: logs, and what open conversations were given and show."""

from __future__ import annotations

import mmap
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from database.erasure.words import Words

__all__ = ["CHAT_FILES", "OWNER", "erase_files", "note_owner"]

CHAT_FILES = "chat-files"
OWNER = ".organisation"  # in the folder of a session: whose data it may hold
BLANK = b"*"


def note_owner(folder: Path, org_id: UUID) -> None:
    """Say in the folder of a session whose data it may hold."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / OWNER).write_text(str(org_id), encoding="ascii")


def erase_files(home: Path, org_id: UUID, words: Words, *, really: bool = True) -> Counter[str]:
    """Delete files of open conversations that name the person, blank the words in logs; files by place.

    Doing it again does no harm. Not `really`: only count.
    """
    changed = Counter[str]()
    for file in _of_sessions(home / CHAT_FILES, org_id):
        if words.within(file.read_bytes()):
            changed["files of open conversations"] += 1
            if really:
                file.unlink(missing_ok=True)
    for log in sorted({*home.glob("*.log*"), *(home / "logs").rglob("*")}):
        if log.is_file() and not log.is_symlink() and _blank(log, words, really=really):
            changed["log files"] += 1
    return changed


def _of_sessions(folder: Path, org_id: UUID) -> Iterator[Path]:
    for owner in sorted(folder.glob(f"*/{OWNER}")):
        if owner.read_text(encoding="ascii").strip() == str(org_id):
            files = (file for file in sorted(owner.parent.rglob("*")) if file != owner)
            yield from (file for file in files if file.is_file() and not file.is_symlink())


def _blank(log: Path, words: Words, *, really: bool) -> bool:
    """Write over the words where they stand: whoever writes the log goes on writing it."""
    if not log.stat().st_size:
        return False
    with log.open("r+b" if really else "rb") as file:
        access = mmap.ACCESS_WRITE if really else mmap.ACCESS_READ
        with mmap.mmap(file.fileno(), 0, access=access) as octets:
            found = False
            for start, end in _spans(octets, words):
                found = True
                if really:
                    octets[start:end] = BLANK * (end - start)
            if found and really:
                octets.flush()
                os.fsync(file.fileno())
    return found


def _spans(octets: mmap.mmap, words: Words) -> Iterator[tuple[int, int]]:
    at = 0
    for line in iter(octets.readline, b""):
        said = line.decode("utf-8", "surrogateescape")
        for match in words.pattern.finditer(said):
            before, within = (
                said[a:b].encode("utf-8", "surrogateescape") for a, b in ((0, match.start()), match.span())
            )
            yield at + len(before), at + len(before) + len(within)
        at += len(line)
