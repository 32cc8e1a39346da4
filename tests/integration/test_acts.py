"""Figures counted in columns are the database's, after whatever happened to the rows; nothing old is ever read."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from core.settings import Settings
from database.acts import columns as module
from database.acts.answers import any_row, in_columns, value_counts, visitors
from database.acts.columns import columns_of
from database.acts.figures import made_of
from database.acts.packing import pack
from database.acts.places import PLACES
from database.engine import Database
from database.loading.load import taking_turns
from database.queries import funnel, metrics
from database.semantic.metrics import METRICS
from database.semantic.model import Grain, Span
from database.semantic.question import Question, choose_sources
from database.semantic.sources import SOURCES
from database.semantic.statement import statement
from tests.conftest import make_organisation, person
from tests.integration.field_shops import FieldShop, shop
from tests.integration.random_shops import FIRST, Order, Shop, opened, shops
from tests.integration.taking_back import taken_back
from tests.integration.test_undo import START, Writer
from tools.imports.load import load_frames
from tools.privacy.erase import erase

__all__ = ["shop"]

FIGURES = {
    table: [name for name, m in METRICS.items() if table in m.sql and made_of(table, m.sql[table]) is not None]
    for table in PLACES
}
DAYS = (date(2023, 11, 1), date(2024, 4, 20))
STEPS = ("visit", "product_view", "cart", "checkout")


def told(connection: Connection, question: Question) -> tuple[list[Any], list[Any]]:
    """The rows of the database, and those counted in columns; both as texts too, for 1 is not 1.0000."""
    sources = choose_sources(question)
    ready = in_columns(connection, question, sources)
    assert set(ready.ready) == {source.name for source in sources.values()}, "columns did not answer"
    answers = []
    for asked in (question, ready):
        made = statement(asked, sources)
        answers.append([(tuple(row), str(row)) for row in connection.execute(text(made.sql), dict(made.values))])
    return answers[0], answers[1]


def questions(table: str, span: Span, before: Span | None, zone: str, grains: Sequence[Grain]) -> Iterator[Question]:
    """Every figure that columns tell, by each dimension and over time, in as few questions."""
    for grain in grains:
        for cut in ((), *((name,) for name in PLACES[table]), tuple(PLACES[table])[:2]):
            yield Question(
                FIGURES[table], span.start, span.end, zone, cut, grain=grain, before=before, limit=None, week_start=6
            )


def check(connection: Connection, span: Span, before: Span | None, zone: str, grains: Sequence[Grain]) -> None:
    for table in PLACES:
        for question in questions(table, span, before, zone, grains):
            slow, fast = told(connection, question)
            assert fast == slow, (table, question.dimensions, question.grain)
        for name in PLACES[table]:
            counts = value_counts(connection, table, name)
            place = SOURCES[table].places[name]
            tables = SOURCES[table].tables(place.joins, place.sql)
            rows = connection.execute(
                text(f"select {place.sql}, count(*) from {tables} where {place.sql} is not null group by 1"),
                {"tz": zone},
            )
            assert counts is not None
            assert dict(counts) == {row[0]: row[1] for row in rows}, name
        for needs in {metric.needs or "" for metric in METRICS.values() if table in metric.sql}:
            alias = table[0]
            there = text(f"select exists (select from {table} {alias} where {needs or 'true'})")
            assert any_row(connection, table, needs) == connection.execute(there).scalar_one(), needs
    values = {"start": span.start, "end": span.end, "tz": zone}
    raw = connection.execute(text(funnel._VISITORS), values).mappings().one()
    assert visitors(connection, span.start, span.end, zone, STEPS) == dict(raw)


def packed(database: Database, org_id: UUID) -> dict[str, dict[date, bytes | None]]:
    """The packed rows of each day, by table."""
    found: dict[str, dict[date, bytes | None]] = {table: {} for table in PLACES}
    with database.transaction(org_id) as connection:
        rows = connection.execute(text("select table_name, day, packed from act_days where day > '0001-01-01'"))
        for row in rows:
            found[row.table_name][row.day] = row.packed
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    shop=shops,
    day=st.integers(-3, 140),
    length=st.sampled_from([0, 6, 30, 89]),
    gap=st.sampled_from([None, 7, 60]),
    zone=st.sampled_from(["UTC", "Pacific/Auckland", "America/Havana", "Asia/Kolkata"]),
    grain=st.sampled_from(["day", "week", "month", "quarter", "year"]),
)
def test_columns_tell_what_the_database_tells(
    database: Database, shop: Shop, day: int, length: int, gap: int | None, zone: str, grain: Grain
) -> None:
    org_id = opened(database, shop)
    pack(database, org_id)
    start = (FIRST + timedelta(days=day)).date()
    span = Span(start, start + timedelta(days=length))
    before = Span(start - timedelta(days=gap), start - timedelta(days=1)) if gap else None
    with database.transaction(org_id) as connection:
        check(connection, span, before, zone, ("none", grain))


def midnight(zone: str, around: datetime) -> Shop:
    """Orders at every quarter of an hour around a change of clocks, and more around the change itself."""
    at = [around + timedelta(minutes=15 * n) for n in range(-120, 121)]
    at = sorted([*at, *(around + timedelta(seconds=20 * n) for n in range(-9, 9))])
    orders = tuple(
        Order(t, "ann" if n % 3 else "bob", "sale", "Spain", "web", Decimal(0), ()) for n, t in enumerate(at)
    )
    return Shop(zone, orders, tuple((t, "ann", "visit") for t in at))


CHANGES = [
    ("America/Havana", datetime(2023, 3, 12, 5, tzinfo=UTC)),  # no midnight
    ("America/Havana", datetime(2023, 11, 5, 5, tzinfo=UTC)),  # two midnights
    ("America/St_Johns", datetime(2009, 11, 1, 2, 30, tzinfo=UTC)),  # a minute after midnight it is yesterday again
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day that never was
    ("Australia/Lord_Howe", datetime(2023, 9, 30, 15, 30, tzinfo=UTC)),  # half an hour
]


@pytest.mark.parametrize(("zone", "around"), CHANGES)
def test_days_begin_where_the_database_lets_them_begin(database: Database, zone: str, around: datetime) -> None:
    org_id = make_organisation(database, time_zone=zone)
    changes = midnight(zone, around)
    with database.transaction(org_id) as connection:
        for table, at in (("orders", "ordered_at"), ("events", "occurred_at")):
            span = {"t": table, "a": around - timedelta(days=40), "b": around + timedelta(days=40)}
            connection.execute(text("select ensure_month_partitions(:t, :a, :b)"), span)
            name = f"{table[:-1]}_id"
            rows = [{"id": str(n), "at": one.at} for n, one in enumerate(changes.orders)]
            more = ("revenue", "10") if table == "orders" else ("kind", "'visit'")
            put = f"insert into {table} ({name}, {at}, customer_id, {more[0]}) values (:id, :at, 7, {more[1]})"
            connection.execute(text(put), rows)
    pack(database, org_id)
    day = around.date()
    with database.transaction(org_id) as connection:
        for first, length in ((day - timedelta(days=1), 1), (day - timedelta(days=1), 0), (day, 0), (day, 1)):
            check(connection, Span(first, first + timedelta(days=length)), None, zone, ("none", "day", "month"))


def brought(shop: FieldShop, writer: Writer, number: int) -> None:
    """A random file, or what a shop tells as it happens."""
    if number % 3:
        shop.bring(shop.write(writer.file(), f"file{number}.csv"), now=START + timedelta(minutes=number))
        return
    at = datetime(2024, 2, 14, 9, number, tzinfo=UTC)
    orders = pl.DataFrame(
        {"order_id": [f"live{number}", "1"], "customer": ["c1", "c2"], "ordered_at": [at, at], "revenue": ["9.5", "3"]}
    )
    events = pl.DataFrame({"event_id": [f"e{number}"], "customer": ["c3"], "occurred_at": [at], "kind": ["cart"]})
    load_frames(shop.database, person(shop.org_id), [("orders", orders), ("events", events)], name="My shop")


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2))])
def test_after_imports_undos_refunds_rates_erasures_and_live_rows_nothing_old_is_told(
    database: Database, tmp_path: Path, seed: int
) -> None:
    """Packed at the beginning and now and then; asked after every change, of rows packed, changed and new."""
    writer, draw = Writer(seed), random.Random(seed)
    shop = FieldShop(Database(str(database.url.render_as_string(hide_password=False)), secret=lambda: b"k" * 32),
                     tmp_path, currency="GBP")  # fmt: skip
    shop.bring(shop.write(writer.statuses(), "first.csv"), now=START)
    shop.bring(shop.write(writer.events(), "events.csv"), now=START)
    pack(database, shop.org_id)
    for number in range(1, 11):
        if draw.random() < 0.2:
            pack(database, shop.org_id)
        if draw.random() < 0.25:
            taken_back(shop)
        elif draw.random() < 0.15 and (
            who := shop.rows("select external_id as name from customers order by 1 limit 1")
        ):
            name = who[0]["name"]
            erase(shop.database, person(shop.org_id), name, name, Settings(home=tmp_path))
        else:
            brought(shop, writer, number)
        with database.transaction(shop.org_id) as connection:
            loaded = {table for table in PLACES if metrics.covered(connection).get(table)}
            if all(columns_of(connection, table) is not None for table in PLACES) and loaded:
                check(connection, Span(*DAYS), Span(date(2023, 6, 1), date(2023, 11, 30)), "UTC", ("none", "week"))
    shop.database.dispose()


ORDERS = "order_id,order_date,customer_id,total,city\n" + "".join(
    f"{n},2024-0{1 + n % 3}-1{n % 4},c{n % 5},{n}.50,Cadiz\n" for n in range(1, 30)
)


def test_a_day_is_forgotten_by_the_transaction_that_changes_it(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS))
    pack(shop.database, shop.org_id)
    days = packed(shop.database, shop.org_id)["orders"]
    assert len(days) == 12
    assert None not in days.values()
    with shop.database.transaction(shop.org_id) as connection:
        tried = connection.begin_nested()
        connection.execute(text("update orders set revenue = 1 where order_id = '4'"))
        columns = columns_of(connection, "orders")
        assert columns is not None
        assert columns.revenue.sum() == 10_000 * (sum(n + Decimal("0.5") for n in range(1, 30)) - Decimal("3.5"))
        tried.rollback()
    assert packed(shop.database, shop.org_id)["orders"] == days, "nothing happened"
    shop.rows("update orders set ordered_at = ordered_at + interval '1 day' where order_id = '4' returning order_id")
    now = packed(shop.database, shop.org_id)["orders"]
    assert {day for day in now if now[day] is None} == {date(2024, 2, 10), date(2024, 2, 11)}
    assert pack(shop.database, shop.org_id) == {"orders": 2, "events": 0}
    assert None not in packed(shop.database, shop.org_id)["orders"].values()


def test_what_was_read_before_a_rollback_is_not_told_after_it(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS))
    pack(shop.database, shop.org_id)
    for _ in range(2):
        with shop.database.transaction(shop.org_id) as connection:
            tried = connection.begin_nested()
            connection.execute(text("delete from orders where order_id <> '4'"))
            assert len(columns_of(connection, "orders").at) == 1  # type: ignore[union-attr]
            tried.rollback()
        with shop.database.transaction(shop.org_id) as connection:
            assert len(columns_of(connection, "orders").at) == 29  # type: ignore[union-attr]


def test_columns_are_an_organisations_own(database: Database, tmp_path: Path) -> None:
    ours, theirs = (FieldShop(database, tmp_path, currency="GBP") for _ in range(2))
    for one, total in ((ours, "10"), (theirs, "99")):
        one.bring(one.write(f"order_id,order_date,customer_id,total\n1,2024-01-02,a,{total}\n"))
        pack(database, one.org_id)
    for one, revenue in ((ours, 100_000), (theirs, 990_000), (ours, 100_000)):
        with database.transaction(one.org_id) as connection:
            assert columns_of(connection, "orders").revenue.tolist() == [revenue]  # type: ignore[union-attr]
    with database.before_login() as connection:
        assert columns_of(connection, "orders") is None
    with database.transaction(make_organisation(database)) as connection:
        assert columns_of(connection, "orders") is None


def test_a_first_load_that_makes_its_months_itself_leaves_nothing_old(
    shop: FieldShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.loading.load.MANY", 5)
    pack(shop.database, shop.org_id)
    shop.bring(shop.write(ORDERS.replace("2024", "1987")))
    with shop.database.transaction(shop.org_id) as connection:
        assert columns_of(connection, "orders") is None, "all days have to be packed first"
    assert shop.figure("orders") == 29
    pack(shop.database, shop.org_id)
    with shop.database.transaction(shop.org_id) as connection:
        assert len(columns_of(connection, "orders").at) == 29  # type: ignore[union-attr]
    assert shop.figure("orders") == 29


def test_rows_that_somebody_writes_are_packed_the_next_time(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS))
    with shop.database.transaction(shop.org_id) as connection:
        connection.execute(text("update orders set revenue = 1 where order_id = '4'"))
        assert pack(shop.database, shop.org_id) == {"events": 0}, "orders are being written"
    assert pack(shop.database, shop.org_id) == {"orders": 12, "events": 0}


def test_nobody_who_was_erased_is_in_a_packed_row(database: Database, tmp_path: Path) -> None:
    """Cadiz is a name as well: it goes from other people's rows, and from what is told of them."""
    own = Database(str(database.url.render_as_string(hide_password=False)), secret=lambda: b"k" * 32)
    shop = FieldShop(own, tmp_path, currency="GBP")
    shop.bring(shop.write(ORDERS), shop.write("customer_id,name\nc1,Cadiz Montoya\n", "people.csv"))
    pack(own, shop.org_id)
    (who,) = shop.rows("select id from customers where external_id = 'c1'")
    sent = int(who["id"]).to_bytes(8, "big")
    assert any(sent in (rows or b"") for rows in packed(own, shop.org_id)["orders"].values())
    erase(own, person(shop.org_id), "c1", "c1", Settings(home=tmp_path))
    assert not any(sent in (rows or b"") for rows in packed(own, shop.org_id)["orders"].values())
    with own.transaction(shop.org_id) as connection:
        check(connection, Span(*DAYS), None, "UTC", ("none",))
    pack(own, shop.org_id)
    with own.transaction(shop.org_id) as connection:
        check(connection, Span(*DAYS), None, "UTC", ("none",))
    own.dispose()


