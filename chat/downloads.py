"""Files of a tool, made when a button under an answer or on a page is pressed (Download.jsx)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import chainlit as cl

from chat.parts import installed
from chat.people import present
from core.errors import AimaError, FixArguments

__all__ = ["FILES", "download_element", "make_file"]

FILES: Final = {
    "media_report": (
        "Report of the mix and the budget",
        "Two pages to hand out: what drives sales, and where the budget does most.",
    )
}
ENDING: Final = "pdf"


def download_element(tool: str, arguments: Mapping[str, Any]) -> cl.CustomElement:
    """A button that makes the file of `tool` as it was asked for, and saves it."""
    title, about = FILES[tool]
    asked = {name: value for name, value in arguments.items() if name != "with_file"}
    props = {"title": title, "about": about, "tool": tool, "arguments": asked, "ending": ENDING}
    return cl.CustomElement(name="Download", display="inline", props=props)


async def make_file(action: cl.Action) -> dict[str, Any]:
    """A person pressed Download: the file, for whoever may see what is in it."""
    try:
        tool = str(action.payload["tool"])
        if tool not in FILES:
            raise FixArguments("There is no such file.", valid=list(FILES))
        arguments = {**action.payload.get("arguments", {}), "with_file": True}
        found = await installed().call(tool, arguments, await present())
    except AimaError as error:
        return {"error": error.message}
    return {"file_name": found["file_name"], "content": found[ENDING]}
