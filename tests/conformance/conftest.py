"""Every source there is, and one that is added for the occasion, each before a vendor's server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

import connectors.sources
from connectors.sources import http, reading
from connectors.sources.contract import Rows, SourceSettings, Stream
from connectors.sources.cursors import Days, Position
from connectors.sources.discovery import sources
from core.clock import utc_now
from core.identity import Identity
from core.secrets import Vault
from core.settings import get_settings
from database.engine import Database
from database.queries import connections, jobs
from database.queries.connections import ConnectionRow
from tests.conformance import plain_shop
from tests.conformance.vendor import Vendor, serving
from tests.conftest import person
from tools.catalogue import catalogue
from tools.connections.seal import Seal
from tools.runtime import Runtime
from workers.jobs import run_job

FETCHED = [name for name, source in sources().items() if source.base is not None]
KEY = "a key of this test's installation"
CANARY = "canary-5f1c"
RECORDS = 10
COLUMNS = {  # table of ours and its columns, by kind and the fields that name a row
    "customers": ("customers", {"customer": "external_id"}),
    "orders": ("orders", {"order_id": "order_id"}),
    "order_lines": ("order_items", {"order_id": "order_id", "sku": "sku"}),
    "events": ("events", {"event_id": "event_id"}),
    "products": ("products", {"sku": "sku"}),
    "campaigns": ("campaigns", {"campaign_id": "campaign_id"}),
    "campaign_daily": ("campaign_daily", {"campaign_id": "campaign_id", "day": "day"}),
    "spend": ("channel_spend", {"day": "day", "channel": "channel"}),
    "mentions": ("mentions", {"mention_id": "mention_id"}),
}


@pytest.fixture(scope="session")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of sources beside ours, with the plain shop in it."""
    folder = tmp_path_factory.mktemp("sources")
    plain_shop.write(folder)
    connectors.sources.__path__.append(str(folder))
    yield folder
    connectors.sources.__path__.remove(str(folder))


@pytest.fixture(params=[*FETCHED, plain_shop.NAME])
def vendor(request: pytest.FixtureRequest, added: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    """The vendor of a source, with ten records a stream; retries are quick and batches small."""
    module = import_module(f"connectors.sources.{request.param}")
    source = module.SOURCE
    made = Vendor(source, source.configured(sample(source.settings)))
    for stream in made.streams():
        for number in range(RECORDS):
            made.add(stream, before(number, stream))
    monkeypatch.setattr(http, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(reading, "BATCH_RECORDS", 4)
    with serving(made):
        url = made.url
        monkeypatch.setattr(module, "SOURCE", replace(source, base=lambda _settings: url, pause_s=0.0))
        yield made


def before(number: int, stream: Stream) -> datetime:
    """Some time in the past, not in the order of the numbers."""
    step = timedelta(days=1) if isinstance(stream.cursor, Days) else timedelta(hours=1)
    return utc_now().replace(microsecond=0) - timedelta(hours=2) - step * (number * 7 % RECORDS)


def sample(model: type[SourceSettings]) -> dict[str, Any]:
    """Settings as their fields exemplify them; credentials without an example are made up."""
    given = {}
    for name, field in model.model_fields.items():
        if field.examples:
            given[name] = field.examples[0]
        elif name in model.secrets():
            given[name] = f"{CANARY}-{name}"
    return given


@dataclass
class Shop:
    """An organisation that is connected to the vendor."""

    database: Database
    identity: Identity
    runtime: Runtime
    vendor: Vendor
    name: str = "My shop"

    @property
    def org_id(self) -> UUID:
        return self.identity.org_id

    def connect(self, name: str = "My shop", **changes: Any) -> Any:
        """Connect the source as a person does."""
        settings = self.vendor.settings.plain() | changes
        arguments = {"source": self.vendor.source.name, "name": name, "settings": settings}
        return self.runtime.call("connect_source", arguments, self.identity)

    def sync(self, **arguments: str) -> jobs.JobRow:
        """The job, carried out as the worker does; RetryLater passes."""
        with self.database.transaction(self.org_id) as connection:
            job_id = jobs.create(connection, "sync_connection", arguments, "test")
        run_job(self.database, self.org_id, job_id)
        with self.database.transaction(self.org_id) as connection:
            return jobs.get(connection, job_id)

    def row(self, name: str = "My shop") -> ConnectionRow:
        """The connection as stored."""
        with self.database.transaction(self.org_id) as connection:
            return connections.named(connection, name)

    def position(self, stream: Stream) -> Position | None:
        """Where a stream stands."""
        row = self.row()
        kept = row.cursors.get(stream.name)
        return None if kept is None else self.seal().opened_position(kept)

    def seal(self) -> Seal:
        """The seal of the connection."""
        return Seal(Vault(KEY.encode()), self.org_id, self.row().id)

    def rows(self, query: str) -> list[Any]:
        """Rows of the organisation."""
        with self.database.transaction(self.org_id) as connection:
            return list(connection.execute(text(query)))

    def stored(self, rows: Rows) -> set[tuple[str, ...]]:
        """What names each row that is there."""
        table, columns = COLUMNS[rows.table]
        return {tuple(map(str, row)) for row in self.rows(f"select {', '.join(columns.values())} from {table}")}

    def missing(self, stream: Stream, records: list[dict[str, Any]] | None = None) -> set[tuple[str, ...]]:
        """Names of rows that the records (all of the vendor's, if none are given) should have become and have not."""
        chosen = self.vendor.records[stream.name] if records is None else records
        lacking: set[tuple[str, ...]] = set()
        for rows in stream.rows:
            names = [list(rows.columns).index(name) for name in COLUMNS[rows.table][1]]
            wanted = [rows.values(item) for record in chosen for item in rows.items(record)]
            lacking |= {tuple(str(values[at]) for at in names) for values in wanted} - self.stored(rows)
        return lacking


@pytest.fixture
def shop(database: Database, organisation: UUID, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A fresh organisation, connected and not synced yet."""
    monkeypatch.setenv("AIMA_SECRET_KEY", KEY)
    get_settings.cache_clear()

    def enqueue(identity: Identity, name: str, arguments: Any) -> UUID:
        with database.transaction(identity.org_id) as connection:
            return jobs.create(connection, name, arguments, identity.actor)

    made = Shop(database, person(organisation), Runtime(catalogue(), database, enqueue), vendor)
    made.connect()
    vendor.asked.clear()
    yield made
    monkeypatch.undo()
    get_settings.cache_clear()
