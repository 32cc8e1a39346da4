"""Logging in: one try against address and password, counted before it is made, so that guessing takes for ever.

Tries are counted by who is tried from where, by where they come from, and by who is tried from anywhere. Each count has
some tries for nothing; then every try in vain closes it for twice as long as the one before. The last of the three
closes for seconds only, and not where the person has logged in from before: a stranger cannot shut anybody out.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
from dataclasses import dataclass

from sqlalchemy import Connection

from core.errors import TooManyTries
from core.identity import Identity
from database.engine import Database
from database.queries import people, sessions
from database.queries.audit import record
from tools.people.accounts import person_identity, verified

__all__ = ["Attempt", "note_refusal", "place_of", "try_login"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries are free, and the longest time in seconds that one in vain closes the door for."""

    free: int
    longest_s: int


PERSON_FROM_PLACE = Limit(free=5, longest_s=900)
PLACE = Limit(free=20, longest_s=900)
PERSON = Limit(free=20, longest_s=30)
REFUSED = "Too many logins were tried in vain. Try again in {wait}."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a try: the identity where the password was right; whose address it was, if anybody's."""

    identity: Identity | None
    tried: people.Person | None
    source: str


def try_login(database: Database, email: str, password: str, *, source: str) -> Attempt:
    """Check address and password of somebody at `source` (an IP address); TooManyTries while the door is closed.

    An unknown address takes as long as a known one: the same look-up, the same counts, one hash verification.
    """
    person = _person(database, email)
    names = _Names.of(person.email if person else email.strip(), source)
    with database.before_login() as connection:
        counted = _count(connection, names)
    right = verified(person.password_hash if person else None, password)
    if person is None or not right:
        return Attempt(None, person, source)
    with database.before_login() as connection:
        for name in counted:
            sessions.succeeded(connection, name, known=name == names.person_from_place)
    return Attempt(person_identity(person, "chat"), person, source)


def note_refusal(database: Database, attempt: Attempt) -> None:
    """A login in vain leaves a line in the audit log of the organisation whose person was tried, or in the log.

    To be called once the answer is on its way: for an unknown address there is less to do.
    """
    if attempt.tried is None:
        logger.warning("a login was refused: an address nobody has, from %s", attempt.source)
        return
    with database.transaction(attempt.tried.org_id) as connection:
        record(
            connection, actor=attempt.tried.email, door="chat", action="login_refused", subject=attempt.tried.email,
            detail={"from": attempt.source},
        )  # fmt: skip


def place_of(source: str) -> str:
    """What tries from `source` are counted under: the address, or the network of 64 bits that one IPv6 line has."""
    try:
        address = ipaddress.ip_address(source.partition("%")[0])
    except ValueError:
        return source
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@dataclass(frozen=True, slots=True)
class _Names:
    """Under what a try is counted; hashes, for people mistype passwords into the field for the address."""

    person_from_place: str
    place: str
    person: str

    @classmethod
    def of(cls, email: str, source: str) -> _Names:
        who, place = email.lower(), place_of(source)
        return cls(_hash("both", who, place), _hash("place", place), _hash("person", who))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _person(database: Database, email: str) -> people.Person | None:
    try:
        email.encode()
    except UnicodeEncodeError:
        return None
    with database.before_login() as connection:
        return people.person_by_email(connection, email.strip().replace("\0", "\N{REPLACEMENT CHARACTER}"))


def _count(connection: Connection, names: _Names) -> list[str]:
    """Count the try under the names that matter, and tell which; where one is closed, none counts it (a rollback)."""
    wanted = [(names.person_from_place, PERSON_FROM_PLACE)]
    if not sessions.is_known(connection, names.person_from_place):
        wanted += [(names.place, PLACE), (names.person, PERSON)]
    for name, limit in wanted:
        wait_s = sessions.count_try(connection, name, limit.free, limit.longest_s)
        if wait_s:
            raise TooManyTries(REFUSED.format(wait=_in_words(wait_s)), retry_after_s=wait_s)
    return [name for name, _ in wanted]


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return "a second" if seconds == 1 else f"{seconds} seconds"
    minutes = -(-seconds // 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"
