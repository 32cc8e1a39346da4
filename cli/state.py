"""The state file of a running `aima up`: who it is, where it answers, how its processes are."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from cli.engines.child import ProcessId, end_strangers
from cli.engines.folders import write_private
from cli.engines.ownership import read_record

__all__ = ["PartState", "RunState", "Stage", "end_survivors"]

Stage = Literal["starting", "running", "stopping"]
Condition = Literal["starting", "healthy", "waiting", "failed"]


@dataclass(slots=True)
class PartState:
    """One process: `waiting` is between a crash and its next start, `failed` is given up."""

    condition: Condition
    process: ProcessId | None
    restarts: int = 0


@dataclass(slots=True)
class RunState:
    """What `aima status` shows and `aima down` acts on."""

    supervisor: ProcessId
    address: str
    stage: Stage
    parts: dict[str, PartState] = field(default_factory=dict)

    @staticmethod
    def file(home: Path) -> Path:
        """Where the state of `home` is kept."""
        return home / "state.json"

    @classmethod
    def read(cls, home: Path) -> RunState | None:
        """The state left in `home`, whether its processes still live or not; None when there is none."""
        record = read_record(cls.file(home))
        if record is None:
            return None
        parts = {
            name: PartState(
                part["condition"], ProcessId(**part["process"]) if part["process"] else None, part["restarts"]
            )
            for name, part in record["parts"].items()
        }
        return cls(ProcessId(**record["supervisor"]), record["address"], record["stage"], parts)

    @classmethod
    def live(cls, home: Path) -> RunState | None:
        """The state in `home` if the very supervisor that wrote it runs (a reused pid does not count)."""
        state = cls.read(home)
        return state if state is not None and state.supervisor.alive() else None

    @classmethod
    def own(cls, address: str) -> RunState:
        """The state of this process as supervisor."""
        return cls(ProcessId.of(os.getpid()), address, "starting")

    def write(self, home: Path) -> None:
        """Replace the state file."""
        write_private(self.file(home), json.dumps(asdict(self)))


def end_survivors(home: Path) -> int:
    """End what a supervisor that died left running, and forget its state; how many processes that were."""
    state = RunState.read(home)
    if state is None:
        return 0
    left = [part.process.pid for part in state.parts.values() if part.process and part.process.alive()]
    # SIGINT: PostgreSQL's fast shutdown; the others end on it as they do on SIGTERM.
    end_strangers(left, (signal.SIGINT, signal.SIGTERM, signal.SIGKILL), 15.0)
    RunState.file(home).unlink(missing_ok=True)
    return len(left)
