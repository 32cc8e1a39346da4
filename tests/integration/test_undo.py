"""An import taken back leaves what the other imports alone would have made, whatever was imported in which order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from core.errors import FixArguments, NotAllowed, NotFound
from database.engine import Database
from database.loading.journal import JOURNALED
from database.loading.shapes import SHAPES
from tests.conftest import person
from tests.integration.field_shops import FieldShop, shop
from tests.integration.taking_back import snapshot, taken_back
from tests.samples import one_in
from tools.imports.load import load_frames
from tools.imports.undo import undo_named
from tools.imports.wording import import_words, preview_words

__all__ = ["shop"]

START = datetime(2025, 3, 1, tzinfo=UTC)
DAYS = [f"2024-0{month}-{day:02}" for month in (1, 2, 3) for day in (3, 14, 25)]


class Writer:
    """Random files of a small shop whose people, orders and products meet again and again."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def file(self) -> str:
        return self.draw.choice([
            self.orders, self.orders_by_address, self.customers, self.lines, self.products, self.events, self.spend,
            self.statuses, self.statuses, self.refunds, self.refunds, self.rates,
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

    def statuses(self) -> str:
        """Orders in two currencies, some of them cancelled or partly refunded."""
        rows = [
            f"{n},{self.draw.choice(DAYS)},c{n % 5 + 1},{n}0.00,{self.draw.choice(['paid', 'cancelled'])},"
            f"{self.draw.choice(['0', '2.50'])},{'USD' if n % 3 == 0 else 'GBP'}"
            for n in self._ids(12)
        ]
        return "\n".join(["order_id,order_date,customer_id,total,status,refunded_amount,currency", *rows]) + "\n"

    def refunds(self) -> str:
        rows = [f"r{n},{n},{self.draw.choice(DAYS)},1.25" for n in self._ids(8)]
        return "\n".join(["refund_id,order_id,refund_date,refund_amount", *rows]) + "\n"

    def rates(self) -> str:
        return f"date,currency,base,rate\n2024-01-01,USD,GBP,0.{self.draw.randint(70, 80)}\n"

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


@pytest.mark.parametrize("seed", one_in(3, range(6)))
def test_what_remains_is_what_the_other_imports_alone_make(database: Database, tmp_path: Path, seed: int) -> None:
    writer, draw = Writer(seed), random.Random(seed)
    shop, standing = FieldShop(database, tmp_path, currency="GBP"), dict[int, str]()
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
    alone = FieldShop(database, tmp_path, currency="GBP")
    brought(alone, list(standing.items()))
    assert snapshot(shop) == snapshot(alone)
    for gone in draw.sample(list(standing), len(standing)):
        taken_back(shop, gone)
    assert not any(snapshot(shop).values())


ORDERS = "order_id,order_date,customer_id,total\n1,2024-01-02,a,10\n2,2024-01-05,b,20\n"
LATER = "order_id,order_date,customer_id,total,country\n2,2024-02-05,b,25,Spain\n3,2024-02-06,c,30,Spain\n"
PEOPLE = "customer_id,email,accepts_marketing\na,a@example.com,yes\nb,b@example.com,yes\n"


def test_the_last_import_goes_and_what_it_changed_is_as_before(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS, "january.csv"))
    before = snapshot(shop)
    shop.bring(shop.write(LATER, "february.csv"))
    undone = taken_back(shop)
    assert (undone.file, undone.removed, undone.again) == ("february.csv", {"customers": 1, "orders": 1}, [])
    assert snapshot(shop) == before
    assert shop.rows("select rows from data_coverage where table_name = 'orders'") == [{"rows": 2}]
    assert shop.rows("select count(*) as n from import_changes") == [{"n": 0}]


def test_what_a_later_file_says_as_well_stays(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS, "january.csv"), shop.write(LATER, "february.csv"))
    who = shop.rows("select id from customers where external_id = 'b'")
    undone = taken_back(shop, "january.csv")
    assert undone.again == ["february.csv"]
    assert shop.rows("select order_id, revenue, country from orders order by 1") == [
        {"order_id": "2", "revenue": 25, "country": "Spain"},
        {"order_id": "3", "revenue": 30, "country": "Spain"},
    ]
    assert shop.rows("select id from customers where external_id = 'b'") == who


