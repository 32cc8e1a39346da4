"""Scores of a large organisation in a partition of their own, replaced as a whole."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, ask_once, isolate

revision = "0018"
down_revision = "0017"

SQL = Path(__file__).parent.parent / "sql"
TABLES = ("features", "rfm_scores", "churn_scores", "value_scores")
FUNCTIONS = ("begin_partition(text)", "end_partition(text, bigint)")
BEFORE = ("begin_vectors()", "end_vectors(bigint)")
WAYS = {"insert": "new", "update": "new", "delete": "old"}
UNDO = f"""
    do $$ declare facts text := pg_get_viewdef('customer_facts'::regclass); name text; begin
        drop view customer_facts;
        foreach name in array array{list(TABLES)} loop
            execute format('alter table %I no force row level security', name);
            execute format('alter table %I rename constraint %I to %I', name, 'pk_' || name, 'pk_' || name || '_parts');
            execute format('alter table %I rename to %I', name, name || '_parts');
            execute format(
                'create table %I (like %I including defaults including constraints,'
                ' constraint %I primary key (org_id, customer_id))', name, name || '_parts', 'pk_' || name);
            execute format('insert into %I select * from %I', name, name || '_parts');
            execute format('drop table %I', name || '_parts');
        end loop;
        execute 'create view customer_facts with (security_invoker = true) as ' || facts;
    end $$
"""  # noqa: S608 - names of our own


def upgrade() -> None:
    op.execute((SQL / "0018_score_partitions.sql").read_text())
    _secure()
    for function in FUNCTIONS:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP_ROLE}")
    for function in BEFORE:
        op.execute(f"drop function {function}")


def downgrade() -> None:
    op.execute(UNDO)
    _secure()
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    vectors = (SQL / "0013_vector_partitions.sql").read_text()
    op.execute(vectors[vectors.index("-- The name of an empty table") :])
    for function in BEFORE:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP_ROLE}")


def _secure() -> None:
    """The security and the triggers each table had."""
    op.execute(f"grant select on customer_facts to {APP_ROLE}")
    for table in TABLES:
        isolate(table)
        ask_once(table)
        for way, rows in WAYS.items():
            op.execute(
                f"create trigger note_{way} after {way} on {table} referencing {rows} table as changed"
                " for each statement execute function note_customer_changes('customer_id')"
            )
