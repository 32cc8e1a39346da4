"""What a process wires together once: the database, the clock, the way to the queue, the catalogue, settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core.clock import utc_now
from core.conventions import Conventions
from core.identity import Identity
from core.settings import Settings, get_settings
from database.engine import Database
from database.mirror.mirror import Mirrors
from tools.catalogue import Catalogue
from tools.context import Context
from tools.results import ToolResult

Enqueue = Callable[[Identity, str, Mapping[str, Any]], UUID]
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Runtime:
    """A process's wiring, and the mirrors it holds; every door calls tools through it."""

    catalogue: Catalogue
    database: Database
    enqueue: Enqueue
    clock: Callable[[], datetime] = field(default=utc_now)
    settings: Settings = field(default_factory=get_settings, repr=False)
    mirrors: Mirrors = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mirrors", Mirrors(self.database))

    def close(self) -> None:
        """Let go of mirrors, close every connection to the database."""
        self.mirrors.close()
        self.database.dispose()

    def context(
        self,
        identity: Identity,
        *,
        progress: Progress | None = None,
        thread_id: str | None = None,
        call_id: str | None = None,
    ) -> Context:
        """A tool's context for `identity`, at this instant."""
        return Context(
            identity=identity,
            database=self.database,
            now=self.clock(),
            enqueue=self.enqueue,
            progress=progress or (lambda _share, _what: None),
            thread_id=thread_id,
            call_id=call_id,
            settings=self.settings,
            mirrors=self.mirrors,
        )

    def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        identity: Identity,
        *,
        progress: Progress | None = None,
        thread_id: str | None = None,
        call_id: str | None = None,
    ) -> ToolResult:
        """Call a tool of the catalogue as `identity`; the errors of core/errors.py pass through."""
        context = self.context(identity, progress=progress, thread_id=thread_id, call_id=call_id)
        return self.catalogue.call(name, arguments, context)

    def conventions(self, identity: Identity) -> Conventions:
        """How the organisation of `identity` counts weeks and years and writes dates."""
        return self.context(identity).profile().conventions
