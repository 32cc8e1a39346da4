"""Interventions: gains by hand, rules labelled as rules, experiments that can be held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from analytics.interventions import (
    INTERVENTIONS,
    Costs,
    detectable_lift,
    intervention_of,
    plan_experiment,
    rank_interventions,
)
from analytics.uplift.effects import sample_size

CUSTOMER: dict[str, Any] = {
    "customer_id": 1,
    "churn_status": "active",
    "churn_60": 0.1,
    "overdue_ratio": 0.5,
    "avg_order_value": 100.0,
    "price_sensitivity_score": 10.0,
    "brand_loyalty_score": 20.0,
    "orders_all": 1.0,
    "rfm_segment": "Promising",
    "expected_orders_12m": 0.0,
}
SCHEMA: dict[str, Any] = {
    "customer_id": pl.Int64,
    "intervention": pl.String,
    "effect": pl.Float64,
    "campaign_id": pl.String,
}


def ranked(
    effects: Sequence[tuple[str, float]] = (),
    costs: Costs = Costs(),
    **changes: Any,
) -> list[dict[str, Any]]:
    rows = [(1, kind, effect, "C1") for kind, effect in effects]
    frame = pl.DataFrame([CUSTOMER | changes], schema_overrides={"rfm_segment": pl.String, "churn_status": pl.String})
    return rank_interventions(frame, pl.DataFrame(rows, schema=SCHEMA, orient="row"), costs=costs).to_dicts()


def test_a_gain_is_uplift_times_value_less_cost() -> None:
    (best, *_) = ranked([("winback_discount", 0.10)], Costs(per_message=0.5, margin=0.6))
    assert (best["intervention"], best["basis"], best["campaign_id"]) == ("winback_discount", "experiment", "C1")
    assert best["cost"] == pytest.approx(0.5 + 0.15 * 100 * 0.10)
    assert best["gain"] == pytest.approx(0.10 * 100 * 0.6 - best["cost"])


def test_a_discount_also_costs_on_those_who_would_have_bought_anyway() -> None:
    eager = ranked([("winback_discount", 0.10)], expected_orders_12m=12.0)
    idle = ranked([("winback_discount", 0.10)], expected_orders_12m=0.0)
    cost = {row["intervention"]: row["cost"] for row in eager}["winback_discount"]
    assert cost > 5 * idle[0]["cost"]


def test_what_does_not_pay_comes_after_the_rules() -> None:
    rows = ranked([("winback_discount", -0.02), ("early_access", 0.01)])
    assert [row["intervention"] for row in rows] == ["early_access", "product_recommendation", "winback_discount"]
    assert [row["basis"] for row in rows] == ["experiment", "rule", "experiment"]
    assert rows[1]["gain"] is None


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"churn_60": 0.8, "overdue_ratio": 1.1, "price_sensitivity_score": 80.0}, "winback_discount"),
        ({"churn_60": 0.8, "overdue_ratio": 1.1}, "re_engagement_sequence"),
        ({"churn_60": 0.8, "overdue_ratio": None}, "re_engagement_sequence"),
        ({"churn_60": 0.8, "overdue_ratio": 0.7, "rfm_segment": "Champions"}, "early_access"),
        ({"churn_60": None, "churn_status": "left"}, "re_engagement_sequence"),
        ({"rfm_segment": "Champions"}, "early_access"),
        ({"orders_all": 5.0}, "loyalty_points"),
        ({}, "product_recommendation"),
        ({"churn_60": None, "overdue_ratio": None, "rfm_segment": None}, "product_recommendation"),
    ],
)
def test_the_playbook_without_any_experiment(changes: dict[str, Any], first: str) -> None:
    rows = ranked(**changes)
    assert rows[0]["intervention"] == first
    assert {row["basis"] for row in rows} == {"rule"}
    assert all(row["gain"] is None and row["effect"] is None and row["suits"] for row in rows)


def test_nobody_gets_nothing_and_no_traceback() -> None:
    nobody = pl.DataFrame([CUSTOMER]).clear()
    assert rank_interventions(nobody, pl.DataFrame(schema=SCHEMA), costs=Costs()).is_empty()


def test_kinds_of_campaigns_tell_of_one_intervention_at_most() -> None:
    kinds = [kind for entry in INTERVENTIONS for kind in entry.campaign_kinds]
    assert len(kinds) == len(set(kinds))
    assert intervention_of("vip") is INTERVENTIONS[2]
    assert intervention_of(None) is intervention_of("location_based") is None


def test_an_experiment_says_what_it_needs_and_what_is_there() -> None:
    wide = plan_experiment(0.10, 10_000, lift=0.02)
    assert wide.feasible
    assert wide.customers == 2 * wide.per_arm >= sample_size(0.10, 0.02)
    narrow = plan_experiment(0.10, 1_000, lift=0.02)
    assert not narrow.feasible
    assert narrow.detectable is not None
    assert sample_size(0.10, narrow.detectable) <= 1_000 < sample_size(0.10, narrow.detectable * 0.99)
    assert detectable_lift(0.10, 3) is None
    assert plan_experiment(0.0, 0, lift=0.02).detectable is None
    assert plan_experiment(1.0, 10, lift=0.5).lift < 0.05
