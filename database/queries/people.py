"""Organisations, people and their keys: making them, and finding them before an organisation is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from database.tables.identity import ApiKey, Organisation, User


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can log in."""

    id: UUID
    org_id: UUID
    email: str
    name: str | None
    role: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Key:
    """An API key and the rights of the person it belongs to."""

    id: UUID
    org_id: UUID
    user_id: UUID
    name: str
    role: str
    scopes: tuple[str, ...]


def create_organisation(
    connection: Connection,
    org_id: UUID,
    *,
    slug: str,
    name: str,
    time_zone: str,
    currency: str,
    assumed: Sequence[str],
    is_demo: bool,
) -> bool:
    """Insert the organisation the transaction is bound to; False when its slug is taken."""
    statement = pg_insert(Organisation).values(
        id=org_id, slug=slug, name=name, time_zone=time_zone, currency=currency, assumed=list(assumed), is_demo=is_demo
    )
    made = connection.execute(statement.on_conflict_do_nothing(index_elements=["slug"]).returning(Organisation.id))
    return made.first() is not None


def create_user(connection: Connection, *, email: str, name: str | None, role: str, password_hash: str) -> UUID | None:
    """Insert a person; None when the email address has an account already (in any organisation)."""
    statement = pg_insert(User).values(email=email, name=name, role=role, password_hash=password_hash)
    return connection.execute(
        statement.on_conflict_do_nothing(index_elements=["email"]).returning(User.id)
    ).scalar_one_or_none()


def set_password(connection: Connection, email: str, password_hash: str) -> bool:
    """Change a password; False when nobody here has that address."""
    changed = connection.execute(update(User).where(User.email == email).values(password_hash=password_hash))
    return changed.rowcount == 1


def users(connection: Connection) -> Sequence[User]:
    """Everybody of the organisation, by email address."""
    with_session = select(User.id, User.email, User.name, User.role, User.disabled_at).order_by(User.email)
    return connection.execute(with_session).all()  # type: ignore[return-value]


def create_key(
    connection: Connection,
    *,
    user_id: UUID,
    name: str,
    prefix: str,
    key_hash: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
) -> UUID:
    """Insert an API key by its hash."""
    values = {
        "user_id": user_id,
        "name": name,
        "prefix": prefix,
        "key_hash": key_hash,
        "scopes": list(scopes),
        "expires_at": expires_at,
    }
    return connection.execute(insert(ApiKey).values(**values).returning(ApiKey.id)).scalar_one()


def revoke_key(connection: Connection, prefix: str) -> int:
    """Revoke the keys that start with `prefix`; returns how many."""
    statement = update(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None))
    return connection.execute(statement.values(revoked_at=text("now()"))).rowcount


def keys(connection: Connection) -> Sequence[tuple[str, str, list[str], datetime]]:
    """Name, prefix, scopes and making of the keys in force."""
    statement = select(ApiKey.name, ApiKey.prefix, ApiKey.scopes, ApiKey.created_at).where(ApiKey.revoked_at.is_(None))
    rows = connection.execute(statement.order_by(ApiKey.created_at))
    return [(row.name, row.prefix, row.scopes, row.created_at) for row in rows]


def person_by_email(connection: Connection, email: str) -> Person | None:
    """The person with this address in any organisation (needs no organisation)."""
    row = connection.execute(text("select * from login_by_email(:e)"), {"e": email}).mappings().first()
    return Person(**row) if row else None


def key_by_hash(connection: Connection, key_hash: str) -> Key | None:
    """The key in force with this hash in any organisation (needs no organisation)."""
    row = connection.execute(text("select * from login_by_key(:h)"), {"h": key_hash}).mappings().first()
    return Key(**{**row, "scopes": tuple(row["scopes"])}) if row else None
