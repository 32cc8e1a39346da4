"""Changing the settings on their page: the organisation's, and who may log in. Only for those who manage them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import chainlit as cl

from chat.account import organisation_of, people_of
from chat.channels import ways_of
from chat.managing import managed
from chat.parts import installed
from chat.people import login_at_hand, present
from chat.sending_rules import rules_on_page
from core.errors import AimaError
from core.identity import ADMIN, Identity
from core.settings import get_settings
from tools.imports.clocks import read_elsewhere
from tools.people import accounts, members, sessions
from tools.people.settings import Told, change_settings, settings_of

__all__ = [
    "add_person",
    "disable_person",
    "enable_person",
    "end_logins",
    "read_settings",
    "remove_person",
    "save_organisation",
    "set_password",
    "set_role",
]

ORGANISATION = ("name", "currency", "time_zone", "week_start", "fiscal_year", "formats")


async def read_settings(_action: cl.Action) -> dict[str, Any]:
    """What the page shows as it is now, to whoever looks at it now: it may have been opened long ago."""
    try:
        return await asyncio.to_thread(_as_it_is, await present())
    except AimaError as error:
        return {"error": error.message}


def _as_it_is(identity: Identity) -> dict[str, Any]:
    database, may_edit = installed().runtime.database, ADMIN in identity.scopes
    return {
        "organisation": organisation_of(settings_of(database, identity)),
        "people": people_of(database, identity) if may_edit else [],
        "ways": ways_of(database, identity, get_settings()),
        "rules": rules_on_page(database, identity),
        "may_edit": may_edit,
    }


@managed
def save_organisation(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Keep what has changed of the organisation's settings; figures are worked out again where they depend on it."""
    database = installed().runtime.database
    before = organisation_of(settings_of(database, identity))
    told = {name: str(payload[name]).strip() for name in ORGANISATION if payload.get(name)}
    changed = {name: value for name, value in told.items() if value != before[name] or name in before["assumed"]}
    counts = change_settings(database, identity, relabel=bool(payload.get("relabel")), **cast("Told", changed))
    with database.transaction(identity.org_id) as connection:
        elsewhere = read_elsewhere(connection) if "time_zone" in changed else ""
    now = organisation_of(settings_of(database, identity))
    return {"organisation": now, "orders": counts.updated, "elsewhere": elsewhere}


@managed
def add_person(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Make an account."""
    database = installed().runtime.database
    accounts.add_user(
        database,
        identity.org_id,
        email=str(payload["email"]),
        password=str(payload["password"]),
        role=str(payload["role"]),
        name=str(payload.get("name") or "").strip() or None,
        by=identity,
    )
    return {"people": people_of(database, identity)}


@managed
def set_password(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Give somebody another password; their logins end, except the one that changes its own."""
    database, email, password = installed().runtime.database, str(payload["email"]), str(payload["password"])
    accounts.change_password(
        database, identity.org_id, email=email, password=password, by=identity, but=login_at_hand()
    )
    return {"people": people_of(database, identity)}


@managed
def disable_person(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Shut somebody out at once."""
    database = installed().runtime.database
    members.disable_user(database, identity, str(payload["email"]))
    return {"people": people_of(database, identity)}


@managed
def enable_person(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Let somebody in again."""
    database = installed().runtime.database
    members.enable_user(database, identity, str(payload["email"]))
    return {"people": people_of(database, identity)}


@managed
def set_role(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Change what somebody may do from their next click on."""
    database = installed().runtime.database
    members.set_role(database, identity, str(payload["email"]), str(payload["role"]))
    return {"people": people_of(database, identity)}


@managed
def end_logins(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Sign somebody out of every browser, or oneself of every other one."""
    database = installed().runtime.database
    ended = sessions.end_sessions(database, identity, email=str(payload["email"]), but=login_at_hand())
    return {"people": people_of(database, identity), "ended": ended}


@managed
def remove_person(payload: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Delete an account with its conversations; what the person decided stays on record."""
    database = installed().runtime.database
    members.remove_user(database, identity, str(payload["email"]))
    return {"people": people_of(database, identity)}
