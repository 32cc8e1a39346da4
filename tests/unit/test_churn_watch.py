"""Earlier predictions against what happened: good ones pass, ones from another world raise their hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from analytics.churn.definition import LeftDefinition, labels_at
from analytics.churn.watch import Watch, watch_churn
from core.errors import FixArguments
from tests.unit.customer_histories import START, transactions

PREDICTED = START + timedelta(days=100)
NOW = PREDICTED + timedelta(days=35)
DEFINITION = LeftDefinition(20.0, floor_days=30.0, ceiling_days=60.0)


def world(customers: int = 800, seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Orders of people who bought on days 80-100; each stays with a probability of their own, which is returned."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.05, 0.95, customers)
    rows = []
    for customer in range(customers):
        rows.append((customer, START + timedelta(days=float(rng.uniform(80, 99))), 10.0))
        if rng.random() > p[customer]:
            rows += [(customer, PREDICTED + timedelta(days=float(d)), 10.0) for d in (2.0, 25.0)]
    orders = transactions(rows).rename({"at": "ordered_at"})
    left = labels_at(orders, LeftDefinition(10.0), cutoff=PREDICTED, followed_until=PREDICTED + timedelta(days=30))
    assert left.height == customers
    return orders, pl.DataFrame({"customer_id": np.arange(customers), "probability": p})


def judged(orders: pl.DataFrame, predictions: pl.DataFrame) -> Watch:
    definition = LeftDefinition(10.0)  # a limit of 30 days for all: who does not come back leaves within the 30 days
    return watch_churn(orders, predictions, definition, predicted_at=PREDICTED, horizon_days=30, as_of=NOW)


def test_right_probabilities_are_good() -> None:
    watch = judged(*world())
    assert watch.verdict == "good"
    assert watch.customers == 800
    assert watch.expected == pytest.approx(watch.observed, abs=50)
    assert watch.brier is not None
    assert watch.brier_of_average is not None
    assert watch.brier < watch.brier_of_average
    assert watch.calibration_error is not None
    assert watch.calibration_error < 0.06
    assert sum(group["customers"] for group in watch.groups) == 800
    assert f"{watch.observed} did" in watch.in_words()


@pytest.mark.parametrize(
    "spoilt",
    [pl.col("probability") * 0.5, pl.col("probability") * 0.4 + 0.6, 1.0 - pl.col("probability")],
    ids=["too few predicted", "too many predicted", "the wrong way round"],
)
def test_wrong_probabilities_are_clearly_worse(spoilt: pl.Expr) -> None:
    orders, predictions = world(seed=1)
    assert judged(orders, predictions.with_columns(probability=spoilt)).verdict == "worse"


def test_chance_alone_raises_no_hand() -> None:
    assert [judged(*world(300, seed=seed)).verdict for seed in range(2, 22)] == ["good"] * 20


def test_few_customers_and_an_unfinished_horizon_are_said() -> None:
    orders, predictions = world()
    few = judged(orders, predictions.head(20))
    assert (few.verdict, few.customers, few.brier) == ("too_few", 20, None)
    assert judged(orders.clear(), predictions).verdict == "too_few"
    with pytest.raises(FixArguments, match="not over"):
        watch_churn(orders, predictions, DEFINITION, predicted_at=PREDICTED, horizon_days=60, as_of=NOW)


def test_orders_after_the_horizon_change_nothing() -> None:
    orders, predictions = world()
    late = orders.with_columns(pl.col("ordered_at") + timedelta(days=200))
    assert judged(pl.concat([orders, late]), predictions) == judged(orders, predictions)
