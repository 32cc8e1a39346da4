"""A disk that is full, or may not be written, in words that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import AskPerson

__all__ = ["disk_trouble", "disk_trouble_in_words"]

FULL = (errno.ENOSPC, errno.EDQUOT)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


def disk_trouble(error: OSError) -> str | None:
    """What is wrong with the disk and what mends it; None for any other error of the system."""
    place = f" ({error.filename})" if error.filename else ""
    if error.errno in FULL:
        return f"There is no room left on the disk{place}. Make some, at least a gigabyte, then do this again."
    if error.errno in CLOSED and error.filename:
        return f"{error.filename} cannot be used ({error.strerror}). See that this account may, then do this again."
    return None


@contextmanager
def disk_trouble_in_words() -> Iterator[None]:
    """Raise AskPerson for a disk that a person has to see to."""
    try:
        yield
    except OSError as error:
        if words := disk_trouble(error):
            raise AskPerson(words) from error
        raise
