"""Contact points and consents: what was in columns of customers moves and comes back, and goes with its customer."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from cli.engines import Engines
from cli.processes import _migrate as migrate_at_start
from connectors.channels.discovery import address_kinds, channels
from core.identity import Identity
from database import migrate
from database.engine import Database, bind_organisation
from tests.campaign_scene import put_customer
from tools.imports.load import load_frames

OLD = [
    ("1", "Ann@example.com", None, True, False),
    ("2", None, "+4917012345", None, None),
    ("3", None, None, False, None),
]


@pytest.fixture
def before(engines: Engines) -> Iterator[tuple[str, Database]]:
    """A database of its own as it was when customers had columns for them."""
    name = f"contacts_{uuid4().hex[:8]}"
    admin = create_engine(engines.owner_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    url = make_url(engines.owner_url).set(database=name).render_as_string(hide_password=False)
    migrate.upgrade(url, "0018")
    database = Database(url)
    yield url, database
    database.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


def facts(connection: Connection) -> list[tuple[object, ...]]:
    query = "select external_id, email, phone, consent_email, consent_sms from customer_facts order by 1"
    return [tuple(row) for row in connection.execute(text(query))]


def test_what_was_in_columns_moves_and_comes_back(before: tuple[str, Database]) -> None:
    url, database = before
    org_id, other = uuid4(), uuid4()
    for org in (org_id, other):
        with database.transaction(org) as connection:
            connection.execute(
                text("insert into customers (external_id, email, phone, consent_email, consent_sms)"
                     " values (:a, :b, :c, :d, :e)"),
                [dict(zip("abcde", row, strict=True)) for row in OLD],
            )  # fmt: skip
            columns = connection.execute(text("select * from customer_facts limit 0")).keys()
    migrate.upgrade(url)
    with database.transaction(org_id) as connection:
        assert facts(connection) == OLD
        assert connection.execute(text("select * from customer_facts limit 0")).keys() == columns
    migrate.downgrade(url, "0018")
    with database.transaction(other) as connection:
        assert facts(connection) == OLD


def test_the_view_shows_the_channels_there_are(before: tuple[str, Database]) -> None:
    url, database = before
    migrate.upgrade(url)
    migrate.show_contacts(url, ["email", "chat name"], ["sms", "o'hara"])
    with database.transaction(uuid4()) as connection:
        shown = connection.execute(text("select * from customer_facts limit 0")).keys()
    assert {"email", "chat name", "consent_sms", "consent_o'hara"} <= set(shown)
    assert not {"phone", "consent_email"} & set(shown)
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction(uuid4()) as connection:
        connection.execute(text("select show_contacts('{}', '{}')"))


def test_a_start_shows_the_addresses_of_channels_that_came_since(before: tuple[str, Database]) -> None:
    url, database = before
    migrate.upgrade(url)  # an older version knew two channels
    migrate_at_start(url)
    with database.transaction(uuid4()) as connection:
        shown = set(connection.execute(text("select * from customer_facts limit 0")).keys())
    assert {*address_kinds(), *(f"consent_{name}" for name in channels())} <= shown


def test_they_go_with_their_customer(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        gone = put_customer(connection, "a", "a@example.com")
        put_customer(connection, "b", "b@example.com")
        connection.execute(text("delete from customers where id = :id"), {"id": gone})
        assert connection.execute(text("select address from contact_points")).scalars().all() == ["b@example.com"]
        assert connection.execute(text("select count(*) from consents")).scalar_one() == 1


def test_an_organisation_sees_its_own_alone(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        put_customer(connection, "a", "a@example.com")
    with database.transaction(uuid4()) as connection:
        for table in ("contact_points", "consents"):
            assert connection.execute(text(f"select count(*) from {table}")).scalar_one() == 0
        bind_organisation(connection, organisation)
        assert facts(connection) == [("a", "a@example.com", None, True, None)]


def test_orders_complete_addresses_and_change_none(database: Database, identity: Identity, organisation: UUID) -> None:
    import polars as pl

    def orders(number: str, **told: list[str | None]) -> None:
        rows = {"order_id": [f"{number}{n}" for n in range(2)], "customer": ["a", "b"], "revenue": [1, 2], **told}
        frame = pl.DataFrame(rows).with_columns(ordered_at=pl.datetime(2026, 1, 1, time_zone="UTC"))
        load_frames(database, identity, [("orders", frame)])

    orders("x", email=["A@example.com", None], phone=[None, "0049 (170) 12-345"])
    orders("y", email=["other@example.com", "b@example.com"], phone=["+1", "+2"])
    with database.transaction(organisation) as connection:
        assert facts(connection) == [
            ("a", "A@example.com", "+1", None, None), ("b", "b@example.com", "+4917012345", None, None),
        ]  # fmt: skip
