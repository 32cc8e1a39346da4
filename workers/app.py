"""The Celery application, built from the environment when it is first asked for (`celery -A workers.app worker`).

PostgreSQL is the truth about jobs and messages; the broker only carries the word that there is work. So results are
not kept in it, a task is acknowledged when it is done, and a message lost or doubled does no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import GiveUp
from core.settings import Settings, get_settings

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["create_app"]

# Longer than any task: a shorter one would hand a running task to a second worker.
VISIBILITY_S = 3 * 3600

_built: Celery | None = None


def create_app(settings: Settings) -> Celery:
    """A Celery application for these settings; GiveUp when they name no broker. Nothing is connected yet."""
    from celery import Celery

    from workers.jobs import known_jobs, register
    from workers.schedule import beat_schedule

    if settings.broker_url is None:
        raise GiveUp("No broker: run `aima up`, or set BROKER_URL.")
    app = Celery("aima", broker=settings.broker_url.get_secret_value())
    app.conf.update(
        beat_schedule=beat_schedule(known_jobs().values()),
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_S,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
        },
        task_acks_late=True,
        task_default_queue="aima",
        task_ignore_result=True,
        task_reject_on_worker_lost=True,
        timezone="UTC",
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_concurrency=2,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
    )
    register(app, settings)
    return app


def __getattr__(name: str) -> Any:
    """`app`, for Celery's command line."""
    global _built
    if name != "app":
        raise AttributeError(name)
    if _built is None:
        _built = create_app(get_settings())
    return _built
