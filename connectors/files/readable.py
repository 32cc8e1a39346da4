"""A file that cannot be read is refused in a sentence, whenever that shows: it may vanish while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import FixArguments

__all__ = ["readable"]


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What is done with the file inside fails with FixArguments where the system will not let it be read."""
    try:
        if path.exists() and not path.is_file():
            what = "a folder; name the file in it" if path.is_dir() else "no ordinary file"
            raise FixArguments(f"'{path.name}' is {what}.", field="file")
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise FixArguments(f"'{path.name[:100]}' cannot be read: {reason}.", field="file") from error
