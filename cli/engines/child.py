"""Starting, recognising and ending one child process, so that none outlives its parent."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import GiveUp

__all__ = ["ProcessId", "end_strangers", "leave", "processes_in", "rotate", "spawn", "tail"]

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process told apart from a later one with the same pid by when it started."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """The identity of the live process `pid`; GiveUp when there is none."""
        started = _start_mark(pid)
        if started is None:
            raise GiveUp(f"Process {pid} ended before it could be recorded.")
        return cls(pid, started)

    @classmethod
    def find(cls, pid: int) -> ProcessId | None:
        """The identity of `pid`, None when it does not run."""
        started = _start_mark(pid)
        return None if started is None else cls(pid, started)

    def alive(self) -> bool:
        """True while this very process runs (a zombie does not run)."""
        return _start_mark(self.pid) == self.started


def _start_mark(pid: int) -> str | None:
    """A text that differs between two processes of one pid; None for a dead one or a zombie.

    On Linux it is the boot and the clock tick since it (proc(5)), which setting the wall clock does not change.
    """
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] in "ZX" else f"{_boot_id()}:{fields[19]}"
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None


@lru_cache(maxsize=1)
def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def processes_in(folder: Path, program: str) -> list[int]:
    """Pids of live processes named `program` whose working directory is `folder`."""
    import psutil

    found = []
    for process in psutil.process_iter(["name", "status"]):
        try:
            if (
                (process.info["name"] or "").startswith(program)
                and process.info["status"] != psutil.STATUS_ZOMBIE
                and Path(process.cwd()) == folder
            ):
                found.append(process.pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


class _Watchdog:
    """The line to `watchdog.py`, which ends our children when we can no longer do it."""

    def __init__(self) -> None:
        program = str(Path(__file__).with_name("watchdog.py"))
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-E", "-S", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,  # a pipe of ours that it held would stay open after us
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
            cwd="/",
        )
        self.owner = os.getpid()
        atexit.register(self.close)

    def order(self, line: str) -> None:
        """Send one order. When somebody killed the watchdog, Linux's parent-death signal is what is left."""
        if self._process.stdin is not None and self._process.poll() is None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()

    def close(self) -> None:
        """Let it end: after an orderly stop it guards nobody."""
        if os.getpid() == self.owner and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()


@lru_cache(maxsize=1)
def _watchdog_of(owner: int) -> _Watchdog:
    return _Watchdog()


def _watchdog() -> _Watchdog:
    return _watchdog_of(os.getpid())


def _parent_death_signal(number: int) -> Callable[[], None] | None:
    """What the child runs before its program so that Linux signals it when the spawning thread ends (prctl(2)).

    None elsewhere, and off the main thread, whose end would not be the end of the process.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: tuple[int, int] | None = None,
    death_signal: int = signal.SIGTERM,
    grace_s: float = 10.0,
    told: bytes | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that leads its own process group, writes to `log`, and does not outlive us.

    `account` is the (uid, gid) to run as; `death_signal` and `grace_s` say how it is ended if we die. `told` is what it
    reads from its standard input: secrets that nobody is to find in the list of processes. What it writes is for its
    account alone.
    """
    uid, gid = account or (None, None)
    rotate(log)
    with log.open("ab") as output, warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # 3.12 warns of fork beside threads; the hook only calls prctl
        process = subprocess.Popen(  # noqa: S603
            list(argv),
            stdin=subprocess.DEVNULL if told is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=0o077,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=uid,
            group=gid,
            extra_groups=None if account is None else [],
            start_new_session=True,
            preexec_fn=_parent_death_signal(death_signal),
        )
    _tell(process, told or b"")
    _watchdog().order(f"+ {process.pid} {int(death_signal)} {grace_s}")
    return process


def _tell(process: subprocess.Popen[bytes], words: bytes) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError), process.stdin:  # it ended at once: its log says why
            process.stdin.write(words)


def rotate(log: Path) -> None:
    """Set a log aside (one generation) once it is larger than ten megabytes."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(log.suffix + ".1"))


def leave(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's group (its own children too) and forget it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody left; macOS: "not permitted" of zombies
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    _watchdog().order(f"- {process.pid}")


def end_strangers(pids: Sequence[int], numbers: Sequence[int], patience_s: float) -> None:
    """End processes that are not our children: each signal in turn, `patience_s` seconds after each.

    GiveUp when one survives them all.
    """
    left = [ProcessId(pid, mark) for pid in pids if (mark := _start_mark(pid))]
    for number in numbers:
        for process in left:
            if process.alive():
                _signal_all(process.pid, number)
        deadline = time.monotonic() + patience_s
        while any(process.alive() for process in left) and time.monotonic() < deadline:
            time.sleep(0.02)
    if survivors := [str(process.pid) for process in left if process.alive()]:
        raise GiveUp(f"Processes of an earlier run do not end: {', '.join(survivors)}. End them, then start again.")


def _signal_all(pid: int, number: int) -> None:
    """Signal a process, and its group when it leads one."""
    with contextlib.suppress(ProcessLookupError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, for an error message."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
