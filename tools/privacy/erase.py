"""A customer erased: what would go, counted by doing it and taking it back; then really, with a certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from core.clock import utc_now
from core.errors import FixArguments
from core.identity import Identity
from core.settings import Settings
from database.erasure.erase import Erased, erase_from_database, words_for
from database.erasure.marks import lift_marks
from database.erasure.person import Person
from database.erasure.words import Words
from database.loading.load import taking_turns
from database.queries import erasures
from database.queries.audit import record
from database.queries.erasures import ErasureRow
from tools.campaigns.payload import content_hash
from tools.privacy.certificate import elsewhere_words, kept_words
from tools.privacy.choice import chosen, may_erase
from tools.privacy.files import erase_files

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from database.engine import Database

__all__ = ["ErasurePreview", "certificate_of", "certificates", "erase", "preview", "readmit"]


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """Whom it is about, what would go by place, what would be kept and why, and who else has their data.

    `typed`: what has to be typed to confirm.
    """

    customer: str
    name: str | None
    places: Mapping[str, int]
    kept: Sequence[str]
    elsewhere: Sequence[str]

    @property
    def typed(self) -> str:
        """The customer's number."""
        return self.customer


def preview(
    database: Database, identity: Identity, who: str, settings: Settings, *, now: datetime | None = None
) -> ErasurePreview:
    """What erasing a customer would do; nothing is changed. Errors as `choice.chosen`, RetryLater as `erase`."""
    may_erase(identity)
    with taking_turns(database, identity.org_id) as connection:
        meant = chosen(connection, who)
        words = words_for(connection, meant)
        tried = connection.begin_nested()
        erased = _erased(connection, database, identity, meant, words, uuid4(), now or utc_now())
        tried.rollback()
        elsewhere = elsewhere_words(connection, erased, settings)
    places = erased.places + erase_files(settings.home, identity.org_id, words, really=False)
    name = meant.names[0] if meant.names else None
    return ErasurePreview(meant.external_id, name, _by_name(places), kept_words(erased, meant), elsewhere)


def erase(
    database: Database,
    identity: Identity,
    customer: str,
    typed: str,
    settings: Settings,
    *,
    now: datetime | None = None,
) -> ErasureRow:
    """Erase the customer of that number, which a person has typed; the certificate.

    Files first, then the database in one transaction: whatever is killed in between, the person is still found, and
    doing it again ends it whole. FixArguments where something else was typed, RetryLater while a message is being
    handed over to them.
    """
    may_erase(identity)
    at, erasure = now or utc_now(), uuid4()
    with taking_turns(database, identity.org_id) as connection:
        meant = chosen(connection, customer)
        if typed.strip() != meant.external_id:
            raise FixArguments(
                "Nothing was erased: type the customer's number, as it is shown, to confirm.", field="typed"
            )
        words = words_for(connection, meant)
        files = erase_files(settings.home, identity.org_id, words)
        erased = _erased(connection, database, identity, meant, words, erasure, at)
        kept, elsewhere = kept_words(erased, meant), elsewhere_words(connection, erased, settings)
        places = _by_name(erased.places + files)
        row = ErasureRow(erasure, identity.actor, identity.door, at, places, kept, elsewhere)
        _keep(connection, identity, row)
    erase_files(settings.home, identity.org_id, words)
    return row


def certificates(database: Database, identity: Identity, limit: int = 100) -> list[ErasureRow]:
    """The certificates of the organisation, newest first; for its administrators."""
    may_erase(identity)
    with database.transaction(identity.org_id) as connection:
        return erasures.listed(connection, limit)


def certificate_of(database: Database, identity: Identity, begins_with: str) -> ErasureRow:
    """One certificate, by the first characters of its number."""
    may_erase(identity)
    with database.transaction(identity.org_id) as connection:
        return erasures.get(connection, begins_with)


def readmit(database: Database, identity: Identity, who: str) -> int:
    """Let somebody who was erased, and became a customer anew, be loaded again: by a number or address.

    How many marks went; FixArguments for none. Addresses that must not be written to stay so.
    """
    may_erase(identity)
    with taking_turns(database, identity.org_id) as connection:
        lifted = lift_marks(connection, database.keyed_hash(identity.org_id), who)
        if not lifted:
            raise FixArguments("Nobody who was erased went by that number or address.", field="customer")
        record(
            connection, actor=identity.actor, door=identity.door, action="person_readmitted", subject=None,
            detail={"marks": lifted},
        )  # fmt: skip
    return lifted


def _erased(
    connection: Connection,
    database: Database,
    identity: Identity,
    meant: Person,
    words: Words,
    erasure: UUID,
    now: datetime,
) -> Erased:
    keyed = database.keyed_hash(identity.org_id)
    return erase_from_database(connection, identity.org_id, meant, words, keyed, erasure, now, content_hash)


def _keep(connection: Connection, identity: Identity, row: ErasureRow) -> None:
    erasures.keep(connection, row)
    record(
        connection, actor=identity.actor, door=identity.door, action="person_erased", subject=str(row.id),
        detail={"places": dict(row.places)},
    )  # fmt: skip


def _by_name(places: Counter[str]) -> dict[str, int]:
    return {place: rows for place, rows in sorted(places.items()) if rows}
