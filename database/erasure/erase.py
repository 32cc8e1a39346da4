"""One person erased from the database, in the transaction at hand: all of it or nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from core.keyed_hash import KeyedHash
from database.erasure.conversations import erase_conversations
from database.erasure.journal import erase_journal
from database.erasure.marks import keep_marks
from database.erasure.mentions import Rehash, erase_mentions, erase_proposals
from database.erasure.person import Person
from database.erasure.rows import erase_rows
from database.erasure.words import Words, words_of
from database.loading.coverage import TIME_COLUMNS, recount
from database.loading.statement import run
from database.queries import erasures

__all__ = ["Erased", "erase_from_database", "spared", "words_for"]

# Tables whose statistics may hold samples of what went, beside those whose rows are counted.
CONVERSED = (
    "chat.threads", "chat.steps", "chat.elements", "chat.feedbacks", "chat.contents",
    "checkpoints.checkpoints", "checkpoints.checkpoint_blobs", "checkpoints.checkpoint_writes",
)  # fmt: skip
JOURNAL = ("import_changes", "import_rows")


@dataclass(frozen=True, slots=True)
class Erased:
    """What went, by place; the marks that are kept; the services that carried messages, with how many."""

    places: Counter[str]
    marks: int
    refusals: int
    services: dict[str, int]


def words_for(connection: Connection, person: Person) -> Words:
    """The words by which texts of this organisation name a person."""
    return words_of(connection, person, spared(connection))


def spared(connection: Connection) -> list[str]:
    """Addresses of people who log in, and of senders: theirs by another right than a customer's."""
    rows = connection.execute(
        text("select email from users union select sender from channel_accounts where sender is not null"
             " union select reply_to from channel_accounts where reply_to is not null")
    )  # fmt: skip
    return list(rows.scalars())


def erase_from_database(
    connection: Connection,
    org_id: UUID,
    person: Person,
    words: Words,
    keyed: KeyedHash,
    erasure: UUID,
    now: datetime,
    rehash: Rehash,
) -> Erased:
    """Take everything of a person away, in a transaction that takes turns with loads (`taking_turns`).

    RetryLater while a message is being handed over to them; nothing has changed then.
    """
    services = erasures.services_of(connection, person.id)
    marks, refusals = keep_marks(connection, person, keyed, erasure)
    places = erase_proposals(connection, person, words, rehash)
    places += erase_rows(connection, person, words, keyed)
    places["rows kept with imports"] = erase_journal(connection, person, words)
    places += erase_conversations(connection, org_id, words)
    places += erase_mentions(connection, person, words)
    _note(connection, places, now)
    return Erased(+places, marks, refusals, services)


def _note(connection: Connection, places: Counter[str], now: datetime) -> None:
    """What is counted is counted anew, mirrors read everybody afresh, and statistics forget what they sampled."""
    tables = {place.removesuffix(" kept") for place, rows in places.items() if rows}
    for table in sorted(tables & TIME_COLUMNS.keys()):
        recount(connection, table, now)
    run(connection, "insert into customer_changes (customer_ids) values (null)")
    known = connection.execute(
        text("select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
             " where n.nspname = 'public' and c.relname = any(:names)"),
        {"names": sorted(tables)},
    ).scalars()  # fmt: skip
    for table in (*sorted(known), *JOURNAL, *CONVERSED):
        run(connection, "select erase_statistics(:table)", table=table)
