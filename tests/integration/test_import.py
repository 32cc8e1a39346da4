"""Importing files into a real database: published totals to the penny, twice no change, every row accounted for."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from connectors.sources.demo.shop import DemoShop
from core.errors import FixArguments, NotAllowed
from core.identity import Identity
from database.engine import Database
from database.loading.load import loading
from tests.conftest import RetailImport, make_organisation, person
from tools.imports.intake import ImportProgress
from tools.imports.load import ImportResult, import_file, load_frames, preview_file

Query = Callable[[str], list[tuple[Any, ...]]]
LINES = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects files go to the working folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def query(database: Database, organisation: UUID) -> Query:
    """Rows of a query inside the organisation."""
    return partial(rows_of, database, organisation)


def rows_of(database: Database, org_id: UUID, statement: str) -> list[tuple[Any, ...]]:
    with database.transaction(org_id) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def bring(database: Database, identity: Identity, tmp_path: Path) -> Callable[..., ImportResult]:
    """Import text as a file."""

    def run(content: str, name: str = "file.csv", **how: Any) -> ImportResult:
        (tmp_path / name).write_text(content)
        return import_file(database, identity, tmp_path / name, **how)

    return run


def test_online_retail_meets_the_published_totals(
    database: Database, retail: UUID, retail_import: RetailImport
) -> None:
    first, seen, query = retail_import.result, retail_import.progress, partial(rows_of, database, retail)
    assert (first.read, first.accepted, first.rejected, first.kind) == (541_909, 541_909, 0, "order_lines")
    assert first.rows_per_second > 0
    assert seen[-1].phase.startswith("writing")
    assert [p.share for p in seen] == sorted(p.share for p in seen)
    assert query("select count(*), count(distinct country), sum(revenue) from orders") == [
        (25_900, 38, Decimal("9747747.9340"))
    ]
    assert query(
        "select count(*), count(distinct customer_id), count(*) filter (where customer_id is null),"
        " count(*) filter (where order_id like 'C%'), sum(quantity * unit_price), sum(revenue) from order_items"
    ) == [(541_909, 4_372, 135_080, 9_288, Decimal("9747747.934"), Decimal("9747747.934"))]
    assert query("select count(*) from customers") == [(4_372,)]
    assert query("select kind, count(*) from orders where order_id ~ '^[AC]' group by 1 order by 1") == [
        ("adjustment", 3),
        ("refund", 3_836),
    ]
    assert query(
        "select count(*), count(distinct customer_id), count(distinct order_id), sum(revenue) from order_items"
        " where customer_id is not null and order_id not like 'C%' and quantity > 0 and unit_price > 0"
    ) == [(397_884, 4_338, 18_532, Decimal("8911407.904"))]
    months = query("select sum(revenue) from orders group by date_trunc('month', ordered_at) order by min(ordered_at)")
    assert [round(float(total), 2) for (total,) in months] == [
        748957.02, 560000.26, 498062.65, 683267.08, 493207.12, 723333.51, 691123.12, 681300.11, 682680.51, 1019687.62,
        1070704.67, 1461756.25, 433668.01,
    ]  # fmt: skip
    cohort = query(
        "with m as (select customer_id, date_trunc('month', ordered_at) as month from orders"
        " where customer_id is not null),"
        " f as (select customer_id, min(month) as first from m group by 1) select count(distinct m.customer_id) from m"
        " join f using (customer_id) where f.first = '2010-12-01' group by m.month order by m.month"
    )
    assert [n for (n,) in cohort] == [948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260]
    before = query("select table_name, rows, first_at, last_at, updated_at from data_coverage order by 1")
    assert {row[0]: row[1] for row in before} == {
        "customers": 4_372, "order_items": 541_909, "orders": 25_900, "products": 4_070,
    }  # fmt: skip
    every_row = 541_909 + 25_900 + 4_372 + 4_070
    for compare in (True, False):
        second = import_file(database, person(retail), retail_import.path, compare=compare)
        assert (second.read, second.inserted, second.updated, second.unchanged) == (541_909, 0, 0, every_row)
        assert second.known is not compare
    assert query("select table_name, rows, first_at, last_at, updated_at from data_coverage order by 1") == before


def test_cdnow_needs_no_mapping(database: Database, identity: Identity, query: Query, shared_data: Path) -> None:
    path = shared_data / "cdnow" / "CDNOW_sample.txt"
    result = import_file(database, identity, path)
    assert (result.kind, result.read, result.rejected) == ("orders", 6_919, 0)
    wanted = [float(line.split()[-1]) for line in path.read_text().splitlines()]
    assert query("select count(*), count(distinct customer_id) from orders") == [(6_919, 2_357)]
    assert float(query("select sum(revenue) from orders")[0][0]) == pytest.approx(sum(wanted), abs=0.005)
    again = import_file(database, identity, path, compare=True)
    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 6_919 + 2_357)


def test_rejected_rows_are_all_in_the_rejects_file(bring: Callable[..., ImportResult], query: Query) -> None:
    result = bring(
        "order_id,order_date,customer_id,total\n1,2024-01-02,a,10.10\n2,never,a,5\n3,2024-01-03,,7\n"
        "4,2024-01-04,b,lots\n1,2024-01-02,a,10.10\n,2024-01-05,b,1\n6,2024-01-06,b,1,1\n"
    )
    assert (result.read, result.accepted, result.rejected) == (7, 2, 5)
    assert result.rejects_path == Path("file.csv.rejects.csv")
    with result.rejects_path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["column"], row["value"]) for row in rows] == [
        ("8", "extra", "1"), ("7", "order_id", ""), ("3", "order_date", "never"), ("5", "total", "lots"),
        ("6", "order_id", "1"),
    ]  # fmt: skip
    assert rows[-1]["reason"] == "repeats line 2"
    assert query("select order_id, customer_id is null from orders order by 1") == [("1", False), ("3", True)]


def test_a_changed_order_stays_one_order(bring: Callable[..., ImportResult], query: Query) -> None:
    header = "order_id,order_date,customer_id,total,country\n"
    bring(header + "1,2024-01-31 23:00:00,a,10,Spain\n2,2024-01-05,a,20,Spain\n")
    result = bring(header + "1,2024-02-01 01:00:00,b,12.5,Spain\n2,2024-01-05,a,20,Spain\n")
    assert (result.tables["orders"].updated, result.tables["orders"].unchanged) == (1, 1)
    assert query(
        "select o.order_id, o.ordered_at, c.external_id, o.revenue from orders o"
        " join customers c on c.id = o.customer_id"
        " order by 1"
    ) == [
        ("1", datetime(2024, 2, 1, 1, tzinfo=UTC), "b", Decimal("12.5")),
        ("2", datetime(2024, 1, 5, tzinfo=UTC), "a", Decimal(20)),
    ]
    bring("order_id,order_date,total\n1,2024-02-01 01:00:00,13\n", "without_country.csv")
    assert query("select customer_id is null, country, revenue from orders where order_id = '1'") == [
        (False, "Spain", Decimal(13))
    ]


def test_lines_of_an_order_add_up_across_files(bring: Callable[..., ImportResult], query: Query) -> None:
    line = "1,{0},Thing,{1},2024-01-02 10:00:00,{2},7,France\n"
    bring(LINES + line.format("A", 2, "1.25") + line.format("A", 1, "1.25") + line.format("B", 1, "0.105"))
    bring(LINES + line.format("C", 1, "4"), "more.csv")
    assert query("select occurrence, sku, revenue from order_items order by sku, occurrence") == [
        (1, "A", Decimal("2.5")), (2, "A", Decimal("1.25")), (1, "B", Decimal("0.105")), (1, "C", Decimal(4)),
    ]  # fmt: skip
    assert query("select revenue, quantity, kind from orders") == [(Decimal("7.855"), Decimal(5), "sale")]


def test_refunds_and_adjustments_are_told_from_sales(bring: Callable[..., ImportResult], query: Query) -> None:
    date = "2024-01-02 10:00:00"
    bring(
        LINES + f"1,A,Thing,2,{date},5,7,France\nC2,A,Thing,-1,{date},5,7,France\nC3000,A,Thing,3,{date},5,7,France\n"
        f"4,A,smashed,-3,{date},0,,France\n5,B,Adjust bad debt,1,{date},9,,France\n6,B,Bonus,1,{date},-2,7,France\n"
    )
    assert dict(query("select order_id, kind from orders")) == {
        "1": "sale", "C2": "refund", "C3000": "sale", "4": "adjustment", "5": "adjustment", "6": "adjustment",
    }  # fmt: skip
    bring(
        "order_id,order_date,customer_id,total,status\n10,2024-01-02,7,5,paid\n11,2024-01-02,7,5,Refund\n"
        "12,2024-01-02,7,5,cancelled\n13,2024-01-02,7,-5,paid\n",
        "orders.csv",
    )
    assert query("select order_id, kind, revenue from orders where order_id like '1_' order by 1") == [
        ("10", "sale", Decimal(5)), ("11", "refund", Decimal(-5)), ("12", "void", Decimal(0)),
        ("13", "refund", Decimal(-5)),
    ]  # fmt: skip


def test_customers_keep_what_no_field_takes(bring: Callable[..., ImportResult], query: Query) -> None:
    bring("order_id,order_date,customer_id,total,country\n1,2024-01-02,7,5,France\n")
    text_ = "customer_id,email,first_name,last_name,accepts_marketing,shoe_size\n7,a@example.com,Ann,Example,yes,39\n"
    result = bring(text_, "customers.csv")
    assert (result.tables["customers"].updated, result.tables["customers"].inserted) == (1, 0)
    facts = "select f.external_id, f.email, f.name, f.consent_email, f.country, c.raw from customer_facts f"
    assert query(f"{facts} join customers c on c.id = f.customer_id") == [
        ("7", "a@example.com", "Ann Example", True, "France", {"shoe_size": "39"})
    ]
    assert bring(text_, "customers.csv").unchanged == 1


def test_events_without_an_id_are_not_doubled(bring: Callable[..., ImportResult], query: Query) -> None:
    visit = "7,visit,2024-01-02T10:00:00Z\n"
    events = f"user_id,event,timestamp\n{visit}{visit}8,cart,2024-01-03T10:00:00Z\n"
    assert bring(events, "events.csv").tables["events"].inserted == 3
    again = bring(events, "events.csv").tables["events"]
    assert (again.inserted, again.unchanged) == (0, 3)
    assert query("select kind, count(*) from events group by 1 order by 1") == [("cart", 1), ("visit", 2)]


def test_spend_of_a_day_is_summed(bring: Callable[..., ImportResult], query: Query) -> None:
    spend = "date,channel,campaign,cost\n2024-01-02,search,x,1.10\n2024-01-02,search,y,2.20\n2024-01-03,search,x,3\n"
    bring(spend, "spend.csv", kind="spend")
    assert bring(spend, "spend.csv", kind="spend").unchanged == 2
    assert [total for (total,) in query("select spend from channel_spend order by day")] == [Decimal("3.3"), Decimal(3)]


def test_a_mapping_set_by_hand_is_used_again(
    bring: Callable[..., ImportResult], database: Database, identity: Identity, tmp_path: Path
) -> None:
    content = "nr,wann,wer,was\n1,2024-01-02,a,10\n"
    with pytest.raises(FixArguments, match="fit no kind"):
        bring(content)
    given = {"order_id": "nr", "ordered_at": "wann", "customer_id": "wer", "revenue": "was"}
    bring(content, kind="orders", overrides=given)
    preview = preview_file(database, identity, tmp_path / "file.csv")
    assert preview.saved
    assert preview.mapping.columns == {"order_id": "nr", "customer": "wer", "ordered_at": "wann", "revenue": "was"}
    assert preview.rows[0]["ordered_at"] == datetime(2024, 1, 2, tzinfo=UTC)
    with pytest.raises(FixArguments, match="no column 'wo'"):
        bring(content, overrides={"country": "wo"})


def test_times_are_read_in_the_organisations_zone(database: Database, tmp_path: Path) -> None:
    identity = person(make_organisation(database, time_zone="Europe/Berlin"))
    (tmp_path / "f.csv").write_text("order_id,order_date,customer_id,total\n1,2024-07-01 00:30:00,a,1\n")
    import_file(database, identity, tmp_path / "f.csv")
    with database.transaction(identity.org_id) as connection:
        found = connection.execute(text("select ordered_at from orders")).scalar_one()
    assert found == datetime(2024, 6, 30, 22, 30, tzinfo=UTC)


def test_a_file_that_breaks_off_leaves_nothing(
    database: Database, identity: Identity, query: Query, tmp_path: Path
) -> None:
    import gzip
    import random

    drawn = random.Random(7)
    lines = "".join(f"{n},2024-01-02,{drawn.random()},3.50\n" for n in range(60_000))
    path = tmp_path / "torn.csv.gz"
    path.write_bytes(gzip.compress(f"order_id,order_date,customer_id,total\n{lines}".encode())[:-100_000])
    with pytest.raises(FixArguments, match="broken gzip"):
        import_file(database, identity, path)
    assert query("select (select count(*) from orders), (select count(*) from customers)") == [(0, 0)]


def test_a_dry_run_writes_nothing(bring: Callable[..., ImportResult], query: Query) -> None:
    result = bring("order_id,order_date,customer_id,total\n1,2024-01-02,a,1\n2,x,a,1\n", dry_run=True)
    assert (result.read, result.accepted, result.rejected, result.tables) == (2, 1, 1, {})
    assert query("select (select count(*) from orders), (select count(*) from imports)") == [(0, 0)]


def test_a_viewer_may_not_import(database: Database, organisation: UUID, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("order_id,order_date,customer_id,total\n1,2024-01-02,a,1\n")
    with pytest.raises(NotAllowed):
        import_file(database, person(organisation, "viewer"), tmp_path / "f.csv")


def test_a_second_import_waits_for_the_first(database: Database, identity: Identity, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("order_id,order_date,customer_id,total\n1,2024-01-02,a,1\n")
    waiting = threading.Event()

    def note(progress: ImportProgress) -> None:
        if progress.phase.startswith("waiting"):
            waiting.set()

    with loading(database, identity.org_id, datetime.now(UTC)):
        thread = threading.Thread(
            target=import_file, args=(database, identity, tmp_path / "f.csv"), kwargs={"on_progress": note}
        )
        thread.start()
        assert waiting.wait(30)
    thread.join(30)
    with database.transaction(identity.org_id) as connection:
        assert connection.execute(text("select count(*) from orders")).scalar_one() == 1


def test_a_large_first_load_makes_its_months_and_stays_apart(
    database: Database, identity: Identity, query: Query, tmp_path: Path
) -> None:
    """Months that exist and months that do not; the other organisation sees nothing; a second run changes nothing."""
    rows = 120_000
    with database.transaction(identity.org_id) as connection:
        connection.execute(text("select ensure_month_partitions('orders', '1991-02-01', '1991-02-01')"))
    frame = pl.DataFrame({"order_id": pl.int_range(rows, eager=True)}).with_columns(
        order_date=pl.datetime(1991, 1, 1) + pl.duration(minutes=pl.col("order_id")),
        customer_id=pl.col("order_id") % 1_000,
        total=pl.col("order_id").cast(pl.String) + ".25",
    )
    frame.write_parquet(tmp_path / "orders.parquet")
    first = import_file(database, identity, tmp_path / "orders.parquet")
    assert first.tables["orders"].inserted == rows
    assert query("select count(*), sum(revenue), count(distinct tableoid) from orders") == [
        (rows, Decimal(rows * (rows - 1) // 2) + Decimal(rows) / 4, 3)
    ]
    assert query("select rows, first_at from data_coverage where table_name = 'orders'") == [
        (rows, datetime(1991, 1, 1, tzinfo=UTC))
    ]
    assert query("select count(*) from pg_indexes where tablename in ('orders_199101', 'orders_199102')") == [(12,)]
    for compare in (True, False):
        second = import_file(database, identity, tmp_path / "orders.parquet", compare=compare)
        assert (second.inserted, second.updated, second.unchanged) == (0, 0, rows + 1_000)
    with database.transaction(make_organisation(database)) as connection:
        assert connection.execute(text("select count(*) from orders")).scalar_one() == 0


def test_the_demo_shop_goes_through_the_same_code(database: Database, identity: Identity, query: Query) -> None:
    shop = DemoShop(customers=1_000, seed=7, end=datetime(2026, 6, 1, tzinfo=UTC))
    first = load_frames(database, identity, shop.tables())
    heights: dict[str, int] = {}
    for table, frame in shop.tables():
        heights[table] = heights.get(table, 0) + frame.height
    assert {table: change.inserted for table, change in first.tables.items()} == heights
    assert query("select count(*) from orders o where revenue <> (select sum(i.revenue) from order_items i"
                 " where i.order_id = o.order_id)") == [(0,)]  # fmt: skip
    second = load_frames(database, identity, shop.tables())
    assert {table: change.unchanged for table, change in second.tables.items()} == heights
