"""What conversations are called in their list, and what the bubble of somebody who asked for a page says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import chainlit as cl
from chainlit.data import get_data_layer

__all__ = [
    "LONGEST_NAME",
    "last_command",
    "name_of",
    "name_of_thread",
    "rename_conversation",
    "say_page",
    "title_of_page",
]

LONGEST_NAME = 80
UNNAMED: Final = "Conversation"
TITLES: Final = {"value": "Customer value", "undo": "Undo import", "plan": "Plan"}
WRITTEN = re.compile(r"/(?P<page>\w+)(?:\s+(?P<words>\S.*))?", re.DOTALL)


def title_of_page(page: str, words: str = "") -> str:
    """ "Dashboard", "Customers: manchester", "Customer C0000466"."""
    title = TITLES.get(page, page.capitalize())
    joined = (
        f"{title}: {words}" if words and page not in ("customer", "plan", "undo", "journey") else f"{title} {words}"
    )
    return _short(joined)


def name_of(interaction: str, command: str | None = None) -> str:
    """What a conversation is called that began with this message, or with a page chosen from the list; "": nothing."""
    if command:
        return title_of_page(command, interaction.strip())
    if written := WRITTEN.fullmatch(interaction.strip()):
        return title_of_page(written["page"].lower(), (written["words"] or "").strip())
    return _short(interaction)


def name_of_thread(thread: dict[str, Any]) -> str:
    """The name of a stored conversation, or what it began with where it was never given one."""
    asked = (step["output"] or "" for step in thread["steps"] if step["type"] == "user_message")
    return thread["name"] or name_of(next(filter(None, asked), "")) or UNNAMED


async def say_page(message: cl.Message, title: str) -> None:
    """Let the bubble of `message` say `title`, now and when the conversation is opened again."""
    message.content, message.command = title, None
    await message.update()


async def rename_conversation(name: str, *, was: str) -> None:
    """Call the conversation at hand `name` if it was called `was`."""
    layer = get_data_layer()
    thread = cl.context.session.thread_id
    if layer is not None and (kept := await layer.get_thread(thread)) and kept["name"] == was:
        await layer.update_thread(thread, name=name)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1].rstrip() + "…"


def last_command(messages: Sequence[cl.Message]) -> str | None:
    """The page that the latest message chose from the list."""
    return messages[-1].command if messages else None
