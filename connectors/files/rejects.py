"""The rejects file: every value that was not taken, with its line, column and the reason."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from connectors.files.reading import Problem
from core.errors import FixArguments

FIRST = 5
HEADER = ("line", "column", "value", "reason")


class RejectsFile:
    """A CSV file that comes into being with the first problem; a context manager. Without a path they are counted only.

    `first` are the first few of them.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.lines = 0
        self.first: list[Problem] = []
        self._file: TextIO | None = None

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # told of when it was written
                self._file.close()

    def add(self, problems: Iterable[Problem]) -> int:
        """Write problems of lines not written before; the number of lines they concern."""
        found = list(problems)
        if not found:
            return 0
        self.first += found[: FIRST - len(self.first)]
        self._write(found)
        lines = len({p.line for p in found})
        self.lines += lines
        return lines

    def _write(self, problems: list[Problem]) -> None:
        if self.path is None:
            return
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8", newline="")
                csv.writer(self._file).writerow(HEADER)
            csv.writer(self._file).writerows((p.line, p.column, p.value, p.reason) for p in problems)
            self._file.flush()
        except OSError as error:
            reason = error.strerror or str(error)
            raise FixArguments(
                f"The rejected rows cannot be written to '{self.path}' ({reason}); nothing was imported."
                " Name another place with --rejects.",
                field="rejects",
            ) from error
