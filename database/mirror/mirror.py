"""Mirrors of the organisations a process is asked about, kept up to date as they are asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection, text

from core.memory import give_back
from database.arrow import read_frame
from database.changes import Changes, changes_since
from database.engine import Database

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FEWEST_CUSTOMERS", "Mirror", "Mirrors"]

FEWEST_CUSTOMERS = 50_000  # smaller shops are counted fast enough without a mirror
MOST_MIRRORS = 4
MOST_PATCHED = 10_000  # customers read anew one by one; beyond, everybody is
MOST_WORDS = 10_000  # different words of a column that is held as codes
OLDEST = timedelta(hours=12)  # changes are remembered for a day (note_customer_changes)
LEFT_OUT = ("org_id", "churn_drivers")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mirror:
    """customer_facts of one organisation as of a snapshot of the database.

    Columns as in the view, and `has_email`, `may_email` (has one and agreed). Where different words are few the column
    is Categorical, and `words` has those that occur.
    """

    frame: pl.DataFrame
    words: Mapping[str, pl.Series]
    snapshot: str
    read_at: datetime


class Mirrors:
    """The mirrors of this process, by organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._held: dict[UUID, Mirror] = {}
        self._coming: dict[UUID, Future[Mirror]] = {}
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="mirror")

    def fresh(self, connection: Connection, org_id: UUID) -> Mirror | None:
        """The facts as `connection` (bound to `org_id`) sees them, or None: then ask the database itself.

        Never waits for everybody's facts to be read: that happens in a thread, for later questions.
        """
        held = self._take(org_id)
        if held is None:
            if _customers(connection) >= FEWEST_CUSTOMERS:
                self._start(org_id)
            return None
        changes = changes_since(connection, held.snapshot)
        if changes.none:
            return held
        if changes.own:
            return None
        if changes.customers is None or len(changes.customers) > MOST_PATCHED:
            self._start(org_id)
            return None
        return self._patch(org_id, held, changes)

    def load(self, org_id: UUID) -> Mirror:
        """Read everybody's facts now."""
        return self._keep(org_id, _read(self._database, org_id))

    def close(self) -> None:
        """Let go of everything."""
        self._reader.shutdown(cancel_futures=True)
        self._held.clear()

    def _take(self, org_id: UUID) -> Mirror | None:
        """The mirror at hand, if it is not too old to know what it missed; it counts as used last."""
        with self._lock:
            held = self._held.pop(org_id, None)
            if held is None or datetime.now(UTC) - held.read_at > OLDEST:
                return None
            self._held[org_id] = held
            return held

    def _keep(self, org_id: UUID, mirror: Mirror) -> Mirror:
        with self._lock:
            self._held.pop(org_id, None)
            self._held[org_id] = mirror
            while len(self._held) > MOST_MIRRORS:
                del self._held[next(iter(self._held))]
        return mirror

    def _start(self, org_id: UUID) -> None:
        with self._lock:
            if org_id in self._coming and not self._coming[org_id].done():
                return
            self._coming[org_id] = self._reader.submit(self.load, org_id)
            self._coming[org_id].add_done_callback(_tell)

    def _patch(self, org_id: UUID, held: Mirror, changes: Changes) -> Mirror:
        import polars as pl

        assert changes.customers is not None  # noqa: S101 - the caller has looked
        ids = sorted(changes.customers)
        new = _read(self._database, org_id, ids)
        kept = held.frame.filter(~pl.col("customer_id").is_in(ids))
        changed = _alike(new.frame, kept.schema)
        words = {name: pl.concat([had, _words(changed[name])]).unique() for name, had in held.words.items()}
        return self._keep(org_id, Mirror(pl.concat([kept, changed]), words, new.snapshot, held.read_at))


def _tell(done: Future[Mirror]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("A mirror of customers could not be read (%s); the database answers.", type(error).__name__)


def _customers(connection: Connection) -> int:
    query = text("select rows from data_coverage where table_name = 'customers'")
    return int(connection.execute(query).scalar() or 0)


def _read(database: Database, org_id: UUID, ids: list[int] | None = None) -> Mirror:
    """Facts of everybody, or of `ids`, and the snapshot they are of: one transaction that sees one state."""
    read_at = datetime.now(UTC)
    with database.arrow(org_id, one_snapshot=True, whole=ids is None) as connection:
        snapshot = str(read_frame(connection, "select pg_current_snapshot()::text as snapshot").item())
        columns = read_frame(connection, "select * from customer_facts limit 0").columns
        chosen = ", ".join(name for name in columns if name not in LEFT_OUT)
        facts = f"select {chosen} from customer_facts"  # noqa: S608 - the view's own columns
        only, values = ("", []) if ids is None else (" where customer_id = any($1)", [ids])
        frame = read_frame(connection, facts + only, values)
    mirror = _mirror(frame, snapshot, read_at)
    del frame
    if ids is None:
        give_back()
    return mirror


def _mirror(frame: pl.DataFrame, snapshot: str, read_at: datetime) -> Mirror:
    import polars as pl

    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    few = [name for name in texts if frame[name].n_unique() <= MOST_WORDS]
    has = pl.col("email").cast(pl.String).fill_null("") != ""
    agreed = pl.col("consent_email").fill_null(value=False)
    coded = (pl.col(name).cast(pl.Categorical) for name in few)
    words = {name: _words(frame[name]) for name in few}
    return Mirror(frame.with_columns(*coded, has_email=has, may_email=has & agreed).rechunk(), words, snapshot, read_at)


def _words(column: pl.Series) -> pl.Series:
    import polars as pl

    return column.unique().drop_nulls().cast(pl.String)


def _alike(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The frame with the types of another one (words held as codes there, as text there)."""
    import polars as pl

    return frame.select(pl.col(name).cast(pl.String).cast(kind) if kind in (pl.String, pl.Categorical) else
                        pl.col(name).cast(kind) for name, kind in schema.items())  # fmt: skip
