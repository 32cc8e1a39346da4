"""What a tool may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.calendar import Calendar
from core.identity import Identity
from core.settings import Settings, get_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from database.engine import Database
    from database.mirror.mirror import Mirror, Mirrors
    from database.queries.organisations import Profile

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """Who calls, the database, the time, progress, the way to start a job, and the settings of this installation.

    `thread_id` and `call_id` name the conversation and the call a proposal comes from (asking twice makes one).
    """

    identity: Identity
    database: Database
    now: datetime
    enqueue: Callable[[Identity, str, Mapping[str, Any]], UUID]
    progress: Callable[[float, str], None] = field(default=lambda _share, _what: None)
    thread_id: str | None = None
    call_id: str | None = None
    settings: Settings = field(default_factory=get_settings, repr=False)
    mirrors: Mirrors | None = field(default=None, repr=False)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that holds the caller's organisation only."""
        with self.database.transaction(self.identity.org_id) as connection:
            yield connection

    def mirror(self, connection: Connection) -> Mirror | None:
        """The caller's customers as columns in memory, where they are there and equal what `connection` sees."""
        return None if self.mirrors is None else self.mirrors.fresh(connection, self.identity.org_id)

    def calendar(self) -> Calendar:
        """Days as the caller's organisation counts them."""
        return Calendar(self.profile().time_zone)

    def profile(self) -> Profile:
        """What the caller's organisation has told of itself."""
        from database.queries import organisations

        with self.transaction() as connection:
            return organisations.profile(connection)
