"""Contact points and consents in tables of their own, by kind and channel; the view of facts shows those there are."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, ask_once, isolate

revision = "0019"
down_revision = "0018"

SQL = Path(__file__).parent.parent / "sql"
TABLES = ("contact_points", "consents")
WAYS = {"insert": "new", "update": "new", "delete": "old"}
FACTS = (SQL / "0003_customer_facts.sql").read_text().rstrip().rstrip(";")
GROUPS = "g.cluster, g.cluster_confidence, g.discovered_group, g.discovered_confidence, g.behaviours"
JOIN = "left join customer_groups g on g.org_id = c.org_id and g.customer_id = c.id"
BACK = """
    alter table customers no force row level security;
    alter table contact_points no force row level security;
    alter table consents no force row level security;
    alter table customers add column email text, add column phone text,
        add column consent_email boolean, add column consent_sms boolean;
    alter table customers disable trigger user;
    update customers c set
        email = (select address from contact_points p
                 where p.org_id = c.org_id and p.kind = 'email' and p.customer_id = c.id),
        phone = (select address from contact_points p
                 where p.org_id = c.org_id and p.kind = 'phone' and p.customer_id = c.id),
        consent_email = (select granted from consents s
                         where s.org_id = c.org_id and s.channel = 'email' and s.customer_id = c.id),
        consent_sms = (select granted from consents s
                       where s.org_id = c.org_id and s.channel = 'sms' and s.customer_id = c.id);
    alter table customers enable trigger user;
    alter table customers force row level security;
"""


def upgrade() -> None:
    op.execute((SQL / "0019_contacts.sql").read_text())
    op.execute("revoke all on function show_contacts(text[], text[]) from public")
    for table in TABLES:
        isolate(table)
        ask_once(table)
        for way, rows in WAYS.items():
            op.execute(
                f"create trigger note_{way} after {way} on {table} referencing {rows} table as changed"
                " for each statement execute function note_customer_changes('customer_id')"
            )


def downgrade() -> None:
    op.execute("drop view customer_facts")
    op.execute("drop trigger forget_contacts on customers")
    op.execute(BACK)
    op.execute(FACTS.replace("\nfrom customers c", f",\n    {GROUPS}\nfrom customers c", 1) + f"\n{JOIN}")
    op.execute(f"grant select on customer_facts to {APP_ROLE}")
    for function in ("show_contacts(text[], text[])", "forget_contacts()"):
        op.execute(f"drop function {function}")
    for table in TABLES:
        op.execute(f"drop table {table}")
