"""The race on simulated buyers who die at a known hazard, on Online Retail, and where data are too thin."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
import polars as pl
import pytest

from analytics.churn.champion import ChurnModel, ChurnSettings, _best, train_churn
from analytics.churn.scores import risk_of, score_churn
from analytics.churn.training import training_customers
from core.errors import FixArguments
from tests.unit.customer_histories import START, online_retail, transactions, utc

DAYS = 480
AS_OF = START + timedelta(days=DAYS)
HAZARD = {0: 1 / 1500, 1: 1 / 120}  # of dying a day: faithful and fleeting customers


@lru_cache(maxsize=1)
def dying_buyers() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Orders, and truth: customer_id, fleeting (0/1), dies_at (day). Gaps Gamma(3) with mean 16 days."""
    rng = np.random.default_rng(17)
    rows, truth = [], []
    for customer in range(1500):
        fleeting, at = int(rng.random() < 0.5), rng.uniform(0, DAYS * 0.9)
        dies_at = at + rng.exponential(1 / HAZARD[fleeting])
        truth.append((customer, fleeting, dies_at))
        while at < min(dies_at, DAYS + 120):
            rows.append((customer, START + timedelta(days=at), float(rng.gamma(3.0) * 10)))
            at += rng.gamma(3.0) * 16 / 3
    known = pl.DataFrame(truth, schema=["customer_id", "fleeting", "dies_at"], orient="row")
    return transactions(rows).rename({"at": "ordered_at"}), known


def features_of(orders: pl.DataFrame, truth: pl.DataFrame) -> Callable[[datetime], pl.DataFrame]:
    """A few features, the planted one among them, with unknown values."""

    def at(as_of: datetime) -> pl.DataFrame:
        past = orders.filter(pl.col("ordered_at") < as_of).group_by("customer_id", maintain_order=True)
        made = past.agg(pl.len().alias("orders"), pl.col("revenue").mean().alias("mean_order"))
        fleeting = pl.when(pl.col("customer_id") % 11 > 0).then(pl.col("fleeting")).alias("bought_on_discount")
        return made.join(truth.select("customer_id", fleeting), on="customer_id", how="left")

    return at


@lru_cache(maxsize=1)
def trained() -> ChurnModel:
    orders, truth = dying_buyers()
    return train_churn(orders, features_of(orders, truth), as_of=AS_OF)


def test_the_champion_beats_the_baseline() -> None:
    model = trained()
    assert model.status == "ok"
    assert model.champion in ("cox", "boosted_hazard")
    assert set(model.comparison["candidate"]) == {"kaplan_meier", "cox", "boosted_hazard"}
    won = model.comparison.filter(candidate=model.champion).row(0, named=True)
    base = model.comparison.filter(candidate="kaplan_meier").row(0, named=True)
    assert base["concordance"] == pytest.approx(0.5)
    assert won["concordance"] > 0.75
    assert won["skill"] > 0.15
    assert max(won[f"calibration_error_{h}d"] for h in (30, 60, 90)) < 0.08
    assert model.test_cutoff == AS_OF - timedelta(days=90)


def test_scores_find_who_is_really_dead_or_dying() -> None:
    orders, truth = dying_buyers()
    scores = score_churn(trained(), orders, features_of(orders, truth)(AS_OF), as_of=AS_OF)
    active = scores.customers.filter(pl.col("status") == "active").join(truth, on="customer_id")
    dead = (active["dies_at"] < DAYS + 45).to_numpy()
    chance = active["p_leave_90d"].to_numpy()
    order = chance.argsort().argsort() + 1.0
    auc = (order[dead].sum() - dead.sum() * (dead.sum() + 1) / 2) / (dead.sum() * (~dead).sum())
    assert auc > 0.75
    means = dict(active.group_by("fleeting").agg(pl.col("p_leave_90d").mean()).iter_rows())
    assert means[1] > means[0] + 0.1


