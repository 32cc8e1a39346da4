"""What runs when, in UTC: each entry asks for a job in every organisation, or sweeps up what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

__all__ = ["SWEEP", "beat_schedule"]

ASK_EVERYWHERE, SWEEP, MAKE_PARTITIONS = "aima.ask_everywhere", "aima.sweep", "aima.make_partitions"


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Celery beat's schedule."""
    from celery.schedules import crontab

    return {
        "features": {
            "task": ASK_EVERYWHERE,
            "schedule": crontab(minute=0, hour="*/6"),
            "args": ("refresh_scores", {"what": ["features", "rfm"]}),
        },
        "churn and value": {
            "task": ASK_EVERYWHERE,
            "schedule": crontab(minute=0, hour=2),
            "args": ("refresh_scores", {"what": ["churn", "value"]}),
        },
        "segments that drift": {
            "task": ASK_EVERYWHERE,
            "schedule": crontab(minute=0, hour=6),
            "args": ("refresh_segments", {"what": ["drift"]}),
        },
        "vectors, trained anew": {
            "task": ASK_EVERYWHERE,
            "schedule": crontab(minute=0, hour=3, day_of_week="sunday"),
            "args": ("train_vectors", {}),
        },
        "vectors": {
            "task": ASK_EVERYWHERE,
            "schedule": crontab(minute=0, hour=3, day_of_week="1-6"),
            "args": ("train_vectors", {"only_refresh": True}),
        },
        "recommendations": {
            "task": ASK_EVERYWHERE,
            "schedule": crontab(minute=30, hour=3),
            "args": ("refresh_recommendations", {}),
        },
        "outbox and lost jobs": {"task": SWEEP, "schedule": timedelta(seconds=10), "options": {"expires": 10}},
        "partitions": {"task": MAKE_PARTITIONS, "schedule": crontab(minute=30, hour=0)},
    }
