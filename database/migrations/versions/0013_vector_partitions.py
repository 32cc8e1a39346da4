"""A partition of vectors for each organisation, indexed after its rows are written."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, isolate

revision = "0013"
down_revision = "0012"

SQL = Path(__file__).parent.parent / "sql"
FUNCTIONS = ("begin_vectors()", "end_vectors(bigint)")
COLUMNS = "org_id, customer_id, vector, as_of, model_run_id, computed_at"
MOVE = f"""
    do $$ declare org record; loading text; moved bigint; begin
        for org in select distinct org_id as id from customer_vectors_before loop
            perform set_config('app.org_id', org.id::text, true);
            loading := begin_vectors();
            execute format(
                'insert into %I ({COLUMNS}) select {COLUMNS} from customer_vectors_before where org_id = %L',
                loading, org.id);
            get diagnostics moved = row_count;
            perform end_vectors(moved);
        end loop;
        perform set_config('app.org_id', '', true);
    end $$
"""  # noqa: S608 - names of our own


def upgrade() -> None:
    op.execute((SQL / "0013_vector_partitions.sql").read_text())
    isolate("customer_vectors")
    for function in FUNCTIONS:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to {APP_ROLE}")
    op.execute(MOVE)
    op.execute("drop table customer_vectors_before")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.execute("alter table customer_vectors rename to customer_vectors_before")
    op.execute(
        "alter table customer_vectors_before rename constraint pk_customer_vectors to pk_customer_vectors_before"
    )
    op.execute("drop index ix_customer_vectors_vector")
    op.execute("alter table customer_vectors_before no force row level security")
    op.execute((SQL / "0009_vectors.sql").read_text())
    op.execute(f"insert into customer_vectors ({COLUMNS}) select {COLUMNS} from customer_vectors_before")  # noqa: S608
    isolate("customer_vectors")
    op.execute("drop table customer_vectors_before")
