"""Frames into tables, whatever their columns hold: what was written is what is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from core.errors import GiveUp
from database import binary_copy
from database.engine import Database
from database.staging import replace_rows, stage

AT = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
RUN = "0f8fad5b-d9cb-469f-a165-70867728950e"


def written(database: Database, org_id: UUID, table: str, frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    with database.transaction(org_id) as connection:
        staged = stage(connection, frame, like=table)
        columns = ", ".join(frame.columns)
        found = connection.execute(text(f"select {columns} from {staged} order by customer_id"))
        return [tuple(row) for row in found]


def test_every_type_comes_back_as_it_was(database: Database, organisation: UUID) -> None:
    frame = pl.DataFrame(
        {
            "customer_id": [1, 2, 2**62],
            "p30": [0.25, None, -1.5],
            "risk": ["höch", "", None],
            "drivers": ['[{"words": "späte Käufe"}]', None, "[]"],
            "survival": pl.Series([[1.0, 0.5], None, [0.25]], dtype=pl.List(pl.Float64)),
            "model_run_id": [RUN, None, RUN],
            "scored_at": [AT, None, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)],
            "limit_days": pl.Series([None, None, None]),
        }
    )
    assert written(database, organisation, "churn_scores", frame) == [
        (1, 0.25, "höch", [{"words": "späte Käufe"}], [1.0, 0.5], UUID(RUN), AT, None),
        (2, None, "", None, None, None, None, None),
        (2**62, -1.5, None, [], [0.25], UUID(RUN), datetime(2026, 3, 29, 1, 30, tzinfo=UTC), None),
    ]


def test_a_number_too_small_for_its_column_is_nothing(database: Database, organisation: UUID) -> None:
    frame = pl.DataFrame({"customer_id": [1, 2], "p_alive": [2.1e-51, 0.5]})
    assert written(database, organisation, "value_scores", frame) == [(1, 0.0), (2, 0.5)]


def test_a_vector_is_a_list_or_what_postgresql_writes(database: Database, organisation: UUID) -> None:
    numbers = [[float(i) for i in range(128)], [0.5] * 128]
    lists = pl.DataFrame({"customer_id": [1, 2], "vector": pl.Series(numbers, dtype=pl.List(pl.Float32))})
    words = lists.with_columns(vector=pl.Series([str(row) for row in numbers]))
    curves = pl.DataFrame({"customer_id": [1], "survival": ["{1,0.5}"]})
    assert written(database, organisation, "churn_scores", curves) == [(1, [1.0, 0.5])]
    assert written(database, organisation, "customer_vectors", lists) == written(
        database, organisation, "customer_vectors", words
    )


def test_long_values_are_copied_in_pieces(
    database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binary_copy, "MOST_BYTES", 4_000)
    words = [None if i % 3 else "x" * i for i in range(500)]
    frame = pl.DataFrame({"customer_id": range(500), "favourite_category": words})
    assert len(list(binary_copy.encoded(frame, ["bigint", "text"]))) > 40
    assert written(database, organisation, "features", frame) == list(enumerate(words))


def test_nobody_is_no_rows(database: Database, organisation: UUID) -> None:
    empty = pl.DataFrame(schema={"customer_id": pl.Int64, "risk": pl.String})
    assert written(database, organisation, "churn_scores", empty) == []


def test_a_type_without_a_form_is_a_defect(database: Database, organisation: UUID) -> None:
    with pytest.raises(GiveUp, match="numeric"):
        list(binary_copy.encoded(pl.DataFrame({"a": [1]}), ["numeric"]))


def test_some_customers_are_replaced_or_all(database: Database, organisation: UUID) -> None:
    def rows(ids: list[int], segment: str) -> pl.DataFrame:
        scores = {f"{name}_score": [1] * len(ids) for name in ("recency", "frequency", "monetary")}
        return pl.DataFrame({"customer_id": ids, **scores, "segment": [segment] * len(ids)})

    with database.transaction(organisation) as connection:
        replace_rows(connection, "rfm_scores", rows([1, 2, 3], "Lost"), whole=True)
        replace_rows(connection, "rfm_scores", rows([2, 4], "New"), whole=False)
        found = connection.execute(text("select customer_id, segment from rfm_scores order by 1")).all()
        assert [tuple(row) for row in found] == [(1, "Lost"), (2, "New"), (3, "Lost"), (4, "New")]
        replace_rows(connection, "rfm_scores", rows([5], "New"), whole=True)
        assert connection.execute(text("select customer_id from rfm_scores")).scalars().all() == [5]
