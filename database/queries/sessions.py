"""Who is signed in: logins as rows, and how often one was just tried in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, text

from database.queries.people import Person
from database.tables.identity import LoginSession

__all__ = [
    "LiveSession",
    "SignedIn",
    "begin",
    "count_try",
    "end",
    "end_all",
    "is_known",
    "live",
    "named",
    "see",
    "succeeded",
]

SEEN_ANEW = timedelta(minutes=1)  # a session that works all day is written once a minute


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session in force and whose it is."""

    id: UUID
    person: Person
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session in force, as a list of them shows it."""

    id: UUID
    email: str
    source: str
    device: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def begin(
    connection: Connection, *, user_id: UUID, token_hash: str, source: str, device: str | None, expires_at: datetime
) -> UUID:
    """Insert a session that begins now."""
    values = {
        "user_id": user_id,
        "token_hash": token_hash,
        "source": source,
        "device": device,
        "expires_at": expires_at,
    }
    return connection.execute(insert(LoginSession).values(**values).returning(LoginSession.id)).scalar_one()


def named(connection: Connection, token_hash: str, idle: timedelta) -> SignedIn | None:
    """The session in force with this hash in any organisation (needs no organisation)."""
    found = connection.execute(text("select * from login_by_session(:h, :idle)"), {"h": token_hash, "idle": idle})
    row = found.mappings().first()
    if row is None:
        return None
    fields: dict[str, Any] = {name: row[name] for name in Person.__slots__}
    return SignedIn(row["session_id"], Person(**fields), row["seen_at"])


def see(connection: Connection, session_id: UUID) -> None:
    """The session was used just now."""
    connection.execute(
        text("update login_sessions set seen_at = now() where id = :id and seen_at < now() - cast(:anew as interval)"),
        {"id": session_id, "anew": SEEN_ANEW},
    )


def end(connection: Connection, session_id: UUID, because: str) -> str | None:
    """End one session; whose it was (email address), or None when there is no such session in force."""
    return connection.execute(
        text(
            "update login_sessions s set ended_at = now(), ended_because = :because from users u"
            " where s.id = :id and s.ended_at is null and u.id = s.user_id returning u.email"
        ),
        {"id": session_id, "because": because},
    ).scalar_one_or_none()


def end_all(connection: Connection, user_id: UUID, because: str, *, but: UUID | None = None) -> int:
    """End every session of a person, except `but`; returns how many."""
    return connection.execute(
        text(
            "update login_sessions set ended_at = now(), ended_because = :because"
            " where user_id = :user and ended_at is null and id is distinct from cast(:but as uuid)"
        ),
        {"user": user_id, "because": because, "but": but},
    ).rowcount


def live(connection: Connection, idle: timedelta, email: str | None = None) -> Sequence[LiveSession]:
    """The sessions in force of the organisation, or of one person in it; the one seen last comes first."""
    rows = connection.execute(
        text(
            "select s.id, u.email, s.source, s.device, s.created_at, s.seen_at, s.expires_at"
            " from login_sessions s join users u on u.id = s.user_id"
            " where s.ended_at is null and s.expires_at > now() and s.seen_at > now() - cast(:idle as interval)"
            " and u.disabled_at is null and (cast(:email as text) is null or lower(u.email) = lower(:email))"
            " order by s.seen_at desc, s.id"
        ),
        {"idle": idle, "email": email},
    )
    return [LiveSession(*row) for row in rows]


def count_try(connection: Connection, name: str, free: int, longest: int) -> int:
    """Count a try under `name`; 0, or the seconds to wait where it must not be made (needs no organisation)."""
    return int(
        connection.execute(
            text("select count_login_try(:name, :free, :longest)"), {"name": name, "free": free, "longest": longest}
        ).scalar_one()
    )


def is_known(connection: Connection, name: str) -> bool:
    """Whether a login succeeded under `name` lately (needs no organisation)."""
    return bool(connection.execute(text("select login_is_known(:name)"), {"name": name}).scalar_one())


def succeeded(connection: Connection, name: str, *, known: bool) -> None:
    """The try just counted under `name` was none in vain (needs no organisation)."""
    connection.execute(text("select login_succeeded(:name, :known)"), {"name": name, "known": known})
