"""What every test may ask for: real engines for the session, an organisation of its own for each test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from cli.engines import Engines, running_engines
from core.identity import ROLE_SCOPES, Identity
from database import migrate
from database.engine import Database

PROJECT = Path(__file__).resolve().parent.parent
SHARED_DATA = PROJECT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public reference data sets beside the project; tests that need one skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the public reference data sets (../shared/data) are not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def short_home() -> Iterator[Path]:
    """A data folder with a short path that an unprivileged PostgreSQL can reach."""
    home = Path(tempfile.mkdtemp(prefix="aima-"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def engines(short_home: Path) -> Iterator[Engines]:
    """PostgreSQL and the broker, started for this session and stopped after it; the schema is at its newest."""
    with running_engines(short_home) as engines:
        migrate.upgrade(engines.owner_url)
        yield engines


@pytest.fixture(scope="session")
def database(engines: Engines) -> Iterator[Database]:
    """The database as the application sees it: the restricted role, row-level security on."""
    database = Database(engines.app_url)
    yield database
    database.dispose()


def make_organisation(database: Database, *, time_zone: str = "UTC", currency: str = "GBP") -> UUID:
    """A new, empty organisation."""
    org_id = uuid4()
    with database.transaction(org_id) as connection:
        connection.execute(
            text("insert into organisations (id, slug, name, time_zone, currency) values (:id, :slug, :slug, :tz, :c)"),
            {"id": org_id, "slug": f"test-{org_id}", "tz": time_zone, "c": currency},
        )
    return org_id


def person(org_id: UUID, role: str = "admin") -> Identity:
    """Somebody who logged in."""
    return Identity(
        org_id=org_id,
        actor=f"{role}@example.com",
        scopes=ROLE_SCOPES[role],  # type: ignore[index]
        door="chat",
        user_id=uuid4(),
        person=True,
    )


@pytest.fixture
def organisation(database: Database) -> UUID:
    """The id of a fresh organisation for this test alone."""
    return make_organisation(database)


@pytest.fixture
def identity(organisation: UUID) -> Identity:
    """An administrator of the fresh organisation."""
    return person(organisation)


@pytest.fixture
def now() -> datetime:
    """A fixed present for tests that need one."""
    return datetime(2026, 6, 15, 12, tzinfo=UTC)
