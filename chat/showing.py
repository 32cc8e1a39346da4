"""Elements of a message: tables, and the notes under an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import chainlit as cl
from chainlit.element import Element

from agent.events import AnswerDone, Table

__all__ = ["RowButton", "notes_element", "props_of", "send_in_order", "table_element"]


@dataclass(frozen=True, slots=True)
class RowButton:
    """A button in every row that writes a message: `{}` in `message` is the row's value of `column`."""

    title: str
    column: str
    message: str


def props_of(element: Mapping[str, Any]) -> dict[str, Any]:
    """The props of a stored custom element."""
    stored = element.get("props")
    props: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else dict(stored or {})
    return props


async def send_in_order(content: str, elements: Sequence[Element]) -> None:
    """A message with its elements below it in this order (sent together they arrive in any)."""
    message = cl.Message(content=content)
    await message.send()
    for element in elements:
        await element.send(for_id=message.id)


def table_element(table: Table, buttons: Sequence[RowButton] = (), *, folded: bool = False) -> cl.CustomElement:
    """A table with paging, sorting, filtering and export (drawn by public/elements/DataTable.jsx)."""
    props = table.model_dump(mode="json") | {"buttons": [asdict(button) for button in buttons], "folded": folded}
    return cl.CustomElement(name="DataTable", display="inline", props=props)


def notes_element(
    evidence: Sequence[Mapping[str, Any]],
    *,
    is_demo: bool,
    answer: AnswerDone | None = None,
    suggestions: Sequence[str] = (),
) -> cl.CustomElement:
    """Where the figures come from, how sure they are, and what could be asked next (AnswerNotes.jsx)."""
    props = {
        "evidence": [dict(line) for line in evidence],
        "is_demo": is_demo,
        "confidence": answer.confidence if answer else None,
        "withheld": answer.withheld if answer else [],
        "suggestions": answer.suggestions if answer else list(suggestions),
    }
    return cl.CustomElement(name="AnswerNotes", display="inline", props=props)
