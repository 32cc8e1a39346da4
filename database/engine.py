"""The one way to the database: a transaction bound to one organisation, as the restricted role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

from core.errors import GiveUp
from core.keyed_hash import KeyedHash
from core.secrets import secret_key
from core.settings import Settings
from database.trouble import in_words

if TYPE_CHECKING:
    import psycopg
    from adbc_driver_manager.dbapi import Connection as AdbcConnection

APP_ROLE = "aima_app"
# customer_facts joins ten tables: with the usual limit of eight the planner would join everybody's rows of them all
# before it looks at the few customers that a condition picks.
JOINED_AT_ONCE = "select set_config('join_collapse_limit', '16', false), set_config('from_collapse_limit', '16', false)"


class Database:
    """A pool of connections that always act as the restricted role.

    `url` may log in as the restricted role itself, or as an owner that is a member of it: then each connection
    starts with SET ROLE, so that row-level security holds in both cases. `secret` gives the installation's secret key,
    asked for only where people were erased, or are being.
    """

    def __init__(self, url: str, *, pool_size: int = 5, secret: Callable[[], bytes] | None = None) -> None:
        self.url = make_url(url)
        self._secret = secret
        self.engine: Engine = create_engine(self.url, pool_size=pool_size, max_overflow=10, pool_pre_ping=True)
        event.listen(self.engine, "connect", _become_restricted)

    @classmethod
    def from_settings(cls, settings: Settings) -> Database:
        """The database the settings name; GiveUp when they name none."""
        url = settings.app_database_url or settings.database_url
        if url is None:
            raise GiveUp("No database: run `aima up`, or set DATABASE_URL.")
        return cls(url.get_secret_value(), secret=lambda: secret_key(settings))

    def keyed_hash(self, org_id: UUID) -> KeyedHash:
        """Hashes by which people of `org_id` who were erased are known again."""
        if self._secret is None:
            raise GiveUp("This database was opened without the installation's key, by which erased people are known.")
        return KeyedHash.of(self._secret(), org_id)

    @contextmanager
    def transaction(self, org_id: UUID) -> Iterator[Connection]:
        """A transaction that sees and writes the rows of `org_id` only; commits on success.

        RetryLater, here and below, where the disk is full or the database is away: nothing was written then.
        """
        with in_words(), self.engine.begin() as connection:
            bind_organisation(connection, org_id)
            yield connection

    @contextmanager
    def before_login(self) -> Iterator[Connection]:
        """A transaction with no organisation: it can call the lookup functions and sees no row of any table."""
        with in_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def arrow(self, org_id: UUID, *, one_snapshot: bool = False, whole: bool = True) -> Iterator[AdbcConnection]:
        """An ADBC connection for bulk reads into Arrow, bound to `org_id` as the restricted role.

        `one_snapshot`: everything read sees the database at one instant. `whole`: tables are read whole, which one
        process does faster than the driver takes the rows; only few rows among many are looked for by several.
        """
        from adbc_driver_postgresql import dbapi

        with in_words(), dbapi.connect(self.libpq_uri()) as connection:
            with connection.cursor() as cursor:
                if one_snapshot:
                    cursor.execute("set transaction isolation level repeatable read")
                if whole:
                    cursor.execute("set max_parallel_workers_per_gather = 0")
                cursor.execute(JOINED_AT_ONCE)
                cursor.execute(f"set role {APP_ROLE}")
                cursor.execute(f"set app.org_id = '{org_id}'")  # a UUID object: nothing to escape
            yield connection

    def libpq_uri(self) -> str:
        """The same address in libpq's form, for drivers that are not SQLAlchemy's (password included)."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def bind_organisation(connection: Connection, org_id: UUID) -> None:
    """Bind the rest of this transaction to one organisation."""
    connection.execute(text("select set_config('app.org_id', :org, true)"), {"org": str(org_id)})


def bind_session(connection: Connection, org_id: UUID) -> None:
    """Bind a connection of one's own to one organisation until its session ends; invalidate it afterwards.

    A session that is lost and silently opened again is bound to none, and sees no row.
    """
    connection.execute(text("select set_config('app.org_id', :org, false)"), {"org": str(org_id)})


def driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    """The psycopg connection under a SQLAlchemy one, for COPY inside the same transaction."""
    raw = connection.connection.driver_connection
    if raw is None:
        raise GiveUp("The database connection was closed while in use.")
    return raw  # type: ignore[no-any-return]


def _become_restricted(dbapi_connection: psycopg.Connection[Any], _record: object) -> None:
    before = dbapi_connection.autocommit
    dbapi_connection.autocommit = True
    dbapi_connection.execute(f"set role {APP_ROLE}; set timezone to 'UTC'; {JOINED_AT_ONCE}")
    dbapi_connection.autocommit = before
