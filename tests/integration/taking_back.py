"""What imports have written, as it can be compared; and taking an import back."""

from __future__ import annotations

from typing import Any

from database.loading.journal import JOURNALED
from database.tables.base import Base
from tests.conftest import person
from tests.integration.field_shops import FieldShop
from tools.imports.undo import Undone, undo_named

__all__ = ["snapshot", "taken_back"]

GENERATED = {"org_id", "import_no", "id", "moved", "kept", "gone"}


def snapshot(shop: FieldShop) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that imports write, by what people call them: without numbers the database gave."""
    found = {}
    for table in sorted(JOURNALED):
        names = [f"t.{c.name}" for c in Base.metadata.tables[table].columns if c.name not in GENERATED]
        join = ""
        if "t.customer_id" in names:
            names[names.index("t.customer_id")] = "c.external_id as customer"
            join = " left join customers c on c.id = t.customer_id"
        rows = shop.rows(f"select {', '.join(names)} from {table} t{join}")
        found[table] = sorted((tuple(row.values()) for row in rows), key=repr)
    return found


def taken_back(shop: FieldShop, which: str | int = "last") -> Undone:
    return undo_named(shop.database, person(shop.org_id), str(which))
