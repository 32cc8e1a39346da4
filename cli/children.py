"""The processes beside the engines, as data: web, worker and beat."""

from __future__ import annotations

import http.client
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cli.engines.child import rotate, spawn
from cli.engines.part import Part

if TYPE_CHECKING:
    from cli.engines.running import Engines
    from core.settings import Settings

__all__ = [
    "Child",
    "ChildProcess",
    "Health",
    "HttpHealth",
    "LogHealth",
    "aima_children",
    "child_environment",
    "local_host",
]

WEB_APP = "cli.asgi:create_app"
WORKER_APP = "workers.app"
HEALTH_PATH = "/health"


@dataclass(frozen=True, slots=True)
class HttpHealth:
    """Healthy when GET answers with a status below 400."""

    host: str
    port: int
    path: str = HEALTH_PATH

    def __call__(self, process: ChildProcess) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2.0)
        try:
            connection.request("GET", self.path)
            return connection.getresponse().status < 400
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class LogHealth:
    """Healthy when the log has said `text` since the process was started."""

    text: str

    def __call__(self, process: ChildProcess) -> bool:
        return self.text in process.output()


Health = Callable[["ChildProcess"], bool]


# Two jobs at a time are two busy cores already: threads of linear algebra that wait for each other only spin.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Child:
    """A process to run: `essential` ones end everything when they cannot be kept alive."""

    name: str
    argv: tuple[str, ...]
    health: Health
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    essential: bool = True
    start_s: float = 120.0
    stop_s: float = 15.0
    stop_signal: int = signal.SIGTERM


class ChildProcess(Part):
    """A declared child as a process; its output goes to `logs/NAME.log`."""

    def __init__(self, child: Child, logs: Path) -> None:
        self.child = child
        self.name, self.essential = child.name, child.essential
        self.start_s, self.stop_s, self.stop_signal = child.start_s, child.stop_s, child.stop_signal
        self.log = logs / f"{child.name}.log"
        self._log_from = 0

    def spawn(self) -> None:
        """Start the child's program with its environment and nothing else."""
        self.bury()
        rotate(self.log)
        self._log_from = self.log.stat().st_size if self.log.exists() else 0
        self.process = spawn(
            self.child.argv, log=self.log, env=self.child.env, death_signal=self.stop_signal, grace_s=self.stop_s
        )

    def answers(self) -> bool:
        """What its declared health check says."""
        return self.child.health(self)

    def output(self) -> str:
        """What it has written since it was started."""
        with self.log.open("rb") as file:
            file.seek(self._log_from)
            return file.read().decode(errors="replace")


def child_environment(settings: Settings, engines: Engines, secret_key: str) -> dict[str, str]:
    """Our environment, with where the engines are; the owner's database URL stays with the supervisor.

    Only where DATABASE_URL is set without AIMA_APP_DATABASE_URL do the children get it under the latter name: there
    is no other login, and every connection then begins with SET ROLE to the restricted role.
    """
    inherited = {name: value for name, value in os.environ.items() if name.upper() != "DATABASE_URL"}
    return inherited | {
        "AIMA_HOME": str(settings.home.expanduser().resolve()),
        "AIMA_HOST": settings.host,
        "AIMA_PORT": str(settings.port),
        "AIMA_APP_DATABASE_URL": engines.app_url,
        "BROKER_URL": engines.broker_url,
        "AIMA_SECRET_KEY": secret_key,
        "PYTHONUNBUFFERED": "1",
    }


def aima_children(settings: Settings, env: Mapping[str, str]) -> tuple[Child, ...]:
    """The web process, the Celery worker and its schedule."""
    celery = (sys.executable, "-m", "celery", "-A", WORKER_APP)
    level = "DEBUG" if settings.log_level.upper() == "DEBUG" else "INFO"  # their health is read from INFO lines
    return (
        Child("web", _web_command(settings), HttpHealth(local_host(settings.host), settings.port), env),
        Child(
            "worker",
            (
                *celery,
                "worker",
                "--loglevel",
                level,
                "--concurrency",
                "2",
                "--without-gossip",
                "--without-mingle",
            ),
            LogHealth(" ready."),
            ONE_THREAD | dict(env),
            essential=False,
        ),
        Child(
            "beat",
            (*celery, "beat", "--loglevel", level, "--schedule", str(settings.home / "beat-schedule")),
            LogHealth("beat: Starting"),
            env,
            essential=False,
        ),
    )


def _web_command(settings: Settings) -> tuple[str, ...]:
    # A stream that stays open must not hold up the end of the process for longer than five seconds.
    options = ("--host", settings.host, "--port", str(settings.port), "--timeout-graceful-shutdown", "5")
    return (sys.executable, "-m", "uvicorn", WEB_APP, "--factory", *options, "--log-level", settings.log_level.lower())


def local_host(host: str) -> str:
    """The address at which this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
