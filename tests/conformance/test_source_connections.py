"""A connection to a source: its secrets, its organisation, one sync at a time, and when it is asked."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from connectors.sources import http
from core.clock import utc_now
from core.errors import AskPerson, FixArguments, NotFound, RetryLater
from core.identity import Identity
from core.secrets import Vault
from database.engine import Database
from database.queries import connections
from tests.conformance.conftest import COLUMNS, KEY, Shop
from tests.conformance.vendor import Vendor, serving, status
from tests.conftest import make_organisation, person
from tools.connections.run import sync
from tools.connections.seal import Seal
from workers.jobs import ask_everywhere

TABLES = """
    select relname from pg_class where relkind in ('r', 'p') and not relispartition
    and relnamespace = 'public'::regnamespace and has_table_privilege(oid, 'select')
"""


def test_a_wrong_credential_connects_nothing(shop: Shop, vendor: Vendor) -> None:
    vendor.revoked = True
    with pytest.raises(AskPerson, match="refused the credential"):
        shop.connect("Another")
    with pytest.raises(NotFound):
        shop.row("Another")


def test_the_clock_asks_where_something_is_connected(shop: Shop, database: Database) -> None:
    empty = make_organisation(database)
    asked: list[UUID] = []

    class Told:
        def enqueue(self, identity: Identity, _name: str, _arguments: Any) -> None:
            asked.append(identity.org_id)

    ask_everywhere(database, Told(), "sync_connection", {})  # type: ignore[arg-type]
    assert shop.org_id in asked
    assert empty not in asked


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


@pytest.mark.slow
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


def test_what_a_connection_left_behind_is_never_taken_for_anothers(shop: Shop, database: Database) -> None:
    with database.transaction(shop.org_id) as transaction:
        first = connections.prefix_of(transaction, shop.row().source, "My shop")
        other = connections.prefix_of(transaction, shop.row().source, "Another shop")
        vendor = connections.prefix_of(transaction, "another_source", "Another shop")
        assert (first, other, vendor) == ("", "Another shop:", "another_source Another shop:")
        connections.remove(transaction, shop.row().id)
        assert connections.prefix_of(transaction, "another_source", "Third") == "Third:"
    shop.connect("Fourth")
    assert shop.row("Fourth").prefix == "Fourth:"
    shop.connect("MY SHOP")
    assert shop.row("MY SHOP").prefix == "", "made again, it has the identifiers it had"


@pytest.mark.slow
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
