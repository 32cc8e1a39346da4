"""Logins are rows that can be listed and ended; tries in vain are counted; a key remembers its last use."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from database.migrations.security import APP_ROLE, isolate, let_owner_look_up

revision = "0035"
down_revision = "0029"

SQL = Path(__file__).parent.parent / "sql"
KEY_FUNCTION = "login_by_key(text)"
FUNCTIONS = (
    "login_by_session(text, interval)",
    "count_login_try(text, integer, integer)",
    "login_is_known(text)",
    "login_succeeded(text, boolean)",
)


def upgrade() -> None:
    op.execute((SQL / "0035_sessions.sql").read_text())
    isolate("login_sessions")
    let_owner_look_up("login_sessions")
    op.execute("create policy counted_by_owner on login_tries to current_user using (true) with check (true)")
    for function in (*FUNCTIONS, KEY_FUNCTION):
        _let_in(function)


def _let_in(function: str) -> None:
    op.execute(f"revoke all on function {function} from public")
    op.execute(f"grant execute on function {function} to {APP_ROLE}")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    op.execute(f"drop function {KEY_FUNCTION}")
    op.execute((SQL / "0035_login_by_key_before.sql").read_text())
    _let_in(KEY_FUNCTION)
    op.execute("drop table login_sessions, login_tries")
    op.execute("alter table api_keys drop column last_used_at")
