"""How long a question takes from the shell: asked of a running AIMA, against asked of a process of its own.

    python -m benchmarks.doors                    the demo shop in a folder of its own, built the first time
    python -m benchmarks.doors --home FOLDER      a data folder there is

Told: how long `aima up -d` takes, the web process's memory, the first words of an answer beyond the tools' own time,
and `aima ask` beside the same question answered in its own process (the baseline of the ratios).
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from uuid import uuid4

from cli.shell_door import ShellDoor

QUESTIONS = (
    "revenue last month",
    "how many customers do we have?",
    "top 5 products by revenue this year",
    "revenue by country in the last 90 days",
    "who is likely to leave in the next 60 days?",
    "show me the segments",
    "hello",
)
HOME = Path("/var/tmp/aima-doors/home")


def main() -> None:
    """Start, measure, print, stop."""
    options = _options()
    options.home.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    env = os.environ | {"AIMA_HOME": str(options.home), "AIMA_PORT": str(options.port)}
    _run(env, "up", "-d", "--demo")  # the first start makes the database and the demo shop, and loads the disk's cache
    _run(env, "down")
    up_s, _ = _run(env, "up", "-d", "--demo")
    try:
        door = ShellDoor.find(options.home)
        _waited(door)
        print(f"aima up -d                      {up_s:8.2f} s")
        print(f"web process                     {_resident_mb(door):8.0f} MB")
        first = [_first_words_ms(door, question) for question in QUESTIONS for _ in range(options.times)]
        print(f"first words beyond the tools    {median(first):8.0f} ms median, {max(first):.0f} ms at most")
        asked = [_run(env, "ask", question) for question in QUESTIONS for _ in range(options.times)]
    finally:
        _run(env, "down")
    alone = [_run(env, "ask", question) for question in QUESTIONS[:3]]
    _row("aima ask, AIMA running", asked, alone)
    _row("aima ask, in its own process", alone, alone)


def _first_words_ms(door: ShellDoor, question: str) -> float:
    """From asking to the first word, less the time the tools took."""
    began, tools = time.perf_counter(), 0.0
    first = 0.0
    for event in door.ask(question, f"shell-{uuid4()}", None):
        if event["kind"] == "step_finished":
            tools += event["took_ms"]
        elif event["kind"] == "token" and not first:
            first = (time.perf_counter() - began) * 1000
    return first - tools


def _waited(door: ShellDoor) -> None:
    """One question more than is measured: what is loaded at the first one is not every question's cost."""
    for question in QUESTIONS:
        _first_words_ms(door, question)


def _resident_mb(door: ShellDoor) -> float:
    with urllib.request.urlopen(f"{door.address}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("process_resident_memory_bytes "))) / 1e6


def _run(env: dict[str, str], *arguments: str) -> tuple[float, float]:
    """Seconds and processor seconds of a command."""
    used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "cli.main", *arguments], env=env, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return time.perf_counter() - began, processor


def _row(name: str, found: Sequence[tuple[float, float]], baseline: Sequence[tuple[float, float]]) -> None:
    wall, processor = (median(pair[at] for pair in found) for at in (0, 1))
    ratio = wall / median(pair[0] for pair in baseline)
    print(f"{name:<31} {wall:8.2f} s ({processor:.2f} s of processor time), ratio {ratio:.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=HOME, help="data folder")
    parser.add_argument("--port", type=int, default=8017)
    parser.add_argument("--times", type=int, default=2, help="how often each question is asked")
    return parser.parse_args()


if __name__ == "__main__":
    main()
