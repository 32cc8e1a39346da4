"""`aima up`: engines, migrations and children in one tree, kept alive, and stopped together."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from types import FrameType
from typing import TYPE_CHECKING

from cli.children import Child, ChildProcess, child_environment
from cli.disk import disk_trouble
from cli.engines.child import tail
from cli.engines.ownership import OwnedHome
from cli.engines.part import Part
from cli.engines.postgres import EmbeddedPostgres
from cli.engines.running import Engines, engine_urls
from cli.engines.valkey import EmbeddedValkey
from cli.state import PartState, RunState, end_survivors
from core.errors import FixArguments, GiveUp, RetryLater
from core.secrets import secret_key

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = ["AlreadyRunning", "Supervisor", "web_address"]

Declare = Callable[["Settings", Mapping[str, str]], Sequence[Child]]

MOST_CRASHES, CRASH_WINDOW_S = 5, 60.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
TICK_S = 0.1
OWNER_WAIT_S = 10.0


class AlreadyRunning(Exception):
    """Another `aima up` runs on this data folder, at `address`."""

    def __init__(self, state: RunState) -> None:
        stage = "running already" if state.stage == "running" else "being started by another command"
        super().__init__(f"AIMA is {stage} at {state.address} (process {state.supervisor.pid}).")
        self.address = state.address


class _Watched:
    """A part with its crash history and what the state file says of it."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.state = PartState("starting", None)
        self.was_healthy = False
        self.crashes: deque[float] = deque(maxlen=MOST_CRASHES)
        self.due = 0.0

    def spawn(self, now: float) -> None:
        self.part.spawn()
        self.state.condition, self.state.process = "starting", self.part.id()
        self.due = now + self.part.start_s

    def crash(self, now: float) -> float | None:
        """Note a crash; the pause before the next start in seconds, or None when it is given up."""
        self.part.bury()
        self.crashes.append(now)
        recent = [at for at in self.crashes if now - at <= CRASH_WINDOW_S]
        hopeless = self.part.essential and not self.was_healthy
        self.state.process = None
        if hopeless or len(recent) >= MOST_CRASHES:
            self.state.condition = "failed"
            return None
        pause: float = min(FIRST_PAUSE_S * 2 ** (len(recent) - 1), LONGEST_PAUSE_S)
        self.state.condition, self.due = "waiting", now + pause
        self.state.restarts += 1
        return pause


