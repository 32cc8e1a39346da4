"""A large shop from its files to everything scored, and what is asked of it afterwards, each beside a baseline.

    python -m benchmarks.million [--customers 100000] [--smaller 0] [--orders 10] [--events 10] [--seed 7] [--no-scores]

Makes a shop (benchmarks/shop.py) in a database of its own, imports the files, scores and groups everybody, and measures
as the application's role under row-level security:

- features: read out, computed, written back. Baselines: the same columns out by ADBC and a table of the same shape in
  by binary COPY, by the owner; and pandas doing the whole of it (read_sql, the same features, to_sql) in a process of
  its own. The computing alone is held against pandas's as well.
- refresh: the features of 1 % of the customers. Baseline: the full run above.
- preview: size and value of rules, broad and rare. Baseline: the same rules as SQL over the view customer_facts.
- one customer: features and all scores after an order. Baseline: the full scoring run.

With --smaller everything runs at that size first, and the last column says by what each step grew. Peak memory is the
largest this process had while a step ran, and the largest private memory of any of its children: PostgreSQL's, and
that of the pandas beside it. CPU is that of all of them together: on a busy machine its ratios hold, those of seconds
may not.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psycopg
from adbc_driver_postgresql import dbapi
from sqlalchemy import text

from analytics.features.compute import compute_features
from analytics.features.dictionary import NAMES
from benchmarks.features import generate
from benchmarks.ingest import new_organisation
from benchmarks.pandas_features import by_pandas, database_to_database
from benchmarks.shop import ShopFiles, write_shop
from benchmarks.steps import MB, Bench, Step, report
from cli.engines import running_engines
from core.clock import utc_now
from database import migrate
from database.engine import Database
from database.mirror.mirror import Mirrors
from database.queries import coverage
from database.queries.history import EVENTS, ITEMS, ORDERS, History, read_history, statement
from database.staging import replace_rows
from tools.audience.facts import Facts
from tools.audience.rule import Rule
from tools.imports.load import import_file
from tools.scoring.customers import refresh_customers
from tools.scoring.features import feature_rows
from tools.scoring.organisation import score_organisation
from tools.segments.run import segment_organisation

BROAD: tuple[dict[str, Any], ...] = (
    {"field": "monetary_value", "operator": "gt", "value": 50},
    {"field": "recency_days", "operator": "le", "value": 400},
    {
        "all": [
            {"field": "country", "operator": "eq", "value": "united kingdom"},
            {"field": "orders_all", "operator": "ge", "value": 2},
        ]
    },
    {
        "any": [
            {"field": "weekend_share", "operator": "gt", "value": 0.3},
            {"field": "email_sent_90d", "operator": "gt", "value": 0},
        ]
    },
    {"not": {"field": "consent_email", "operator": "eq", "value": False}},
    {"field": "monetary_value", "operator": "top_share", "value": 0.2},
)
RARE: tuple[dict[str, Any], ...] = (
    {"field": "monetary_value", "operator": "gt", "value": 5_000},
    {
        "all": [
            {"field": "city", "operator": "eq", "value": "Cork"},
            {"field": "orders_30d", "operator": "ge", "value": 3},
        ]
    },
    {"field": "avg_order_value", "operator": "between", "value": [300, 320]},
)  # fmt: skip


def measure(home: Path, asked: argparse.Namespace, customers: int) -> dict[str, Step]:
    """All steps at one size."""
    files = write_shop(home, customers, orders=asked.orders, events=asked.events, seed=asked.seed)
    with running_engines(home / "data", broker=False) as engines:
        migrate.upgrade(engines.owner_url)
        database = Database(engines.app_url)
        owner = Database(engines.owner_url)
        bench = Bench(database, owner.libpq_uri(), new_organisation(database))
        try:
            import_files(bench, files)
            score(bench, customers, with_models=not asked.no_scores)
            features(bench, customers)
            refresh(bench, customers, asked.seed)
            preview(bench, asked.seed)
            one_customer(bench, asked.seed, with_models=not asked.no_scores)
        finally:
            owner.dispose()
            database.dispose()
    return bench.steps


def import_files(bench: Bench, files: ShopFiles) -> None:
    """The three files, as `aima import` reads them."""
    for path in (files.customers, files.orders, files.events):
        with bench.step(f"import {path.stem}", files.rows[path.stem]):
            import_file(bench.database, bench.identity, path)


def score(bench: Bench, customers: int, *, with_models: bool) -> None:
    """Everybody scored and grouped; the stages, and all of it together with the imports."""
    what: Any = ("features", "rfm", "value", "churn") if with_models else ("features", "rfm")
    with _stages(bench, "score everybody", customers) as note:
        score_organisation(bench.database, bench.identity, utc_now(), note, what)
    if with_models:
        with _stages(bench, "group everybody", customers) as note:
            segment_organisation(bench.database, bench.identity, utc_now(), note)
    parts = [step for name, step in bench.steps.items() if name.startswith(("import", "score", "group"))]
    taken = sum(step.seconds for step in parts)
    bench.steps["file to scored"] = Step("file to scored", taken, customers, aim="900 s at most")


@contextmanager
def _stages(bench: Bench, name: str, rows: int) -> Iterator[Callable[[float, str], None]]:
    """Measure a job, and each stage it tells of."""
    began: list[tuple[str, float]] = []

    def note(_share: float, words: str) -> None:
        began.append((words.removeprefix("computing ").split(" for ")[0].split(" among ")[0], time.perf_counter()))

    with bench.step(name, rows):
        yield note
    for (stage, start), (_, end) in pairwise(began):
        bench.steps[f"  {stage}"] = Step(f"  {stage}", end - start, rows)


def _history(bench: Bench, as_of: datetime, customers: list[int] | None = None) -> History:
    return read_history(bench.database, bench.identity.org_id, as_of=as_of, time_zone="UTC", customers=customers)


def _computed(history: History) -> pl.DataFrame:
    return compute_features(history.orders, history.items, history.events, as_of=history.as_of)


def _kept(bench: Bench, rows: pl.DataFrame, *, whole: bool) -> None:
    with bench.database.transaction(bench.identity.org_id) as connection:
        replace_rows(connection, "features", rows, whole=whole)


def _as_of(bench: Bench) -> datetime:
    with bench.database.transaction(bench.identity.org_id) as connection:
        return coverage.reference_instant(connection, utc_now())


def features(bench: Bench, customers: int) -> None:
    """Database to database, beside the bare transfers, and beside pandas between the same transfers."""
    as_of = _as_of(bench)
    with bench.step("features", customers, baseline="bare transfers out and in", aim="2 × at most") as ours:
        with bench.step("  read", customers):
            history = _history(bench, as_of)
        with bench.step("  compute", customers, baseline=f"pandas, {len(NAMES)} features", aim="0.5 × at most") as made:
            rows = feature_rows(_computed(history), history)
        with bench.step("  write", customers):
            _kept(bench, rows, whole=True)
    frames = [frame.to_pandas() for frame in (history.orders, history.items, history.events)]
    with bench.step(f"  pandas, {len(NAMES)} features", customers) as theirs:
        by_pandas(*frames, as_of=as_of, time_zone=history.time_zone)
    made.baseline_seconds, made.baseline_cpu = theirs.seconds, theirs.cpu
    del frames, history, rows
    blocks = _feature_blocks(bench.owner_uri)
    with bench.step("  bare transfers", customers) as bare:
        _bare_transfers(bench.owner_uri, as_of, blocks)
    ours.baseline_seconds, ours.baseline_cpu = bare.seconds, bare.cpu
    _pandas_alone(bench, as_of, customers)


def _pandas_alone(bench: Bench, as_of: datetime, customers: int) -> None:
    """The same, database to database, by pandas in a process of its own (its libraries loaded beforehand)."""
    ours, name = bench.steps["features"], f"  pandas alone, {len(NAMES)} features"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.apply(_loaded)
        with bench.step(name, customers) as theirs:
            pool.apply(database_to_database, (bench.owner_uri, as_of, "UTC"))
    bench.steps["features against pandas"] = replace(
        ours,
        name="features against pandas",
        baseline="pandas, database to database",
        baseline_seconds=theirs.seconds,
        baseline_cpu=theirs.cpu,
        aim="0.5 × at most",
    )


def _loaded() -> str:
    """Have the process load what it needs; returns pandas's version."""
    import pandas as pd

    return pd.__version__


