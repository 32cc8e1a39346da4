"""Taking an organisation's data away: everything but the organisation, its people and the record of what was done."""

from __future__ import annotations

from sqlalchemy import Connection, text

from database.tables import Base

KEPT = frozenset(
    {
        "api_keys",
        "approvals",
        "audit_log",
        "campaign_history",
        "customer_changes",
        "endorsements",
        "erasure_marks",
        "erasures",
        "import_mappings",
        "login_sessions",
        "message_events",
        "users",
    }
)


def empty(connection: Connection) -> None:
    """Delete every row of every table of data that belongs to the organisation at hand."""
    connection.execute(text("select set_config('app.kept_apart', 'shown', true)"))
    for table in Base.metadata.sorted_tables:
        if "org_id" in table.columns and table.name not in KEPT:
            connection.execute(text(f"delete from {table.name}"))  # noqa: S608 - names of our own tables
