"""Elements of a message: tables, the notes under an answer, the sandbox mailbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import chainlit as cl

from agent.events import AnswerDone, Table

__all__ = ["mailbox_element", "notes_element", "table_element"]


def table_element(table: Table) -> cl.CustomElement:
    """A table with paging, sorting, filtering and export (drawn by public/elements/DataTable.jsx)."""
    return cl.CustomElement(name="DataTable", display="inline", props=table.model_dump(mode="json"))


def notes_element(
    evidence: Sequence[Mapping[str, Any]], *, is_demo: bool, answer: AnswerDone | None = None
) -> cl.CustomElement:
    """Where the figures come from, how sure they are, and what could be asked next (AnswerNotes.jsx)."""
    props = {
        "evidence": [dict(line) for line in evidence],
        "is_demo": is_demo,
        "confidence": answer.confidence if answer else None,
        "withheld": answer.withheld if answer else [],
        "suggestions": answer.suggestions if answer else [],
    }
    return cl.CustomElement(name="AnswerNotes", display="inline", props=props)


def mailbox_element(mailbox: Mapping[str, Any]) -> cl.CustomElement:
    """Messages of the sandbox, each to be opened (Mailbox.jsx)."""
    fields = ("message_id", "recipient", "subject", "body_text", "body_html", "delivered_at")
    messages = [{name: message[name] for name in fields} for message in mailbox["messages"]]
    return cl.CustomElement(name="Mailbox", display="inline", props={"total": mailbox["total"], "messages": messages})
