"""Rows that belong to a customer, by the columns of the tables: gone, or nobody's.

Whatever has a column customer_id is theirs and goes; orders and their lines stay, as nobody's, so that the books add
up. What belongs to their messages (column message_id) goes with these.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, Table, text

from core.errors import RetryLater
from core.keyed_hash import KeyedHash
from database.erasure.person import Person
from database.erasure.words import Words
from database.loading.statement import run
from database.tables import Base

__all__ = ["BOOKS", "erase_rows", "of_customers", "owned"]

BOOKS = ("orders", "order_items")


def owned() -> list[Table]:
    """Every table that holds rows of organisations, by name."""
    return sorted((t for t in Base.metadata.sorted_tables if "org_id" in t.columns), key=lambda t: t.name)


def of_customers() -> list[str]:
    """Names of the tables whose rows are each a customer's."""
    return [t.name for t in owned() if "customer_id" in t.columns]


def erase_rows(connection: Connection, person: Person, words: Words, keyed: KeyedHash) -> Counter[str]:
    """Take a person's rows away; rows by table, those that stay as nobody's as "orders kept".

    RetryLater while a message is being handed over to them.
    """
    messages = _messages(connection, person)
    gone = Counter[str]()
    for table in owned():
        if "message_id" in table.columns:
            gone[table.name] += _erase(connection, table.name, "message_id", messages)
        if "address_hash" in table.columns:
            gone[table.name] += _erase(connection, table.name, "address_hash", _hashes(person))
    gone += _orders(connection, person, words, keyed)
    for name in of_customers():
        if name not in BOOKS:
            gone[name] += _erase(connection, name, "customer_id", [str(person.id)])
    gone["suppressions"] += _suppressions(connection, person)
    gone["customer_merges"] = run(
        connection, "delete from customer_merges where kept = :id or gone = :id", id=person.id
    )
    gone["customers"] = run(connection, "delete from customers where id = :id", id=person.id)
    return gone


def _messages(connection: Connection, person: Person) -> list[str]:
    rows = connection.execute(
        text("select id::text, status from messages where customer_id = :id for update"), {"id": person.id}
    ).all()
    if any(row.status in ("claimed", "handing_over") for row in rows):
        raise RetryLater("A message to this customer is being handed over just now. Try again in a minute.")
    return [row.id for row in rows]


def _hashes(person: Person) -> list[str]:
    """Addresses as what providers tell of them is kept (queries/events.py)."""
    return [hashlib.sha256(address.lower().encode()).hexdigest() for _kind, address in person.own_addresses]


def _erase(connection: Connection, table: str, column: str, ids: Sequence[str]) -> int:
    erased = text("select erase_rows(:table, :column, :ids)")
    return int(connection.execute(erased, {"table": table, "column": column, "ids": list(ids)}).scalar_one())


def _orders(connection: Connection, person: Person, words: Words, keyed: KeyedHash) -> Counter[str]:
    """Orders are nobody's from here on; a number of an order that was made of the customer's own is another."""
    kept = Counter[str]()
    named = connection.execute(
        text("select distinct order_id from orders where customer_id = :id and"
             " (order_id ~* :words or exists (select from unnest(cast(:numbers as text[])) n"
             " where order_id = n or starts_with(order_id, n || '-')))"),
        {"id": person.id, "words": words.in_sql, "numbers": [person.external_id, *person.numbers]},
    ).scalars()  # fmt: skip
    renamed = [{"old": order, "new": f"erased-{keyed.hash(order)[:24]}"} for order in named]
    kept["orders kept"] = run(
        connection, "update orders set customer_id = null, city = null where customer_id = :id", id=person.id
    )
    kept["order_items kept"] = run(
        connection,
        "update order_items set customer_id = null, description = without_words(description, :words)"
        " where customer_id = :id",
        id=person.id,
        words=words.in_sql,
    )
    for name in renamed:
        for table, column in (("orders", "order_id"), ("orders", "refund_of"), ("order_items", "order_id")):
            connection.execute(text(f"update {table} set {column} = :new where {column} = :old"), name)  # noqa: S608
    return kept


def _suppressions(connection: Connection, person: Person) -> int:
    return run(
        connection,
        "delete from suppressions where address = any(:own)",
        own=[address.lower() for _kind, address in person.own_addresses],
    )
