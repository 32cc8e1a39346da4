"""Postage, fees and bookings are no merchandise: left out of rankings of products, never of totals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from database.loading.merchandise import is_service_name, may_be_service
from database.queries import products
from tests.integration.asking import ask
from tools.imports.load import load_frames

END = datetime(2026, 6, 15, 12, tzinfo=UTC)
# What UCI Online Retail sells that is no merchandise, by its description.
RETAIL = {
    "adjust bad debt", "amazon fee", "bank charges", "carriage", "cruk commission", "discount",
    "dotcom postage", "manual", "next day carriage", "packing charge", "postage", "samples",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "whole", "doubtful"),
    [
        ("POSTAGE", True, True),
        ("Next Day Carriage", True, True),
        ("Standard shipping UK", True, False),
        ("DOTCOM POSTAGE", False, True),
        ("FAIRYTALE CARRIAGE", False, True),
        ("RED RETROSPOT GIFT WRAP", False, False),
        ("MANUAL COFFEE GRINDER", False, False),
        ("POSTAGE STAMP PRINT TRAY SET", False, False),
        ("22423", False, False),
    ],
)
def test_names_of_services(name: str, whole: bool, doubtful: bool) -> None:
    assert (is_service_name(name), may_be_service(name)) == (whole, doubtful)


def lines(name: str, sku: str, prices: list[float], first: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "order_id": f"o{first + n}",
            "customer_id": f"c{(first + n) % 40}",
            "ordered_at": END - timedelta(days=1 + (first + n) % 200),
            "sku": sku,
            "description": name,
            "quantity": 1.0,
            "unit_price": price,
            "revenue": price,
        }
        for n, price in enumerate(prices)
    ]


def test_prices_and_shares_decide_where_the_name_is_not_enough(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    rows = [
        *lines("Red mug", "MUG", [4.0] * 300),
        *lines("Dotcom postage", "DOT", [5.0 + n / 7 for n in range(40)]),  # hardly the same price twice
        *lines("Parcelforce delivery", "PF", [3.95] * 120),  # one price, in four of ten orders
        *lines("Fairytale carriage", "FC", [25.0, 25.0, 20.0, 25.0, 25.0], first=100),
    ]
    load_frames(database, identity, [("order_lines", pl.DataFrame(rows))], now=END)
    with database.transaction(organisation) as connection:
        assert {sku for sku, _ in products.services(connection)} == {"DOT", "PF"}
    shown = ask(database, organisation, "query_metrics", metrics=["revenue"], dimensions=["product"])
    assert [row[0] for row in shown["rows"]] == ["Red mug", "Fairytale carriage"]
    assert shown["totals"]["revenue"] == pytest.approx(sum(row["revenue"] for row in rows), abs=0.01)
    assert any("Dotcom postage, Parcelforce delivery" in line for line in shown["evidence"]["definitions"])
    asked = {"dimension": "product", "operator": "contains", "value": "postage"}
    named = ask(database, organisation, "query_metrics", metrics=["revenue"], dimensions=["product"], filters=[asked])
    assert [row[0] for row in named["rows"]] == ["Dotcom postage"]


def test_the_charges_of_a_real_shop_are_known(database: Database, retail: UUID) -> None:
    with database.transaction(retail) as connection:
        found = {name.lower() for _, name in products.services(connection)}
    assert found == RETAIL


def test_totals_hold_the_charges_to_the_penny(database: Database, retail: UUID) -> None:
    best = ask(database, retail, "query_metrics", metrics=["revenue"], dimensions=["product"], limit=3)
    assert best["rows"][0] == ["REGENCY CAKESTAND 3 TIER", 164762.19]
    whole = ask(database, retail, "query_metrics", metrics=["revenue"])
    assert best["totals"] == whole["totals"] == {"revenue": 9747747.93}  # as published
    with database.transaction(retail) as connection:
        query = "select sku, sum(i.revenue) from order_items i join products p using (org_id, sku) where p.merchandise"
        goods = connection.execute(text(f"{query} group by 1 order by 2 desc, 1 limit 1000")).all()
    every = ask(database, retail, "query_metrics", metrics=["revenue"], dimensions=["sku"], limit=1000)
    assert [(sku, Decimal(str(revenue))) for sku, revenue in every["rows"]] == [tuple(row) for row in goods]


def test_charges_come_next_for_nobody(database: Database, scored_retail: UUID) -> None:
    with database.transaction(scored_retail) as connection:
        recommended = set(connection.execute(text("select distinct item from next_items")).scalars())
        assert recommended
        assert not recommended & {sku for sku, _ in products.services(connection)}
