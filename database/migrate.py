"""Bring a database to a schema revision, as its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, text

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 4_817_260  # any fixed number: two processes migrating at once take turns


@contextmanager
def _alembic(owner_url: str) -> Iterator[tuple[Config, Connection]]:
    from alembic.config import Config

    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:k)"), {"k": LOCK})
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            yield config, connection
    finally:
        engine.dispose()


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Apply migrations up to `revision` in one transaction; does nothing when it is there already."""
    from alembic import command

    with _alembic(owner_url) as (config, _):
        command.upgrade(config, revision)


def show_contacts(owner_url: str, kinds: Iterable[str], channels: Iterable[str]) -> None:
    """Have customer_facts show the address of each kind, and consent_<channel> for each channel; else left as it is."""
    with _alembic(owner_url) as (_, connection):
        connection.execute(
            text("select show_contacts(:kinds, :channels)"), {"kinds": list(kinds), "channels": list(channels)}
        )


def downgrade(owner_url: str, revision: str = "base") -> None:
    """Undo migrations down to `revision`; the tables they made are dropped with their rows."""
    from alembic import command

    with _alembic(owner_url) as (config, _):
        command.downgrade(config, revision)


def current(owner_url: str) -> str | None:
    """The revision the database is at; None for an empty one."""
    from alembic.runtime.migration import MigrationContext

    with _alembic(owner_url) as (_, connection):
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision this code knows."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    revision = ScriptDirectory.from_config(config).get_current_head()
    assert revision is not None  # noqa: S101 - the folder ships with the code
    return revision
