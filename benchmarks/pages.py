"""How long the pages of a large shop take: each page's tools, as the chat calls them, after everything was scored.

    python -m benchmarks.pages [--customers 100000] [--orders 10] [--events 10] [--seed 7] [--times 3]

Makes a shop (benchmarks/shop.py) in a database of its own, imports and scores it, then calls the tools of each page as
the application's role. Told: seconds of each call (median, and the first one), and of each page in all.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from benchmarks.ingest import new_organisation
from benchmarks.shop import ShopFiles, write_shop
from benchmarks.steps import Bench
from cli.engines import running_engines
from core.clock import utc_now
from core.errors import NoSuchData
from database import migrate
from database.engine import Database
from database.mirror.mirror import Mirrors
from tools.catalogue import catalogue
from tools.context import Context
from tools.imports.load import import_file
from tools.scoring.organisation import score_organisation
from tools.segments.run import segment_organisation

Calls = tuple[tuple[str, Mapping[str, Any]], ...]
EVERYBODY = {"all": []}  # type: ignore[var-annotated]
ORDERED = {"field": "orders_all", "operator": "ge", "value": 1}
PAGES: Mapping[str, Calls] = {
    "dashboard": (
        ("describe_data", {}),
        ("list_alerts", {"limit": 10}),
        ("list_proposals", {"status": "pending"}),
        ("list_segments", {"kinds": ["rfm"]}),
        ("dashboard", {}),
        ("dashboard", {"period": "last_12_months", "against": "last_year"}),
    ),
    "customers": (("describe_data", {}), ("find_customers", {"limit": 15}), ("count_segment", {"rule": ORDERED})),
    "segments": (("list_segments", {}), ("segment_drift", {}), ("feature_dictionary", {}), ("describe_data", {})),
    "churn": (
        ("churn_summary", {"horizon_days": 90}),
        ("at_risk_segments", {"horizon_days": 90}),
        ("survival_curves", {}),
        ("churn_table", {"horizon_days": 90, "limit": 100}),
        ("model_report", {"model": "churn"}),
    ),
    "value": (("clv_summary", {"top": 100}), ("next_purchase", {"limit": 100})),
}


def main() -> None:
    """Build, score, time, print."""
    asked = _options()
    with tempfile.TemporaryDirectory(prefix="aima-pages-", dir="/var/tmp") as folder:
        home = Path(folder)
        home.chmod(0o711)
        files = write_shop(home, asked.customers, orders=asked.orders, events=asked.events, seed=asked.seed)
        with running_engines(home / "data", broker=False) as engines:
            migrate.upgrade(engines.owner_url)
            database, owner = Database(engines.app_url), Database(engines.owner_url)
            try:
                bench = Bench(database, owner.libpq_uri(), new_organisation(database))
                _prepare(bench, files)
                _report(bench, asked.times)
            finally:
                owner.dispose()
                database.dispose()


def _prepare(bench: Bench, files: ShopFiles) -> None:
    for path in (files.customers, files.orders, files.events):
        import_file(bench.database, bench.identity, path)
    score_organisation(bench.database, bench.identity, utc_now(), _no_note)
    segment_organisation(bench.database, bench.identity, utc_now(), _no_note)


def _report(bench: Bench, times: int) -> None:
    mirrors = Mirrors(bench.database)
    context = Context(bench.identity, bench.database, utc_now(), _no_queue, mirrors=mirrors)
    tools = catalogue()
    for page, calls in PAGES.items():
        took = {
            f"{tool} {dict(arguments)}": _seconds(tools, tool, arguments, context, times) for tool, arguments in calls
        }
        every = sum(median(seconds) for seconds in took.values())
        print(f"{page:12} {every:6.2f} s in all, {sum(seconds[0] for seconds in took.values()):6.2f} s the first time")
        for name, seconds in took.items():
            print(f"    {median(seconds):6.3f} s  {seconds[0]:6.3f} s  {name}")


def _seconds(tools: Any, tool: str, arguments: Mapping[str, Any], context: Context, times: int) -> list[float]:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        try:
            tools.call(tool, arguments, context)
        except NoSuchData as error:
            print(f"    {tool}: {error.message}")
        found.append(time.perf_counter() - start)
    return found


def _no_note(_share: float, _words: str) -> None:
    """Nobody looks at the progress."""


def _no_queue(_identity: object, _name: str, _arguments: object) -> UUID:
    return uuid4()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--orders", type=float, default=10)
    parser.add_argument("--events", type=float, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--times", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
