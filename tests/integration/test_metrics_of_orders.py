"""Orders by what they hold, and the worst of all months, on a real shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from database.engine import Database
from tests.integration.asking import ask


@pytest.fixture(scope="module")
def lines(shared_data: Path) -> pl.DataFrame:
    """The file itself, for figures counted another way."""
    file = shared_data / "online_retail" / "online_retail.csv.gz"
    return pl.read_csv(
        file, columns=["InvoiceNo", "Quantity"], schema_overrides={"InvoiceNo": pl.String}, encoding="utf8-lossy"
    )


def test_the_worst_month_is_a_whole_one(database: Database, retail: UUID) -> None:
    """December 2011 has nine days in the file: it is not the worst month for that."""
    asked: dict[str, Any] = {"metrics": ["revenue"], "grain": "month", "order_by": "revenue", "limit": 1}
    worst = ask(database, retail, "query_metrics", **asked, descending=False)

    assert (worst["rows"][0][0], worst["end"]) == ("2011-04-01", "2011-11-30")
    assert any("Only whole months" in told for told in worst["evidence"]["definitions"])
    assert ask(database, retail, "query_metrics", **asked)["end"] == "2011-12-09", "the best one may be unfinished"


def test_orders_by_what_they_hold(database: Database, retail: UUID, lines: pl.DataFrame) -> None:
    orders = lines.filter(~pl.col("InvoiceNo").str.contains("^[CA]")).group_by("InvoiceNo")
    held = orders.agg(pl.len().alias("lines"), pl.col("Quantity").sum()).filter(pl.col("Quantity") > 0)
    one = {"dimension": "order_lines", "operator": "eq", "value": 1}

    found = ask(database, retail, "query_metrics", metrics=["orders"], filters=[one])

    assert found["rows"] == [[held.filter(pl.col("lines") == 1).height]]
