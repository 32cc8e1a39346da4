"""Connections where no vendor is needed: the demo shop as a source, the shell, what people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

import connectors.sources
from cli import connecting
from cli.session import Session
from connectors.sources.cursors import Position
from connectors.sources.demo import SOURCE
from connectors.sources.demo.shop import DemoShop
from connectors.sources.discovery import source
from connectors.sources.reading import read
from core.errors import FixArguments, NoSuchData
from core.secrets import Vault
from core.settings import Settings
from database.engine import Database
from tests.conformance import plain_shop
from tests.conftest import make_organisation, person
from tools.catalogue import catalogue
from tools.connections.run import sync
from tools.runtime import Runtime

END = datetime(2026, 6, 15, 12, tzinfo=UTC)
KEY = "another key of this test's installation"


@pytest.fixture
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4(), settings=Settings(secret_key=KEY))


@pytest.fixture
def added(tmp_path: Path) -> Iterator[None]:
    """The plain shop among the sources."""
    plain_shop.write(tmp_path)
    connectors.sources.__path__.append(str(tmp_path))
    yield
    connectors.sources.__path__.remove(str(tmp_path))


def test_the_demo_source_gives_the_demo_shop() -> None:
    settings = SOURCE.configured({"customers": "1000", "seed": 3, "end": END})
    (batch,) = [b for stream in SOURCE.streams for b in read(SOURCE, stream, settings, Position(), END)]
    frames = zip(batch.tables, DemoShop(customers=1_000, seed=3, end=END).tables(), strict=True)
    assert all(ours[0] == theirs[0] and ours[1].equals(theirs[1]) for ours, theirs in frames)
    assert list(read(SOURCE, SOURCE.streams[0], settings, batch.position, END)) == []


@pytest.mark.parametrize("wrong", [{"customers": 10}, {"seed": -1}, {"end": "2026-06-15T12:00:00"}, {"size": 3}])
def test_settings_that_are_wrong_are_named(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(FixArguments, match=next(iter(wrong))):
        SOURCE.configured(wrong)


def test_the_demo_shop_is_connected_to_demo_organisations_only(
    runtime: Runtime, database: Database, organisation: UUID
) -> None:
    arguments = {"source": "demo", "settings": {"customers": "1000", "end": END.isoformat()}}
    with pytest.raises(FixArguments, match="made up"):
        runtime.call("connect_source", arguments, person(organisation))
    demo = make_organisation(database)
    with database.transaction(demo) as connection:
        connection.execute(text("update organisations set is_demo = true"))
    runtime.call("connect_source", arguments, person(demo))
    how: dict[str, Any] = {"vault": Vault(KEY.encode()), "now": END, "ask_scores": False}
    first = sync(database, person(demo), "Demo shop", **how)
    assert first.tables["customers"].inserted == 1_000
    assert first.tables["orders"].inserted > 1_000
    assert sync(database, person(demo), "demo shop", **how).tables == {}


def test_nothing_is_connected_at_first(runtime: Runtime, organisation: UUID) -> None:
    with pytest.raises(NoSuchData, match="aima connect"):
        runtime.call("sync_connection", {}, person(organisation))
    result: Any = runtime.call("list_connections", {}, person(organisation))
    assert (result.connections, result.evidence.rows) == ([], 0)
    outcome = runtime.catalogue.outcome("list_connections", {}, result.model_dump(mode="json"))
    assert "No source is connected" in runtime.catalogue.get("list_connections").worded(outcome)


@pytest.mark.usefixtures("added")
def test_the_shell_asks_for_credentials_and_connects(
    runtime: Runtime, database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    @contextmanager
    def opened(_home: Path | None = None) -> Iterator[Session]:
        yield Session(runtime.settings, runtime)

    monkeypatch.setattr("cli.session.opened", opened)
    monkeypatch.setattr("cli.importing.receiving_organisation", lambda *_: organisation)
    monkeypatch.setattr("connectors.sources.contract.Source.check", lambda *_: None)
    monkeypatch.setenv("AIMA_PLAIN_SHOP_TOKEN", "t0ken")
    with pytest.raises(FixArguments, match="credential"):
        connecting.connect("plain_shop", ["shop=acme", "token=t0ken"])
    connecting.connect("plain_shop", ["shop=acme"], name="Acme")
    connecting.connections()
    said = capsys.readouterr().out
    assert "Acme is connected" in said
    assert "Acme (Plain Shop): not synced yet" in said
    assert "token (required, secret): Token with the right to read." in said
    assert "t0ken" not in said
    with pytest.raises(FixArguments, match="setting=value"):
        connecting.connect("plain_shop", ["acme"])
    connecting.disconnect("Acme")
    connecting.connections()
    assert "No source is connected" in capsys.readouterr().out
    with pytest.raises(FixArguments, match="Nothing is connected"):
        connecting.sync()


@pytest.mark.usefixtures("added")
def test_credentials_come_from_standard_input_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("one line\n"))
    assert connecting.credentials(source("plain_shop"), {}) == {"token": "one line"}
