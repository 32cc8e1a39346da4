"""People with accounts, and what was written down of them."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import text

from database.engine import Database
from tools.people.accounts import add_user

__all__ = ["PASSWORD", "recorded", "someone"]

PASSWORD = "a long password"


def someone(database: Database, org_id: UUID, role: str = "manager") -> str:
    """The address of somebody new, who logs in with PASSWORD."""
    address = f"{uuid4()}@example.com"
    add_user(database, org_id, email=address, password=PASSWORD, role=role)
    return address


def recorded(database: Database, org_id: UUID, subject: str) -> list[tuple[str, str]]:
    """The audit log of `subject`: what was done, and who did it."""
    query = text("select action, actor from audit_log where subject = :s order by id")
    with database.transaction(org_id) as connection:
        return [(row.action, row.actor) for row in connection.execute(query, {"s": subject})]
