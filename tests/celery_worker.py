"""A real Celery worker in its own process tree, to be killed by tests, with a database and a broker of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text

from cli.engines import Engines
from core.settings import Settings
from database import migrate
from database.engine import Database
from workers.queue import Queue

BROKER_NUMBER = 7


class WorkerScene:
    """A fresh database beside the session's, a broker number of its own, and a worker that can be killed."""

    def __init__(self, engines: Engines, home: Path, name: str, settings: Mapping[str, str] | None = None) -> None:
        self.home, self.log = home, home / f"{name}.log"
        owner = create_engine(engines.owner_url, isolation_level="AUTOCOMMIT")
        with owner.connect() as connection:
            connection.execute(text(f"drop database if exists {name} with (force)"))
            connection.execute(text(f"create database {name}"))
        owner.dispose()
        self.owner_url = _named(engines.owner_url, name)
        self.env = {
            "AIMA_HOME": str(home),
            "AIMA_APP_DATABASE_URL": _named(engines.app_url, name),
            "BROKER_URL": f"{engines.broker_url}?virtual_host={BROKER_NUMBER}",
            "AIMA_SECRET_KEY": "a key for tests",
            **(settings or {}),
        }
        migrate.upgrade(self.owner_url)
        self.settings = Settings(
            home=home,
            app_database_url=SecretStr(self.env["AIMA_APP_DATABASE_URL"]),
            broker_url=SecretStr(self.env["BROKER_URL"]),
        )
        self.database = Database(self.env["AIMA_APP_DATABASE_URL"])
        self.queue = Queue(self.database, self.settings)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, concurrency: int = 1) -> None:
        """Start the worker; returns at once."""
        options = ("worker", "--loglevel", "INFO", "--concurrency", str(concurrency))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "workers.app", *options, "--without-gossip", "--without-mingle"],
                env=os.environ | self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def family(self) -> tuple[list[psutil.Process], list[psutil.Process]]:
        """The worker's own processes (main and pool), and its couriers."""
        assert self.process is not None
        main = psutil.Process(self.process.pid)
        children = main.children(recursive=True)
        couriers = [child for child in children if _is_courier(child)]
        return [main, *(child for child in children if child not in couriers)], couriers

    def kill(self) -> list[psutil.Process]:
        """kill -9 of the main process and the whole pool; returns the couriers that were at work."""
        own, couriers = self.family()
        for process in own:
            process.send_signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(10)
        psutil.wait_procs(own, timeout=10)
        return couriers

    def stop(self) -> None:
        """End what is left."""
        if self.process is not None and self.process.poll() is None:
            psutil.wait_procs(self.kill(), timeout=20)
        self.queue.app.close()
        self.database.dispose()


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _is_courier(process: psutil.Process) -> bool:
    try:
        return "workers.courier" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], what: str, patience_s: float = 90.0) -> None:
    """Wait for `condition`; a failure names `what` did not come about."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience_s:.0f} s in vain: {what}"
        time.sleep(0.05)
