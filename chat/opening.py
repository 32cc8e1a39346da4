"""A page while it is being made: its title and what is going on at once, then what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import chainlit as cl
from chainlit.element import Element

__all__ = ["Opened", "opened_page"]


@dataclass(slots=True)
class Opened:
    """The message of a page whose title is on the screen already."""

    title: str
    message: cl.Message

    async def show(self, words: str, elements: Sequence[Element]) -> None:
        """Put words under the title in place of what was going on, and the elements below, in this order."""
        self.message.content = "\n\n".join(part for part in (f"### {self.title}", words) if part)
        await self.message.update()
        for element in elements:
            await element.send(for_id=self.message.id)


@asynccontextmanager
async def opened_page(title: str, working: str) -> AsyncIterator[Opened]:
    """Say at once which page comes and what it waits for; what fails or is stopped takes the words away again."""
    message = cl.Message(content=f"### {title}\n\n_{working} …_")
    await message.send()
    try:
        yield Opened(title, message)
    except (Exception, asyncio.CancelledError):
        await message.remove()
        raise
