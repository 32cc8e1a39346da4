"""Sending what is due, seen from the worker: start a courier, listen to it, and end when it ends.

The courier is a process of its own, in a session of its own, because it must outlive us by one message: when this
process is killed, the pipe to the courier's standard input closes, and it finishes what it has in hand.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from core.errors import GiveUp, RetryLater
from tools.declaration import Work, job
from tools.results import Arguments

__all__ = ["dispatch_outbox"]


class DispatchArguments(Arguments):
    """Nothing to say: what is due is in the outbox."""


@job(retries=0)  # the sweep asks again while messages are due
def dispatch_outbox(work: Work, arguments: DispatchArguments) -> Mapping[str, Any]:
    """Send the due messages of one organisation; returns messages by what became of them.

    Errors: RetryLater when the courier could not go on (no mail server, another courier) or died.
    """
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "workers.courier", str(work.identity.org_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as courier:
        assert courier.stdout is not None  # noqa: S101 - asked for above
        said: dict[str, Any] = {}
        for line in courier.stdout:
            said = json.loads(line)
            if "done" in said:
                words = f"{said['done']:,} of {said['total']:,}: {said['what']}"
                work.progress(said["done"] / said["total"] * 0.99, words)
    if courier.returncode == 0 and "tally" in said:
        tally: dict[str, Any] = said["tally"]
        return tally
    if courier.returncode in (RetryLater.exit_code, -9, -15):
        raise RetryLater(said.get("error") or "The courier was killed. What it had not begun is sent by the next one.")
    raise GiveUp(said.get("error") or "A defect stopped the courier; see the worker's log.")
