"""Trouble of the database that passes, or that a person can mend, as an error of ours that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError

from core.errors import AimaError, RetryLater

__all__ = ["in_words"]

FULL = (
    "The disk that holds the data is full: make room, at least a gigabyte, then do this again. Nothing of it was"
    " written, and nothing that was there before is lost."
)
AWAY = "The database does not answer at the moment. Try again in a few seconds."
# SQLSTATEs, PostgreSQL manual, appendix A: disk full; lost connections; shut down, crashed, starting up.
DISK_FULL = ("53100",)
CONNECTION_LOST = ("08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03")


@contextmanager
def in_words() -> Iterator[None]:
    """Raise RetryLater for a full disk and for a database that is away; let every other error pass."""
    try:
        yield
    except AimaError:
        raise
    except Exception as error:
        known = _known(error)
        if known is None:
            raise
        raise known from error


def _known(error: Exception) -> RetryLater | None:
    import psycopg

    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    state = str(getattr(cause, "sqlstate", None) or "")
    if state in DISK_FULL:
        return RetryLater(FULL, retry_after_s=300)
    if not isinstance(cause, psycopg.OperationalError):
        return None
    # libpq tells of a server that is not there, or that goes away, without a state
    return RetryLater(AWAY, retry_after_s=5) if state in CONNECTION_LOST or not state else None
