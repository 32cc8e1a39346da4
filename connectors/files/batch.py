"""What every form of file is read into: batches of text columns, and the lines that are no rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from connectors.files.layout import LINE

__all__ = ["LINE", "Batch", "Problem", "without_zero_bytes"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line was not taken: line number, column, the value found, the reason."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Batch:
    """Some consecutive rows of a file, the lines that were no rows, and the share of the file read so far."""

    frame: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    share: float = 0.0


def without_zero_bytes(
    frame: pl.DataFrame, names: list[str], problems: list[Problem]
) -> tuple[pl.DataFrame, list[Problem]]:
    """Hand over lines with a zero byte as problems: PostgreSQL's text holds every character but this one."""
    has = pl.any_horizontal(pl.col(names).str.contains("\0", literal=True).fill_null(False))
    zeroed = frame.select(has.alias("zero")).to_series()
    if not zeroed.any():
        return frame, problems
    lines = frame.filter(zeroed)[LINE]
    problems += [Problem(line, "", "", "the line holds a zero byte") for line in lines]
    return frame.filter(~zeroed), problems
