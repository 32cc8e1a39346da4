"""Organisations, people and keys: made at the shell, checked at every door. Not part of the catalogue."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import get_args
from uuid import UUID, uuid4

from core.errors import FixArguments, NotAllowed
from core.identity import ROLE_SCOPES, SCOPES, Door, Identity, Role
from database.engine import Database
from database.queries import organisations, people
from tools.people.settings import check_zone

ADMINISTRATOR = "Administrator"
"""What the first account of a shop is called until somebody says their name."""
KEY_PREFIX = "aima_"
SHORTEST_PASSWORD = 10


def ensure_organisation(
    database: Database,
    slug: str,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    currency: str | None = None,
    is_demo: bool = False,
) -> UUID:
    """The id of the organisation called `slug`, made now if there is none.

    What is not said here (time zone, currency) is taken from its first files, or told later (settings.py).
    """
    found = find_organisation(database, slug)
    if found is not None:
        return found
    if time_zone is not None:
        check_zone(time_zone)
    org_id = uuid4()
    with database.transaction(org_id) as connection:
        made = people.create_organisation(
            connection,
            org_id,
            slug=slug,
            name=name or slug,
            time_zone=time_zone or "UTC",
            currency=(currency or "").upper(),
            assumed=[] if is_demo else [n for n, v in (("currency", currency), ("time_zone", time_zone)) if v is None],
            is_demo=is_demo,
        )
    return org_id if made else ensure_organisation(database, slug)


def find_organisation(database: Database, slug: str) -> UUID | None:
    """The id of the organisation called `slug`."""
    with database.before_login() as connection:
        return {name: org_id for org_id, name in organisations.served(connection)}.get(slug)


def add_user(
    database: Database, org_id: UUID, *, email: str, password: str, role: str = "admin", name: str | None = None
) -> UUID:
    """Make a person who can log in to the chat; FixArguments when the address is taken or the password too short."""
    if role not in get_args(Role):
        raise FixArguments(f"'{role}' is not a role.", field="role", valid=get_args(Role))
    if "@" not in email:
        raise FixArguments(f"'{email}' is not an email address.", field="email")
    with database.transaction(org_id) as connection:
        made = people.create_user(
            connection, email=email.strip().lower(), name=name, role=role, password_hash=hashed(password)
        )
    if made is None:
        raise FixArguments(f"{email} has an account already.", field="email")
    return made


def change_password(database: Database, org_id: UUID, *, email: str, password: str) -> None:
    """Set a new password; FixArguments when nobody here has that address."""
    with database.transaction(org_id) as connection:
        changed = people.set_password(connection, email.strip().lower(), hashed(password))
    if not changed:
        raise FixArguments(f"Nobody in this organisation has the address {email}.", field="email")


def authenticate(database: Database, email: str, password: str, *, door: Door) -> Identity | None:
    """The person's identity when address and password fit, else None; both cases take one hash verification."""
    with database.before_login() as connection:
        person = people.person_by_email(connection, email.strip())
    if not _verified(person.password_hash if person else _NOBODY, password) or person is None:
        return None
    return person_identity(person, door)


def person_of(database: Database, email: str, *, door: Door) -> Identity:
    """The identity of somebody a door has authenticated already; NotAllowed when the account is gone."""
    with database.before_login() as connection:
        person = people.person_by_email(connection, email)
    if person is None:
        raise NotAllowed("This account no longer exists or is disabled.")
    return person_identity(person, door)


def person_identity(person: people.Person, door: Door) -> Identity:
    """A person with the rights of their role."""
    return Identity(
        org_id=person.org_id,
        actor=person.email,
        scopes=ROLE_SCOPES[person.role],  # type: ignore[index] # the table allows only roles
        door=door,
        user_id=person.id,
        person=True,
    )


def first_name(database: Database, email: str) -> str | None:
    """How to greet a person: the first of their names; None where none is known that a person goes by."""
    with database.before_login() as connection:
        person = people.person_by_email(connection, email)
    names = (person.name or "").split() if person else []
    return names[0] if names and names[0] != ADMINISTRATOR else None


def add_key(
    database: Database,
    owner: Identity,
    *,
    name: str,
    scopes: Sequence[str] = ("read",),
    expires_at: datetime | None = None,
) -> str:
    """Make an API key for `owner` and return it: it is shown this once, only its hash is kept."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise FixArguments(f"No such scope: {', '.join(unknown)}.", field="scopes", valid=SCOPES)
    for scope in scopes:
        owner.require(scope)
    if owner.user_id is None:
        raise NotAllowed("A key belongs to a person; log in first.")
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    with database.transaction(owner.org_id) as connection:
        people.create_key(
            connection,
            user_id=owner.user_id,
            name=name,
            prefix=key[:12],
            key_hash=_digest(key),
            scopes=scopes,
            expires_at=expires_at,
        )
    return key


def identity_of_key(database: Database, key: str, *, door: Door) -> Identity | None:
    """The identity behind an API key: never a person, never more than its owner's role allows."""
    with database.before_login() as connection:
        found = people.key_by_hash(connection, _digest(key))
    if found is None:
        return None
    scopes = frozenset(found.scopes) & ROLE_SCOPES[found.role]  # type: ignore[index]
    return Identity(found.org_id, f"key:{found.name}", scopes, door, found.user_id, person=False)


def hashed(password: str) -> str:
    """Argon2id hash of a password of at least 10 characters."""
    from argon2 import PasswordHasher

    if len(password) < SHORTEST_PASSWORD:
        raise FixArguments(f"The password needs at least {SHORTEST_PASSWORD} characters.", field="password")
    return PasswordHasher().hash(password)


def _verified(password_hash: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        return PasswordHasher().verify(password_hash, password)
    except VerificationError:
        return False


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


# A hash nobody's password has, so that an unknown address takes as long to refuse as a wrong password.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$0Yf1J9gk3n4G8cXkM1y0mJ7o4pS8c8kq0sEwzq3v7nE"