def _feature_blocks(owner_uri: str) -> list[bytes]:
    """The table of features as binary COPY gives it, in blocks of a megabyte or so."""
    blocks, waiting = [], bytearray()
    query = "copy (select * from features) to stdout (format binary)"
    with psycopg.connect(owner_uri) as owner, owner.cursor() as cursor, cursor.copy(query) as copy:
        for row in copy:
            waiting += row
            if len(waiting) > MB:
                blocks.append(bytes(waiting))
                waiting.clear()
    return [*blocks, bytes(waiting)]


def _bare_transfers(owner_uri: str, as_of: datetime, blocks: list[bytes]) -> None:
    """The inputs out by ADBC, in any order, and features into a table of their shape by binary COPY."""
    with dbapi.connect(owner_uri) as connection, connection.cursor() as cursor:
        for query in (ORDERS, ITEMS, EVENTS):
            cursor.execute(statement(query, as_of))
            cursor.fetch_arrow_table()
    with psycopg.connect(owner_uri) as owner, owner.cursor() as cursor:
        cursor.execute("create table bare_features (like features including all)")
        with cursor.copy("copy bare_features from stdin (format binary)") as copy:
            for block in blocks:
                copy.write(block)
        owner.commit()
        cursor.execute("drop table bare_features")


def _some(bench: Bench, share: float, seed: int) -> list[int]:
    with bench.database.transaction(bench.identity.org_id) as connection:
        everybody = connection.execute(text("select customer_id from features order by 1")).scalars().all()
    count = max(1, round(len(everybody) * share))
    return sorted(np.random.default_rng(seed).choice(np.array(everybody), count, replace=False).tolist())


