"""Who runs the engines of a data folder: one owner under a lock, any number of guests beside it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.engines.child import ProcessId
from cli.engines.folders import EngineFolders, write_private

__all__ = ["FileLock", "HomeOwner", "OwnedHome", "read_record"]

OWNER_FILE = "owner.json"


class FileLock:
    """An flock(2) on a file: released by the system when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False) -> bool:
        """Try to take the lock, without waiting; False when another process holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def take_within(self, seconds: float, *, shared: bool = False) -> bool:
        """Take the lock, waiting at most `seconds`."""
        deadline = time.monotonic() + seconds
        while not self.take(shared=shared):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def release(self) -> None:
        """Let the lock go; nothing happens when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@dataclass(frozen=True, slots=True)
class HomeOwner:
    """The process that runs the engines: what it is (`up` or a one-shot command) and the engines it started."""

    kind: str
    process: ProcessId
    engines: dict[str, ProcessId]

    def alive(self) -> bool:
        """True while the owner and all its engines run."""
        return self.process.alive() and all(engine.alive() for engine in self.engines.values())


class OwnedHome:
    """Exclusive ownership of a data folder, and the record of it that guests read."""

    def __init__(self, home: Path) -> None:
        self.folders = EngineFolders(home)
        self.record = self.folders.home / OWNER_FILE
        self._owner_lock = FileLock(self.folders.home / "owner.lock")
        self._guest_lock = FileLock(self.folders.home / "guests.lock")

    def take(self) -> bool:
        """Try to become the owner; False when another process is. The record of an earlier owner is removed."""
        self.folders.prepare()
        if not self._owner_lock.take():
            return False
        self.record.unlink(missing_ok=True)
        return True

    def announce(self, kind: str, engines: dict[str, ProcessId]) -> None:
        """Tell guests which engines are ready."""
        processes = {name: [engine.pid, engine.started] for name, engine in engines.items()}
        own = ProcessId.of(os.getpid())
        write_private(self.record, json.dumps({"kind": kind, "process": [own.pid, own.started], "engines": processes}))

    def owner(self) -> HomeOwner | None:
        """The announced owner, if it and its engines still run."""
        record = read_record(self.record)
        if record is None:
            return None
        engines = {name: ProcessId(*engine) for name, engine in record["engines"].items()}
        found = HomeOwner(record["kind"], ProcessId(*record["process"]), engines)
        return found if found.alive() else None

    def enter_as_guest(self) -> HomeOwner | None:
        """Use the owner's engines and keep a one-shot owner from stopping them; None when they are not ready."""
        if not self._guest_lock.take(shared=True):
            return None
        owner = self.owner()
        if owner is None:
            self._guest_lock.release()
        return owner

    def leave_as_guest(self) -> None:
        """Let the owner stop the engines."""
        self._guest_lock.release()

    def wait_for_guests(self, seconds: float) -> bool:
        """Wait until no guest is left and let no new one in; False when some are still there."""
        return self._guest_lock.take_within(seconds)

    def release(self) -> None:
        """Stop being the owner."""
        self.record.unlink(missing_ok=True)
        self._guest_lock.release()
        self._owner_lock.release()


def read_record(path: Path) -> dict[str, Any] | None:
    """A JSON object from a file; None when there is no file."""
    try:
        record: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    return record
