"""Organisations, people and their keys: making them, and finding them before an organisation is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, text, update
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
class Member:
    """An account, as a list of them shows it."""

    id: UUID
    email: str
    name: str | None
    role: str
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyInForce:
    """An API key, as a list of them shows it."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    owner: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Key:
    """An API key and the rights of the person it belongs to."""

    id: UUID
    org_id: UUID
    user_id: UUID
    name: str
    role: str
    scopes: tuple[str, ...]
    last_used_at: datetime | None


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


def set_password(connection: Connection, email: str, password_hash: str) -> UUID | None:
    """Change a password; whose it is, or None when nobody here has that address."""
    changed = update(User).where(func.lower(User.email) == email.lower()).values(password_hash=password_hash)
    return connection.execute(changed.returning(User.id)).scalar_one_or_none()


def users(connection: Connection) -> Sequence[Member]:
    """Everybody of the organisation with when they were seen last, by email address."""
    rows = connection.execute(
        text(
            "select u.id, u.email, u.name, u.role, u.created_at, u.disabled_at,"
            " (select max(s.seen_at) from login_sessions s where s.user_id = u.id)"
            " from users u order by u.email"
        )
    )
    return [Member(*row) for row in rows]


def member(connection: Connection, email: str, *, lock: bool = False) -> Member | None:
    """The account with this address; `lock`: with all of the organisation's, until the transaction ends."""
    if lock:
        connection.execute(text("select 1 from users order by id for update"))
    return next((found for found in users(connection) if found.email.lower() == email.strip().lower()), None)


def user_id(connection: Connection, email: str) -> UUID | None:
    """The id of the account with this address."""
    found = connection.execute(select(User.id).where(func.lower(User.email) == email.strip().lower()))
    return found.scalar_one_or_none()


def set_disabled(connection: Connection, user_id: UUID, *, disabled: bool) -> None:
    """Shut somebody out, or let them in again."""
    at = text("now()") if disabled else None
    connection.execute(update(User).where(User.id == user_id).values(disabled_at=at))


def set_role(connection: Connection, user_id: UUID, role: str) -> None:
    """Change what somebody may do."""
    connection.execute(update(User).where(User.id == user_id).values(role=role))


def remove(connection: Connection, user_id: UUID) -> None:
    """Delete an account with its keys and logins."""
    for table in ("api_keys", "login_sessions"):
        connection.execute(text(f"delete from {table} where user_id = :id"), {"id": user_id})  # noqa: S608
    connection.execute(text("delete from users where id = :id"), {"id": user_id})


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


def revoke_key(connection: Connection, key_id: UUID) -> None:
    """Make a key worthless."""
    connection.execute(update(ApiKey).where(ApiKey.id == key_id).values(revoked_at=text("now()")))


def keys(connection: Connection) -> Sequence[KeyInForce]:
    """The keys in force, oldest first."""
    rows = connection.execute(
        text(
            "select k.id, k.name, k.prefix, k.scopes, u.email, k.created_at, k.expires_at, k.last_used_at"
            " from api_keys k left join users u on u.id = k.user_id"
            " where k.revoked_at is null and (k.expires_at is null or k.expires_at > now())"
            " order by k.created_at, k.id"
        )
    )
    return [KeyInForce(*row) for row in rows]


def use_key(connection: Connection, key_id: UUID) -> None:
    """The key was used just now."""
    connection.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=text("now()")))


def person_by_email(connection: Connection, email: str) -> Person | None:
    """The person with this address in any organisation (needs no organisation)."""
    row = connection.execute(text("select * from login_by_email(:e)"), {"e": email}).mappings().first()
    return Person(**row) if row else None


def key_by_hash(connection: Connection, key_hash: str) -> Key | None:
    """The key in force with this hash in any organisation (needs no organisation)."""
    row = connection.execute(text("select * from login_by_key(:h)"), {"h": key_hash}).mappings().first()
    return Key(**{**row, "scopes": tuple(row["scopes"])}) if row else None
