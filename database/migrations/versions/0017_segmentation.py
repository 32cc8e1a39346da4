"""Groups found in the features, as fields of every customer; moves between segments, drift, playbooks."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, isolate

revision = "0017"
down_revision = "0016"

SQL = Path(__file__).parent.parent / "sql"
TABLES = ("groupings", "customer_groups", "membership_moves", "segment_drifts", "map_points", "playbooks")
FACTS = (SQL / "0003_customer_facts.sql").read_text()
COLUMNS = "g.cluster, g.cluster_confidence, g.discovered_group, g.discovered_confidence, g.behaviours"
JOIN = "left join customer_groups g on g.org_id = c.org_id and g.customer_id = c.id"

WAYS = {"insert": "new", "update": "new", "delete": "old"}


def upgrade() -> None:
    op.execute((SQL / "0017_segmentation.sql").read_text())
    for table in TABLES:
        isolate(table)
    for way, rows in WAYS.items():
        op.execute(
            f"create trigger note_{way} after {way} on customer_groups referencing {rows} table as changed"
            " for each statement execute function note_customer_changes('customer_id')"
        )
    wider = FACTS.replace("\nfrom customers c", f",\n    {COLUMNS}\nfrom customers c", 1)
    op.execute("drop view customer_facts")
    op.execute(wider.rstrip().rstrip(";") + f"\n{JOIN};")
    op.execute(f"grant select on customer_facts to {APP_ROLE}")


def downgrade() -> None:
    op.execute("drop view customer_facts")
    op.execute(FACTS)
    op.execute(f"grant select on customer_facts to {APP_ROLE}")
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
