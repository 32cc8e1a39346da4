"""Organisations never see each other, even where a query forgets to say whose rows it wants."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import ProgrammingError

from database import migrate
from database.engine import Database
from tests.conftest import make_organisation


def org_tables(database: Database) -> list[str]:
    with database.before_login() as connection:
        names = connection.execute(
            text(
                """
                select c.table_name from information_schema.columns c
                join pg_class k on k.relname = c.table_name and k.relnamespace = 'public'::regnamespace
                where c.table_schema = 'public' and c.column_name = 'org_id'
                  and k.relkind in ('r', 'p') and not k.relispartition
                """
            )
        )
        return sorted(row.table_name for row in names)


def test_every_table_with_an_organisation_forces_row_level_security(database: Database) -> None:
    with database.before_login() as connection:
        forced = {
            row.relname: (row.relrowsecurity, row.relforcerowsecurity)
            for row in connection.execute(
                text(
                    "select relname, relrowsecurity, relforcerowsecurity from pg_class"
                    " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
                )
            )
        }
    tables = org_tables(database)
    assert len(tables) >= 30
    assert {t: forced[t] for t in (*tables, "organisations")} == dict.fromkeys((*tables, "organisations"), (True, True))


def test_the_application_is_neither_owner_nor_superuser(database: Database) -> None:
    with database.before_login() as connection:
        role = connection.execute(
            text("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        ).one()
        owners = set(connection.execute(text("select tableowner from pg_tables where schemaname = 'public'")).scalars())
    assert (role.rolsuper, role.rolbypassrls) == (False, False)
    assert role.rolname not in owners


def test_a_query_that_forgets_its_organisation_sees_its_own_rows_only(database: Database) -> None:
    ours, theirs = make_organisation(database), make_organisation(database)
    for org, name in ((ours, "ours"), (theirs, "theirs")):
        with database.transaction(org) as connection:
            connection.execute(text("insert into customers (external_id) values (:n)"), {"n": name})
    with database.transaction(ours) as connection:
        assert connection.execute(text("select external_id from customers")).scalars().all() == ["ours"]
        assert connection.execute(text("select external_id from customer_facts")).scalars().all() == ["ours"]
        changed = connection.execute(text("update customers set name = 'x' where org_id = :o"), {"o": theirs})
        assert changed.rowcount == 0


def test_nobody_writes_into_another_organisation(database: Database, organisation: UUID) -> None:
    other = make_organisation(database)
    with pytest.raises(ProgrammingError, match="row-level security"), database.transaction(organisation) as connection:
        connection.execute(text("insert into customers (org_id, external_id) values (:o, 'x')"), {"o": other})


def test_without_an_organisation_nothing_is_visible(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        connection.execute(text("insert into customers (external_id) values ('a')"))
    for table in org_tables(database):
        with database.before_login() as connection:
            assert connection.execute(text(f"select count(*) from {table}")).scalar() == 0


def test_an_organisation_does_not_outlive_its_transaction(database: Database, organisation: UUID) -> None:
    """A pooled connection that served one organisation starts the next transaction with none."""
    with database.transaction(organisation) as connection:
        connection.execute(text("insert into customers (external_id) values ('a')"))
    for _ in range(10):
        with database.before_login() as connection:
            assert connection.execute(text("select count(*) from customers")).scalar() == 0


def test_a_partition_cannot_be_read_around_its_parent(database: Database, organisation: UUID) -> None:
    with database.before_login() as connection:
        partition = connection.execute(
            text("select relname from pg_class where relispartition and relkind = 'r' limit 1")
        ).scalar_one()
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction(organisation) as connection:
        connection.execute(text(f"select * from {partition}"))


def test_arrow_reads_are_bound_to_one_organisation_too(database: Database) -> None:
    ours, theirs = make_organisation(database), make_organisation(database)
    for org, name in ((ours, "ours"), (theirs, "theirs")):
        with database.transaction(org) as connection:
            connection.execute(text("insert into customers (external_id) values (:n)"), {"n": name})
    with database.arrow(ours) as connection, connection.cursor() as cursor:
        cursor.execute("select external_id from customers")
        assert cursor.fetchall() == [("ours",)]


def test_what_was_approved_cannot_be_rewritten(database: Database, organisation: UUID) -> None:
    with database.transaction(organisation) as connection:
        connection.execute(
            text(
                "insert into proposals (kind, title, payload, content_hash, created_by)"
                " values ('campaign', 't', '{}', 'h', 'x')"
            )
        )
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction(organisation) as connection:
        connection.execute(text("update proposals set payload = '{\"changed\": true}'"))


@pytest.mark.parametrize("statement", ["update audit_log set actor = 'me'", "delete from audit_log"])
def test_the_audit_log_is_only_ever_added_to(database: Database, organisation: UUID, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction(organisation) as connection:
        connection.execute(text(statement))


def test_migrations_go_up_and_down_and_match_the_models(engines: object, database: Database) -> None:
    """In a database of its own: up, all the way down, up again; then the models and the schema are compared."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine, make_url

    from database.tables import Base

    owner_url = engines.owner_url  # type: ignore[attr-defined]
    name = f"migrations_{uuid4().hex[:8]}"
    admin = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    url = make_url(owner_url).set(database=name).render_as_string(hide_password=False)
    try:
        migrate.upgrade(url)
        assert migrate.current(url) == migrate.head()
        migrate.downgrade(url)
        engine = create_engine(url)
        assert inspect(engine).get_table_names() == ["alembic_version"]
        migrate.upgrade(url)
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "include_object": _is_ours, "include_schemas": False}
            )
            assert compare_metadata(context, Base.metadata) == []
        engine.dispose()
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
        admin.dispose()


def _is_ours(thing: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    partitions = (
        "orders_",
        "events_",
        "customer_vectors_",
        "features_",
        "rfm_scores_",
        "churn_scores_",
        "value_scores_",
    )
    return not (kind == "table" and reflected and (name or "").startswith(partitions))
