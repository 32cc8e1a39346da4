"""The people of an organisation: who is in, what they may do, and shutting them out. For administrators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import get_args

from sqlalchemy import Connection

from core.errors import FixArguments, NotFound
from core.identity import ADMIN, Identity, Role
from database.engine import Database
from database.queries import chat, people, sessions
from database.queries.people import Member
from tools.people.accounts import note

__all__ = ["disable_user", "enable_user", "list_users", "remove_user", "set_role"]

LAST = "{email} is the last administrator who can log in. Make somebody else an administrator first."


def list_users(database: Database, identity: Identity) -> Sequence[Member]:
    """Everybody with an account, by email address, with when they were last seen."""
    identity.require(ADMIN)
    with database.transaction(identity.org_id) as connection:
        return people.users(connection)


def disable_user(database: Database, identity: Identity, email: str) -> None:
    """Shut somebody out at once: their logins end and their keys open nothing; what they made stays."""
    with _changing(database, identity, email, weakens=True) as (connection, found):
        people.set_disabled(connection, found.id, disabled=True)
        ended = sessions.end_all(connection, found.id, "disabled")
        note(connection, identity, "user_disabled", found.email, sessions_ended=ended)


def enable_user(database: Database, identity: Identity, email: str) -> None:
    """Let somebody in again who was shut out; they log in anew."""
    with _changing(database, identity, email) as (connection, found):
        people.set_disabled(connection, found.id, disabled=False)
        note(connection, identity, "user_enabled", found.email)


def set_role(database: Database, identity: Identity, email: str, role: str) -> None:
    """Change what somebody may do, from their next click or call on."""
    if role not in get_args(Role):
        raise FixArguments(f"'{role}' is not a role.", field="role", valid=get_args(Role))
    with _changing(database, identity, email, weakens=role != "admin") as (connection, found):
        people.set_role(connection, found.id, role)
        note(connection, identity, "user_role", found.email, role=role, before=found.role)


def remove_user(database: Database, identity: Identity, email: str) -> None:
    """Delete an account with its logins, keys and conversations; what the person decided stays in the records."""
    with _changing(database, identity, email, weakens=True) as (connection, found):
        chat.forget(connection, found.email)
        people.remove(connection, found.id)
        note(connection, identity, "user_removed", found.email, role=found.role)


@contextmanager
def _changing(
    database: Database, identity: Identity, email: str, *, weakens: bool = False
) -> Iterator[tuple[Connection, Member]]:
    """A transaction that holds everybody's account, and the one meant.

    `weakens`: it will be no administrator's any more, so that it must not be the last.
    """
    identity.require(ADMIN)
    with database.transaction(identity.org_id) as connection:
        found = people.member(connection, email, lock=True)
        if found is None:
            raise NotFound(f"Nobody in this organisation has the address {email.strip()}.")
        others = [
            one for one in people.users(connection)
            if one.role == "admin" and one.disabled_at is None and one.id != found.id
        ]  # fmt: skip
        if weakens and found.role == "admin" and found.disabled_at is None and not others:
            raise FixArguments(LAST.format(email=found.email), field="email")
        yield connection, found
