"""Asking for background work: a row in `jobs` first, then word of it to the broker."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.errors import GiveUp, RetryLater
from core.identity import Identity
from core.settings import Settings
from database.engine import Database
from database.queries import jobs

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["RUN_JOB", "Queue", "check_broker"]

RUN_JOB = "aima.run_job"
log = logging.getLogger(__name__)


class Queue:
    """The way to the workers; `enqueue` is what a tool's context carries.

    The broker may be away: then the job stays queued in the database, and the sweep sends word of it later.
    """

    def __init__(self, database: Database, settings: Settings, app: Celery | None = None) -> None:
        self.database, self.settings = database, settings
        if app is not None:
            self.app = app

    @cached_property
    def app(self) -> Celery:
        """A sender for the settings' broker."""
        from celery import Celery

        url = self.settings.broker_url
        app = Celery("aima", broker=url.get_secret_value() if url else "memory://")
        app.conf.update(task_default_queue="aima", task_ignore_result=True, broker_connection_timeout=2)
        return app

    def enqueue(self, identity: Identity, name: str, arguments: Mapping[str, Any]) -> UUID:
        """Ask for the job `name` in the identity's organisation; returns its id (ask job_status with it)."""
        with self.database.transaction(identity.org_id) as connection:
            job_id = jobs.create(connection, name, arguments, identity.actor)
        self.send(identity.org_id, job_id)
        return job_id

    def send(self, org_id: UUID, job_id: UUID, *, expires_s: float | None = None) -> bool:
        """Tell the workers of a job that is in the database; False when the broker cannot be reached."""
        from kombu.exceptions import OperationalError

        if self.settings.broker_url is None:
            return False
        try:
            self.app.send_task(RUN_JOB, args=(str(org_id), str(job_id)), retry=False, expires=expires_s)
        except OperationalError as error:
            log.warning("The broker cannot be reached; job %s waits in the database: %s", job_id, error)
            return False
        return True


def check_broker(settings: Settings) -> None:
    """Raise RetryLater when the broker does not answer, GiveUp when none is configured."""
    from kombu import Connection  # type: ignore[attr-defined]
    from kombu.exceptions import OperationalError

    if settings.broker_url is None:
        raise GiveUp("No broker: run `aima up`, or set BROKER_URL.")
    try:
        with Connection(settings.broker_url.get_secret_value(), connect_timeout=2) as connection:  # type: ignore[no-untyped-call]
            connection.ensure_connection(max_retries=1, timeout=2)
    except OperationalError:
        raise RetryLater("The broker does not answer; background work waits.", retry_after_s=5) from None