class Supervisor:
    """The tree of one data folder. `run()` blocks in the main thread until a signal, `aima down`, or a failure.

    `declare` names the children, `migrate` gets the owner's URL, `prepare` (when given) runs after the
    migrations and before all children but the essential ones, `report` gets one line for a person at each change.
    """

    def __init__(
        self,
        settings: Settings,
        declare: Declare,
        *,
        migrate: Callable[[str], None],
        prepare: Callable[[Engines], None] | None = None,
        report: Callable[[str], None] = print,
    ) -> None:
        self.settings, self.declare, self.migrate, self.prepare = settings, declare, migrate, prepare
        self.report = _unfailing(report)
        self.owned = OwnedHome(settings.home)
        self.home = self.owned.folders.home
        self.postgres, self.valkey = EmbeddedPostgres(self.home), EmbeddedValkey(self.home)
        self.state = RunState.own(web_address(settings))
        self._stop = threading.Event()
        self._watched: list[_Watched] = []

    def run(self) -> None:
        """Start everything, say where, keep it alive; stop everything on the way out.

        AlreadyRunning when another `up` has the folder; RetryLater when a one-shot command has it; FixArguments when
        the port is taken; GiveUp with the end of the log when an essential process cannot be kept alive.
        """
        self._own()
        with ExitStack() as undo:
            undo.callback(self.owned.release)
            self._catch_signals(undo)
            end_survivors(self.home)
            check_port(self.settings.host, self.settings.port)
            undo.callback(RunState.file(self.home).unlink, missing_ok=True)
            undo.callback(self._stop_all)
            self._start_engines()
            self._start_children()
            while not self._stop.wait(TICK_S):
                self._tick(time.monotonic())

    def _own(self) -> None:
        deadline = time.monotonic() + OWNER_WAIT_S
        while not self.owned.take():
            if (state := RunState.live(self.home)) is not None and state.stage != "stopping":
                raise AlreadyRunning(state)
            if time.monotonic() > deadline:
                raise RetryLater(f"Another command is using {self.home}; try again when it is done.")
            time.sleep(TICK_S)

    def _catch_signals(self, undo: ExitStack) -> None:
        def ask(number: int, frame: FrameType | None) -> None:
            self._stop.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            undo.callback(signal.signal, number, signal.signal(number, ask))

    def _start_engines(self) -> None:
        embedded: list[Part] = []
        if self.settings.database_url is None:
            embedded.append(self.postgres)
        if self.settings.broker_url is None:
            embedded.append(self.valkey)
        self._watched = [_Watched(part) for part in embedded]
        for watched in self._watched:
            watched.spawn(time.monotonic())
        self._save()
        while any(watched.state.condition != "healthy" for watched in self._watched) and not self._stop.is_set():
            for watched in self._watched:
                self._look(watched, time.monotonic())
            time.sleep(0.01)
        self._announce()

    def _start_children(self) -> None:
        engines = engine_urls(self.postgres, self.valkey, self.settings)
        if not self._stop.is_set():
            self.migrate(engines.owner_url)
        env = child_environment(self.settings, engines, secret_key(self.settings).decode())
        children = self.declare(self.settings, env)
        # The web process takes seconds to load, and so do the preparations: on two processors they do it side by side.
        self._spawn(child for child in children if child.essential)
        if self.prepare is not None and not self._stop.is_set():
            self.prepare(engines)
        self._spawn(child for child in children if not child.essential)

    def _spawn(self, children: Iterable[Child]) -> None:
        for child in children:
            if self._stop.is_set():
                return
            watched = _Watched(ChildProcess(child, self.owned.folders.logs))
            self._watched.append(watched)
            watched.spawn(time.monotonic())
        self._save()

    def _tick(self, now: float) -> None:
        """One look at every part: restart the dead, note the healthy, say when all that matters is up."""
        for watched in self._watched:
            self._look(watched, now)
        essential_up = all(w.state.condition == "healthy" for w in self._watched if w.part.essential)
        if self.state.stage == "starting" and essential_up:
            self.report(f"AIMA is running at {self.state.address}")
            self.state.stage = "running"
            self._save()

    def _look(self, watched: _Watched, now: float) -> None:
        condition, part = watched.state.condition, watched.part
        if condition == "failed":
            return
        if condition == "waiting":
            if now >= watched.due:
                watched.spawn(now)
                self._save()
        elif (status := part.exit_status()) is not None:
            self._crashed(watched, now, _how(status))
        elif condition == "starting" and part.answers():
            self._healthy(watched)
        elif condition == "starting" and now > watched.due:
            self._crashed(watched, now, f"was not ready after {part.start_s:.0f} s")

    def _healthy(self, watched: _Watched) -> None:
        again = watched.was_healthy
        watched.was_healthy, watched.state.condition = True, "healthy"
        watched.state.process = watched.part.id()
        self._save()
        if again:
            self.report(f"{watched.part.name} is running again")
            self._announce()

    def _crashed(self, watched: _Watched, now: float, how: str) -> None:
        part = watched.part
        pause = watched.crash(now)
        self._save()
        if pause is not None:
            self.report(f"{part.name} {how}; starting it again in {pause:g} s (log: {part.log})")
            return
        message = f"{part.name} {how} and cannot be kept running. The end of {part.log}:\n{tail(part.log)}"
        if part.essential:
            raise GiveUp(message)
        self.report(message)

    def _stop_all(self) -> None:
        """Children first, all at once, then the engines in reverse order."""
        self.state.stage = "stopping"
        self._save()
        parts = [watched.part for watched in self._watched]
        for part in parts:
            if isinstance(part, ChildProcess):
                part.ask_to_stop()
        for part in reversed(parts):
            part.stop()

    def _announce(self) -> None:
        """Let one-shot commands join the engines."""
        running = {w.part.name: w.part.id() for w in self._watched if not isinstance(w.part, ChildProcess)}
        self.owned.announce("up", {name: process for name, process in running.items() if process})

    def _save(self) -> None:
        self.state.parts = {watched.part.name: watched.state for watched in self._watched}
        try:
            self.state.write(self.home)
        except OSError as error:  # a full disk ends nothing that runs; who looks meanwhile sees what was so before
            words = disk_trouble(error)
            if words is None:
                raise
            self.report(words)


def _unfailing(report: Callable[[str], None]) -> Callable[[str], None]:
    """`report` that ends nothing where what it writes to cannot be written: a log on a full disk, a closed terminal."""

    def say(words: str) -> None:
        with suppress(OSError):
            report(words)

    return say


def _how(status: int) -> str:
    return f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"


def web_address(settings: Settings) -> str:
    """The address to show: AIMA_PUBLIC_URL, else the host and port the web process listens on."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = "localhost" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def check_port(host: str, port: int) -> None:
    """Raise FixArguments, naming port and setting, unless we can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            raise FixArguments(
                f"Port {port} on {host} cannot be used ({error.strerror}). "
                f"Choose another one with --port or AIMA_PORT, for example {port + 1}.",
                field="port",
            ) from error
