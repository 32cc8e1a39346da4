"""A source that throttles, fails, forgets or is cut off: nothing is lost, nothing doubled, and the person is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.engines import Engines
from connectors.sources import http
from connectors.sources.contract import Stream
from connectors.sources.cursors import Days, Position
from connectors.sources.pagers import OnePage, Token
from core.clock import utc_now
from core.errors import AskPerson, RetryLater
from database.loading.load import Load
from database.queries import connections
from tests.conformance.conftest import KEY, Shop
from tests.conformance.vendor import Vendor, changed_at, cut, day_of, page, status

KILLED = """
import sys
from dataclasses import replace
from importlib import import_module
from uuid import UUID
import connectors.sources
folder, name, url, database_url, org_id, key = sys.argv[1:]
connectors.sources.__path__.append(folder)
module = import_module(f"connectors.sources.{name}")
module.SOURCE = replace(module.SOURCE, base=lambda _settings: url, pause_s=0.0)
from connectors.sources import reading
from core.clock import utc_now
from core.identity import Identity
from core.secrets import Vault
from database.engine import Database
from tests.conftest import person
from tools.connections.run import sync
reading.BATCH_RECORDS = 4
sync(Database(database_url), person(UUID(org_id)), "My shop", vault=Vault(key.encode()), now=utc_now())
"""


def test_an_answer_that_is_no_json_is_asked_for_again(shop: Shop, vendor: Vendor) -> None:
    vendor.faults = [page] * (http.ATTEMPTS - 1)
    assert shop.sync(connection=str(shop.row().id)).error is None
    vendor.faults = [page] * http.ATTEMPTS
    with pytest.raises(RetryLater, match="no JSON"):
        shop.sync(connection=str(shop.row().id))


def test_throttled_failing_and_cut_off_answers_are_asked_for_again(shop: Shop, vendor: Vendor) -> None:
    vendor.faults = [status(429, Retry_After="1"), status(500), cut, status(503)]
    job = shop.sync(connection=str(shop.row().id))
    assert job.error is None
    assert all(not shop.missing(stream) for stream in vendor.streams())
    assert vendor.asked[1].at - vendor.asked[0].at >= 1.0, "Retry-After was not waited for"


def test_a_source_that_stays_away_is_left_for_later(shop: Shop, vendor: Vendor) -> None:
    vendor.faults = [status(500)] * http.ATTEMPTS
    with pytest.raises(RetryLater, match="500"):
        shop.sync(connection=str(shop.row().id))
    row = shop.row()
    assert (row.status, row.started_at, row.last_synced_at) == ("active", None, None)
    assert "500" in str(row.last_error)
    assert shop.sync(connection=str(row.id)).error is None
    assert shop.row().last_error is None

    vendor.faults = [status(429, Retry_After="7200")]
    with pytest.raises(RetryLater) as later:
        shop.sync(connection=str(row.id))
    assert later.value.retry_after_s >= 7200


def test_one_stream_that_fails_does_not_stop_the_others(shop: Shop, vendor: Vendor) -> None:
    vendor.faults = [status(404)]
    job = shop.sync(connection=str(shop.row().id))
    first, *others = vendor.streams()
    assert job.status == "failed"
    assert first.name in str(job.error)
    assert shop.missing(first)
    assert all(not shop.missing(stream) for stream in others)
    assert "404" in str(shop.row().last_error)
    assert shop.sync().error is None
    assert not shop.missing(first)


def test_a_revoked_credential_disables_the_connection_and_says_so(shop: Shop, vendor: Vendor) -> None:
    vendor.revoke_after = 3
    job = shop.sync(connection=str(shop.row().id))
    assert "refused the credential" in str(job.error)
    row = shop.row()
    assert row.status == "disabled"
    kept = sum(len(shop.stored(r)) for stream in vendor.streams() for r in stream.rows)
    assert kept or not row.cursors
    alerts: Any = shop.runtime.call("list_alerts", {}, shop.identity)
    assert [alert.kind for alert in alerts.alerts] == ["connection_disabled"]
    assert "My shop is not synced any more" in alerts.alerts[0].title
    outcome = shop.runtime.call("list_connections", {}, shop.identity)
    said = shop.runtime.catalogue.outcome("list_connections", {}, outcome.model_dump(mode="json"))
    assert "disabled" in shop.runtime.catalogue.get("list_connections").worded(said)

    quiet = len(vendor.asked)
    assert shop.sync().result == {"synced": [], "failed": {}}
    with pytest.raises(AskPerson, match="is disabled"):
        shop.runtime.call("sync_connection", {"connection": "My shop"}, shop.identity)
    assert len(vendor.asked) == quiet, "nobody knocks with a credential that was refused"
    assert len(shop.rows("select 1 from alerts")) == 1

    vendor.revoke_after = None
    reached = row.cursors
    assert not shop.connect().created
    assert shop.row().cursors == reached, "it goes on from where it was"
    assert shop.sync().error is None
    assert all(not shop.missing(stream) for stream in vendor.streams())


def test_no_position_without_its_rows_and_no_rows_without_their_position(
    shop: Shop, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Exception):
        """What stands for a lost database connection."""

    def broken(*_: Any, **__: Any) -> Any:
        raise Broken

    for owner, name in ((connections, "advance"), (Load, "touched"), (Load, "finish")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, broken)
            with pytest.raises(Broken):
                shop.sync()
        assert shop.row().cursors == {}, name
        assert all(not shop.stored(r) for stream in vendor.streams() for r in stream.rows), name
    assert shop.sync().error is None
    assert all(not shop.missing(stream) for stream in vendor.streams())


def test_a_sync_that_is_killed_goes_on_from_where_it_was(
    shop: Shop, vendor: Vendor, added: Path, engines: Engines
) -> None:
    command = [sys.executable, "-c", KILLED, str(added), vendor.source.name, vendor.url, engines.app_url]
    held: dict[str, Token] = {}
    for stop_at in (4, 6):  # requests of one run
        before = len(vendor.asked)
        running = subprocess.Popen([*command, str(shop.org_id), KEY])

        def kill(number: int, running: Any = running, last: int = before + stop_at) -> None:
            if number == last:
                running.kill()
                running.wait()

        vendor.on_request = kill
        assert running.wait(120) == -9
        assert shop.row().started_at is not None
        goes_on(vendor, held, before)
        for stream in vendor.streams():
            if (position := shop.position(stream)) is not None:
                assert shop.missing(stream, reached(vendor, stream, position)) == set()
        positions = {stream.name: shop.position(stream) for stream in vendor.streams()}
        held = {name: at.page for name, at in positions.items() if at is not None and at.page is not None}
        assert held, "it was killed between two pages, the first of them loaded"
    vendor.on_request = lambda _number: None
    before = len(vendor.asked)
    assert shop.sync().error is None
    goes_on(vendor, held, before)
    assert all(not shop.missing(stream) for stream in vendor.streams())
    assert shop.row().started_at is None
    assert [row.name for row in shop.rows("select name from jobs where name like 'refresh%'")] == ["refresh_scores"]


def goes_on(vendor: Vendor, held: dict[str, Token], before: int) -> None:
    """The first request for each stream is for the page it was at."""
    for stream in vendor.streams():
        if stream.name not in held:
            continue
        first = vendor.of_requests(stream, before)[0]
        if isinstance(stream.cursor, Days):
            assert first.parameters[stream.cursor.since] == held[stream.name]
        else:
            assert vendor.start_of(first, stream) == vendor.place_of(stream, held[stream.name])


def reached(vendor: Vendor, stream: Stream, position: Position) -> list[dict[str, Any]]:
    """The records that must be there when a stream stands at a position."""
    known = sorted(vendor.records[stream.name], key=lambda record: str(stream.name_of(record)))
    if isinstance(stream.cursor, Days):
        until = position.page or position.since
        return [record for record in known if str(day_of(stream, record)) < str(until)]
    if position.page is not None:
        return known[: vendor.place_of(stream, position.page)]
    assert position.since is not None or stream.cursor is None
    return [r for r in known if stream.cursor is None or changed_at(stream, r) <= (position.since or utc_now())]


def test_a_page_the_vendor_has_forgotten_is_read_from_the_beginning(shop: Shop, vendor: Vendor) -> None:
    streams = [s for s in vendor.streams() if not isinstance(s.cursor, Days) and not isinstance(s.pager, OnePage)]
    shop.sync()
    for stream in streams:
        vendor.add(stream, utc_now())
        stands = shop.position(stream)
        assert stands is not None
        cut_off = stands.model_copy(update={"began": utc_now(), "page": vendor.token_of(stream)})
        with shop.database.transaction(shop.org_id) as connection:
            began = utc_now()
            connections.begin(connection, shop.row().id, began)
            connections.advance(connection, shop.row().id, began, stream.name, shop.seal().position(cut_off))
        vendor.faults = [status(400)]
        vendor.only = stream.name
        assert shop.sync().error is None
        vendor.only = None
        assert not shop.missing(stream)
