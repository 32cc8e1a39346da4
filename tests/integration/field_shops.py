"""A shop of one's own for a file as people have it: bring files, ask figures, see what was said.

    shop.bring(case("01-shopify-multiline") / "orders_export.csv")
    assert shop.figure("revenue") == Decimal("220.50")

Cases rebuilt from public reports lie beside the project; a test that needs one skips where they are absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from database.engine import Database
from tests.conftest import PROJECT, make_organisation, person
from tests.integration.asking import ask, named
from tools.imports.load import ImportPreview, ImportResult, import_file, preview_file

FIELD = PROJECT.parent / "shared" / "field"


def case(name: str) -> Path:
    """The folder of a case from the field."""
    if not (FIELD / name).is_dir():
        pytest.skip("the cases from the field (../shared/field) are not here")
    return FIELD / name


class FieldShop:
    """An organisation, and what may be done with its files."""

    def __init__(self, database: Database, folder: Path, **settings: str) -> None:
        self.database, self.folder = database, folder
        self.org_id: UUID = make_organisation(database, **settings)
        if not settings:
            self.rows("update organisations set currency = '', assumed = '{currency,time_zone}' returning id")
        self.reports: list[ImportResult] = []

    def write(self, content: str | bytes, name: str = "file.csv") -> Path:
        """A file with this content."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def bring(self, *files: Path, **how: Any) -> ImportResult:
        """Import files one after the other; the report of the last."""
        for file in files:
            rejects = self.folder / f"{file.name}.rejects.csv"
            self.reports.append(import_file(self.database, person(self.org_id), file, rejects=rejects, **how))
        return self.reports[-1]

    def preview(self, file: Path, **how: Any) -> ImportPreview:
        """What an import of the file would do."""
        return preview_file(self.database, person(self.org_id), file, **how)

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """A tool's result as JSON."""
        return ask(self.database, self.org_id, tool, **arguments)

    def figure(self, metric: str, **arguments: Any) -> Decimal | None:
        """One figure, of all that was brought where no period is given."""
        (row,) = named(self.ask("query_metrics", metrics=[metric], **arguments))
        return None if row[metric] is None else Decimal(str(row[metric]))

    def figures(self, metric: str, by: str, **arguments: Any) -> dict[Any, Decimal | None]:
        """A figure by a dimension."""
        rows = named(self.ask("query_metrics", metrics=[metric], dimensions=[by], **arguments))
        return {row[by]: None if row[metric] is None else Decimal(str(row[metric])) for row in rows}

    def rows(self, query: str, **values: Any) -> list[Mapping[str, Any]]:
        """Rows of a query inside the organisation."""
        with self.database.transaction(self.org_id) as connection:
            return [dict(row) for row in connection.execute(text(query), values).mappings()]

    def said(self) -> str:
        """All that the reports of the imports said of what was decided."""
        return "\n".join(decision.said for report in self.reports for decision in report.decisions)


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> FieldShop:
    """A fresh shop; import this fixture where it is used."""
    return FieldShop(database, tmp_path)
