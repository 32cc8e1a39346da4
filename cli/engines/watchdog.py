"""Ends a process tree whose supervisor died without saying goodbye (kill -9, out of memory).

A program of its own, run by file name with the standard library only. It reads orders on standard input,
one a line: `+ PID SIGNAL GRACE` guards a process group, `- PID` forgets it. End of file means that the
supervisor is gone: every guarded group gets its signal, and SIGKILL once its grace (seconds) is over.
It also reaches grandchildren, which the parent-death signal of Linux does not, and works on macOS, which has none.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

Guarded = dict[int, tuple[int, float]]


def read_orders(lines: Iterable[str]) -> Guarded:
    """Follow the orders until they end; returns pid → (signal, grace in seconds) of what is still guarded."""
    guarded: Guarded = {}
    for line in lines:
        order, pid, *rest = line.split()
        if order == "+":
            guarded[int(pid)] = (int(rest[0]), float(rest[1]))
        else:
            guarded.pop(int(pid), None)
    return guarded


def signal_group(pid: int, number: int) -> bool:
    """Send `number` to the process group; False when nobody is left in it."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
        return False
    return True


def end_groups(guarded: Guarded) -> None:
    """Signal every group, wait for each one's grace, then kill what is left."""
    started = time.monotonic()
    waiting = {pid: grace for pid, (number, grace) in guarded.items() if signal_group(pid, number)}
    while waiting:
        time.sleep(0.02)
        for pid, grace in list(waiting.items()):
            if time.monotonic() - started > grace:
                signal_group(pid, signal.SIGKILL)
                del waiting[pid]
            elif not signal_group(pid, 0):
                del waiting[pid]


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_groups(read_orders(sys.stdin))


if __name__ == "__main__":
    main()
