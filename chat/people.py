"""Who is at the screen."""

from __future__ import annotations

import asyncio
from functools import partial

import chainlit as cl

from chat.parts import installed
from core.errors import NotAllowed
from core.identity import APPROVE, Identity
from tools.people.accounts import authenticate, person_of

__all__ = ["may_approve", "present", "sign_in", "who_is"]


async def sign_in(email: str, password: str) -> cl.User | None:
    """The person with this address and password, if there is one."""
    identity = await asyncio.to_thread(
        partial(authenticate, installed().runtime.database, email, password, door="chat")
    )
    return cl.User(identifier=identity.actor) if identity else None


async def who_is(email: str) -> Identity:
    """The identity of somebody signed in, with the rights they have now."""
    return await asyncio.to_thread(partial(person_of, installed().runtime.database, email, door="chat"))


async def present() -> Identity:
    """The identity of the person in this session; NotAllowed when nobody is signed in."""
    user = cl.user_session.get("user")
    if user is None:
        raise NotAllowed("Sign in first.")
    return await who_is(user.identifier)


def may_approve(identity: Identity) -> bool:
    """Whether this person's Approve and Reject would be accepted."""
    return identity.person and APPROVE in identity.scopes