def test_scores_are_probabilities_that_never_fall_and_explain_themselves() -> None:
    orders, truth = dying_buyers()
    scores = score_churn(trained(), orders, features_of(orders, truth)(AS_OF), as_of=AS_OF, drivers=4)
    frame = scores.customers
    assert frame.height == orders.filter(pl.col("ordered_at") < AS_OF)["customer_id"].n_unique()
    active = frame.filter(pl.col("status") == "active")
    assert (active["p_leave_30d"] <= active["p_leave_60d"]).all()
    assert (active["p_leave_60d"] <= active["p_leave_90d"]).all()
    assert active["p_leave_90d"].is_between(0, 1).all()
    assert set(active["risk"]) <= {"high", "medium", "low"}
    left = frame.filter(pl.col("status") == "left")
    assert left.height > 100
    assert left["p_leave_90d"].null_count() == left.height
    assert set(left["risk"]) == {"left"}
    assert (left["silence_days"] > left["limit_days"]).all()
    curves = np.array(active["survival"].to_list())
    assert curves.shape[1] == len(scores.times)
    assert np.all(np.diff(curves, axis=1) <= 1e-12)
    drivers = scores.drivers
    assert drivers["rank"].max() == 4
    assert set(drivers["direction"]) <= {"raises", "lowers"}
    assert "bought_on_discount" in set(drivers.filter(pl.col("rank") <= 2)["feature"])
    planted = drivers.filter(pl.col("feature") == "bought_on_discount", pl.col("value") == 1.0)
    assert (planted["direction"] == "raises").mean() > 0.9  # type: ignore[operator]
    assert "the risk" in drivers["words"][0]


def test_only_the_likeliest_leavers_are_explained_and_by_the_same_words() -> None:
    orders, truth = dying_buyers()
    features = features_of(orders, truth)(AS_OF)
    all_told = score_churn(trained(), orders, features, as_of=AS_OF)
    some = score_churn(trained(), orders, features, as_of=AS_OF, explained=40)
    likeliest = all_told.customers.drop_nulls("p_leave_90d").sort("p_leave_90d", descending=True)
    told = some.drivers["customer_id"].unique().to_list()
    assert len(told) == 40
    bound = likeliest["p_leave_90d"][39]
    assert likeliest.filter(pl.col("customer_id").is_in(told))["p_leave_90d"].min() >= bound
    assert some.drivers.equals(all_told.drivers.filter(pl.col("customer_id").is_in(told)))


def test_drawn_customers_are_recent_ones_and_lose_nobody_who_counts() -> None:
    orders, truth = dying_buyers()
    how = ChurnSettings()
    since = AS_OF - timedelta(days=how.reach_days)
    recent = training_customers(orders.filter(pl.col("ordered_at") < AS_OF), since=since, most=10_000, seed=0)
    chosen = orders.join(recent, on="customer_id", how="semi", maintain_order="left")
    again = train_churn(chosen, features_of(chosen, truth), as_of=AS_OF, definition=trained().definition)
    assert again.trained_rows == trained().trained_rows
    assert again.comparison.equals(trained().comparison)
    few = training_customers(orders, since=since, most=50, seed=1)
    assert few.height == 50
    assert few.equals(training_customers(orders, since=since, most=50, seed=1))
    assert not few.equals(training_customers(orders, since=since, most=50, seed=2))


def test_the_network_races_where_rows_are_ample() -> None:
    orders, truth = dying_buyers()
    ample = train_churn(
        orders, features_of(orders, truth), as_of=AS_OF, settings=ChurnSettings(network_rows=100, most_cutoffs=3)
    )
    assert "deephit" not in trained().comparison["candidate"].to_list()
    ours = ample.comparison.filter(candidate="deephit").row(0, named=True)
    assert ours["skill"] > 0.1
    assert ours["concordance"] > 0.6


def test_nobody_leaves_before_reaching_their_limit() -> None:
    orders, truth = dying_buyers()
    frame = score_churn(trained(), orders, features_of(orders, truth)(AS_OF), as_of=AS_OF, drivers=0).customers
    far = frame.filter(pl.col("limit_days") - pl.col("silence_days") > 30)
    assert far.height > 50
    assert (far["p_leave_30d"] == 0).all()