def test_an_undone_file_is_not_known_and_an_import_is_undone_once(shop: FieldShop) -> None:
    file = shop.write(ORDERS, "january.csv")
    first = shop.bring(file)
    assert shop.bring(file).known
    taken_back(shop, first.number or 0)
    assert len(shop.rows("select from orders")) == 2, "the second import of the same file says the same"
    taken_back(shop)
    assert not shop.rows("select from orders")
    again = shop.bring(file)
    assert (again.known, again.tables["orders"].inserted) == (False, 2)
    with pytest.raises(FixArguments, match="undone already"):
        taken_back(shop, first.number or 0)
    with pytest.raises(NotFound):
        taken_back(shop, 99)


def test_a_file_read_wrong_is_read_again(shop: FieldShop) -> None:
    file = shop.write("nr,wann,netto,brutto\n1,2024-01-02,10,11.90\n2,2024-01-03,20,23.80\n")
    named = {"order_id": "nr", "ordered_at": "wann"}
    shop.bring(file, kind="orders", overrides=named | {"revenue": "netto"})
    assert shop.figure("revenue") == 30
    shop.bring(file, kind="orders", overrides=named | {"revenue": "brutto"}, again=True)
    assert shop.figure("revenue") == Decimal("35.70")
    taken_back(shop)
    assert not shop.rows("select from orders"), "the first reading is gone as well"
    with pytest.raises(FixArguments):
        shop.bring(file)  # no mapping is left of either


def test_a_broken_reading_leaves_the_one_before(shop: FieldShop) -> None:
    file = shop.write(ORDERS)
    shop.bring(file)
    shop.write("order_id,order_date,customer_id,total\n1,never,a,10\n")
    with pytest.raises(FixArguments):
        shop.bring(file, again=True)
    assert len(shop.rows("select from orders")) == 2


def test_what_others_changed_since_stays_as_they_left_it(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS, "orders.csv"), shop.write(PEOPLE, "people.csv"))
    with shop.database.transaction(shop.org_id) as connection:
        connection.execute(text("update consents set granted = false where channel = 'email' and customer_id ="
                                " (select id from customers where external_id = 'a')"))  # fmt: skip
    taken_back(shop, "orders.csv")
    consents = "select c.external_id, k.granted from consents k join customers c on c.id = k.customer_id order by 1"
    assert shop.rows(consents) == [{"external_id": "a", "granted": False}, {"external_id": "b", "granted": True}]


def test_a_customer_whom_a_message_needs_stays(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS))
    with shop.database.transaction(shop.org_id) as connection:
        message = (
            "insert into messages (campaign_id, customer_id, channel, status, due_at)"
            " select 'spring', id, 'email', 'sent', now() from customers where external_id = 'a'"
        )
        connection.execute(text(message))
    taken_back(shop)
    assert shop.rows("select external_id, import_no from customers") == [{"external_id": "a", "import_no": None}]


def test_imports_from_before_and_rows_of_a_source_cannot_be_undone(shop: FieldShop) -> None:
    load_frames(shop.database, person(shop.org_id), [("products", pl.DataFrame({"sku": ["A"]}))], name="My shop")
    with pytest.raises(FixArguments, match="not from a file"):
        taken_back(shop, "My shop")
    shop.bring(shop.write(ORDERS))
    with shop.database.transaction(shop.org_id) as connection:
        connection.execute(text("update imports set number = null where source = 'file'"))
    with pytest.raises(FixArguments, match="before imports were kept"):
        taken_back(shop, "file.csv")


def test_only_a_person_may_undo(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS))
    with pytest.raises(NotAllowed):
        undo_named(shop.database, person(shop.org_id, "viewer"))


def test_every_table_that_imports_write_is_journaled() -> None:
    assert {shape.target for shape in SHAPES.values()} <= set(JOURNALED)


def test_a_preview_tells_exactly_what_the_import_does(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS, "january.csv"))
    before = snapshot(shop)
    file = shop.write(LATER + "4,soon,c,1,Spain\n", "february.csv")
    preview = shop.preview(file)
    assert preview.whole
    assert snapshot(shop) == before
    assert not shop.rows("select from imports where file_name = 'february.csv'")
    result = shop.bring(file)
    assert (preview.read, preview.rejected, preview.tables, preview.orders) == (
        result.read, result.rejected, result.tables, result.orders,
    )  # fmt: skip
    assert list(preview.decisions) == list(result.decisions)
    assert "2 orders, 55.00." in preview_words(preview)
    assert "2 orders, 55.00." in import_words(result)
