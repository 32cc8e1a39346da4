"""One supervised process: spawn it, know when it is ready, stop it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from cli.engines.child import ProcessId, leave, tail
from core.errors import GiveUp

__all__ = ["Part"]


class Part(ABC):
    """A process of the tree: an engine, or a child such as the web process."""

    name: str
    log: Path
    essential: bool = True
    stop_signal: int = signal.SIGTERM
    stop_s: float = 20.0
    start_s: float = 120.0
    process: subprocess.Popen[bytes] | None = None
    _asked: int | None = None

    @abstractmethod
    def spawn(self) -> None:
        """Start the process; returns before it is ready."""

    @abstractmethod
    def answers(self) -> bool:
        """True when the live process does its work."""

    def start(self) -> None:
        """Spawn and wait until ready (recovery after a crash included)."""
        self.spawn()
        self.wait_ready()

    def ready(self) -> bool:
        """True when it answers. GiveUp when it has ended."""
        if self.process is None or self.process.poll() is not None:
            raise GiveUp(f"{self.name} ended while starting. The end of {self.log}:\n{tail(self.log)}")
        return self.answers()

    def wait_ready(self) -> None:
        """Wait until ready. GiveUp after `start_s` seconds, or when it has ended."""
        deadline = time.monotonic() + self.start_s
        while not self.ready():
            if time.monotonic() > deadline:
                self.stop()
                raise GiveUp(f"{self.name} was not ready after {self.start_s:.0f} s. See {self.log}.")
            time.sleep(0.01)

    def id(self) -> ProcessId | None:
        """The running process's identity, None when it does not run."""
        return None if self.process is None else ProcessId.find(self.process.pid)

    def exit_status(self) -> int | None:
        """How the spawned process ended (negative: the signal); None while it runs."""
        return None if self.process is None else self.process.poll()

    def ask_to_stop(self) -> None:
        """Send the stop signal, once, without waiting: a second one means "at once" to some programs."""
        if self.process is not None and self.process.poll() is None and self._asked != self.process.pid:
            self._asked = self.process.pid
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End the process in its own way; kill what is left of its group after `stop_s` seconds."""
        if self.process is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=self.stop_s)
        self.bury()

    def bury(self) -> None:
        """Kill what an ended process left behind in its group."""
        if self.process is not None:
            leave(self.process)
            self.process = None
