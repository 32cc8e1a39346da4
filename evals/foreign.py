"""Files of questions in another format: figures given, or SQL over the product's tables, instead of expressions.

One JSON a line: `turns`; `any` and `all` (figures), `sql` and `sql_all` (queries of one organisation), `mention`,
`must_not`, `kind`, `tol`; `shop` A (Online Retail), B (the field's chat file) or C (the demo shop).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from evals.judge import Expected
from evals.request import Request, request_of

if TYPE_CHECKING:
    from database.engine import Database

_SHOPS = {"A": "A", "B": "N", "C": "C"}


def read(path: Path) -> list[Request]:
    """The requests of such a file."""
    return [_request(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def given(database: Database, org_id: UUID, request: Request) -> Expected | None:
    """What the request itself says is right; None when it says it in expressions."""
    groups = queried(database, org_id, request) if request.sql else list(request.given)
    return Expected(groups[0], groups[1:]) if groups else None


def queried(database: Database, org_id: UUID, request: Request) -> list[Any]:
    """What the request's queries give today: numbers, or the names of all rows as a set."""
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    found: list[Any] = []
    for query in request.sql:
        try:
            with database.transaction(org_id) as connection:
                rows = connection.execute(text(query)).fetchall()
        except ProgrammingError as error:
            raise LookupError(str(error.orig)) from error
        values = [value for row in rows for value in row if value is not None]
        words = [str(value) for value in values if isinstance(value, str)]
        found.append([set(words)] if words else [float(value) for value in values])
    return found


def _request(record: dict[str, Any]) -> Request:
    groups = [record.get("any", []), *record.get("all", [])] if record.get("any") or record.get("all") else []
    sql = [record["sql"]] if record.get("sql") else []
    sql += record.get("sql_all") or []
    form: dict[str, Any] = {
        name: record[name] for name in ("id", "kind", "turns", "mention", "must_not", "tol", "why") if name in record
    }
    form |= {"shop": _SHOPS[record["shop"]], "given": tuple(map(tuple, groups)), "sql": tuple(sql)}
    return request_of(form | {"refuse": record["kind"] == "refuse" and bool(record.get("mention"))})
