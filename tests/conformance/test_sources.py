"""What every source keeps to, over real HTTP: nothing lost, nothing doubled, nothing told that is secret."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from cli.engines import Engines
from connectors.files.fields import KINDS, NUMERIC
from connectors.sources import http, reading, rows
from connectors.sources.contract import Stream
from connectors.sources.cursors import Days, Position, Since
from connectors.sources.discovery import sources
from connectors.sources.pagers import OnePage, Token
from connectors.sources.paths import place
from core.clock import utc_now
from core.errors import AskPerson, FixArguments, NotFound, RetryLater
from core.identity import Identity
from core.secrets import Vault
from database.engine import Database
from database.loading.load import Load
from database.queries import connections
from tests.conformance.conftest import COLUMNS, KEY, Shop
from tests.conformance.vendor import Vendor, changed_at, cut, day_of, page, serving, status, touch
from tests.conftest import make_organisation, person
from tools.connections.run import sync
from tools.connections.seal import Seal
from workers.jobs import ask_everywhere

TYPED = {"time", "day", "money", "count", "flag"}


def changing(vendor: Vendor) -> list[tuple[Stream, Since]]:
    """Streams whose records say when they changed."""
    return [(s, s.cursor) for s in vendor.streams() if isinstance(s.cursor, Since)]


def test_declarations_are_whole(vendor: Vendor) -> None:
    source = vendor.source
    assert source.name in sources()
    assert all(field.description for field in source.settings.model_fields.values())
    assert source.base is None or source.probe, "a credential is checked by asking for something"
    names = [stream.name for stream in source.streams]
    assert len(set(names)) == len(names)
    for stream in vendor.streams():
        assert None not in stream.name_of(stream.example), stream.name
        tables, left_out, problems = rows.frames_of(stream, [stream.example], utc_now())
        assert (left_out, problems) == (0, []), stream.name
        assert all(frame.height for _, frame in tables), stream.name
        for _, frame in tables:
            empty = [name for name in frame.columns if frame[name].null_count() == frame.height]
            assert set(empty) <= {"status"}, f"{stream.name}: the example fills every column"
        if isinstance(stream.cursor, Since):
            assert changed_at(stream, stream.example)


def test_a_wrong_credential_connects_nothing(shop: Shop, vendor: Vendor) -> None:
    vendor.revoked = True
    with pytest.raises(AskPerson, match="refused the credential"):
        shop.connect("Another")
    with pytest.raises(NotFound):
        shop.row("Another")


def test_everything_comes_once_and_then_what_is_new(shop: Shop, vendor: Vendor) -> None:
    job = shop.sync()
    assert job.error is None
    assert {stream.name: shop.missing(stream) for stream in vendor.streams()} == {
        s.name: set() for s in vendor.streams()
    }
    assert job.result is not None
    assert job.result["failed"] == {}
    account = job.result["synced"][0]
    assert (account["left_out"], account["complete"]) == (0, True)

    again = shop.sync(connection=str(shop.row().id)).result
    assert again is not None
    changes = again["synced"][0]["tables"].values()
    assert [(c["inserted"], c["updated"]) for c in changes] == [(0, 0)] * len(changes)

    for stream in vendor.streams():
        vendor.add(stream, utc_now())
    assert any(shop.missing(stream) for stream in vendor.streams())
    shop.sync()
    assert all(not shop.missing(stream) for stream in vendor.streams())


def test_what_is_known_is_not_asked_for_again(shop: Shop, vendor: Vendor) -> None:
    shop.sync()
    first, vendor.asked = vendor.asked, []
    shop.sync()
    for stream, cursor in changing(vendor):
        before = [asked.parameters for asked in first if asked.stream == stream.name]
        after = [asked.parameters for asked in vendor.of_requests(stream)]
        assert len(after) < len(before), stream.name
        assert all(cursor.parameter in parameters for parameters in after)
        assert not any(cursor.parameter in parameters for parameters in before), "the first time everything is read"


def test_ties_at_the_cursor_and_late_rows(shop: Shop, vendor: Vendor) -> None:
    """A record with the very instant read last, and one with an earlier instant, both new to the vendor's list."""
    shop.sync()
    for stream, cursor in changing(vendor):
        last = max(changed_at(stream, record) for record in vendor.records[stream.name])
        vendor.add(stream, last)
        vendor.add(stream, last - cursor.overlap / 2)
    shop.sync()
    assert {s.name: shop.missing(s) for s, _ in changing(vendor)} == {s.name: set() for s, _ in changing(vendor)}


