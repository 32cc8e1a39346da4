"""Churn: the champion's fit on drawn customers against row-expanded discrete-time LightGBM on all rows, in one call.

    python benchmarks/churn.py [--customers 20000 100000] [--seed N] [--jobs N]

Both see the same past cut-offs of a simulated shop (buyers who die at a hazard their channel and discounts tell of) and
are judged on the same customers 90 days later. Each runs in a process of its own; time is processor time of rows,
features, fit and scores of everybody together, peak memory that of the process. Ours draws customers as scoring does.
With --race, a third row is all that scoring does: every candidate raced and judged, the champion fitted to the newest
cut-offs, curves of everybody, drivers of the likeliest to leave. Its figures are of its own test window.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from analytics.churn.candidates import BoostedHazard
from analytics.churn.champion import ChurnSettings, leaving_survival, train_churn
from analytics.churn.definition import cutoffs, define_left, labels_at
from analytics.churn.evaluation import concordance, integrated_brier
from analytics.churn.scores import score_churn
from analytics.churn.training import OWN_FEATURES, Rows, feature_matrix, rows_at, stacked, training_customers
from analytics.features.compute import compute_features
from analytics.features.dictionary import NUMBER_NAMES
from analytics.features.tables import EVENTS, ITEMS, ORDERS

START, DAYS = datetime(2024, 1, 1, tzinfo=UTC), 900
END = START + timedelta(days=DAYS)
MOST_ORDERS = 30
Result = dict[str, float]


def shop(customers: int, seed: int) -> pl.DataFrame:
    """Orders of buyers with gaps Gamma(2) of mean 15-60 days, who die at 1/150 to 1/900 a day; sorted."""
    rng = np.random.default_rng(seed)
    fleeting = rng.random(customers)
    dies = rng.exponential(1.0 / (1 / 900 + (1 / 150 - 1 / 900) * fleeting))
    gaps = rng.gamma(2.0, rng.uniform(15, 60, customers)[:, None] / 2.0, (customers, MOST_ORDERS))
    begin = rng.uniform(0, DAYS * 0.95, customers)
    gaps[:, 0] = 0.0
    after = np.cumsum(gaps, axis=1)
    bought = (after < dies[:, None]) & (begin[:, None] + after < DAYS)
    who, _ = np.nonzero(bought)
    at = ((begin[:, None] + after)[bought] * 86_400).astype(np.int64) * 1_000_000
    discounted = rng.random(len(who)) < 0.1 + 0.6 * fleeting[who]
    columns = {
        "customer_id": who + 1,
        "ordered_at": pl.Series(at + int(START.timestamp()) * 1_000_000).cast(pl.Datetime("us", "UTC")),
        "revenue": rng.gamma(2, 20, len(who)).round(2),
        "discount": np.where(discounted, 5.0, 0.0),
        "quantity": rng.integers(1, 6, len(who)),
        "is_refund": np.zeros(len(who), dtype=bool),
        "channel": np.where(rng.random(len(who)) < fleeting[who], 1, 2),
        "location": rng.integers(0, 50, len(who)),
    }
    return pl.DataFrame(columns, schema=dict(ORDERS)).sort("customer_id", "ordered_at")


def ours(orders: pl.DataFrame, how: ChurnSettings) -> Result:
    drawn = training_customers(
        orders, since=END - timedelta(days=how.reach_days), most=how.most_customers, seed=how.seed
    )
    chosen = orders.join(drawn, on="customer_id", how="semi", maintain_order="left")
    return _fitted(orders, chosen, how, BoostedHazard(jobs=how.jobs, seed=how.seed), how.most_rows)


def all_rows(orders: pl.DataFrame, how: ChurnSettings) -> Result:
    return _fitted(orders, orders, how, BoostedHazard(jobs=how.jobs, seed=how.seed, most_rows=10**12), 10**12)


def race(orders: pl.DataFrame, how: ChurnSettings) -> Result:
    begin = time.process_time()
    drawn = training_customers(
        orders, since=END - timedelta(days=how.reach_days), most=how.most_customers, seed=how.seed
    )
    chosen = orders.join(drawn, on="customer_id", how="semi", maintain_order="left")
    model = train_churn(
        chosen,
        lambda at: _features(chosen, at),
        as_of=END,
        settings=how,
        names=NUMBER_NAMES,
        definition=define_left(orders, as_of=END),
    )
    scores = score_churn(model, orders, _features(orders, END), as_of=END)
    spent = time.process_time() - begin
    won = model.comparison.row(by_predicate=pl.col("candidate") == model.champion, named=True)
    return {
        "seconds": spent,
        "trained": float(model.trained_rows),
        "scored": float(scores.customers["p_leave_90d"].count()),
        "concordance": won["concordance"],
        "brier": won["integrated_brier"],
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def _fitted(orders: pl.DataFrame, chosen: pl.DataFrame, how: ChurnSettings, model: BoostedHazard, most: int) -> Result:
    begin = time.process_time()
    definition = define_left(orders, as_of=END)
    test_at = END - timedelta(days=how.longest)
    latest = test_at - timedelta(days=how.step_days)
    parts: list[Rows] = []
    for at in cutoffs(START, latest, every_days=how.step_days, most=how.most_cutoffs):
        features = _features(chosen, at)
        parts.append(
            rows_at(
                chosen,
                features,
                definition,
                list(NUMBER_NAMES),
                cutoff=at,
                followed_until=test_at,
                most=most,
                seed=how.seed,
            )
        )
    rows = stacked(parts)
    parts.clear()
    model.fit(rows.features, rows.names, rows.duration, rows.event.astype(np.float64))
    test = labels_at(orders, definition, cutoff=test_at, followed_until=END)
    matrix = feature_matrix(test, _features(orders, test_at), list(NUMBER_NAMES))
    survival = leaving_survival(model, matrix, [*OWN_FEATURES, *NUMBER_NAMES], how.times)
    spent = time.process_time() - begin
    duration, event = test["duration"].to_numpy(), test["event"].to_numpy().astype(np.float64)
    return {
        "seconds": spent,
        "trained": float(len(rows.duration)),
        "scored": float(test.height),
        "concordance": concordance(duration, event, 1 - survival.mean(axis=1), horizon=90.0, most=20_000) or 0.0,
        "brier": integrated_brier(duration, event, survival, how.times),
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def _features(orders: pl.DataFrame, at: datetime) -> pl.DataFrame:
    empty = pl.DataFrame(schema=dict(ITEMS)), pl.DataFrame(schema=dict(EVENTS))
    return compute_features(orders, *empty, as_of=at, time_zone="UTC")


def _alone(run: Callable[[pl.DataFrame, ChurnSettings], Result], customers: int, how: ChurnSettings) -> Result:
    """The contestant in a fresh process, so that its peak memory is its own; compilation is done before."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_contest, (run, customers, how))


def _contest(run: Callable[[pl.DataFrame, ChurnSettings], Result], customers: int, how: ChurnSettings) -> Result:
    _features(shop(200, how.seed), END)
    return run(shop(customers, how.seed), how)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--race", action="store_true", help="also run all that scoring does")
    asked = parser.parse_args()
    contestants = {"all rows": all_rows, "ours": ours} | ({"race": race} if asked.race else {})
    how = ChurnSettings(jobs=asked.jobs, seed=asked.seed)
    titles = ("customers", "contestant", "cpu s", "× all", "rows", "scored", "C (IPCW)", "int. Brier", "peak GB")
    print("{:>10} {:<10} {:>8} {:>6} {:>10} {:>9} {:>9} {:>10} {:>8}".format(*titles))
    for customers in asked.customers:
        found = {name: _alone(run, customers, how) for name, run in contestants.items()}
        for name, r in found.items():
            ratio = r["seconds"] / found["all rows"]["seconds"]
            print(
                f"{customers:>10,} {name:<10} {r['seconds']:>8.1f} {ratio:>6.2f} {r['trained']:>10,.0f} "
                f"{r['scored']:>9,.0f} {r['concordance']:>9.4f} {r['brier']:>10.5f} {r['gigabytes']:>8.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
