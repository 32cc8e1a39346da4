"""The settings page: the organisation, its people, where messages go, who answers, and what is loaded."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

import chainlit as cl

from chat.channels import ways_of
from chat.dashboard import freshness_of
from chat.opening import opened_page
from chat.parts import installed
from chat.privacy import erasures_of
from chat.sending_rules import rules_on_page
from chat.showing import notes_element
from connectors.model_servers import find_servers
from core.conventions import FORMATS
from core.currencies import CODES
from core.identity import ADMIN, APPROVE, PROPOSE, READ, ROLE_SCOPES, WRITE, Identity
from core.settings import Settings, get_settings
from database.engine import Database
from database.queries.organisations import Profile
from language.format import capital, day
from tools.people.members import list_users
from tools.people.sessions import list_sessions
from tools.people.settings import WEEK_STARTS, settings_of

__all__ = [
    "answering",
    "loaded_data",
    "offered_models",
    "organisation_of",
    "people_of",
    "rights",
    "show_settings",
]

# What tables are called where their own names say little.
DATA = {
    "assignments": "Customers in campaigns",
    "campaign_daily": "Campaign figures by day",
    "channel_spend": "Spend by channel and day",
    "conversion_paths": "Paths that a file counts",
    "events": "Visits, opens and clicks",
    "mentions": "Mentions of the brand",
    "order_items": "Lines of orders",
}
MOST_MODELS = 6
MOST_IMPORTS = 5
RIGHTS = {
    READ: "ask and read",
    WRITE: "save segments and refresh scores",
    PROPOSE: "propose campaigns",
    APPROVE: "approve and reject them",
    ADMIN: "manage people and settings",
}


async def show_settings(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """The page (drawn by public/elements/Settings.jsx); who may not manage settings reads them."""
    async with opened_page("Settings", "Looking up what is set and loaded") as opened:
        data = await installed().call("describe_data", {}, identity)
        props = await _props(data, identity, is_demo=is_demo)
        page = cl.CustomElement(name="Settings", display="inline", props=props)
        await opened.show("", [page, notes_element([data["evidence"]], is_demo=is_demo)])


async def _props(data: Mapping[str, Any], identity: Identity, *, is_demo: bool) -> dict[str, Any]:
    call, database, may_edit = installed().call, installed().runtime.database, ADMIN in identity.scopes
    imported = await call("list_imports", {"limit": MOST_IMPORTS}, identity)
    return {
        "me": {"email": identity.actor, "rights": rights(identity)},
        "may_edit": may_edit,
        "is_demo": is_demo,
        "organisation": organisation_of(await asyncio.to_thread(settings_of, database, identity)),
        "has_orders": any(table["table"] == "orders" and table["rows"] for table in data["tables"]),
        "choices": _choices(),
        "people": await asyncio.to_thread(people_of, database, identity) if may_edit else [],
        "roles": [[role, capital(_listed(scopes))] for role, scopes in ROLE_SCOPES.items()],
        "ways": await asyncio.to_thread(ways_of, database, identity, get_settings()),
        "rules": await asyncio.to_thread(rules_on_page, database, identity),
        "model": answering(get_settings()),
        "models": await asyncio.to_thread(offered_models, get_settings()),
        "data": loaded_data(data),
        "absent": data["absent"],
        "freshness": freshness_of(data, await call("list_segments", {}, identity)),
        "erasures": await asyncio.to_thread(erasures_of, identity) if may_edit else [],
        "imports": [] if is_demo else [_import(one) for one in imported["imports"]],
    }


def organisation_of(profile: Profile) -> dict[str, Any]:
    """What the organisation has told of itself, as the page edits it."""
    return {
        "name": profile.name,
        "currency": profile.currency,
        "time_zone": profile.time_zone,
        "week_start": profile.week_starts,
        "fiscal_year": profile.fiscal_year_starts or "",
        "formats": profile.formats or "",
        "assumed": list(profile.assumed),
    }


def people_of(database: Database, identity: Identity) -> list[dict[str, Any]]:
    """Everybody who can log in, or could, with in how many browsers they are signed in now."""
    signed_in = Counter(session.email for session in list_sessions(database, identity))
    return [
        {
            "email": row.email,
            "name": row.name or "",
            "role": row.role,
            "active": row.disabled_at is None,
            "browsers": signed_in[row.email],
        }
        for row in list_users(database, identity)
    ]


def rights(identity: Identity) -> str:
    """What the person may do, in words."""
    return _listed(identity.scopes)


def answering(settings: Settings) -> str:
    """Who answers questions, in words."""
    if settings.uses_llm:
        return f"The model {settings.model} answers; its figures are checked against your data."
    return "AIMA’s built-in model answers: nothing leaves this machine, and no key is needed."


def offered_models(settings: Settings) -> list[str]:
    """The models of servers on this machine that could answer instead."""
    names = [name for found in find_servers() for name in found.names() if name != settings.model]
    return names[:MOST_MODELS]


def loaded_data(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is loaded, by table: its rows, and the days it covers."""
    return [
        {
            "title": DATA.get(table["table"]) or capital(table["table"].replace("_", " ")),
            "rows": table["rows"],
            "first": day(table["first_at"]) if table["first_at"] else "",
            "last": day(table["last_at"]) if table["last_at"] else "",
        }
        for table in data["tables"]
        if table["rows"]
    ]


def _import(one: Mapping[str, Any]) -> dict[str, Any]:
    """One import as the page lists it."""
    return {
        "number": one["number"],
        "file": one["file"],
        "on": day(one["at"]),
        "rows": one["inserted"] + one["updated"],
        "status": one["status"],
    }


def _listed(scopes: frozenset[str]) -> str:
    held = [words for scope, words in RIGHTS.items() if scope in scopes]
    return ", ".join(held[:-1]) + f" and {held[-1]}" if len(held) > 1 else held[0] if held else "do nothing"


@lru_cache(maxsize=1)
def _choices() -> dict[str, Sequence[Any]]:
    zones = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return {
        "currencies": sorted(CODES),
        "zones": ["UTC", *zones],
        "weeks": [[name, name.capitalize()] for name in WEEK_STARTS],
        "formats": [[name, example] for name, example in FORMATS.items()],
    }
