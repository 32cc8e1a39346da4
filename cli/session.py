"""One command's work: the engines for its length, the wired parts, and the organisation it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from core.errors import FixArguments
from core.identity import OWN_SHOP, ROLE_SCOPES, Identity
from core.settings import Settings

if TYPE_CHECKING:
    from database.engine import Database
    from tools.runtime import Runtime

DEFAULT_SLUG = OWN_SHOP
DEMO_SLUG = "demo"


@dataclass(frozen=True, slots=True)
class Session:
    """What a command works with."""

    settings: Settings
    runtime: Runtime

    @property
    def database(self) -> Database:
        """The database as the restricted role."""
        return self.runtime.database


@contextmanager
def opened(home: Path | None = None) -> Iterator[Session]:
    """Engines (joined or started), newest schema, wired runtime; all closed when the block ends."""
    from cli.engines import running_engines
    from cli.environment import settings_for
    from cli.wiring import bring_up_to_date, build_runtime, settings_with

    settings = settings_for(home)
    with running_engines(settings.home, settings=settings) as engines:
        bring_up_to_date(engines.owner_url)
        wired = settings_with(settings, engines)
        runtime = build_runtime(wired)
        try:
            yield Session(wired, runtime)
        finally:
            runtime.close()


def organisation(database: Database, slug: str | None) -> UUID:
    """The organisation a command is about: the one named, else the only one that is not the demo, else the demo.

    FixArguments when none exists, none has that name, or the choice is open.
    """
    from database.queries import organisations

    with database.before_login() as connection:
        ids = {name: org_id for org_id, name in organisations.served(connection)}
    if slug is not None:
        if slug not in ids:
            raise FixArguments(f"There is no organisation '{slug}'.", field="org", valid=sorted(ids))
        return ids[slug]
    own = sorted(set(ids) - {DEMO_SLUG})
    if len(own) > 1:
        raise FixArguments("Several organisations are here: say which with --org.", field="org", valid=sorted(ids))
    if not ids:
        raise FixArguments("There is no data yet: run `aima import FILE`, or `aima demo` for a shop to try.")
    return ids[own[0] if own else DEMO_SLUG]


def shell_identity(org_id: UUID) -> Identity:
    """Whoever can run commands on this machine's data folder administers it."""
    return Identity(org_id=org_id, actor="shell", scopes=ROLE_SCOPES["admin"], door="cli", person=True)
