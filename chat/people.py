"""Who is at the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import NamedTuple
from uuid import UUID

import chainlit as cl
from chainlit.context import ChainlitContextException, context

from chat.parts import installed
from core.conventions import follow
from core.errors import NotAllowed
from core.identity import APPROVE, Identity
from tools.people.accounts import person_of
from tools.people.sessions import Holder

__all__ = ["Owner", "login_at_hand", "may_approve", "owner_at_hand", "present", "standing_behind", "who_is"]

_holder: ContextVar[Holder | None] = ContextVar("aima_chat_holder", default=None)


class Owner(NamedTuple):
    """Whose conversations are read and written: the organisation and the address of the person."""

    org_id: str
    email: str


@contextmanager
def standing_behind(holder: Holder | None) -> Iterator[None]:
    """Bind whoever holds the session of a request, for the length of a block (this task, and those it starts)."""
    token = _holder.set(holder)
    try:
        yield
    finally:
        _holder.reset(token)


def owner_at_hand() -> Owner | None:
    """Whose turn it is: the person of the chat session at hand, else whoever stands behind the request."""
    try:
        user = context.session.user
    except ChainlitContextException:
        user = None
    if user is not None and (org_id := user.metadata.get("org_id")):
        return Owner(org_id, user.identifier)
    holder = _holder.get()
    return Owner(str(holder.identity.org_id), holder.identity.actor) if holder else None


def login_at_hand() -> UUID | None:
    """The session by which whoever stands behind the request is signed in."""
    holder = _holder.get()
    return holder.session_id if holder else None


async def who_is(email: str) -> Identity:
    """The identity of somebody signed in, with the rights they have now."""
    return await asyncio.to_thread(partial(person_of, installed().runtime.database, email, door="chat"))


async def present() -> Identity:
    """The identity of the person in this session; NotAllowed when nobody is signed in.

    What is shown from here on follows their organisation's conventions.
    """
    user = cl.user_session.get("user")
    if user is None:
        raise NotAllowed("Sign in first.")
    identity = await who_is(user.identifier)
    follow(await asyncio.to_thread(installed().runtime.conventions, identity))
    return identity


def may_approve(identity: Identity) -> bool:
    """Whether this person's Approve and Reject would be accepted."""
    return identity.person and APPROVE in identity.scopes
