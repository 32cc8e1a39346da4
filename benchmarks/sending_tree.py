"""The processes that send: database, broker, web and worker as `aima up` starts them, to be killed at any moment."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
from pydantic import SecretStr

from cli.children import ChildProcess, aima_children, child_environment
from cli.engines.folders import EngineFolders
from cli.engines.part import Part
from cli.engines.postgres import EmbeddedPostgres
from cli.engines.running import engine_urls
from cli.engines.valkey import EmbeddedValkey
from core.secrets import secret_key
from core.settings import Settings
from database.engine import Database
from database.migrate import upgrade
from workers.queue import Queue

__all__ = ["VICTIMS", "Tree"]

VICTIMS = ("worker", "courier", "web", "broker", "database")
PORT = 8797


class Tree:
    """A data folder of its own with everything at work but the schedule; the processes inherit our environment."""

    def __init__(self, home: Path, *, web: bool = True) -> None:
        self.postgres, self.valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
        for engine in (self.postgres, self.valkey):
            engine.start()
        upgrade(self.postgres.owner_url)
        plain = Settings(home=home, port=PORT)
        urls = engine_urls(self.postgres, self.valkey, plain)
        environment = child_environment(plain, urls, secret_key(plain).decode())
        self.settings = plain.model_copy(
            update={"app_database_url": SecretStr(urls.app_url), "broker_url": SecretStr(urls.broker_url)}
        )
        wanted = ("web", "worker") if web else ("worker",)
        logs = EngineFolders(home).logs
        self.children = {
            one.name: ChildProcess(one, logs) for one in aima_children(plain, environment) if one.name in wanted
        }
        for child in self.children.values():
            child.spawn()
        for child in self.children.values():
            child.wait_ready()
        self.database = Database(urls.app_url)
        self.queue = Queue(self.database, self.settings)

    def couriers(self) -> list[psutil.Process]:
        """Those at work, whosever child they are: one outlives its worker for a moment."""
        found = []
        for process in psutil.process_iter(["cmdline", "status"]):
            with suppress(psutil.NoSuchProcess):
                ours = self._is_ours(process)
                if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        if "workers.courier" not in (process.info["cmdline"] or []):
            return False
        return process.environ().get("AIMA_HOME") == str(self.settings.home)

    def kill(self, victim: str) -> bool:
        """kill -9; False where there was nobody (a courier that has ended, a worker that fell with its broker)."""
        if victim == "courier":
            couriers = self.couriers()
            for courier in couriers:
                courier.kill()
            return bool(couriers)
        process = self._part(victim).process
        assert process is not None
        if process.poll() is not None:
            return False
        if victim == "worker":  # its pool as well; a courier is in a group of its own
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        return True

    def mend(self) -> None:
        """Start what has ended again, as the supervisor does a second after; a courier is the worker's to start."""
        parts: list[Part] = [self.postgres, self.valkey, *self.children.values()]
        for part in parts:
            if part.exit_status() is None:
                continue
            part.bury()
            time.sleep(1)
            part.start()
            if part is self.postgres:
                self.database.engine.dispose()

    def _part(self, victim: str) -> Part:
        engines: dict[str, Part] = {"broker": self.valkey, "database": self.postgres}
        return engines.get(victim) or self.children[victim]

    def stop(self) -> None:
        """End everything."""
        for child in self.children.values():
            child.stop()
        self.queue.app.close()
        self.database.dispose()
        self.valkey.stop()
        self.postgres.stop()
