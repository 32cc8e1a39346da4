"""The organisations of a data folder: the demo shop, one's own, and the first login of each."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cli.session import DEFAULT_SLUG, DEMO_SLUG, shell_identity

if TYPE_CHECKING:
    from database.engine import Database
    from tools.runtime import Runtime

FIRST_LOGINS = "first_logins.json"
Report = Callable[[str], None]


def demo(
    customers: Annotated[int, typer.Option(min=1_000, max=1_000_000, help="How many customers.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same shop.")] = 7,
    again: Annotated[
        bool, typer.Option("--again", help="Throw the demo shop away and build it anew, up to now.")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Build the demo shop: invented customers with known truths, marked as a demo wherever it shows."""
    from cli.session import opened
    from core.clock import utc_now

    with opened(home) as session:
        if not again and _is_loaded(session.database):
            typer.echo("The demo shop is here already; `aima demo --again` builds it anew, up to now.")
            return
        org_id = load_demo(session.database, customers=customers, seed=seed, now=utc_now(), report=typer.echo)
        score_now(session.database, org_id, typer.echo)
        ensure_login(session.database, session.settings.home, DEMO_SLUG, org_id)


def load_demo(database: Database, *, customers: int, seed: int, now: datetime, report: Report) -> UUID:
    """Make the demo organisation, with nothing in it but a new demo shop that ends now; returns its id."""
    from connectors.sources.cursors import Position
    from connectors.sources.demo import SOURCE
    from connectors.sources.reading import read
    from database.queries import erasing
    from tools.imports.load import load_frames
    from tools.people.accounts import ensure_organisation

    org_id = ensure_organisation(database, DEMO_SLUG, name="Demo shop", currency="USD", is_demo=True)
    with database.transaction(org_id) as connection:
        erasing.empty(connection)
    report(f"Building the demo shop: {customers:,} customers.")
    settings = SOURCE.configured({"customers": customers, "seed": seed, "end": now})
    for stream in SOURCE.streams:
        for batch in read(SOURCE, stream, settings, Position(), now):
            load_frames(database, shell_identity(org_id), batch.tables, name="the demo shop")
    return org_id


def score_now(database: Database, org_id: UUID, report: Report) -> None:
    """Compute every score of an organisation here and now."""
    from core.clock import utc_now
    from tools.scoring.organisation import score_organisation

    score_organisation(database, shell_identity(org_id), utc_now(), lambda _share, what: report(f"  {what}"))


def prepare(database: Database, home: Path, *, with_demo: bool, report: Report) -> None:
    """What `aima up` sees to before people come: an organisation, a first login to each, the demo when asked for."""
    from core.clock import utc_now
    from tools.people.accounts import ensure_organisation

    if with_demo and not _is_loaded(database):
        load_demo(database, customers=2_000, seed=7, now=utc_now(), report=report)
    if not _organisations(database):
        ensure_organisation(database, DEFAULT_SLUG, name="My shop")
    for slug, org_id in _organisations(database).items():
        ensure_login(database, home, slug, org_id)


def ask_for_scores(runtime: Runtime) -> list[tuple[UUID, UUID]]:
    """Ask the workers for the scores of every organisation whose data are newer; (organisation, job) of each."""
    from database.queries import coverage

    asked = []
    for org_id in _organisations(runtime.database).values():
        with runtime.database.transaction(org_id) as connection:
            stale = coverage.scores_are_stale(connection)
        if stale:
            asked.append((org_id, runtime.enqueue(shell_identity(org_id), "refresh_scores", {})))
    return asked


def follow(runtime: Runtime, asked: list[tuple[UUID, UUID]], report: Report, *, every_s: float = 0.5) -> None:
    """Report what each job says of itself until it has ended."""
    from database.queries import jobs

    for org_id, job_id in asked:
        said = None
        while True:
            with runtime.database.transaction(org_id) as connection:
                job = jobs.get(connection, job_id)
            words = job.error or job.detail
            if words and words != said:
                report(f"Scores: {words}")
                said = words
            if job.status in ("succeeded", "failed"):
                break
            time.sleep(every_s)


def ensure_login(database: Database, home: Path, slug: str, org_id: UUID) -> None:
    """An administrator for an organisation nobody can log in to yet; the password is kept (0600) until changed."""
    from cli.engines.folders import write_private
    from database.queries import people as queries
    from tools.people import accounts as people

    with database.transaction(org_id) as connection:
        if queries.users(connection):
            return
    email, password = f"{slug}@example.com", secrets.token_urlsafe(9)
    people.add_user(database, org_id, email=email, password=password, name="Administrator")
    logins = first_logins(home)
    logins[slug] = {"email": email, "password": password}
    write_private(home / FIRST_LOGINS, json.dumps(logins))


def first_logins(home: Path) -> dict[str, dict[str, str]]:
    """The logins made by `ensure_login`, by organisation."""
    path = home / FIRST_LOGINS
    return dict(json.loads(path.read_text())) if path.exists() else {}


def still_valid(database: Database, home: Path) -> list[tuple[str, str]]:
    """Email address and password of each first login that nobody has changed."""
    from tools.people.accounts import authenticate

    logins = [(login["email"], login["password"]) for login in first_logins(home).values()]
    return [pair for pair in logins if authenticate(database, *pair, door="cli")]


def _organisations(database: Database) -> dict[str, UUID]:
    from database.queries import organisations

    with database.before_login() as connection:
        return {slug: org_id for org_id, slug in organisations.served(connection)}


def _is_loaded(database: Database) -> bool:
    from database.queries import coverage

    org_id = _organisations(database).get(DEMO_SLUG)
    if org_id is None:
        return False
    with database.transaction(org_id) as connection:
        return coverage.rows(connection, "orders") > 0
