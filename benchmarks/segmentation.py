"""Customers grouped: k-means on a sample against full k-means of scikit-learn, and HDBSCAN on a sample, in one call.

    python benchmarks/segmentation.py [--customers 100000] [--groups 8] [--features 45] [--apart 1.2]

Planted groups of unequal size in so many standardised features, a third of which tell nothing. Everybody gets the same
matrix and, for k-means, the same number of groups; full k-means has `--starts` (3) starts, ours its own ten on a small
draw. Each contestant runs in a process of its own; time is
processor time with the wall clock beside it, peak memory that of the process, the matrix included. ARI is the adjusted
Rand index against the planted groups; × is the share of full k-means' time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import time
from collections.abc import Callable

import numpy as np

from analytics.segmentation.discovery import discovered_groups
from analytics.segmentation.kmeans import kmeans_groups
from analytics.segmentation.scaling import Matrix

World = tuple[int, int, int, int, float]
Run = Callable[[Matrix, int, int, int], np.ndarray]


def planted(customers: int, groups: int, features: int, seed: int, apart: float) -> tuple[Matrix, np.ndarray]:
    """Customers with unit noise around centres that differ in two thirds of the features, with a standard deviation of
    `apart`; the largest group is four times the least."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0.0, apart, (groups, features))
    centres[:, features * 2 // 3 :] = 0.0
    truth = rng.choice(groups, customers, p=(shares := np.linspace(1.0, 4.0, groups)) / shares.sum())
    values = rng.standard_normal((customers, features), dtype=np.float32)
    values += centres.astype(np.float32)[truth]
    values /= values.std(axis=0)
    names = tuple(f"feature_{i}" for i in range(features))
    return Matrix(np.arange(customers), names, values, ()), truth


def full_kmeans(matrix: Matrix, groups: int, seed: int, starts: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    labels: np.ndarray = KMeans(groups, n_init=starts, random_state=seed).fit_predict(matrix.values)
    return labels


def our_kmeans(matrix: Matrix, groups: int, seed: int, starts: int) -> np.ndarray:
    return kmeans_groups(matrix, k=groups, seed=seed).members["group"].to_numpy()


def our_hdbscan(matrix: Matrix, groups: int, seed: int, starts: int) -> np.ndarray:
    return discovered_groups(matrix, seed=seed).members["group"].to_numpy()


def contest(run: Run, world: World, starts: int) -> dict[str, float]:
    """One contestant in this process, after a run on 2,000 customers that pays for imports."""
    from sklearn.metrics import adjusted_rand_score

    _, groups, features, seed, apart = world
    run(planted(2_000, groups, features, seed, apart)[0], groups, seed, starts)
    matrix, truth = planted(*world)
    processor, wall = time.process_time(), time.perf_counter()
    labels = run(matrix, groups, seed, starts)
    spent = time.process_time() - processor, time.perf_counter() - wall
    return {
        "seconds": spent[0],
        "wall": spent[1],
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "ari": float(adjusted_rand_score(truth, labels)),
        "found": float(len(set(labels.tolist()) - {-1})),
        "ungrouped": float((labels < 0).mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[100_000])
    for name, default in (("groups", 8), ("features", 45), ("seed", 1), ("starts", 3), ("threads", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--apart", type=float, default=1.2)
    asked = parser.parse_args()
    world = (asked.groups, asked.features, asked.seed, asked.apart)
    os.environ |= {"OMP_NUM_THREADS": str(asked.threads), "OPENBLAS_NUM_THREADS": str(asked.threads)}
    runs: dict[str, Run] = {"full k-means": full_kmeans, "ours": our_kmeans, "HDBSCAN, sampled": our_hdbscan}
    titles = ("customers", "contestant", "cpu s", "wall s", "×", "ARI", "groups", "none", "peak GB")
    print("{:>10} {:<17} {:>8} {:>8} {:>6} {:>7} {:>7} {:>6} {:>8}".format(*titles))
    for customers in asked.customers:
        base = 0.0
        for name, run in runs.items():
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                r = pool.apply(contest, (run, (customers, *world), asked.starts))
            base = base or r["seconds"]
            print(
                f"{customers:>10,} {name:<17} {r['seconds']:>8.2f} {r['wall']:>8.2f} {r['seconds'] / base:>6.2f} "
                f"{r['ari']:>7.4f} {r['found']:>7.0f} {r['ungrouped']:>6.1%} {r['gigabytes']:>8.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
