"""End to end through the database: what is imported later changes no score as of an earlier date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from connectors.sources.demo.shop import DemoShop
from core.identity import Identity
from database.engine import Database
from tests.conftest import person
from tools.imports.load import load_frames
from tools.scoring.organisation import score_organisation
from tools.scoring.run import Score

END = datetime(2026, 6, 15, 12, tzinfo=UTC)
THEN = END - timedelta(days=75)
TIMES = {"orders": "ordered_at", "order_items": "ordered_at", "order_lines": "ordered_at", "events": "occurred_at"}
Tables = list[tuple[str, pl.DataFrame]]


def parted() -> tuple[Tables, Tables]:
    """The demo shop's rows before THEN, and everything once more with what came after it."""
    whole = list(DemoShop(customers=1_000, end=END).tables())
    early = [(name, frame.filter(pl.col(TIMES[name]) < THEN)) for name, frame in whole if name in TIMES]
    return [(name, frame) for name, frame in whole if name in ("products", "customers")] + early, whole


def scores(database: Database, org_id: UUID, table: str) -> pl.DataFrame:
    with database.transaction(org_id) as connection:
        drop = "- 'scored_at' - 'updated_at' - 'model_run_id' - 'computed_at'"
        query = f"select customer_id, (to_jsonb(t) {drop})::text as told from {table} t order by customer_id"
        return pl.DataFrame(
            [tuple(r) for r in connection.execute(text(query))], schema=["customer_id", "told"], orient="row"
        )


def scored_then(
    database: Database, identity: Identity, what: tuple[Score, ...], tables: list[str]
) -> list[pl.DataFrame]:
    report = score_organisation(database, identity, THEN, lambda _share, _what: None, what)
    assert report.as_of <= THEN
    return [scores(database, identity.org_id, table) for table in tables]


def unchanged(database: Database, organisation: UUID, what: tuple[Score, ...], tables: list[str]) -> None:
    identity = person(organisation)
    early, whole = parted()
    load_frames(database, identity, early, now=THEN)
    before = scored_then(database, identity, what, tables)
    load_frames(database, identity, whole, now=END)
    dearer = pl.concat([frame for name, frame in whole if name == "products"]).with_columns(pl.col("price") * 2)
    load_frames(database, identity, [("products", dearer)], now=END)
    after = scored_then(database, identity, what, tables)
    for table, then, now in zip(tables, before, after, strict=True):
        assert then.height > 500
        assert then.equals(now), (table, then.filter(then["told"] != now["told"]).head(3).to_dicts())


def test_features_and_segments_of_a_past_day_stay(database: Database, organisation: UUID) -> None:
    unchanged(database, organisation, ("features", "rfm"), ["features", "rfm_scores"])


@pytest.mark.slow
def test_values_and_churn_of_a_past_day_stay(database: Database, organisation: UUID) -> None:
    unchanged(database, organisation, ("features", "value", "churn"), ["value_scores", "churn_scores"])
