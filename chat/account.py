"""The settings page: who you are and what you may do, what is loaded, how fresh it is, where messages go."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from chat.dashboard import freshness_of
from chat.parts import installed
from chat.showing import notes_element, send_in_order, table_element
from connectors.channels.contract import Channel, Provider
from connectors.channels.discovery import channels, needed_for, provider_for
from connectors.model_servers import find_servers
from core.identity import ADMIN, APPROVE, PROPOSE, READ, WRITE, Identity
from core.settings import Settings, get_settings
from tools.figures import Column
from tools.views import Table

__all__ = ["data_table", "offered_models", "rights", "show_settings", "surroundings"]

MOST_MODELS = 6
RIGHTS = {
    READ: "ask and read",
    WRITE: "save segments and refresh scores",
    PROPOSE: "propose campaigns",
    APPROVE: "approve and reject them",
    ADMIN: "manage people and keys",
}


async def show_settings(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """The page, as words and a table."""
    data = await installed().call("describe_data", {}, identity)
    fresh = freshness_of(data, await installed().call("list_segments", {}, identity))
    lines = [
        f"- **You** are {identity.actor}. You may {rights(identity)}.",
        f"- **Money** is in {data['currency'] or 'a currency nobody has told yet'}; days are cut in the time zone"
        f" {data['time_zone']}." + (" This is the demo shop: its data is made up." if is_demo else ""),
        *surroundings(get_settings()),
        *await asyncio.to_thread(offered_models, get_settings()),
        f"- **Freshness**: {fresh}",
    ]
    if data["absent"]:
        lines.append(f"- **Not loaded**: {', '.join(data['absent'])}.")
    elements = [table_element(data_table(data))] if data["tables"] else []
    content = "### Settings\n" + "\n".join(lines)
    await send_in_order(content, [*elements, notes_element([data["evidence"]], is_demo=is_demo)])


def rights(identity: Identity) -> str:
    """What the person may do, in words."""
    held = [words for scope, words in RIGHTS.items() if scope in identity.scopes]
    return ", ".join(held[:-1]) + f" and {held[-1]}" if len(held) > 1 else held[0] if held else "do nothing"


def surroundings(settings: Settings) -> list[str]:
    """Where messages go and who answers; no secret is in it."""
    ways = [_way(channel, provider_for(channel)) for channel in channels().values()]
    model = (
        f"come from the model {settings.model}"
        if settings.uses_llm
        else "come from the built-in offline model; set `OPENAI_BASE_URL` and `OPENAI_API_KEY` for another one"
    )
    return [*ways, f"- **Answers** {model}."]


def offered_models(settings: Settings) -> list[str]:
    """A line with the models of servers on this machine that could answer instead; none when there are none."""
    names = [name for found in find_servers() for name in found.names() if name != settings.model]
    if not names:
        return []
    listed = ", ".join(f"`{name}`" for name in names[:MOST_MODELS])
    return [f"- **On this machine** there is {listed}. `aima model use {names[0]}` in the shell uses it."]


def _way(channel: Channel, provider: Provider) -> str:
    what = f"- **{channel.plural[:1].upper()}{channel.plural[1:]}**"
    if not provider.dry:
        return f"{what} go out by {provider.title}, from {channel.sender}."
    needed = needed_for(channel)
    hint = f"; set `{needed}` to send them" if needed else ""
    return f"{what} go to {provider.title} on this machine (`/mailbox`){hint}."


def data_table(data: Mapping[str, Any]) -> Table:
    """What is loaded, by table."""
    columns = [
        Column(name="table", title="Data"),
        Column(name="rows", title="Rows", unit="rows"),
        Column(name="first_at", title="From"),
        Column(name="last_at", title="To"),
    ]
    rows = [
        [entry["table"].replace("_", " "), entry["rows"], entry["first_at"], entry["last_at"]]
        for entry in data["tables"]
    ]
    return Table(title="Loaded data", columns=columns, rows=rows, total_rows=len(rows), tool="describe_data")
