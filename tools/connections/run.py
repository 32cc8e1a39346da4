"""One sync of a connection: what is new in each of its streams, loaded batch by batch with the position after it.

A batch and its position are one transaction: a sync that is killed goes on from its last batch, and no position is ever
ahead of the rows. A credential that is refused disables the connection, with an alert.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.sources.contract import NAMED_BY, Generated, Stream
from connectors.sources.cursors import Position
from connectors.sources.reading import Batch, read
from core.errors import AimaError, AskPerson, GiveUp, RetryLater
from core.identity import WRITE, Identity
from core.secrets import Vault
from database.queries import alerts, connections, coverage, jobs, locks
from database.queries.connections import ConnectionRow
from tools.connections.account import Account, SyncResult
from tools.connections.seal import Seal
from tools.imports.load import load_frames
from tools.imports.scores_after import EVERYBODY, job_after

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection

    from database.engine import Database

__all__ = ["JOB", "sync"]

JOB = "sync_connection"
LONGEST_S = 3600.0  # then it ends, and goes on in another job: none may run for hours
REMEDY = "Connect it again with a valid credential."
SHARED = frozenset({"day", "sku"})  # name a row in every source alike
Progress = Callable[[float, str], None]


def sync(
    database: Database,
    identity: Identity,
    connection: str,
    *,
    vault: Vault,
    now: datetime,
    progress: Progress = lambda _share, _what: None,
    ask_scores: bool = True,
    longest_s: float = LONGEST_S,
) -> SyncResult:
    """Bring in what is new in a connection (its name or id), then ask for the scores it changes, if wanted.

    Errors: NotFound; AskPerson (disabled: the credential is refused or cannot be read); RetryLater (the source is
    away, or another sync is at work); GiveUp (a stream cannot be read as declared; the others have been).
    """
    identity.require(WRITE)
    with database.transaction(identity.org_id) as transaction:
        row = connections.named(transaction, connection)
    if row.status != "active":
        raise AskPerson(f"{row.name} is disabled. {row.last_error or ''} {REMEDY}")
    with locks.alone(database.engine, JOB, str(row.id)) as taken:
        if not taken:
            raise RetryLater(f"{row.name} is being synced already.")
        seal = Seal(vault, identity.org_id, row.id)
        return _Sync(database, identity, row, seal, now, progress, ask_scores).run(time.monotonic() + longest_s)


@dataclass(slots=True)
class _Sync:
    """A sync at work, alone with its connection."""

    database: Database
    identity: Identity
    row: ConnectionRow
    seal: Seal
    now: datetime
    progress: Progress
    ask_scores: bool
    names_channels: bool = True  # its channels have the names they have everywhere

    def run(self, until: float) -> SyncResult:
        with self.database.transaction(self.identity.org_id) as transaction:
            self.row = connections.named(transaction, str(self.row.id))
            self.names_channels = connections.is_first_of_source(transaction, self.row)
            connections.begin(transaction, self.row.id, self.now)
        account = Account(self.row.name)
        try:
            self._read_streams(until, account)
        except AskPerson as error:
            self._end(account, partial(self._disable, error=error.message))
            raise
        except AimaError as error:
            self._end(account, partial(self._fail, error=error.message))
            raise
        self._end(account, lambda t: self._finish(t, account))
        if account.failed:
            raise GiveUp(" ".join(account.failed))
        return account.result()

    def _read_streams(self, until: float, account: Account) -> None:
        found, settings = self.seal.opened(self.row)
        kept = {name: self.seal.opened_position(position) for name, position in self.row.cursors.items()}
        unfinished = [s for s in found.streams if s.name not in kept or kept[s.name].page is not None]
        for number, stream in enumerate([*unfinished, *(s for s in found.streams if s not in unfinished)]):
            position = kept.get(stream.name, Position())
            try:
                for batch in read(found, stream, settings, position, self.now):
                    self._load(stream, batch, account)
                    self.progress(number / len(found.streams), f"{stream.name}: {account.records:,} records read")
                    if time.monotonic() > until:
                        account.complete = False
                        return
            except GiveUp as defect:
                account.failed.append(f"{stream.name}: {defect.message}")

    def _load(self, stream: Stream | Generated[Any], batch: Batch, account: Account) -> None:
        position = self.seal.position(batch.position)
        loaded = load_frames(
            self.database,
            self.identity,
            _prefixed(self.row.prefix, batch.tables, SHARED | {"channel"} if self.names_channels else SHARED),
            now=self.now,
            name=self.row.name,
            beside=lambda t: connections.advance(t, self.row.id, self.now, stream.name, position),
        )
        account.add(batch, loaded)

    def _end(self, account: Account, write: Callable[[Connection], None]) -> None:
        """Keep how it ended, and ask for what follows, in one transaction."""
        following = self._scores_after(account) if self.ask_scores else None
        with self.database.transaction(self.identity.org_id) as transaction:
            write(transaction)
            more = None if account.complete else (JOB, {"connection": str(self.row.id)})
            waiting = [(job.name, job.arguments) for job in jobs.queued(transaction)]
            for wanted in (following, more):
                if wanted and wanted not in waiting:
                    name, arguments = wanted
                    jobs.create(transaction, name, arguments, self.identity.actor)

    def _scores_after(self, account: Account) -> tuple[str, dict[str, Any]] | None:
        if self.row.started_at is None:
            return job_after(self.database, self.identity, account.result(), self.now)
        with self.database.transaction(self.identity.org_id) as transaction:  # one before was killed: whose is unknown
            return (EVERYBODY, {}) if coverage.scores_are_stale(transaction) else None

    def _finish(self, transaction: Connection, account: Account) -> None:
        error = " ".join(account.failed) or None
        result = account.result().model_dump(mode="json")
        complete = account.complete and not account.failed
        connections.finish(transaction, self.row.id, self.now, result, error=error, complete=complete)

    def _fail(self, transaction: Connection, error: str) -> None:
        connections.fail(transaction, self.row.id, self.now, error)

    def _disable(self, transaction: Connection, error: str) -> None:
        if connections.disable(transaction, self.row.id, self.now, error):
            title = f"{self.row.name} is not synced any more. {error} {REMEDY}"
            detail = {"connection": self.row.name, "source": self.row.source, "error": error}
            alerts.raise_alert(transaction, "connection_disabled", "high", title, detail)


def _prefixed(
    prefix: str, tables: Iterable[tuple[str, pl.DataFrame]], shared: frozenset[str]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Frames whose identifiers, but for the `shared` ones, cannot be taken for those of another connection."""
    import polars as pl

    for table, frame in tables:
        named = (set(NAMED_BY.get(table, ())) | {"customer", "campaign_id"}) - shared if prefix else set()
        yield table, frame.with_columns((pl.lit(prefix) + pl.col(c)).alias(c) for c in frame.columns if c in named)
