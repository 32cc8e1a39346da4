"""Whether the database can be worked with: it answers, and its schema is the one this code knows."""

from __future__ import annotations

from sqlalchemy import text

from core.errors import GiveUp
from database.engine import Database
from database.migrate import head


def check_database(database: Database) -> None:
    """Raise RetryLater when the database does not answer."""
    with database.before_login() as connection:
        connection.execute(text("select 1"))


def check_schema(database: Database) -> None:
    """Raise GiveUp when the schema is not at the revision this code knows; RetryLater when nothing answers."""
    with database.before_login() as connection:
        found = connection.execute(text("select version_num from public.alembic_version")).scalar_one_or_none()
    if found != (known := head()):
        raise GiveUp(f"The schema is at revision {found}, this code needs {known}: run `aima db upgrade`.")
