"""The demo shop and first logins: built once, built anew on request, never mixed with one's own data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from cli import shops
from cli.engines import Engines
from cli.session import DEFAULT_SLUG, DEMO_SLUG, organisation
from core.errors import FixArguments
from database import migrate
from database.engine import Database
from database.queries import erasing
from tests.conftest import make_organisation
from tools.people.accounts import authenticate, change_password, ensure_organisation


@pytest.fixture
def fresh(engines: Engines) -> Iterator[Database]:
    """A database of its own, as a new data folder has it: no organisation is there."""
    name = f"shops_{uuid4().hex[:8]}"
    admin = create_engine(engines.owner_url, isolation_level="AUTOCOMMIT")
    url = make_url(engines.owner_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    migrate.upgrade(url)
    database = Database(url)
    yield database
    database.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


def count(database: Database, org_id: UUID, table: str) -> int:
    with database.transaction(org_id) as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_up_with_the_demo_builds_it_once_with_a_login_that_works(fresh: Database, tmp_path: Path) -> None:
    database = fresh
    said: list[str] = []
    shops.prepare(database, tmp_path, with_demo=True, report=said.append)
    org_id = ensure_organisation(database, DEMO_SLUG)
    customers = count(database, org_id, "customers")
    shops.prepare(database, tmp_path, with_demo=True, report=said.append)
    assert customers == count(database, org_id, "customers") == 2_000
    assert said == ["Building the demo shop: 2,000 customers."]
    [(email, password)] = shops.still_valid(database, tmp_path)
    identity = authenticate(database, email, password, door="chat")
    assert identity is not None
    assert identity.org_id == org_id
    assert (tmp_path / shops.FIRST_LOGINS).stat().st_mode & 0o077 == 0
    change_password(database, org_id, email=email, password="another password")
    assert shops.still_valid(database, tmp_path) == []


def test_up_without_the_demo_makes_an_organisation_of_ones_own(fresh: Database, tmp_path: Path) -> None:
    for _ in range(2):
        shops.prepare(fresh, tmp_path, with_demo=False, report=print)
    [(email, password)] = shops.still_valid(fresh, tmp_path)
    identity = authenticate(fresh, email, password, door="chat")
    assert identity is not None
    assert identity.org_id == organisation(fresh, None) == ensure_organisation(fresh, DEFAULT_SLUG)


def test_an_organisation_made_by_an_import_gets_its_first_login(fresh: Database, tmp_path: Path) -> None:
    ensure_organisation(fresh, DEFAULT_SLUG)
    shops.prepare(fresh, tmp_path, with_demo=False, report=print)
    assert [email for email, _ in shops.still_valid(fresh, tmp_path)] == ["shop@example.com"]


def test_an_unknown_organisation_is_refused_with_the_known_ones(database: Database) -> None:
    ensure_organisation(database, DEFAULT_SLUG)
    with pytest.raises(FixArguments, match=DEFAULT_SLUG):
        organisation(database, "nowhere")


def test_emptying_takes_the_data_of_one_organisation_and_leaves_its_people(database: Database, demo: UUID) -> None:
    other = make_organisation(database)
    with database.transaction(other) as connection:
        connection.execute(text("insert into customers (external_id) values ('a')"))
        connection.execute(
            text("insert into users (email, role, password_hash) values (:e, 'admin', 'x')"), {"e": f"{other}@x.test"}
        )
    before = count(database, demo, "customers")
    with database.transaction(other) as connection:
        erasing.empty(connection)
    assert count(database, other, "customers") == 0
    assert count(database, other, "users") == 1
    assert count(database, demo, "customers") == before
