"""Steps of a benchmark: their seconds, processor time and memory, beside their baselines, in one table."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psutil

from core.identity import Identity
from database.engine import Database

__all__ = ["MB", "Bench", "Step", "report"]

MB = 1 << 20


@dataclass(slots=True)
class Step:
    """What one step took; `baseline` names what it is held against."""

    name: str
    seconds: float
    rows: int = 0
    own_mb: float = 0.0
    engine_mb: float = 0.0
    cpu: float = 0.0
    baseline: str = ""
    baseline_seconds: float = 0.0
    baseline_cpu: float = 0.0
    aim: str = ""


@dataclass(slots=True)
class Bench:
    """A database of its own, and the steps measured in it."""

    database: Database
    owner_uri: str
    identity: Identity
    steps: dict[str, Step] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, rows: int = 0, **more: Any) -> Iterator[Step]:
        """Measure the time and memory of a block."""
        done, peaks = threading.Event(), [0.0, 0.0]
        watcher = threading.Thread(target=_watch, args=(done, peaks))
        watcher.start()
        step, start, spent = Step(name, 0.0, rows, **more), time.perf_counter(), _spent()
        try:
            yield step
        finally:
            step.seconds, step.cpu = time.perf_counter() - start, _spent() - spent
            done.set()
            watcher.join()
            step.own_mb, step.engine_mb = peaks
            self.steps[name] = step


def _spent() -> float:
    """CPU seconds of this process and of PostgreSQL's, ended ones included."""
    me = psutil.Process()
    own = me.cpu_times()
    total = own.user + own.system
    for child in me.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            total += sum(child.cpu_times()[:4])
    return total


def _watch(done: threading.Event, peaks: list[float]) -> None:
    me = psutil.Process()
    while not done.wait(0.2):
        peaks[0] = max(peaks[0], me.memory_info().rss / MB)
        for child in me.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                memory = child.memory_info()
                peaks[1] = max(peaks[1], (memory.rss - memory.shared) / MB)


def report(steps: dict[str, Step], before: dict[str, Step], times: float) -> None:
    """The table."""
    print(f"{'':26}{'':10}{'CPU':>9}{'':12}{'peak':>8}{'others':>9}  {'':36}{'':9}{'ratio':>8}{'ratio':>8}")
    print(
        f"{'step':26}{'seconds':>10}{'seconds':>9}{'rows/s':>12}{'MB':>8}{'MB':>9}  {'baseline':36}{'seconds':>9}"
        f"{'seconds':>8}{'CPU':>8}  aim"
    )
    for name, s in steps.items():
        cpu = f"{s.cpu:9.2f}" if s.cpu else " " * 9
        rate = f"{s.rows / s.seconds:12,.0f}" if s.rows else " " * 12
        memory = f"{s.own_mb:8,.0f}{s.engine_mb:9,.0f}" if s.own_mb else " " * 17
        held = f"{s.baseline:36}{s.baseline_seconds:9.3f}{s.seconds / s.baseline_seconds:8.3f}" if s.baseline else ""
        held += f"{s.cpu / s.baseline_cpu:8.3f}" if s.baseline_cpu else ""
        grew = f"  × {s.seconds / before[name].seconds:.1f} for × {times:.1f}" if name in before else ""
        print(f"{name:26}{s.seconds:10.3f}{cpu}{rate}{memory}  {held:61}  {s.aim}{grew}", flush=True)
