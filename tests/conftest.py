"""What every test may ask for: real engines for the session, an organisation of its own for each test."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from sqlalchemy import text

from cli.engines import Engines, running_engines
from cli.wiring import bring_up_to_date
from core.identity import ROLE_SCOPES, Identity
from database.engine import Database

if TYPE_CHECKING:
    from tools.imports.intake import ImportProgress
    from tools.imports.load import ImportResult

settings.register_profile("steady", derandomize=True)
PROJECT = Path(__file__).resolve().parent.parent
SHARED = ("aima", "retail", "demo")  # fixtures that take long to make: a running AIMA, two scored shops
_SHOPS = re.compile(r"^(?:async )?def test_\w+\([^)]*\b(?:scored_retail|retail|retail_import|demo)\b", re.MULTILINE)
SHARED_DATA = PROJECT.parent / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    """Without the slow tests the same examples each time: a change is told by them, and not by chance. New ones are
    looked for with `make test-slow`.
    """
    if config.getoption("markexpr") == "not slow":
        settings.load_profile("steady")


@pytest.hookimpl(optionalhook=True)  # there may be no xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests run on one core, and so do those that share something that takes a minute to make."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _shares(nodeid.split("::", 1)[0])

    return ByFile(config, log)


@cache
def _shares(file: str) -> str:
    """What the tests of a file share with those of others: a running AIMA, the shops that take long to make; else the
    file.
    """
    if "/browser/" in file:
        return "browser"
    path = PROJECT / file
    return "shops" if path.is_file() and _SHOPS.search(path.read_text(encoding="utf-8")) else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files whose tests share something costly come first: xdist hands them out in this order."""
    files: dict[Path, set[str]] = {}
    for item in items:
        files.setdefault(item.path, set()).update(getattr(item, "fixturenames", ()))
    place = {path: next((n for n, one in enumerate(SHARED) if one in used), 9) for path, used in files.items()}
    items.sort(key=lambda item: place[item.path])


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
    """PostgreSQL and the broker, started for this session and stopped after it; the schema is as a start leaves it."""
    with running_engines(short_home) as engines:
        bring_up_to_date(engines.owner_url)
        yield engines


@pytest.fixture(scope="session")
def database(engines: Engines) -> Iterator[Database]:
    """The database as the application sees it: the restricted role, row-level security on."""
    database = Database(engines.app_url)
    yield database
    database.dispose()


@dataclass(frozen=True)
class RetailImport:
    """What the import of a file told, and what was seen of it on the way."""

    org_id: UUID
    path: Path
    result: ImportResult
    progress: list[ImportProgress]


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


@pytest.fixture(scope="session")
def retail_import(database: Database, shared_data: Path) -> RetailImport:
    """UCI Online Retail (541,909 lines), imported into an organisation of its own as a user would."""
    from tools.imports.load import import_file

    org_id, path, seen = make_organisation(database), shared_data / "online_retail" / "online_retail.csv.gz", []
    return RetailImport(org_id, path, import_file(database, person(org_id), path, on_progress=seen.append), seen)


@pytest.fixture(scope="session")
def retail(retail_import: RetailImport) -> UUID:
    """The organisation that holds it; nobody changes what is in it."""
    return retail_import.org_id


@pytest.fixture(scope="session")
def scored_retail(database: Database, retail: UUID) -> UUID:
    """The same organisation with everything computed that workers keep fresh."""
    from tools.experiments.response import learn_response
    from tools.scoring.organisation import score_organisation
    from tools.segments.run import segment_organisation

    now = datetime(2026, 6, 15, 12, tzinfo=UTC)
    for keep_fresh in (score_organisation, learn_response):
        keep_fresh(database, person(retail), now, lambda _share, _what: None)
    segment_organisation(database, person(retail), now, lambda _share, _what: None, flat="pca")
    return retail


@pytest.fixture(scope="session")
def demo(database: Database) -> UUID:
    """An organisation with the demo shop of 2,000 customers, scored and grouped; its data end on 2026-06-15."""
    from connectors.sources.demo.shop import DemoShop
    from tools.imports.load import load_frames
    from tools.scoring.organisation import score_organisation
    from tools.segments.run import segment_organisation

    end = datetime(2026, 6, 15, 12, tzinfo=UTC)
    org_id = make_organisation(database)
    load_frames(database, person(org_id), DemoShop(end=end).tables(), now=end)
    score_organisation(database, person(org_id), end, lambda _share, _what: None)
    segment_organisation(database, person(org_id), end, lambda _share, _what: None, flat="pca")
    return org_id
