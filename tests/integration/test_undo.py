"""An import taken back leaves what the other imports alone would have made, whatever was imported in which order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tools.imports.undoing import Undone, undo_import

from database.engine import Database
from database.loading.journal import JOURNALED
from database.tables.base import Base
from tests.conftest import person
from tests.integration.field_shops import FieldShop, shop

__all__ = ["shop"]

START = datetime(2025, 3, 1, tzinfo=UTC)
GENERATED = {"org_id", "import_no", "id", "moved", "kept", "gone"}
DAYS = [f"2024-0{month}-{day:02}" for month in (1, 2, 3) for day in (3, 14, 25)]


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
    return undo_import(shop.database, person(shop.org_id), str(which))


class Writer:
    """Random files of a small shop whose people, orders and products meet again and again."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def file(self) -> str:
        return self.draw.choice([
            self.orders, self.orders, self.orders_by_address, self.customers, self.lines, self.lines, self.products,
            self.events, self.spend,
        ])()  # fmt: skip

    def _some(self, few: int = 5) -> range:
        return range(self.draw.randint(1, few))

    def _ids(self, most: int) -> list[int]:
        return self.draw.sample(range(1, most + 1), self.draw.randint(1, most // 2))

    def orders(self) -> str:
        columns = self.draw.choice(
            ["order_id,order_date,customer_id,total", "order_id,order_date,customer_id,total,country"]
        )
        rows = [
            f"{n},{self.draw.choice(DAYS)},c{self.draw.randint(1, 5)},{self.draw.randint(1, 90)}.50"
            + (f",{self.draw.choice(['Spain', 'France'])}" if "country" in columns else "")
            for n in self._ids(10)
        ]
        return "\n".join([columns, *rows]) + "\n"

    def orders_by_address(self) -> str:
        rows = [
            f"{n},{self.draw.choice(DAYS)},p{self.draw.randint(1, 5)}@example.com,{self.draw.randint(1, 90)}.00"
            for n in self._ids(10)
        ]
        return "\n".join(["order_id,order_date,email,total", *rows]) + "\n"

    def customers(self) -> str:
        rows = [
            f"c{n},Name {self.draw.randint(1, 3)},p{n}@example.com,{self.draw.choice(['yes', 'no', ''])}"
            for n in self._ids(6)
        ]
        return "\n".join(["customer_id,name,email,accepts_marketing", *rows]) + "\n"

    def lines(self) -> str:
        """Every order is one customer's, as the lines of an order are."""
        drawn = [(self.draw.randint(1, 6), self.draw.randint(1, 3), self.draw.randint(1, 4)) for _ in self._some()]
        rows = [
            f"{order},S{sku},Thing {name},{self.draw.randint(1, 3)},{self.draw.choice(DAYS)} 10:00:00,"
            f"{self.draw.randint(1, 9)},c{order % 5 + 1},Spain"
            for order, sku, name in drawn
        ]
        columns = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
        return "\n".join([columns, *rows]) + "\n"

    def products(self) -> str:
        rows = [f"S{n},Product {self.draw.randint(1, 3)},cat{self.draw.randint(1, 2)},{n}.00" for n in self._ids(4)]
        return "\n".join(["sku,name,category,price", *rows]) + "\n"

    def events(self) -> str:
        rows = [f"c{self.draw.randint(1, 7)},visit,{self.draw.choice(DAYS)}T10:00:00Z" for _ in self._some()]
        return "\n".join(["user_id,event,timestamp", *rows]) + "\n"

    def spend(self) -> str:
        rows = [f"{self.draw.choice(DAYS)},search,{self.draw.randint(1, 50)}.10" for _ in self._some()]
        return "\n".join(["date,channel,spend", *rows]) + "\n"


def brought(shop: FieldShop, files: Sequence[tuple[int, str]]) -> None:
    for n, content in files:
        path = shop.write(content, f"file{n}.csv")
        shop.bring(path, now=START + timedelta(minutes=n))


@pytest.mark.parametrize("seed", range(6))
def test_what_remains_is_what_the_other_imports_alone_make(database: Database, tmp_path: Path, seed: int) -> None:
    writer, draw = Writer(seed), random.Random(seed)
    shop, standing = FieldShop(database, tmp_path), dict[int, str]()
    for n in range(1, 8):
        standing[n] = writer.file()
        brought(shop, [(n, standing[n])])
        if draw.random() < 0.3:
            gone = draw.choice(list(standing))
            taken_back(shop, gone)
            del standing[gone]
    for gone in draw.sample(list(standing), len(standing) // 2):
        taken_back(shop, gone)
        del standing[gone]
    alone = FieldShop(database, tmp_path)
    brought(alone, list(standing.items()))
    assert snapshot(shop) == snapshot(alone)
    for gone in draw.sample(list(standing), len(standing)):
        taken_back(shop, gone)
    assert not any(snapshot(shop).values())
