"""What is planted in the demo shop against what is found, each figure with its bound; `-s` prints them as a table."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sqlalchemy import text

from connectors.sources.demo.shop import DemoShop
from database.engine import Database
from tests.conftest import make_organisation, person
from tools.imports.load import load_frames
from tools.scoring.organisation import score_organisation

END = datetime(2026, 6, 15, 12, tzinfo=UTC)
FOLLOWED = timedelta(days=90)
THEN = END - FOLLOWED
Array = NDArray[np.float64]


def told(name: str, value: float, planted: str) -> None:
    sys.stdout.write(f"{name:<58} {value:8.3f}   {planted}\n")


def auc(positive: NDArray[np.bool_], score: Array) -> float:
    """Area under the ROC curve: the chance that a positive scores higher than a negative (Mann & Whitney 1947)."""
    from scipy.stats import rankdata

    ranks = rankdata(score)
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(score) - n)))


def calibration_line(happened: NDArray[np.bool_], probability: Array) -> tuple[float, float]:
    """Intercept and slope of the outcome's log odds on the forecast's (Cox 1958); (0, 1) is calibrated.

    A slope below 1: forecasts too extreme; above 1: too timid.
    """
    from scipy.special import logit
    from sklearn.linear_model import LogisticRegression

    odds = logit(np.clip(probability, 1e-4, 1 - 1e-4)).reshape(-1, 1)
    line = LogisticRegression(C=1e6).fit(odds, happened)
    return float(line.intercept_[0]), float(line.coef_[0, 0])


def facts(database: Database, org_id: UUID) -> pl.DataFrame:
    """One row a buyer: the scores that are held against the truth."""
    query = (
        "select external_id as customer_id, f.churn_status, f.churn_90, f.churn_limit_days as limit_days,"
        " f.price_sensitivity_score, f.expected_orders_12m, f.clv_12m, f.avg_order_value, f.orders_all,"
        " f.frequency_all, f.recency_days, f.next_purchase_low, f.next_purchase_at from customer_facts f"
        " where f.churn_status is not null order by 1"
    )
    with database.transaction(org_id) as connection:
        found = connection.execute(text(query))
        names = list(found.keys())
        rows = [tuple(row) for row in found]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def truth_of(shop: DemoShop) -> pl.DataFrame:
    return pl.concat(shop.customer_truth()).filter(~pl.col("prospect"))


def test_scores_of_today_against_the_planted_customers(database: Database, demo: UUID) -> None:
    known = facts(database, demo).join(truth_of(DemoShop(end=END)), on="customer_id")
    gone = known["left_at"].is_not_null().to_numpy()
    risk = known.select(pl.when(pl.col("churn_status") == "left").then(1.0).otherwise(pl.col("churn_90"))).to_series()
    again = (known["frequency_all"] > 1).to_numpy()
    found = auc(gone[again], risk.to_numpy()[again])
    told("AUC of churn risk against who was planted to have left", found, "1 is perfect, 0.5 is chance")
    assert found > 0.75
    often = known.filter(pl.col("orders_all") >= 5)
    rank = spearmanr(often["price_sensitivity_score"], often["price_sensitivity"]).statistic
    told("rank correlation of price sensitivity, five orders or more", rank, "with the planted sensitivity")
    assert rank > 0.45
    rate = np.where(gone, 0.0, known["purchase_rate"].to_numpy())
    orders = spearmanr(known["expected_orders_12m"], rate).statistic
    told("rank correlation of expected orders", orders, "with the planted rate of those still there")
    assert orders > 0.6
    money = spearmanr(often["avg_order_value"], often["mean_order_value"]).statistic
    told("rank correlation of order value, five orders or more", money, "with the planted mean")
    assert money > 0.7


def purchases_of(shop: DemoShop) -> dict[str, list[datetime]]:
    """Instants of each customer's orders, refunds left out."""
    frames = [frame for name, frame in shop.tables() if name == "orders"]
    sold = pl.concat(frames).filter(~pl.col("is_refund"), pl.col("customer_id").is_not_null())
    grouped = sold.sort("ordered_at").group_by("customer_id").agg("ordered_at")
    return {row["customer_id"]: row["ordered_at"] for row in grouped.iter_rows(named=True)}


def leaves_within(times: list[datetime], limit_days: float) -> bool:
    """Whether silence exceeds the limit within the follow-up: the definition, written a second time, the plain way."""
    limit = timedelta(days=limit_days)
    seen = [t for t in times if t < END]
    last = max(t for t in seen if t < THEN)
    for at in [t for t in seen if t >= THEN]:
        if at - last > limit:
            return True
        last = at
    return END - last > limit


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 21, 33])
def test_predictions_of_a_past_day_against_what_came_after(database: Database, seed: int) -> None:
    shop = DemoShop(customers=2_000, seed=seed, end=END)
    org_id = make_organisation(database)
    load_frames(database, person(org_id), shop.tables(), now=END)
    score_organisation(database, person(org_id), THEN, lambda *_: None, ("features", "rfm", "value", "churn"))
    known, times = facts(database, org_id), purchases_of(shop)
    active = known.filter(pl.col("churn_status") == "active", pl.col("churn_90").is_not_null())
    p = active["churn_90"].to_numpy().astype(float)
    left = np.array([leaves_within(times[c], d) for c, d in active.select("customer_id", "limit_days").iter_rows()])
    sys.stdout.write(f"\nseed {seed}: {active.height} active customers, {left.mean():.1%} left within 90 days\n")
    told("AUC of P(leaves within 90 days)", auc(left, p), "against who left by the definition")
    assert auc(left, p) > 0.70
    brier, base = float(np.mean((p - left) ** 2)), float(left.mean() * (1 - left.mean()))
    told("Brier score", brier, f"{base:.3f} for the base rate alone")
    assert brier < base
    told("expected over observed leavers", float(p.sum() / left.sum()), "1 is calibrated")
    assert 0.75 < p.sum() / left.sum() < 1.35
    intercept, slope = calibration_line(left, p)
    told("calibration slope", slope, f"1 is calibrated; intercept {intercept:+.2f}, 0 is calibrated")
    assert 0.7 < slope < 1.4
    for level, low, high in (("low", 0.0, 0.4), ("medium", 0.4, 0.7), ("high", 0.7, 1.01)):
        group = (p >= low) & (p < high)
        if group.sum() >= 30:
            told(
                f"  {level} risk, {group.sum()} customers: expected share",
                float(p[group].mean()),
                f"{left[group].mean():.3f} left",
            )
            assert abs(p[group].mean() - left[group].mean()) < 0.15
    _next_purchases(active, times, truth_of(shop))


def _next_purchases(active: pl.DataFrame, times: dict[str, list[datetime]], truth: pl.DataFrame) -> None:
    """Of customers planted to be still there: a tenth buys before the interval, half before the date in its middle.

    (Its upper end lies beyond the follow-up for most.)
    """
    stayed = truth.filter(pl.col("left_at").is_null() | (pl.col("left_at") > THEN))["customer_id"].implode()
    for column, nominal, slack in (("next_purchase_low", 0.1, 0.08), ("next_purchase_at", 0.5, 0.15)):
        rows = active.filter(pl.col(column) <= END, pl.col("customer_id").is_in(stayed))
        bought = [
            any(THEN <= t <= at for t in times[customer])
            for customer, at in rows.select("customer_id", column).iter_rows()
        ]
        told(
            f"share that bought before {column}, {len(bought)} customers", float(np.mean(bought)), f"nominal {nominal}"
        )
        assert len(bought) > 50
        assert abs(np.mean(bought) - nominal) < slack
