"""Nearest neighbours among behavioural vectors: HNSW against comparing every vector, in one run.

    python benchmarks/vectors.py [--customers 20000] [--others 5000] [--queries 50] [--limit 50] [--seed 1]

Two organisations share the index (row-level security holds them apart): one of `customers` vectors, one of `others`.
Vectors lie around 200 behaviours with spread, as learnt ones do; queries are customers of the organisation. Prints,
for each organisation, milliseconds a search (median), the ratio to the exact scan (the baseline), and recall.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import polars as pl
from sqlalchemy import text

from cli.engines import running_engines
from database import migrate
from database.engine import Database
from database.queries import vectors
from database.staging import replace_rows

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEHAVIOURS, SPREAD, DIRECTIONS = 200, 0.5, 24  # learnt vectors vary along few directions, not along all 128


def behaviours(n: int, seed: int) -> np.ndarray:
    """Unit vectors of 128 numbers around shared behaviours."""
    world, random = np.random.default_rng(0), np.random.default_rng(seed)
    base = world.normal(size=(DIRECTIONS, 128))
    centres = world.normal(size=(BEHAVIOURS, DIRECTIONS))
    rows = (centres[random.integers(0, BEHAVIOURS, n)] + SPREAD * random.normal(size=(n, DIRECTIONS))) @ base
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill(database: Database, matrix: np.ndarray) -> UUID:
    """A new organisation with these vectors."""
    org_id = uuid4()
    with database.transaction(org_id) as connection:
        connection.execute(
            text("insert into organisations (id, slug, name, time_zone, currency) values (:id, :s, :s, 'UTC', 'EUR')"),
            {"id": org_id, "s": str(org_id)},
        )
        rows = pl.DataFrame(
            {
                "customer_id": np.arange(len(matrix)),
                "vector": ["[" + ",".join(f"{x:.5f}" for x in row) + "]" for row in matrix],
                "as_of": [NOW] * len(matrix),
                "model_run_id": [str(org_id)] * len(matrix),
            }
        )
        replace_rows(connection, "customer_vectors", rows, whole=True)
    return org_id


def searched(
    database: Database, org_id: UUID, queries: np.ndarray, limit: int, *, approximate: bool
) -> tuple[float, list[set[int]]]:
    """Median milliseconds a search, and who was found."""
    taken, found = [], []
    for query in queries.tolist():
        with database.transaction(org_id) as connection:
            begin = time.perf_counter()
            near = vectors.nearest(connection, query, limit, approximate=approximate)
            taken.append(1_000 * (time.perf_counter() - begin))
        found.append({n.customer_id for n in near})
    return float(np.median(taken)), found


def main() -> None:
    """Fill, search both ways, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    defaults = (("customers", 20_000), ("others", 5_000), ("queries", 50), ("limit", 50), ("seed", 1))
    for name, default in defaults:
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="aima-"))
    home.chmod(0o711)
    with running_engines(home) as engines:
        migrate.upgrade(engines.owner_url)
        database = Database(engines.app_url)
        print(f"{'vectors':>10}{'load s':>9}{'exact ms':>10}{'HNSW ms':>9}{'ratio':>8}{'recall':>8}")
        for size, seed in ((asked.customers, asked.seed), (asked.others, asked.seed + 1)):
            matrix = behaviours(size, seed)
            begin = time.perf_counter()
            org_id = fill(database, matrix)
            load = time.perf_counter() - begin
            queries = matrix[np.random.default_rng(seed).choice(size, min(asked.queries, size), replace=False)]
            exact, truth = searched(database, org_id, queries, asked.limit, approximate=False)
            near, found = searched(database, org_id, queries, asked.limit, approximate=True)
            recall = np.mean([len(a & b) / len(b) for a, b in zip(found, truth, strict=True)])
            print(f"{size:10,}{load:9.1f}{exact:10.2f}{near:9.2f}{near / exact:8.3f}{recall:8.3f}", flush=True)
        database.dispose()


if __name__ == "__main__":
    main()
