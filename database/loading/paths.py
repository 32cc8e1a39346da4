"""Paths that a file counts: the set of that file as a whole, which a later file of the same name takes the place of."""

from __future__ import annotations

from sqlalchemy import Connection

from core.decisions import Decisions
from database.loading.merge import Counts, merge
from database.loading.staging import Staging
from database.loading.statement import run

__all__ = ["merge_paths"]

_SUMMED = ("conversions", "value", "nulls")


def merge_paths(connection: Connection, staging: Staging, file: str, decisions: Decisions) -> Counts:
    """Bring the staged paths in as those of `file`; rows of one path are added up, paths it has no more go."""
    run(connection, "alter table staged_paths add column file text")
    run(connection, "update staged_paths set file = :file", file=file)
    gone = run(
        connection,
        "delete from conversion_paths p where p.file = :file and not exists"
        " (select from staged_paths s where s.path_id = p.path_id)",
        file=file,
    )
    if gone:
        said = "Paths that a file of this name had before, and this one has not, are gone: a file of paths is a whole."
        decisions.add("rows", said, rows=gone)
    columns = tuple(name for name in _SUMMED if staging.has("paths", name))
    sums = "".join(f", sum({name}) as {name}" for name in columns)
    source = f"select file, path_id, min(path)::jsonb as path{sums} from staged_paths group by file, path_id"  # noqa: S608
    rows = staging.counted(f"({source}) g")
    key = ("file", "path_id")
    return merge(connection, "conversion_paths", source, key=key, columns=("path", *columns), rows=rows)
