"""A few customers computed anew: what the run of everybody says of them, and what a new order changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from sqlalchemy import text

from analytics.churn.candidates import BoostedHazard, CoxModel, PopulationCurve
from analytics.churn.deephit import DeepHit
from analytics.rfm import edges_of, rfm_by_edges, rfm_segments
from analytics.state import from_json, to_json
from core.errors import FixArguments, GiveUp
from database.engine import Database
from database.queries.history import read_history
from tests.conftest import make_organisation, person
from tests.integration.asking import NOW
from tools.imports.load import ImportResult, import_file
from tools.imports.scores_after import job_after
from tools.scoring.customers import MOST, refresh_customers
from tools.scoring.organisation import score_organisation

DRAWN = 37  # reaches buyers, visitors and those who have left


def rows(database: Database, org_id: UUID, table: str, ids: list[int]) -> list[Mapping[str, Any]]:
    with database.transaction(org_id) as connection:
        query = text(f"select * from {table} where customer_id = any(:ids) order by customer_id")
        return [dict(row) for row in connection.execute(query, {"ids": ids}).mappings()]


def drawn(database: Database, org_id: UUID) -> list[int]:
    with database.transaction(org_id) as connection:
        query = text("select id from customers where id % :n = 0 order by id")
        return list(connection.execute(query, {"n": DRAWN}).scalars())


def same(ours: Mapping[str, Any], theirs: Mapping[str, Any], within: float, *but: str) -> None:
    for name in ours.keys() - {"computed_at", "scored_at", *but}:
        told = theirs[name] if not isinstance(theirs[name], float) else pytest.approx(theirs[name], rel=within)
        assert ours[name] == told, name


def bought(database: Database, org_id: UUID, folder: Path, **columns: list[Any]) -> ImportResult:
    """What a file of orders brings; the shop's own identifiers name the customers."""
    (path := folder / f"{uuid4().hex}.csv").write_text(pl.DataFrame(columns).write_csv())
    return import_file(database, person(org_id), path, rejects=folder / "rejects.csv", now=NOW)