def test_a_record_that_changes_behind_the_reader_is_read_again(shop: Shop, vendor: Vendor) -> None:
    """It was on a page read already, and the pages after that hold marks later than its own."""
    ordered = {s.name: sorted(vendor.records[s.name], key=lambda r: str(s.name_of(r))) for s, _ in changing(vendor)}

    def meddle(_number: int) -> None:
        for stream, _ in changing(vendor):
            if len(vendor.of_requests(stream)) == 2 and vendor.asked[-1].stream == stream.name:
                touch(stream, ordered[stream.name][0], utc_now())
                touch(stream, ordered[stream.name][-1], utc_now() + timedelta(hours=3))

    vendor.on_request = meddle
    shop.sync()
    vendor.on_request = lambda _number: None
    assert all(len(vendor.of_requests(stream)) > 2 for stream, _ in changing(vendor)), "more than two pages each"
    vendor.asked.clear()
    shop.sync()
    for stream, _ in changing(vendor):
        asked = vendor.of_requests(stream)[0]
        assert ordered[stream.name][0] in vendor.matching(stream, asked.parameters), stream.name


def test_a_record_that_comes_twice_counts_as_it_was_read_last(
    shop: Shop, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.repeats = True
    monkeypatch.setattr(reading, "BATCH_RECORDS", 1_000)
    assert shop.sync(connection=str(shop.row().id)).error is None
    vendor.repeats = False
    shop.rows("update connections set cursors = '{}' returning id")
    again = shop.sync(connection=str(shop.row().id)).result
    assert again is not None
    assert sum(change["updated"] for change in again["synced"][0]["tables"].values()) == 0
    for stream in vendor.streams():
        for r in stream.rows:
            count = shop.rows(f"select count(*) from {COLUMNS[r.table][0]}")[0][0]
            assert count == len(shop.stored(r)), r.table


def test_answers_are_bounded(shop: Shop, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_BYTES", 10)
    assert "MB at once" in str(shop.sync(connection=str(shop.row().id)).error)
    monkeypatch.undo()


def test_an_answer_that_is_no_json_is_asked_for_again(shop: Shop, vendor: Vendor) -> None:
    vendor.faults = [page] * (http.ATTEMPTS - 1)
    assert shop.sync(connection=str(shop.row().id)).error is None
    vendor.faults = [page] * http.ATTEMPTS
    with pytest.raises(RetryLater, match="no JSON"):
        shop.sync(connection=str(shop.row().id))


def test_the_clock_asks_where_something_is_connected(shop: Shop, database: Database) -> None:
    empty = make_organisation(database)
    asked: list[UUID] = []

    class Told:
        def enqueue(self, identity: Identity, _name: str, _arguments: Any) -> None:
            asked.append(identity.org_id)

    ask_everywhere(database, Told(), "sync_connection", {})  # type: ignore[arg-type]
    assert shop.org_id in asked
    assert empty not in asked


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


def test_restated_days_replace_what_was_known(shop: Shop, vendor: Vendor) -> None:
    for stream, cursor in [(s, s.cursor) for s in vendor.streams() if isinstance(s.cursor, Days)]:
        (rows_of,) = stream.rows
        typed = {name: KINDS[rows_of.table].field(name).type for name in rows_of.columns}
        field, at = next(
            (name, at) for name, at in rows_of.columns.items() if isinstance(at, str) and typed[name] in NUMERIC
        )
        day = utc_now() - timedelta(days=cursor.restated)
        for record in [r for r in vendor.records[stream.name] if day_of(stream, r) == day.date()]:
            vendor.records[stream.name].remove(record)
        parts = [vendor.add(stream, day) for _ in range(7)]
        query = f"select sum({field}) from {COLUMNS[rows_of.table][0]} where day = '{day.date()}'"
        for value in (3, 100, 100):
            for part in parts:
                place(part, at, value)
            assert shop.sync().error is None
            assert shop.rows(query) == [(7 * value,)], "every part of the day, once"


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


TABLES = """
    select relname from pg_class where relkind in ('r', 'p') and not relispartition
    and relnamespace = 'public'::regnamespace and has_table_privilege(oid, 'select')
"""
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


def test_a_credential_goes_to_nobody_else(shop: Shop, vendor: Vendor) -> None:
    """Neither after a redirect nor along a link."""
    with serving(Vendor(vendor.source, vendor.settings)) as stranger:
        for fault in (status(302, Location=f"{stranger.url}/x"), status(307, Location="https://stranger.example/")):
            vendor.faults = [fault] * http.ATTEMPTS * len(vendor.streams())
            job = shop.sync(connection=str(shop.row().id))
            assert "another host" in str(job.error)
            vendor.faults = []
        own, vendor.url = vendor.url, stranger.url
        shop.sync(connection=str(shop.row().id))
        vendor.url = own
        assert stranger.asked == []


def test_secrets_are_nowhere(
    shop: Shop, vendor: Vendor, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [
        value.get_secret_value()
        for name in vendor.source.settings.secrets()
        if isinstance(value := getattr(vendor.settings, name), SecretStr)
    ]
    assert secrets
    vendor.revoke_after = 3  # in the middle of the first stream
    said = [repr(shop.sync())]
    assert any("page" in position for position in shop.row().cursors.values())
    vendor.revoke_after = None
    vendor.faults = [status(500), status(429)]
    said += [shop.connect("Other").model_dump_json(), repr(shop.sync())]
    vendor.faults = [status(404)] * 9
    said.append(repr(shop.sync()))
    vendor.faults = [status(302, Location="http://elsewhere.example/")] * 9
    said.append(repr(shop.sync()))
    vendor.faults, vendor.revoked = [], True
    said.append(repr(shop.sync()))
    for wrong in ({"settings": secrets[0]}, {"settings": {"nonsense": secrets[0]}}, {"settings": [secrets[0]]}):
        with pytest.raises(FixArguments) as refused:
            shop.runtime.call("connect_source", {"source": vendor.source.name, **wrong}, shop.identity)
        said.append(refused.value.message)
    said.append(shop.runtime.call("list_connections", {}, shop.identity).model_dump_json())
    said += [repr(vendor.settings), str(vendor.settings.model_dump(mode="json")), repr(shop.row()), caplog.text]
    tables = [row[0] for row in shop.rows(TABLES)]
    assert {"alerts", "audit_log", "connections", "jobs"} <= set(tables)
    for table in tables:
        said += [str(row[0]) for row in shop.rows(f"select t::text from {table} t")]
    said += capfd.readouterr()
    for secret in secrets:
        hidden = (secret, secret.encode().hex(), json.dumps(secret)[1:-1])
        assert [text[:200] for text in said if any(form in text for form in hidden)] == []


def test_settings_open_at_their_own_place_only(shop: Shop, vendor: Vendor, database: Database) -> None:
    row = shop.row()
    assert shop.seal().opened(row)[1] == vendor.settings
    own = Vault(KEY.encode())
    for seal in (
        Seal(Vault(b"another key"), shop.org_id, row.id),
        Seal(own, uuid4(), row.id),
        Seal(own, shop.org_id, uuid4()),
    ):
        with pytest.raises(AskPerson, match="cannot be read"):
            seal.opened(row)
    with pytest.raises(AskPerson):
        sync(database, shop.identity, "My shop", vault=Vault(b"another key"), now=utc_now())
    assert shop.row().status == "disabled"


def test_one_sync_at_a_time(shop: Shop, vendor: Vendor, database: Database) -> None:
    met: list[BaseException] = []

    def meet(number: int) -> None:
        if number == 2:
            try:
                sync(database, shop.identity, "My shop", vault=Vault(KEY.encode()), now=utc_now())
            except RetryLater as error:
                met.append(error)

    vendor.on_request = meet
    assert shop.sync().error is None
    assert len(met) == 1


def test_a_connection_that_is_removed_or_changed_meanwhile_gets_nothing_more(shop: Shop, vendor: Vendor) -> None:
    def remove(number: int) -> None:
        if number == 4:
            shop.runtime.call("disconnect_source", {"connection": "My shop"}, shop.identity)

    vendor.on_request = remove
    job = shop.sync(connection=str(shop.row().id))
    assert "removed or changed" in str(job.error)
    with pytest.raises(NotFound):
        shop.row()


def test_a_long_sync_goes_on_in_another_job(shop: Shop, vendor: Vendor, database: Database) -> None:
    rounds, left = 0, True
    while left:
        result = sync(
            database,
            shop.identity,
            "My shop",
            vault=Vault(KEY.encode()),
            now=utc_now(),
            longest_s=0.0,
            ask_scores=False,
        )
        rounds, left = rounds + 1, any(shop.missing(stream) for stream in vendor.streams())
        assert not result.complete
        assert shop.row().last_synced_at is None
        assert rounds < 60
    assert rounds > len(vendor.streams())
    again = shop.rows("select count(*) from jobs where name = 'sync_connection' and arguments ? 'connection'")
    assert again[0][0] >= 1


def test_two_connections_to_one_source_keep_apart(shop: Shop, vendor: Vendor) -> None:
    shop.sync()
    before = {r.table: shop.stored(r) for stream in vendor.streams() for r in stream.rows}
    shop.connect("Second")
    assert shop.row("Second").prefix == "Second:"
    assert shop.sync().error is None
    for stream in vendor.streams():
        for r in stream.rows:
            now = shop.stored(r)
            assert now > before[r.table] or set(COLUMNS[r.table][1]) <= {"sku"}, r.table
            assert all(any("Second:" in part for part in name) for name in now - before[r.table])


def test_other_organisations_neither_see_nor_use_it(shop: Shop, database: Database) -> None:
    other = person(make_organisation(database))
    found: Any = shop.runtime.call("list_connections", {}, other)
    assert found.connections == []
    for name in ("My shop", str(shop.row().id)):
        with pytest.raises(NotFound):
            sync(database, other, name, vault=Vault(KEY.encode()), now=utc_now())
        with pytest.raises(NotFound):
            shop.runtime.call("disconnect_source", {"connection": name}, other)
    assert shop.row().status == "active"


def test_orders_ask_for_scores_once(shop: Shop, vendor: Vendor) -> None:
    shop.sync()
    shop.sync()
    bring = any(r.table in ("orders", "order_lines", "events") for stream in vendor.streams() for r in stream.rows)
    asked = [row.name for row in shop.rows("select name from jobs where name like 'refresh%'")]
    assert asked == (["refresh_scores"] if bring else [])


def test_a_record_that_cannot_be_typed_is_counted_and_told(shop: Shop, vendor: Vendor) -> None:
    stream = vendor.streams()[0]
    first = stream.rows[0]
    typed = [(name, at) for name, at in first.columns.items() if KINDS[first.table].field(name).type in TYPED]
    place(vendor.records[stream.name][0], next(at for _, at in typed if isinstance(at, str)), "nonsense")
    job = shop.sync(connection=str(shop.row().id))
    assert job.result is not None
    account = job.result["synced"][0]
    assert account["left_out"] == 1
    assert "nonsense" in account["problems"][0]
    assert len(shop.missing(stream)) == 1
    listed: Any = shop.runtime.call("list_connections", {}, shop.identity)
    assert listed.connections[0].left_out == 1