def test_rows_after_the_instant_change_nothing() -> None:
    orders, truth = dying_buyers()
    seen = orders.filter(pl.col("ordered_at") < AS_OF)
    assert seen.height < orders.height
    again = train_churn(seen, features_of(seen, truth), as_of=AS_OF)
    assert again.comparison.equals(trained().comparison)


def test_a_trained_model_survives_pickling() -> None:
    orders, truth = dying_buyers()
    features = features_of(orders, truth)(AS_OF)
    again = pickle.loads(pickle.dumps(trained()))
    first, second = (score_churn(model, orders, features, as_of=AS_OF, drivers=0) for model in (trained(), again))
    assert first.customers.equals(second.customers)


def test_online_retail_is_predicted_better_than_by_the_average() -> None:
    orders = online_retail()
    none = pl.DataFrame({"customer_id": [0]}, schema={"customer_id": pl.Int64})
    model = train_churn(orders, lambda _: none, as_of=utc(2011, 12, 10))
    won = model.comparison.filter(candidate=model.champion).row(0, named=True)
    assert won["skill"] > 0.4
    assert won["concordance"] > 0.8
    assert won["calibration_error_60d"] < 0.05


@pytest.mark.parametrize("customers", [0, 1, 5])
def test_too_few_customers_are_said_to_be_too_few(customers: int) -> None:
    orders, truth = dying_buyers()
    few = orders.filter(pl.col("customer_id") < customers)
    model = train_churn(few, features_of(few, truth), as_of=AS_OF)
    assert model.status == "not_enough_data"
    assert model.reason
    scores = score_churn(model, few, features_of(few, truth)(AS_OF), as_of=AS_OF)
    assert scores.status == "not_enough_data"
    assert scores.reason == model.reason
    assert scores.customers.height == few.filter(pl.col("ordered_at") < AS_OF)["customer_id"].n_unique()


def test_a_short_history_is_said_to_be_short() -> None:
    orders, truth = dying_buyers()
    model = train_churn(orders, features_of(orders, truth), as_of=START + timedelta(days=120))
    assert model.status == "not_enough_data"
    assert "180 days" in str(model.reason)


def test_no_departures_are_said_to_be_none() -> None:
    rows = [(c, START + timedelta(days=7 * k), 10.0) for c in range(60) for k in range(60)]
    orders = transactions(rows).rename({"at": "ordered_at"})
    none = pl.DataFrame({"customer_id": [0]}, schema={"customer_id": pl.Int64})
    model = train_churn(orders, lambda _: none, as_of=START + timedelta(days=400))
    assert model.status == "not_enough_data"
    assert "departures" in str(model.reason)


def test_the_lowest_brier_score_wins_and_concordance_breaks_ties() -> None:
    def winner(first: tuple[float, float], second: tuple[float, float]) -> str:
        rows = {
            "candidate": ["one", "two"],
            "integrated_brier": [first[0], second[0]],
            "concordance": [first[1], second[1]],
        }
        return _best(pl.DataFrame(rows))

    assert winner((0.10, 0.6), (0.12, 0.9)) == "one"
    assert winner((0.100, 0.6), (0.1005, 0.9)) == "two"


def test_risk_bounds() -> None:
    frame = pl.DataFrame({"p": [0.71, 0.70, 0.40, 0.39, None]}).with_columns(risk_of("p"))
    assert frame["risk"].to_list() == ["high", "medium", "medium", "low", "left"]


def test_a_naive_instant_is_refused() -> None:
    orders, truth = dying_buyers()
    with pytest.raises(FixArguments, match="time zone"):
        train_churn(orders, features_of(orders, truth), as_of=AS_OF.replace(tzinfo=None))


def test_settings_name_the_test_window() -> None:
    assert ChurnSettings().longest == 90
    assert ChurnSettings(horizons=(30, 60)).times[-1] == 60.0