def test_an_import_names_whom_it_touches_and_the_job_that_follows(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    org_id = make_organisation(database)

    def after(**columns: list[Any]) -> tuple[list[str] | None, tuple[str, Mapping[str, Any]] | None]:
        result = bought(database, org_id, tmp_path, **columns)
        with database.transaction(org_id) as connection:
            named = dict(connection.execute(text("select id, external_id from customers")).all())
        touched = None if result.touched is None else sorted(named[id_] for id_ in result.touched)
        return touched, job_after(database, person(org_id), result, NOW)

    everybody = ("refresh_scores", {})
    day = ["2026-06-14"] * 3
    first = {"order_id": ["1", "2", "3"], "customer": ["a", "b", "c"], "ordered_at": day, "revenue": [10, 20, 30]}
    assert after(**first) == (None, everybody), "a first load touches everybody"
    score_organisation(database, person(org_id), NOW, lambda *_: None, ("features", "rfm"))
    more = {"order_id": ["4"], "customer": ["b"], "ordered_at": day[:1], "revenue": [5]}
    assert after(**more) == (["b"], everybody), "in a small shop models are fitted anew too"
    monkeypatch.setattr("tools.imports.scores_after.LARGE", 3)
    moved = {"order_id": ["4", "3"], "customer": ["a", "c"], "ordered_at": day[:2], "revenue": [5, 30]}
    touched, job = after(**moved)
    assert touched == ["a", "b"], "who has the order now and who had it; c's stands as it was"
    assert job is not None
    assert job[0] == "refresh_customers"
    refresh_customers(database, person(org_id), job[1]["customers"], NOW)
    with database.transaction(org_id) as connection:
        spent = text("select external_id, monetary_value from customer_facts order by 1")
        assert dict(connection.execute(spent).all()) == {"a": 15, "b": 20, "c": 30}
    assert after(**moved) == ([], None), "the same file again"
    nobody = {"order_id": ["5"], "customer": [None], "ordered_at": day[:1], "revenue": [9]}
    assert after(**nobody) == ([], None), "an order of nobody known"
    corrected = {"order_id": ["2"], "ordered_at": day[:1], "revenue": [25]}
    assert after(**corrected)[0] == ["b"], "a file without customers changes the orders of some"
    later = {"order_id": ["6"], "customer": ["c"], "ordered_at": ["2026-06-15"], "revenue": [9]}
    assert after(**later) == (["c"], everybody), "half a day has passed for all"


def test_who_did_nothing_new_stays_as_the_run_of_everybody_left_them(database: Database, demo: UUID) -> None:
    ids = drawn(database, demo)
    tables = ("features", "rfm_scores", "churn_scores", "value_scores")
    before = {table: rows(database, demo, table, ids) for table in tables}
    report = refresh_customers(database, person(demo), ids, NOW)
    assert set(report.written) == set(tables)
    for table in tables:
        after = rows(database, demo, table, ids)
        assert len(after) == len(before[table]) == report.written[table] > 5
        intervals = ("clv_12m_low", "clv_12m_high", "drivers")  # drawn by lot; compared below
        for ours, theirs in zip(after, before[table], strict=True):
            same(ours, theirs, 1e-5, *intervals)
    drivers = [(row["customer_id"], [d["feature"] for d in row["drivers"] or ()]) for row in before["churn_scores"]]
    assert [(r["customer_id"], [d["feature"] for d in r["drivers"] or ()]) for r in
            rows(database, demo, "churn_scores", ids)] == drivers  # fmt: skip
    widths = [
        sum(row["clv_12m_high"] - row["clv_12m_low"] for row in kept if row["clv_12m"] is not None)
        for kept in (before["value_scores"], rows(database, demo, "value_scores", ids))
    ]
    assert widths[1] == pytest.approx(widths[0], rel=0.25)


def test_a_new_order_changes_that_customer_alone(database: Database, demo: UUID) -> None:
    with database.transaction(demo) as connection:
        chosen = connection.execute(
            text("select customer_id from features where recency_days > 200 order by customer_id limit 1")
        ).scalar_one()
        put = "insert into orders (order_id, ordered_at, customer_id, revenue) values ('LATE', :at, :id, 4321)"
        connection.execute(text(put), {"at": NOW - timedelta(hours=6), "id": chosen})
    others = [id_ for id_ in drawn(database, demo) if id_ != chosen]
    before, untouched = rows(database, demo, "features", [chosen])[0], rows(database, demo, "features", others)
    try:
        refresh_customers(database, person(demo), [chosen], NOW)
        after = rows(database, demo, "features", [chosen])[0]
        assert after["recency_days"] == pytest.approx(0.25)
        assert after["orders_all"] == before["orders_all"] + 1
        assert after["monetary_value"] == pytest.approx(before["monetary_value"] + 4321)
        assert rows(database, demo, "rfm_scores", [chosen])[0]["recency_score"] == 5
        assert rows(database, demo, "churn_scores", [chosen])[0]["status"] == "active"
        assert rows(database, demo, "value_scores", [chosen])[0]["p_alive"] > 0.2
        assert rows(database, demo, "features", others) == untouched
    finally:
        with database.transaction(demo) as connection:
            connection.execute(text("delete from orders where order_id = 'LATE'"))
        refresh_customers(database, person(demo), [chosen], NOW)
    same(rows(database, demo, "features", [chosen])[0], before, 1e-6)


def test_the_history_of_some_is_theirs_in_the_history_of_all(database: Database, demo: UUID) -> None:
    ids = drawn(database, demo)
    whole = read_history(database, demo, as_of=NOW, time_zone="UTC")
    some = read_history(database, demo, as_of=NOW, time_zone="UTC", customers=ids)
    for name, coded in (("orders", ("channel", "location")), ("items", ("product", "category")), ("events", ())):
        ours, theirs = getattr(some, name), getattr(whole, name).filter(pl.col("customer_id").is_in(ids))
        assert ours.height > 0
        assert ours.select("customer_id", ours.columns[1]).equals(theirs.select("customer_id", theirs.columns[1]))
        for column in coded:
            words = [
                [None if c < 0 else h.names[column][c] for c in f[column]] for h, f in ((some, ours), (whole, theirs))
            ]
            assert sorted(map(str, words[0])) == sorted(map(str, words[1]))


def test_an_organisation_without_runs_gets_features_alone(database: Database) -> None:
    org_id = make_organisation(database)
    with database.transaction(org_id) as connection:
        ids = list(
            connection.execute(
                text("insert into customers (external_id) select g from generate_series(1, 3) g returning id")
            ).scalars()
        )
        connection.execute(
            text("insert into orders (order_id, ordered_at, customer_id, revenue) values ('1', now(), :id, 5)"),
            {"id": ids[0]},
        )
    report = refresh_customers(database, person(org_id), [*ids, 987_654_321], NOW + timedelta(days=3650))
    assert (report.customers, report.written) == (1, {"features": 1})


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_none_and_too_many_are_refused(database: Database, organisation: UUID, count: int) -> None:
    with pytest.raises(FixArguments, match="Name 1 to"):
        refresh_customers(database, person(organisation), range(count), NOW)


def test_nobody_of_another_organisation_is_touched(database: Database, demo: UUID, organisation: UUID) -> None:
    ids = drawn(database, demo)
    before = rows(database, demo, "features", ids)
    assert refresh_customers(database, person(organisation), ids, NOW).written == {"features": 0}
    assert rows(database, demo, "features", ids) == before


def test_every_candidate_scores_the_same_after_having_been_kept() -> None:
    import json

    import numpy as np

    from analytics.churn.evaluation import StepCurve
    from analytics.churn.inputs import Inputs

    random = np.random.default_rng(3)
    features = random.normal(size=(600, 4))
    features[random.random((600, 4)) < 0.1] = np.nan
    duration = random.exponential(40 * np.exp(np.nan_to_num(features[:, 0])))
    event = (random.random(600) < 0.8).astype(float)
    classes = (BoostedHazard, CoxModel, PopulationCurve, DeepHit, StepCurve, Inputs)
    names = ["a", "b", "c", "days_to_limit"]
    times = np.arange(5.0, 91.0, 5.0)
    for candidate in (PopulationCurve(), CoxModel(), BoostedHazard(), DeepHit(epochs=1)):
        candidate.fit(features, names, duration, event)
        kept = json.loads(json.dumps(to_json(candidate)))
        kept["fields"]["of_an_earlier_version"] = 120
        again = from_json(kept, classes)
        assert np.allclose(again.survival(features, times), candidate.survival(features, times), atol=1e-12)
        assert np.allclose(again.contributions(features), candidate.contributions(features), atol=1e-9)


def test_a_kept_model_of_an_unknown_class_is_not_made() -> None:
    with pytest.raises(GiveUp, match="unknown class 'Popen'"):
        from_json({"class": "Popen", "fields": {}}, [CoxModel])
    with pytest.raises(GiveUp, match="cannot be kept"):
        to_json(object())


def test_edges_give_everybody_the_score_they_had() -> None:
    import numpy as np

    random = np.random.default_rng(1)
    features = pl.DataFrame(
        {
            "customer_id": np.arange(500),
            "recency_days": np.where(random.random(500) < 0.1, np.nan, random.integers(0, 90, 500)),
            "frequency_all": random.integers(1, 6, 500),
            "monetary_value": random.gamma(2.0, 50.0, 500).round(0),
        }
    ).with_columns(pl.col("recency_days").fill_nan(None))
    scores = rfm_segments(features)
    edges = edges_of(features, scores)
    assert rfm_by_edges(features, edges).equals(scores)
    aged = features.with_columns(pl.col("recency_days") + 12.5)
    assert rfm_by_edges(aged, edges, later_days=12.5).equals(scores)
    few = features.head(3)
    assert rfm_by_edges(few, edges_of(few, rfm_segments(few))).equals(rfm_segments(few))
