"""What runs when, in UTC: jobs asked for in every organisation at the times they declare, and what waits swept up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tools.declaration import Job

__all__ = ["ASK_EVERYWHERE", "MAKE_PARTITIONS", "SWEEP", "beat_schedule"]

ASK_EVERYWHERE, SWEEP, MAKE_PARTITIONS = "aima.ask_everywhere", "aima.sweep", "aima.make_partitions"


def beat_schedule(jobs: Iterable[Job[Any]]) -> dict[str, dict[str, Any]]:
    """Celery beat's schedule."""
    from celery.schedules import crontab

    asked = {
        f"{job.name} at {every.cron}": {
            "task": ASK_EVERYWHERE,
            "schedule": crontab.from_string(every.cron),
            "args": (job.name, dict(every.arguments)),
        }
        for job in jobs
        for every in job.every
    }
    return asked | {
        "outbox and lost jobs": {"task": SWEEP, "schedule": timedelta(seconds=10), "options": {"expires": 10}},
        "partitions": {"task": MAKE_PARTITIONS, "schedule": crontab(minute=30, hour=0)},
    }
