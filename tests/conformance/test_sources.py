"""What every source gives, over real HTTP: everything once, then what is new, typed as it is declared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.files.fields import KINDS, NUMERIC
from connectors.sources import http, reading, rows
from connectors.sources.contract import Stream
from connectors.sources.cursors import Days, Since
from connectors.sources.discovery import sources
from connectors.sources.paths import place
from core.clock import utc_now
from tests.conformance.conftest import COLUMNS, Shop
from tests.conformance.vendor import Vendor, changed_at, day_of, touch

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
            derived = {name for name in empty if name.startswith(("stated_", "suppress_"))}  # of consents that say more
            assert set(empty) - derived <= {"status"}, f"{stream.name}: the example fills every column"
        if isinstance(stream.cursor, Since):
            assert changed_at(stream, stream.example)


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
