"""Nearest neighbours among behavioural vectors: HNSW against comparing every vector, in one call.

    python benchmarks/vectors.py [--customers 20000] [--others 5000] [--queries 50] [--limit 50] [--seed 1]

Two organisations, held apart by row-level security: one of `customers` vectors, one of `others`. Vectors lie around 200
behaviours with spread, as learnt ones do; queries are customers of the organisation. `plain` is the baseline: what
anybody would write, `order by vector <=> … limit n`, without an index (PostgreSQL may compare in parallel). `exact` and
`HNSW` are ours. Prints, for each organisation, seconds to load and index, milliseconds a search (median), the ratio of
HNSW to the baseline, its recall, and the size of the table with its indexes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import polars as pl
from pgvector.sqlalchemy import VECTOR
from sqlalchemy import Connection, bindparam, text

from cli.engines import running_engines
from database import migrate
from database.engine import Database
from database.loading.vectors import replace_vectors
from database.queries import vectors

Way = Callable[[Connection, list[float], int], list[int]]
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
        rows = pl.DataFrame({"customer_id": np.arange(len(matrix)), "vector": pl.Series(matrix.astype(np.float32))})
        rows = rows.with_columns(pl.col("vector").arr.to_list())
        replace_vectors(connection, rows, as_of=NOW, model_run_id=org_id)
    return org_id


def plain(connection: Connection, query: list[float], limit: int) -> list[int]:
    """The baseline: sorted by distance, with no index."""
    connection.execute(text("set local enable_indexscan = off"))
    statement = text("select customer_id from customer_vectors order by vector <=> :vector limit :limit")
    bound = statement.bindparams(bindparam("vector", type_=VECTOR(128)))
    return list(connection.execute(bound, {"vector": query, "limit": limit}).scalars())


def exact(connection: Connection, query: list[float], limit: int) -> list[int]:
    return [near.customer_id for near in vectors.nearest(connection, query, limit, approximate=False)]


def hnsw(connection: Connection, query: list[float], limit: int) -> list[int]:
    return [near.customer_id for near in vectors.nearest(connection, query, limit, approximate=True)]


def searched(database: Database, org_id: UUID, queries: np.ndarray, limit: int, way: Way) -> tuple[float, list[set]]:
    """Median milliseconds a search over a second round, and who was found."""
    found: list[set] = []
    taken: list[float] = []
    for query in [*queries.tolist(), *queries.tolist()]:
        with database.transaction(org_id) as connection:
            begin = time.perf_counter()
            near = way(connection, query, limit)
            taken.append(1_000 * (time.perf_counter() - begin))
        found.append(set(near))
    return float(np.median(taken[len(queries) :])), found[len(queries) :]


def megabytes(database: Database, org_id: UUID) -> float:
    with database.transaction(org_id) as connection:
        query = text("select pg_total_relation_size(tableoid) / 1e6 from customer_vectors limit 1")
        return float(connection.execute(query).scalar_one())


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
        titles = ("vectors", "load s", "plain ms", "exact ms", "HNSW ms", "ratio", "recall", "MB")
        print("{:>10}{:>9}{:>10}{:>10}{:>9}{:>8}{:>8}{:>8}".format(*titles))
        shops = []
        for size, seed in ((asked.customers, asked.seed), (asked.others, asked.seed + 1)):
            matrix = behaviours(size, seed)
            begin = time.perf_counter()
            org_id = fill(database, matrix)
            queries = matrix[np.random.default_rng(seed).choice(size, min(asked.queries, size), replace=False)]
            shops.append((org_id, size, queries, time.perf_counter() - begin))
        for org_id, size, queries, load in shops:
            base, truth = searched(database, org_id, queries, asked.limit, plain)
            every, _ = searched(database, org_id, queries, asked.limit, exact)
            near, found = searched(database, org_id, queries, asked.limit, hnsw)
            recall = np.mean([len(a & b) / len(b) for a, b in zip(found, truth, strict=True)])
            print(
                f"{size:10,}{load:9.1f}{base:10.2f}{every:10.2f}{near:9.2f}{near / base:8.3f}{recall:8.3f}"
                f"{megabytes(database, org_id):8,.0f}",
                flush=True,
            )
        database.dispose()


if __name__ == "__main__":
    main()