def test_large_shops_and_many_changed_days_are_the_databases(shop: FieldShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.bring(shop.write(ORDERS))
    pack(shop.database, shop.org_id)
    with shop.database.transaction(shop.org_id) as connection:
        assert columns_of(connection, "orders") is not None
        monkeypatch.setattr(module, "MOST_ROWS", 28)
        assert columns_of(connection, "orders") is None
        monkeypatch.undo()
        connection.execute(text("update orders set revenue = revenue + 1"))
        assert columns_of(connection, "orders") is not None
        monkeypatch.setattr(module, "MOST_UNPACKED", 11)
        assert columns_of(connection, "orders") is None


def test_a_load_asks_the_database_for_it_sees_orders_without_a_rate_too(shop: FieldShop) -> None:
    shop.bring(shop.write(ORDERS))
    pack(shop.database, shop.org_id)
    with taking_turns(shop.database, shop.org_id) as connection:
        assert columns_of(connection, "orders") is None


def test_what_is_held_is_bounded(shop: FieldShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_HELD", 30)
    others = [FieldShop(shop.database, shop.folder, currency="GBP") for _ in range(2)]
    for one in (shop, *others):
        one.bring(one.write(ORDERS))
        pack(one.database, one.org_id)
        with one.database.transaction(one.org_id) as connection:
            columns_of(connection, "orders")
            held = module._held[connection.engine]
    assert [key[0] for key in held] == [str(others[-1].org_id)]
