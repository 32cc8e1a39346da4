"""Scores of a whole organisation: written, honest about what they rest on, and the same on a second run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from analytics.features.dictionary import FEATURES
from connectors.sources.demo.shop import DemoShop
from core.identity import Identity
from database.engine import Database
from database.queries import model_runs
from tests.conftest import person
from tools.imports.load import load_frames
from tools.scoring.organisation import score_organisation

END = datetime(2026, 6, 15, 12, tzinfo=UTC)


def silent(_share: float, _what: str) -> None:
    """Nobody watches."""


def one(database: Database, org_id: UUID, query: str) -> Mapping[str, Any]:
    with database.transaction(org_id) as connection:
        return connection.execute(text(query)).mappings().one()


def test_everybody_with_history_has_all_features(database: Database, demo: UUID) -> None:
    counted = one(
        database,
        demo,
        "select count(*) as facts, count(f.customer_id) as featured from customers c"
        " left join features f on f.customer_id = c.id",
    )
    assert counted["facts"] == 2_000
    assert counted["featured"] > 1_500
    columns = one(database, demo, "select * from features limit 1")
    assert {f.name for f in FEATURES} <= set(columns)
    assert len(FEATURES) >= 47


def test_codes_are_stored_as_names(database: Database, demo: UUID) -> None:
    row = one(
        database,
        demo,
        "select count(*) filter (where f.favourite_category in (select category from products)) as known,"
        " count(f.favourite_category) as given, count(distinct f.main_channel) as channels from features f",
    )
    assert row["known"] == row["given"] > 0
    assert row["channels"] > 1


def test_planted_leavers_score_higher_than_those_who_stayed(database: Database, demo: UUID) -> None:
    """AUC of (already left, or P(leaves within 60 days)) against the planted truth of buyers with a repeat order."""
    truth = pl.concat(DemoShop(end=END).customer_truth()).filter(~pl.col("prospect"))
    with database.transaction(demo) as connection:
        rows = connection.execute(
            text(
                "select external_id, case when churn_status = 'left' then 1 else churn_60 end as p"
                " from customer_facts where churn_status is not null and frequency_all > 1"
            )
        ).all()
    scores = pl.DataFrame([(r.external_id, float(r.p)) for r in rows], schema=["customer_id", "p"], orient="row")
    both = scores.join(truth.select("customer_id", gone=pl.col("left_at").is_not_null()), on="customer_id")
    ranks = both.with_columns(pl.col("p").rank().alias("rank"))
    gone, stayed = ranks.filter(pl.col("gone")), ranks.filter(~pl.col("gone"))
    u = gone["rank"].sum() - gone.height * (gone.height + 1) / 2
    assert gone.height > 100
    assert stayed.height > 100
    assert u / (gone.height * stayed.height) > 0.75


def test_the_race_is_stored_with_its_back_test(database: Database, demo: UUID) -> None:
    with database.transaction(demo) as connection:
        churn, value = model_runs.latest(connection, "churn"), model_runs.latest(connection, "value")
    assert churn is not None
    assert value is not None
    assert churn.status == value.status == "ok"
    names = {candidate["candidate"] for candidate in churn.candidates}
    assert len(names) >= 3
    assert churn.champion in names
    best = min(churn.candidates, key=lambda c: c["integrated_brier"])
    champion = next(c for c in churn.candidates if c["candidate"] == churn.champion)
    assert champion["integrated_brier"] <= best["integrated_brier"] * 1.01
    assert churn.parameters is not None
    assert "silent for more than" in churn.parameters["definition"]
    assert value.backtest is not None
    assert value.backtest["actual_orders"] > 0


def test_probabilities_never_fall_with_the_horizon_and_intervals_hold_their_value(
    database: Database, demo: UUID
) -> None:
    row = one(
        database,
        demo,
        "select count(*) filter (where churn_30 > churn_60 or churn_60 > churn_90) as falling,"
        " count(*) filter (where churn_60 not between 0 and 1) as outside,"
        " count(*) filter (where clv_12m < clv_12m_low or clv_12m > clv_12m_high) as off,"
        " count(*) filter (where next_purchase_at not between next_purchase_low and next_purchase_high) as late,"
        " count(churn_60) as scored, count(clv_12m) as valued from customer_facts",
    )
    assert (row["falling"], row["outside"], row["off"], row["late"]) == (0, 0, 0, 0)
    assert row["scored"] > 300
    assert row["valued"] > 500


def test_a_second_run_gives_the_same_scores(database: Database, demo: UUID) -> None:
    digest = (
        "select md5(string_agg(t::text, '|' order by customer_id)) as features from"
        " (select customer_id, to_jsonb(f) - 'computed_at' from features f) t"
    )
    before = one(database, demo, digest)["features"]
    score_organisation(database, person(demo), END, silent, ("features", "rfm"))
    assert one(database, demo, digest)["features"] == before


def test_an_empty_organisation_is_told_so(database: Database, organisation: UUID, identity: Identity) -> None:
    said: list[str] = []
    report = score_organisation(database, identity, END, lambda _share, what: said.append(what))
    assert report.customers == 0
    assert said[-1] == "no customers to score yet"
    assert report.notes


@pytest.mark.parametrize("customers", [1, 5, 50])
def test_a_handful_of_one_time_buyers_gets_features_and_no_invented_models(
    database: Database, organisation: UUID, identity: Identity, customers: int
) -> None:
    orders = pl.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(customers)],
            "customer_id": [f"c{i}" for i in range(customers)],
            "ordered_at": [END.replace(day=1 + i % 14) for i in range(customers)],
            "revenue": [10.0 + i for i in range(customers)],
            "discount": [0.0] * customers,
            "quantity": [1] * customers,
            "is_refund": [False] * customers,
        }
    )
    load_frames(database, identity, [("orders", orders)], now=END)
    report = score_organisation(database, identity, END, silent)
    assert report.written["features"] == customers
    assert report.written["rfm_scores"] == customers
    assert report.models == {"value": "not_enough_data", "churn": "not_enough_data"}
    assert all(note for note in report.notes)
    counted = one(database, organisation, "select count(churn_60) as churn, count(clv_12m) as clv from customer_facts")
    assert (counted["churn"], counted["clv"]) == (0, 0)


def test_scores_of_online_retail_stand_at_its_own_end(database: Database, scored_retail: UUID) -> None:
    row = one(
        database,
        scored_retail,
        "select count(*) as customers, max(features_as_of) as as_of, count(churn_60) as active,"
        " count(*) filter (where churn_status = 'left') as gone, count(rfm_segment) as segmented from customer_facts",
    )
    assert row["customers"] == 4_372
    assert row["as_of"] == datetime(2011, 12, 10, tzinfo=UTC)
    assert row["active"] + row["gone"] == 4_335  # buyers whose purchases were not all taken back on the same day
    assert row["segmented"] == 4_339
