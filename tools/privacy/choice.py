"""Which customer is meant, and who may hand out or erase what is held about them."""

from __future__ import annotations

from sqlalchemy import Connection

from core.errors import AskPerson, FixArguments, NotFound
from core.identity import ADMIN, Identity
from database.erasure.person import Candidate, Person, candidates, person

__all__ = ["chosen", "may_erase", "may_export"]


def may_export(identity: Identity) -> None:
    """NotAllowed unless the caller administers the organisation, in person or by a key that may."""
    identity.require(ADMIN)


def may_erase(identity: Identity) -> None:
    """NotAllowed, or AskPerson, unless an administrator asks in person: no key, no assistant."""
    identity.require(ADMIN)
    if not identity.person:
        raise AskPerson("Only a person can erase somebody, in the chat or at the shell.")


def chosen(connection: Connection, who: str) -> Person:
    """The customer meant by a number, address or name; NotFound for nobody, FixArguments where it may be several."""
    found = candidates(connection, who)
    if not found:
        raise NotFound(f"There is no customer with the number, address or name '{who}'.", field="customer")
    if len(found) > 1:
        said = "; ".join(_described(one) for one in found)
        raise FixArguments(f"Which of them? {said}. Say the number.", field="customer")
    meant = person(connection, found[0].id)
    assert meant is not None  # noqa: S101 - read in one transaction
    return meant


def _described(one: Candidate) -> str:
    told = ", ".join(value for value in (one.name, one.email, one.city) if value)
    return f"{one.external_id} ({told})" if told else one.external_id