def refresh(bench: Bench, customers: int, seed: int) -> None:
    """Features of one customer in a hundred."""
    ids, as_of = _some(bench, 0.01, seed), _as_of(bench)
    whole = bench.steps["features"]
    with bench.step("refresh 1 %", len(ids), baseline="features of everybody", aim="0.15 × at most") as step:
        step.baseline_seconds, step.baseline_cpu = whole.seconds, whole.cpu
        history = _history(bench, as_of, ids)
        _kept(bench, feature_rows(_computed(history), history), whole=False)


def preview(bench: Bench, seed: int, times: int = 20) -> None:
    """The size of rules: from the mirror, and from the database for comparison."""
    mirrors = Mirrors(bench.database)
    with bench.step("read the mirror"):
        mirrors.load(bench.identity.org_id)
    for name, rules, aim in (("broad", BROAD, "60 ms at most"), ("rare", RARE, "10 ms at most")):
        near, far = _timed_rules(bench, rules, times, mirrors), _timed_rules(bench, rules, 2, None)
        bench.steps[f"preview, {name}, p95"] = Step(
            f"preview, {name}, p95",
            float(np.quantile(near, 0.95)),
            baseline="SQL over customer_facts, median",
            baseline_seconds=float(np.median(far)),
            aim=aim,
        )
        bench.steps[f"preview, {name}, p50"] = Step(f"preview, {name}, p50", float(np.median(near)))


def _timed_rules(bench: Bench, rules: tuple[dict[str, Any], ...], times: int, mirrors: Mirrors | None) -> list[float]:
    taken = []
    for rule in (Rule.model_validate(tree) for tree in rules for _ in range(times)):
        with bench.database.transaction(bench.identity.org_id) as connection:
            facts = Facts.about(connection, utc_now())
            start = time.perf_counter()
            mirror = mirrors.fresh(connection, bench.identity.org_id) if mirrors else None
            if mirrors and mirror is None:
                raise SystemExit("The mirror is not fresh, though nothing changed.")
            facts.size(rule, mirror)
            taken.append(time.perf_counter() - start)
    return taken


def one_customer(bench: Bench, seed: int, *, with_models: bool, times: int = 7) -> None:
    """An order comes in; that customer anew. The median, after a first one that loads libraries and models."""
    taken, put = [], "insert into orders (order_id, ordered_at, customer_id, revenue) values (:order, :at, :id, 99)"
    for number, customer in enumerate(_some(bench, 0.01, seed + 1)[: times + 1]):
        with bench.database.transaction(bench.identity.org_id) as connection:
            values = {"order": f"LIVE{number}", "at": _as_of(bench) - timedelta(hours=1), "id": customer}
            connection.execute(text(put), values)
        start = time.perf_counter()
        refresh_customers(bench.database, bench.identity, [customer], utc_now())
        taken.append(time.perf_counter() - start)
    whole = bench.steps["score everybody"].seconds
    told = {"baseline": "score everybody", "baseline_seconds": whole, "aim": "1 s at most"}
    bench.steps["one customer"] = Step("one customer", float(np.median(taken[1:])), 1, **told)  # type: ignore[arg-type]
    bench.steps["  the first one"] = Step("  the first one", taken[0], 1)


def sized(asked: argparse.Namespace, customers: int) -> dict[str, Step]:
    """The steps at one size, in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="aima-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        return measure(home, asked, customers)


def main() -> None:
    """Measure at one size or two, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--smaller", type=int, default=0, help="also measure a shop of this size, for the growth")
    parser.add_argument("--orders", type=float, default=10.0, help="orders a customer")
    parser.add_argument("--events", type=float, default=10.0, help="events a customer")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-scores", action="store_true", help="features and RFM alone, no fitted models")
    asked = parser.parse_args()
    compute_features(*generate(10, 100, 100, 1), as_of=datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    before: dict[str, Step] = {}
    for customers in filter(None, (asked.smaller, asked.customers)):
        steps = sized(asked, customers)
        print(f"\n{customers:,} customers, about {asked.orders:g} orders and {asked.events:g} events each")
        report(steps, before, customers / asked.smaller if before else 1.0)
        before = steps


if __name__ == "__main__":
    main()
