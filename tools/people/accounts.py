"""Organisations, people and keys: made at the shell, checked at every door. Not part of the catalogue."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID, uuid4

from sqlalchemy import Connection

from core.clock import utc_now
from core.errors import FixArguments, NotAllowed, NotFound
from core.identity import ROLE_SCOPES, SCOPES, Door, Identity, Role
from database.engine import Database
from database.queries import organisations, people, sessions
from database.queries.audit import record
from tools.people.settings import check_zone

ADMINISTRATOR = "Administrator"
"""What the first account of a shop is called until somebody says their name."""
KEY_PREFIX = "aima_"
SHOWN_OF_KEY = 12
USE_NOTED_ANEW = timedelta(minutes=1)  # a key that works all day is written once a minute
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 1_000


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
    database: Database,
    org_id: UUID,
    *,
    email: str,
    password: str,
    role: str = "admin",
    name: str | None = None,
    by: Identity | None = None,
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
        note(connection, by, "user_added", email.strip().lower(), role=role)
    return made


def change_password(
    database: Database,
    org_id: UUID,
    *,
    email: str,
    password: str,
    by: Identity | None = None,
    but: UUID | None = None,
) -> None:
    """Set a new password and end the person's logins (except the session `but`).

    FixArguments when nobody here has that address.
    """
    with database.transaction(org_id) as connection:
        user_id = people.set_password(connection, email.strip(), hashed(password))
        if user_id is None:
            raise FixArguments(f"Nobody in this organisation has the address {email}.", field="email")
        ended = sessions.end_all(connection, user_id, "password changed", but=but)
        note(connection, by, "password_changed", email.strip().lower(), sessions_ended=ended)


def authenticate(database: Database, email: str, password: str, *, door: Door) -> Identity | None:
    """The person's identity when address and password fit, else None; both cases take one hash verification."""
    with database.before_login() as connection:
        person = people.person_by_email(connection, email.strip())
    if not verified(person.password_hash if person else None, password) or person is None:
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
            prefix=key[:SHOWN_OF_KEY],
            key_hash=_digest(key),
            scopes=scopes,
            expires_at=expires_at,
        )
        note(connection, owner, "key_added", name, begins_with=key[:SHOWN_OF_KEY], scopes=list(scopes))
    return key


def revoke_key(database: Database, org_id: UUID, begins_with: str, *, by: Identity | None = None) -> str:
    """Make the one key in force that begins so worthless at once, and tell its name."""
    wanted = begins_with.strip()
    if len(wanted) <= len(KEY_PREFIX):
        raise FixArguments("Say more of the key: `aima key list` shows how each begins.", field="prefix")
    with database.transaction(org_id) as connection:
        found = [key for key in people.keys(connection) if key.prefix.startswith(wanted[:SHOWN_OF_KEY])]
        if not found:
            raise NotFound(f"No key in force begins with '{wanted[:SHOWN_OF_KEY]}'.")
        if len(found) > 1:
            raise FixArguments(
                "More than one key begins so.", field="prefix", valid=[f"{key.prefix} ({key.name})" for key in found]
            )
        people.revoke_key(connection, found[0].id)
        note(connection, by, "key_revoked", found[0].name, begins_with=found[0].prefix)
    return found[0].name


def identity_of_key(database: Database, key: str, *, door: Door) -> Identity | None:
    """The identity behind an API key: never a person, never more than its owner's role allows."""
    with database.before_login() as connection:
        found = people.key_by_hash(connection, _digest(key))
    if found is None:
        return None
    if found.last_used_at is None or utc_now() - found.last_used_at > USE_NOTED_ANEW:
        with database.transaction(found.org_id) as connection:
            people.use_key(connection, found.id)
    scopes = frozenset(found.scopes) & ROLE_SCOPES[found.role]  # type: ignore[index]
    return Identity(found.org_id, f"key:{found.name}", scopes, door, found.user_id, person=False)


def hashed(password: str) -> str:
    """Argon2id hash of a password of at least 10 characters."""
    from argon2 import PasswordHasher

    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        wanted = f"from {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,}"
        raise FixArguments(f"The password needs {wanted} characters.", field="password")
    return PasswordHasher().hash(password)


def verified(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one hashed. None: nobody's hash, which takes as long to tell."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    # What cannot be encoded was typed by no keyboard; it is nobody's password, and takes as long as any.
    given = password[:LONGEST_PASSWORD].encode("utf-8", "surrogatepass")
    try:
        return PasswordHasher().verify(password_hash or _NOBODY, given) and len(password) <= LONGEST_PASSWORD
    except VerificationError:
        return False


def note(connection: Connection, by: Identity | None, action: str, subject: str, **detail: object) -> None:
    """One line in the audit log of what was done to an account or a key; without `by`, at the shell."""
    actor, door = (by.actor, by.door) if by else ("shell", "cli")
    record(connection, actor=actor, door=door, action=action, subject=subject, detail=detail)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


# A hash nobody's password has, so that an unknown address takes as long to refuse as a wrong password.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$0Yf1J9gk3n4G8cXkM1y0mJ7o4pS8c8kq0sEwzq3v7nE"
