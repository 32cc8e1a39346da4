"""What products are called when their lines call them differently, and that every name finds them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from sqlalchemy import create_engine, make_url, text

from cli.engines import Engines
from core.identity import Identity
from database import migrate
from database.engine import Database
from database.queries.purchases import matching_products
from tests.integration.asking import ask
from tools.imports.load import load_frames

END = datetime(2026, 6, 15, 12, tzinfo=UTC)


def lines(sku: str, *names: str | None, first: int = 0, price: float = 4.0) -> list[dict[str, Any]]:
    """An order of one line for each name."""
    return [
        {
            "order_id": f"{sku}-{first + n}",
            "customer_id": f"c{first + n}",
            "ordered_at": END - timedelta(days=100 - first - n),
            "sku": sku,
            "description": name,
            "quantity": 1.0,
            "unit_price": price,
            "revenue": price,
        }
        for n, name in enumerate(names)
    ]


def load(database: Database, identity: Identity, rows: list[dict[str, Any]], table: str = "order_lines") -> None:
    load_frames(database, identity, [(table, pl.DataFrame(rows))], now=END)


def name_of(database: Database, organisation: UUID, sku: str) -> str | None:
    with database.transaction(organisation) as connection:
        name = connection.execute(text("select name from products where sku = :s"), {"s": sku}).scalar_one()
        return None if name is None else str(name)


def test_most_lines_name_a_product_whatever_comes_last(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    load(database, identity, [*lines("H", "White heart", "White heart", "Cream heart"), *lines("D", "Dolly", "Doily")])
    assert name_of(database, organisation, "H") == "White heart"
    assert name_of(database, organisation, "D") == "Doily"  # as many lines: the last


def test_a_rename_wins_once_most_lines_carry_it(database: Database, organisation: UUID, identity: Identity) -> None:
    load(database, identity, lines("H", "White heart", "White heart"))
    for _ in range(3):  # the same lines again count once
        load(database, identity, lines("H", "Cream heart", first=2))
        assert name_of(database, organisation, "H") == "White heart"
    load(database, identity, lines("H", "Cream heart", first=3))
    assert name_of(database, organisation, "H") == "Cream heart"  # as many lines: the last
    load(database, identity, lines("H", "White heart", first=4))
    assert name_of(database, organisation, "H") == "White heart"
    load(database, identity, lines("H", "Cream heart", "Cream heart", first=5))
    assert name_of(database, organisation, "H") == "Cream heart"


def test_a_catalogue_s_name_stays(database: Database, organisation: UUID, identity: Identity) -> None:
    load(database, identity, lines("H", "White heart"))
    load(database, identity, [{"sku": "H", "name": "Heart of cream", "category": None, "price": None}], "products")
    load(database, identity, lines("H", "White heart", "White heart", first=1))
    assert name_of(database, organisation, "H") == "Heart of cream"


def test_texts_of_lines_without_a_price_are_no_names(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    stock = [*lines("H", "damaged", "damaged", first=5, price=0.0), *lines("X", "lost in the shop", price=0.0)]
    load(database, identity, [*lines("H", "White heart", None), *stock])
    assert name_of(database, organisation, "H") == "White heart"
    assert name_of(database, organisation, "X") == "lost in the shop"  # better than none
    with database.transaction(organisation) as connection:
        assert matching_products(connection, "damaged") == ([], 0)
    load(database, identity, lines("X", "Lantern", first=9))
    assert name_of(database, organisation, "X") == "Lantern"


def test_a_former_name_finds_the_product_under_all_its_names(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    load(database, identity, [*lines("H", "White heart", "White heart", "Cream heart"), *lines("C", "Cream jug")])
    with database.transaction(organisation) as connection:
        assert matching_products(connection, "cream heart") == (["White heart"], 1)
        assert matching_products(connection, "hearts") == (["White heart"], 1)
        assert matching_products(connection, "h") == (["White heart"], 1)
        assert matching_products(connection, "cream") == (["Cream jug", "White heart"], 2)
    bought = {"purchase": "orders", "operator": "ge", "value": 1, "product": "Cream heart"}
    assert ask(database, organisation, "count_segment", rule=bought)["segment"]["customers"] == 3


def test_a_name_that_another_product_bears_now_means_that_one(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    load(database, identity, [*lines("A", "Red mug", "Red mug", "Blue mug"), *lines("B", "Blue mug", "Blue mug")])
    with database.transaction(organisation) as connection:
        assert matching_products(connection, "blue mug") == (["Blue mug"], 1)


def test_a_rename_on_few_lines_does_not_win_in_a_real_shop(database: Database, retail: UUID) -> None:
    assert name_of(database, retail, "85123A") == "WHITE HANGING HEART T-LIGHT HOLDER"
    for name in ("CREAM HANGING HEART T-LIGHT HOLDER", "white hanging heart t-light holder", "85123a"):
        rule = {"purchase": "orders", "operator": "ge", "value": 1, "product": name}
        assert ask(database, retail, "count_segment", rule=rule)["segment"]["customers"] == 856, name


@pytest.mark.parametrize("name", ["jumbo bag doiley patterns", "JUMBO BAG VINTAGE DOILY", "23203"])
def test_buyers_of_a_renamed_bag_are_found_by_each_name(database: Database, retail: UUID, name: str) -> None:
    rule = {"purchase": "orders", "operator": "ge", "value": 1, "product": name}
    assert ask(database, retail, "count_segment", rule=rule)["segment"]["customers"] == 505


def test_names_of_lines_loaded_before_are_counted_when_the_schema_is_brought_up(engines: Engines) -> None:
    """A product with a text of its lines is called what most of them say; one the catalogue named is left alone."""
    name, org = f"names_{uuid4().hex[:8]}", str(uuid4())
    admin = create_engine(engines.owner_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    url = make_url(engines.owner_url).set(database=name).render_as_string(hide_password=False)
    try:
        migrate.upgrade(url, "0020")
        owner = create_engine(url)
        with owner.begin() as connection:
            connection.execute(text("select set_config('app.org_id', :org, true)"), {"org": org})
            products = "('H', 'Cream heart'), ('X', 'Catalogue name'), ('N', null)"
            connection.execute(text(f"insert into products (sku, name) values {products}"))
            for number, (sku, words, price) in enumerate(
                [("H", "White heart", 1), ("H", "White heart", 1), ("H", "Cream heart", 1), ("H", "damaged", 0),
                 ("X", "Line name", 1), ("N", "Nail", 1)]
            ):  # fmt: skip
                connection.execute(
                    text(
                        "insert into order_items (order_id, sku, occurrence, ordered_at, description, quantity,"
                        " unit_price, revenue) values (:o, :s, 1, '2026-01-01', :d, 1, :p, :p)"
                    ),
                    {"o": str(number), "s": sku, "d": words, "p": price},
                )
        migrate.upgrade(url)
        with owner.begin() as connection:
            connection.execute(text("select set_config('app.org_id', :org, true)"), {"org": org})
            named = {row.sku: row.name for row in connection.execute(text("select sku, name from products"))}
            counted = connection.execute(text("select name, lines, chosen from product_names order by name")).all()
        owner.dispose()
        assert named == {"H": "White heart", "X": "Catalogue name", "N": "Nail"}
        assert [tuple(row) for row in counted] == [
            ("Cream heart", 1, False), ("Line name", 1, False), ("Nail", 1, True), ("White heart", 2, True),
        ]  # fmt: skip
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
        admin.dispose()
