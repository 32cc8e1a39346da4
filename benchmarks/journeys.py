"""What a round of journeys costs with many people inside.

    python -m benchmarks.journeys                     100,000 people; engines of its own in /var/tmp/aima-journeys
    python -m benchmarks.journeys --people 20000

One journey: a branch on a rule, a wait, an e-mail, and a wait for an order with a goal. Told of each round: how many
entered, steps that were taken, seconds, and the most memory the process has had. The rounds are the entry of everybody,
one in which nobody is due, one in which 1 % are, one in which everybody is (an e-mail into the outbox each), and one
after 1 % have ordered. For comparison, the same steps row by row, as a loop over people would take them, for 1,000.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from cli.engines import running_engines
from cli.wiring import bring_up_to_date
from core.identity import ROLE_SCOPES, Identity
from database.engine import Database
from tools.catalogue import catalogue
from tools.context import Context
from tools.journeys.tick import Round, play

HOME = Path("/var/tmp/aima-journeys")
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR, ONE_BY_ONE = timedelta(hours=1), 1_000
EVERYBODY = {"field": "customer_id", "operator": "not_null"}
JOURNEY = {
    "name": "Everybody",
    "entry": {"rule": EVERYBODY},
    "goal": {"event": "order"},
    "nodes": [
        {"id": "french", "type": "branch", "otherwise": "pause",
         "ways": [{"when": {"rule": {"field": "country", "operator": "eq", "value": "France"}}, "next": "long"}]},
        {"id": "pause", "type": "wait", "amount": 4, "unit": "hours", "next": "mail"},
        {"id": "long", "type": "wait", "amount": 2, "unit": "hours", "next": "mail"},
        {"id": "mail", "type": "send", "channel": "email", "subject": "Hello", "body_text": "Hello.", "next": "bought"},
        {"id": "bought", "type": "wait_for", "event": "order", "amount": 2, "unit": "days", "next": "end",
         "otherwise": "note"},
        {"id": "note", "type": "update", "tag": "silent", "next": "end"},
        {"id": "end", "type": "end"},
    ],
}  # fmt: skip
PEOPLE = """
    with made as (
        insert into customers (external_id, country)
        select 'c' || n, case when n % 100 = 0 then 'France' else 'Spain' end from generate_series(1, :people) n
        returning id, external_id
    ), reached as (
        insert into contact_points (customer_id, kind, address)
        select id, 'email', external_id || '@example.com' from made
    )
    insert into consents (customer_id, channel, granted, source) select id, 'email', true, 'benchmark' from made
"""
ORDERS = """
    insert into orders (order_id, ordered_at, customer_id, revenue)
    select 'o' || id, :at, id, 10 from customers where id % 100 = 7
"""


def main() -> None:
    """Play the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    options = parser.parse_args()
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(mode=0o711, parents=True)
    with running_engines(HOME / "home") as engines:
        bring_up_to_date(engines.owner_url)
        database = Database(engines.app_url)
        print(
            f"{'round':<34}{'entered':>9}{'steps':>9}{'messages':>9}{'seconds':>9}{'steps/s':>9}{'MB':>7}", flush=True
        )
        run(database, options.people)
        database.dispose()
    shutil.rmtree(HOME, ignore_errors=True)


def run(database: Database, people: int) -> None:
    """The rounds, each told in a line."""
    org_id = _organisation(database, people)
    _started(database, org_id)
    rounds: list[tuple[str, datetime, Callable[[], None]]] = [
        ("everybody enters", NOW, lambda: None),
        ("nobody is due", NOW + HOUR / 2, lambda: None),
        ("1 % are due", NOW + 2 * HOUR, lambda: None),
        ("everybody is due, and written to", NOW + 4 * HOUR, lambda: None),
        ("1 % have ordered", NOW + 5 * HOUR, lambda: _ordered(database, org_id, NOW + 4.5 * HOUR)),
        ("everybody is due, and through", NOW + 60 * HOUR, lambda: None),
    ]
    for name, at, before in rounds:
        before()
        began = time.perf_counter()
        _told(name, play(database, org_id, at), time.perf_counter() - began)
    other = _organisation(database, ONE_BY_ONE)
    _started(database, other)
    play(database, other, NOW)
    began = time.perf_counter()
    _told("row by row: 1,000 written to", play(database, other, NOW + 4 * HOUR, batch=1), time.perf_counter() - began)


def _told(name: str, found: Round, seconds: float) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = found.steps / seconds if found.steps else 0
    print(
        f"{name:<34}{found.entered:>9,}{found.steps:>9,}{found.messages:>9,}{seconds:>9.2f}{each:>9,.0f}{memory:>7.0f}",
        flush=True,
    )


def _organisation(database: Database, people: int) -> UUID:
    org_id = uuid4()
    with database.transaction(org_id) as connection:
        made = "insert into organisations (id, slug, name, time_zone, currency) values (:i, :s, :s, 'UTC', 'GBP')"
        connection.execute(text(made), {"i": org_id, "s": str(org_id)})
        connection.execute(text(PEOPLE), {"people": people})
        for table in ("customers", "contact_points", "consents"):
            connection.execute(text(f"select refresh_statistics('{table}')"))
    return org_id


def _ordered(database: Database, org_id: UUID, at: datetime) -> None:
    with database.transaction(org_id) as connection:
        connection.execute(text("select ensure_month_partitions('orders', :at, :at)"), {"at": at})
        connection.execute(text(ORDERS), {"at": at})
        connection.execute(text("insert into data_coverage (table_name, rows) values ('orders', 1)"))


def _started(database: Database, org_id: UUID) -> None:
    person = Identity(org_id, "benchmark", ROLE_SCOPES["admin"], "cli", user_id=uuid4(), person=True)
    context = Context(person, database, NOW, lambda *_: uuid4())
    proposed: Any = catalogue().call("propose_journey", {"definition": JOURNEY}, context)
    shown = {"proposal_id": str(proposed.proposal.id), "content_hash": proposed.proposal.content_hash}
    catalogue().call("approve_proposal", shown, context)


if __name__ == "__main__":
    main()
