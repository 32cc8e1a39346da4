"""Who is calling: the only place an organisation comes from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from core.errors import NotAllowed

Role = Literal["admin", "manager", "analyst", "viewer"]
Door = Literal["chat", "mcp", "http", "cli", "worker"]

READ, WRITE, PROPOSE, APPROVE, ADMIN = "read", "write", "propose", "approve", "admin"
OWN_SHOP = "shop"
"""Slug of the organisation that holds the data of whoever installed AIMA."""
SCOPES: tuple[str, ...] = (READ, WRITE, PROPOSE, APPROVE, ADMIN)
ROLE_SCOPES: dict[Role, frozenset[str]] = {
    "viewer": frozenset({READ}),
    "analyst": frozenset({READ, WRITE, PROPOSE}),
    "manager": frozenset({READ, WRITE, PROPOSE, APPROVE}),
    "admin": frozenset(SCOPES),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller: organisation, person or key, rights, and the door it came through.

    `person` is true only where a human being authenticated (chat login, shell); a bearer token never is one.
    """

    org_id: UUID
    actor: str
    scopes: frozenset[str]
    door: Door
    user_id: UUID | None = None
    person: bool = False

    def require(self, scope: str) -> None:
        """Raise NotAllowed unless this identity holds `scope`."""
        if scope not in self.scopes:
            held = ", ".join(sorted(self.scopes)) or "none"
            raise NotAllowed(f"This needs the scope '{scope}'; {self.actor} holds: {held}.")


_current: ContextVar[Identity | None] = ContextVar("aima_identity", default=None)


def current_identity() -> Identity:
    """The identity bound to this task; NotAllowed when there is none."""
    identity = _current.get()
    if identity is None:
        raise NotAllowed("No identity: log in, or present a bearer token.")
    return identity


@contextmanager
def acting_as(identity: Identity) -> Iterator[Identity]:
    """Bind `identity` for the duration of a block (this thread or task only)."""
    token = _current.set(identity)
    try:
        yield identity
    finally:
        _current.reset(token)
