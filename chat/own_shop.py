"""From the demo to a shop of one's own: made when an administrator of the demo asks for it."""

from __future__ import annotations

import asyncio
import secrets

import chainlit as cl

from chat.asking import chosen
from chat.parts import installed
from core.errors import FixArguments
from core.identity import ADMIN, OWN_SHOP, Identity
from tools.people.accounts import add_user, ensure_organisation, find_organisation

__all__ = ["offer_own_shop"]

LOOKED_AT = (
    "**This is how your file would be read; nothing was imported.** This is the demo shop, and its invented data stay "
    "as they are."
)
THERE_IS_ONE = "To work with your own data, sign out, sign in to your own shop, and drop the file there."
ASK_SOMEBODY = "To work with your own data, ask the person who looks after AIMA for a shop of your own."


async def offer_own_shop(identity: Identity) -> None:
    """Say what became of a file dropped into the demo, and offer a shop for it."""
    database = installed().runtime.database
    if await asyncio.to_thread(find_organisation, database, OWN_SHOP) is not None:
        await cl.Message(content=f"{LOOKED_AT} {THERE_IS_ONE}").send()
    elif ADMIN not in identity.scopes or not identity.person:
        await cl.Message(content=f"{LOOKED_AT} {ASK_SOMEBODY}").send()
    else:
        await _ask()


async def _ask() -> None:
    question = f"{LOOKED_AT} Start a shop of your own, empty and apart from the demo?"
    if await chosen(question, {"own": "Start my own shop", "stay": "Stay in the demo"}) != "own":
        await cl.Message(content="You are still in the demo; nothing was changed.").send()
        return
    try:
        email, password = await asyncio.to_thread(_start)
    except FixArguments as error:
        await cl.ErrorMessage(content=error.message).send()
        return
    await _show_once(
        "**Your shop is ready, and empty.** Sign out, then sign in with this login and drop your file there. It is "
        f"shown this once, and not kept in the conversation.\n\n- Email: `{email}`\n- Password: `{password}`"
    )


def _start() -> tuple[str, str]:
    database = installed().runtime.database
    org_id = ensure_organisation(database, OWN_SHOP, name="My shop")
    email, password = f"{OWN_SHOP}@example.com", secrets.token_urlsafe(9)
    add_user(database, org_id, email=email, password=password)
    return email, password


async def _show_once(content: str) -> None:
    """A message that the history does not keep."""
    await cl.context.emitter.send_step(cl.Message(content=content).to_dict())
