"""Paths to conversions as files count them, each file a set of its own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

__all__ = ["CountedPath", "PathFile", "files", "paths_of"]


@dataclass(frozen=True, slots=True)
class PathFile:
    """A file of paths, and how many different ones it has."""

    file: str
    paths: int


@dataclass(frozen=True, slots=True)
class CountedPath:
    """One path, its touches oldest first; `value` and `nulls` are None where the file does not tell them."""

    path: list[str]
    conversions: float
    value: float | None
    nulls: float | None


def files(connection: Connection) -> list[PathFile]:
    """Files of paths that are loaded, the one imported last first."""
    rows = connection.execute(
        text(
            """
            select file, count(*) from conversion_paths
            group by file order by max(abs(import_no)) desc nulls last, file
            """
        )
    )
    return [PathFile(*row) for row in rows]


def paths_of(connection: Connection, file: str) -> list[CountedPath]:
    """The paths of a file, always in the same order."""
    rows = connection.execute(
        text(
            "select path, conversions::float8, value::float8, nulls::float8 from conversion_paths"
            " where file = :file order by path_id"
        ),
        {"file": file},
    )
    return [CountedPath(*row) for row in rows]
