"""What was imported, and an import taken back: shown first, done when the person says so."""

from __future__ import annotations

import chainlit as cl

from agent.events import Column, Table
from chat.asking import chosen
from chat.files import follow_scores
from chat.parts import installed
from chat.showing import RowButton, notes_element, send_in_order, table_element
from core.errors import FixArguments
from core.identity import Identity

__all__ = ["show_imports", "undo_import"]

MOST = 100
COLUMNS = (
    Column(name="number", title="Number"),
    Column(name="file", title="File"),
    Column(name="kind", title="Kind"),
    Column(name="at", title="Imported", unit="instant"),
    Column(name="by", title="By"),
    Column(name="read", title="Rows", unit="rows"),
    Column(name="rejected", title="Rejected", unit="rows"),
    Column(name="inserted", title="New", unit="rows"),
    Column(name="updated", title="Changed", unit="rows"),
    Column(name="status", title="Status"),
)
DEMO = "The data of the demo shop are made up: nothing was imported, and there is nothing to take back."
NOTHING = "Nothing has been imported yet. Drop a file into the chat to begin."


async def show_imports(_words: str, identity: Identity, *, is_demo: bool) -> None:
    """Everything that was imported, newest first, each with a way to take it back."""
    found = await installed().call("list_imports", {"limit": MOST}, identity)
    if not found["total"]:
        await cl.Message(content=DEMO if is_demo else NOTHING).send()
        return
    rows = [
        [one["at"][:16].replace("T", " ") if column.name == "at" else one[column.name] for column in COLUMNS]
        for one in found["imports"]
    ]
    table = Table(title="Imports", columns=list(COLUMNS), rows=rows, total_rows=found["total"], tool="list_imports")
    elements = [table_element(table, [RowButton("Undo", "number", "/undo {}")])]
    await send_in_order("### Imports", [*elements, notes_element([found["evidence"]], is_demo=is_demo)])


async def undo_import(which: str, identity: Identity, *, is_demo: bool) -> None:
    """Show the import that would be taken back, ask, and take it back."""
    if is_demo:
        raise FixArguments(DEMO)
    from tools.imports.wording import undone_words

    arguments = {"number": int(which), "limit": 1} if which.strip().isdecimal() else {"file": which.strip(), "limit": 1}
    found = await installed().call("list_imports", arguments, identity)
    if not found["imports"]:
        raise FixArguments(f"No file called “{which}” was imported.")
    one = found["imports"][0]
    question = (
        f"Take back import {one['number']}, **{one['file']}** of {one['at'][:10]} ({one['inserted']:,} new and "
        f"{one['updated']:,} changed rows)? What it brought goes, what it changed is as it was before."
    )
    if await chosen(question, {"undo": "Take it back", "keep": "Leave it"}) != "undo":
        await cl.Message(content="Nothing was changed.").send()
        return
    undone = await installed().call("undo_import", {"which": str(one["number"])}, identity)
    await cl.Message(content=undone_words(undone["file"], undone["removed"], undone["again"])).send()
    if undone["job_id"]:
        await follow_scores(identity, undone["job_id"])
