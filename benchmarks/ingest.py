"""Import of an orders file against a bare COPY of the same file into the same table and key.

    python benchmarks/ingest.py --rows 10000000 --url postgresql+psycopg://owner@/database?host=/folder

The baseline is COPY by the owner (who is not held back by row-level security) into a table made `like orders including
all`: partitioned by month, same primary key, same index. The import reads, checks every value, finds the customers,
and merges under row-level security as the application's role. Both are measured in this one run, then the same file is
imported again (known by its fingerprint), and once more with every row compared, which is what a file costs that
differs in a few rows. Everything happens in a database of its own, dropped at the end.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np
import polars as pl
import psycopg
from sqlalchemy import URL, make_url, text

from core.identity import ROLE_SCOPES, Identity
from database import migrate
from database.engine import Database
from tools.imports.intake import ImportProgress
from tools.imports.load import ImportResult, import_file

CHUNK = 1_000_000
START, DAYS = np.datetime64("2023-01-01T00:00:00", "s"), 1_000
COLUMNS = "order_id, ordered_at, customer_id, revenue, quantity, discount, channel, country"
COUNTRIES = np.array(["United Kingdom", "Germany", "France", "Spain", "Netherlands"])
CHANNELS = np.array(["web", "app", "shop"])


def write_orders(path: Path, rows: int, seed: int) -> None:
    """Orders of rows / 10 customers over a thousand days, in order of time as a shop exports them."""
    random = np.random.default_rng(seed)
    instants = np.sort(random.integers(0, DAYS * 86_400, rows)).astype("timedelta64[s]")
    with path.open("wb") as file:
        file.write((COLUMNS.replace(" ", "") + "\n").encode())
        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            customers = random.integers(1, max(2, rows // 10), count)
            frame = pl.DataFrame(
                {
                    "order_id": (pl.int_range(start, start + count, eager=True) + 10_000_000).cast(pl.String),
                    "ordered_at": pl.Series((START + instants[start : start + count]).astype("datetime64[us]")),
                    "customer_id": customers,
                    "revenue": np.round(random.gamma(2.0, 30.0, count), 2),
                    "quantity": random.integers(1, 9, count),
                    "discount": np.round(random.exponential(2.0, count), 2),
                    "channel": CHANNELS[random.integers(0, len(CHANNELS), count)],
                    "country": COUNTRIES[customers % len(COUNTRIES)],
                }
            )
            frame.write_csv(file, include_header=False, datetime_format="%Y-%m-%d %H:%M:%S", float_precision=2)


def bare_copy(url: str, path: Path) -> float:
    """Seconds of COPY by the owner into an empty table made like orders, partitions ready."""
    name = f"bare_orders_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"create table {name} (like orders including all) partition by range (ordered_at)")
        month = START.astype("datetime64[M]")
        for n in range(DAYS // 28 + 2):
            first, last = month + np.timedelta64(n, "M"), month + np.timedelta64(n + 1, "M")
            owner.execute(
                f"create table {name}_{n} partition of {name} for values from ('{first}-01') to ('{last}-01')"
            )
        started = time.perf_counter()
        with owner.transaction(), owner.cursor() as cursor:
            cursor.execute(
                "select set_config('app.org_id', %s, true), set_config('timezone', 'UTC', true)", [str(uuid4())]
            )
            with (
                cursor.copy(f"copy {name} ({COLUMNS}) from stdin (format csv, header)") as copy,
                path.open("rb") as file,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)
        seconds = time.perf_counter() - started
        owner.execute(f"drop table {name}")
    return seconds


def timed_import(
    database: Database, identity: Identity, path: Path, *, compare: bool = False
) -> tuple[ImportResult, list[str]]:
    """The import and when each of its phases began."""
    phases: list[str] = []
    started = time.perf_counter()

    def note(progress: ImportProgress) -> None:
        if not phases or not phases[-1].startswith(progress.phase):
            phases.append(f"{progress.phase} {time.perf_counter() - started:.1f}")

    return import_file(database, identity, path, on_progress=note, compare=compare), phases


def new_organisation(database: Database) -> Identity:
    """An organisation for this run alone."""
    org_id = uuid4()
    with database.transaction(org_id) as connection:
        connection.execute(
            text("insert into organisations (id, slug, name) values (:id, :slug, 'Benchmark')"),
            {"id": org_id, "slug": f"benchmark-{org_id}"},
        )
    return Identity(org_id=org_id, actor="benchmark", scopes=ROLE_SCOPES["admin"], door="cli")


@contextmanager
def own_database(url: URL) -> Iterator[URL]:
    """A database for this run alone, with the schema and none of the months; dropped at the end."""
    name = f"ingest_{uuid4().hex[:8]}"
    admin = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as owner:
        owner.execute(f"create database {name}")
    try:
        made = url.set(database=name)
        migrate.upgrade(made.render_as_string(hide_password=False))
        yield made
    finally:
        with psycopg.connect(admin, autocommit=True) as owner:
            owner.execute(f"drop database {name} with (force)")


def main() -> None:
    """Make the file, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="address of a PostgreSQL whose owner may create databases")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with own_database(make_url(given.url)) as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write_orders(path, given.rows, given.seed)
        database = Database(url.render_as_string(hide_password=False))
        try:
            owner_url = url.set(drivername="postgresql").render_as_string(hide_password=False)
            report(owner_url, database, new_organisation(database), path, given.rows)
        finally:
            database.dispose()


def report(owner_url: str, database: Database, identity: Identity, path: Path, rows: int) -> None:
    """Bare COPY, first import, the same again, the same with every row compared: seconds, rows a second, ratios."""
    print(f"{rows:,} orders, {path.stat().st_size / 1e6:,.0f} MB of CSV")
    bare = bare_copy(owner_url, path)
    first, *others = [
        timed_import(database, identity, path),
        timed_import(database, identity, path),
        timed_import(database, identity, path, compare=True),
    ]
    print(f"{'':28}{'seconds':>9}{'rows/s':>12}{'ratio':>24}")
    print(f"{'bare COPY':28}{bare:9.1f}{rows / bare:12,.0f}{'1.00':>24}")
    _print_row("first import", first[0], f"{first[0].seconds / bare:.2f} × bare COPY")
    for name, (result, _) in zip(("same file again", "the same, rows compared"), others, strict=True):
        _print_row(name, result, f"{result.seconds / first[0].seconds:.2f} × first import")
    for result, phases in (first, *others):
        print(f"{result.tables['orders']}: {'; '.join(phases)}")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _print_row(name: str, result: ImportResult, ratio: str) -> None:
    print(f"{name:28}{result.seconds:9.1f}{result.rows_per_second:12,.0f}{ratio:>24}")


if __name__ == "__main__":
    main()
