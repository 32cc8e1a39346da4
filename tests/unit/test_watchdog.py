"""The program that ends a tree whose supervisor has died."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from cli.engines import watchdog

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
SOFT = "import time; print(flush=True); time.sleep(600)"


def start(program: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_orders_add_and_forget_groups() -> None:
    assert watchdog.read_orders(["+ 11 2 60.0\n", "+ 12 15 5\n", "- 11\n", "- 99\n"]) == {12: (15, 5.0)}


def test_the_end_of_its_input_ends_what_it_guards_and_nothing_else() -> None:
    soft, deaf, forgotten, stranger = start(SOFT), start(DEAF), start(SOFT), start(SOFT)
    program = [sys.executable, "-E", "-S", str(Path(watchdog.__file__))]
    orders = [f"+ {p.pid} {int(signal.SIGTERM)} 0.2" for p in (soft, deaf, forgotten)] + [f"- {forgotten.pid}"]
    try:
        subprocess.run(program, input="\n".join(orders) + "\n", text=True, check=True, timeout=30)
        assert soft.wait(10) == -signal.SIGTERM
        assert deaf.wait(10) == -signal.SIGKILL
        assert forgotten.poll() is None
        assert stranger.poll() is None
    finally:
        for process in (soft, deaf, forgotten, stranger):
            process.kill()
            process.communicate()
