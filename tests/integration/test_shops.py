"""The demo shop and first logins: built once, built anew on request, never mixed with one's own data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from cli import shops
from cli.session import DEFAULT_SLUG, DEMO_SLUG, organisation
from core.errors import FixArguments
from database.engine import Database
from database.queries import erasing
from tests.conftest import make_organisation
from tools.people import authenticate, change_password, ensure_organisation

END = datetime(2026, 6, 15, 12, tzinfo=UTC)


def count(database: Database, org_id: UUID, table: str) -> int:
    with database.transaction(org_id) as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_up_with_the_demo_builds_it_once_with_a_login_that_works(database: Database, tmp_path: Path) -> None:
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


def test_up_without_the_demo_makes_an_organisation_of_ones_own(database: Database, tmp_path: Path) -> None:
    mine = ensure_organisation(database, DEFAULT_SLUG)
    shops.ensure_login(database, tmp_path, DEFAULT_SLUG, mine)
    shops.ensure_login(database, tmp_path, DEFAULT_SLUG, mine)
    assert len(shops.first_logins(tmp_path)) == 1


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
