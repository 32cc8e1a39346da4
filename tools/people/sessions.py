"""Logins that last: made by a right password, in force until they expire, are ended, or their person is shut out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.clock import utc_now
from core.errors import NotAllowed, NotFound
from core.identity import ADMIN, Identity
from core.settings import get_settings
from database.engine import Database
from database.queries import people, sessions
from database.queries.audit import record
from database.queries.sessions import LiveSession
from tools.people.accounts import person_identity

__all__ = ["Holder", "begin_session", "end_session", "end_sessions", "holder_of", "list_sessions", "log_out"]

LONGEST_DEVICE = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """A session in force and whose it is."""

    session_id: UUID
    identity: Identity


def begin_session(database: Database, identity: Identity, *, source: str, device: str | None) -> str:
    """Sign in somebody whose password was right; the token their browser keeps. Only its hash is kept here."""
    assert identity.user_id is not None  # noqa: S101 - whoever has a password is a user
    token = secrets.token_urlsafe(32)
    with database.transaction(identity.org_id) as connection:
        session_id = sessions.begin(
            connection,
            user_id=identity.user_id,
            token_hash=_hash(token),
            source=source,
            device=device[:LONGEST_DEVICE].replace("\0", "") if device else None,
            expires_at=utc_now() + timedelta(days=get_settings().session_days),
        )
        record(
            connection, actor=identity.actor, door=identity.door, action="login", subject=identity.actor,
            detail={"session": str(session_id), "from": source},
        )  # fmt: skip
    return token


def holder_of(database: Database, token: str) -> Holder | None:
    """Whose session `token` names, with the rights they have now; None when it is not in force (any more)."""
    with database.before_login() as connection:
        found = sessions.named(connection, _hash(token), _idle())
    if found is None:
        return None
    if utc_now() - found.seen_at > sessions.SEEN_ANEW:
        with database.transaction(found.person.org_id) as connection:
            sessions.see(connection, found.id)
    return Holder(found.id, person_identity(found.person, "chat"))


def log_out(database: Database, token: str) -> None:
    """End the session that `token` names, if it is in force."""
    found = holder_of(database, token)
    if found is not None:
        end_session(database, found.identity, found.session_id, because="logout")


def list_sessions(database: Database, identity: Identity, *, email: str | None = None) -> Sequence[LiveSession]:
    """The sessions in force: one's own; an administrator sees everybody's, or those of `email`."""
    if ADMIN not in identity.scopes:
        if email is not None and email.strip().lower() != identity.actor.lower():
            raise NotAllowed("Only an administrator sees where others are signed in.")
        email = identity.actor
    with database.transaction(identity.org_id) as connection:
        return sessions.live(connection, _idle(), email)


def end_session(database: Database, identity: Identity, session_id: UUID, *, because: str = "ended") -> None:
    """Sign out one browser: one's own, or, for an administrator, anybody's. NotFound when it is not in force."""
    with database.transaction(identity.org_id) as connection:
        owner = sessions.end(connection, session_id, because)
        if owner is None or (ADMIN not in identity.scopes and owner.lower() != identity.actor.lower()):
            raise NotFound("There is no such login in force.")  # whoever may not end it leaves it as it was
        action = "logout" if because == "logout" else "session_ended"
        record(
            connection, actor=identity.actor, door=identity.door, action=action, subject=owner,
            detail={"session": str(session_id)},
        )  # fmt: skip


def end_sessions(database: Database, identity: Identity, *, email: str | None = None, but: UUID | None = None) -> int:
    """Sign out everywhere (except in the session `but`): oneself, or `email` for an administrator; returns how many."""
    whose = email.strip().lower() if email else identity.actor.lower()
    if whose != identity.actor.lower():
        identity.require(ADMIN)
    with database.transaction(identity.org_id) as connection:
        user_id = people.user_id(connection, whose)
        if user_id is None:
            raise NotFound(f"Nobody in this organisation has the address {whose}.")
        ended = sessions.end_all(connection, user_id, "ended", but=but)
        record(
            connection, actor=identity.actor, door=identity.door, action="sessions_ended", subject=whose,
            detail={"sessions": ended},
        )  # fmt: skip
    return ended


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _idle() -> timedelta:
    return timedelta(hours=get_settings().session_idle_hours)
