"""What is kept of a person who was erased: keyed hashes, by which later files and refusals are known."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, text

from core.keyed_hash import KeyedHash
from database.erasure.person import Person
from database.loading.statement import run

__all__ = ["keep_marks", "lift_marks"]

_KEEP = text(
    "insert into erasure_marks (hash, channel, reason, erasure_id) values (:hash, :channel, :reason, :erasure)"
    " on conflict do nothing"
)


def keep_marks(connection: Connection, person: Person, keyed: KeyedHash, erasure: UUID) -> tuple[int, int]:
    """Keep what the person is known by, and which of their addresses must not be written to; how many of each.

    To be called before their rows go.
    """
    refused = connection.execute(
        text("select channel, address, reason from suppressions where address = any(:own)"),
        {"own": [address.lower() for _kind, address in person.own_addresses]},
    ).all()
    rows = [{"hash": keyed.hash(mark), "channel": "", "reason": None} for mark in sorted(person.marks)]
    rows += [{"hash": keyed.hash(r.address), "channel": r.channel, "reason": r.reason} for r in refused]
    for row in rows:
        connection.execute(_KEEP, {**row, "erasure": erasure})
    return len(person.marks), len(refused)


def lift_marks(connection: Connection, keyed: KeyedHash, who: str) -> int:
    """Let somebody who was erased be loaded again, by a number or address; how many marks went.

    What must not be written to stays so.
    """
    return run(connection, "delete from erasure_marks where hash = :hash and channel = ''", hash=keyed.hash(who))
