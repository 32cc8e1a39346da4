"""Row-level security in one place: what a migration calls for each table it makes."""

from __future__ import annotations

from alembic import op

APP_ROLE = "aima_app"
SESSION_ORG = "nullif(current_setting('app.org_id', true), '')::uuid"


def ensure_app_role() -> None:
    """Make the restricted role where it is missing (roles belong to the cluster, so it is never dropped)."""
    op.execute(
        f"""do $$ begin
            if not exists (select from pg_roles where rolname = '{APP_ROLE}') then
                create role {APP_ROLE} nologin nosuperuser nobypassrls;
            end if;
            if not pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') then
                execute format('grant {APP_ROLE} to %I', current_user);
            end if;
        end $$"""
    )


def isolate(table: str, *, column: str = "org_id", grants: str = "select, insert, update, delete") -> None:
    """Force row-level security on `table` by organisation and grant the application's role what it may do."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy own_organisation on {table}"
        f" using ({column} = {SESSION_ORG}) with check ({column} = {SESSION_ORG})"
    )
    op.execute(f"grant {grants} on {table} to {APP_ROLE}")


def ask_once(table: str, *, once: bool = True) -> None:
    """Let statements on an isolated `table` ask for the organisation once, not at every row they read or write.

    Asking costs as much as reading a short row; where millions of rows are read it counts. `once=False` takes it back.
    """
    own = f"(select {SESSION_ORG})" if once else SESSION_ORG
    op.execute(f"alter policy own_organisation on {table} using (org_id = {own}) with check (org_id = {own})")


def show_what_counts(table: str, *, only: bool = True) -> None:
    """Hide rows of an isolated `table` without revenue (kept apart: no exchange rate) but from who asks for them.

    Whatever counts orders cannot forget it so. Who has to see all rows (loads, erasing) sets app.kept_apart to 'shown'
    for the transaction.
    """
    own, shown = f"(select {SESSION_ORG})", "(select current_setting('app.kept_apart', true) = 'shown')"
    seen = f"org_id = {own} and (revenue is not null or {shown})" if only else f"org_id = {own}"
    op.execute(f"alter policy own_organisation on {table} using ({seen}) with check (org_id = {own})")


def let_owner_look_up(table: str) -> None:
    """Let the owner's lookup functions read `table` before an organisation is known."""
    op.execute(f"create policy owner_lookup on {table} for select to current_user using (true)")
