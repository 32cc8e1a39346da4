"""Elements of a message: tables, and the notes under an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import chainlit as cl
from chainlit.element import Element

from agent.events import AnswerDone, Table
from chat.parts import installed
from language.cells import VERBATIM, cell_text, file_cell, file_title, unit_of_values
from language.format import day
from tools.audience.fields import title_of
from tools.figures import Column
from tools.steps import asked_with, subject_words

__all__ = ["RowButton", "name_first", "notes_element", "props_of", "send_in_order", "table_element"]

_NAMED = re.compile(r"^([a-z][a-z0-9_]*):")  # a definition begins with the name of what it defines

# Columns whose texts are the shop's own, whatever they look like.
OWN = frozenset(
    {
        "customer",
        "customer_id",
        "name",
        "email",
        "recipient",
        "order",
        "order_id",
        "sku",
        "product",
        "file",
        "reference",
    }
)

CODES = frozenset({"customer", "customer_id"})


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


def table_element(
    table: Table, buttons: Sequence[RowButton] = (), *, folded: bool = False, about: str = ""
) -> cl.CustomElement:
    """A table with paging, sorting, filtering and export (drawn by public/elements/DataTable.jsx).

    `about`: what it is, while it is folded.
    """
    table = name_first(table)
    rows = table.model_dump(mode="json")["rows"]
    units = [_unit(column) for column in table.columns]
    props = {
        "title": table.title,
        "columns": [column.model_dump(include={"name", "title"}) for column in table.columns],
        "rows": rows,
        "cells": [[cell_text(value, unit) for value, unit in zip(row, units, strict=True)] for row in rows],
        "file": {
            "head": [file_title(column.title, column.unit) for column in table.columns],
            "rows": [[file_cell(value, unit) for value, unit in zip(row, units, strict=True)] for row in rows],
        },
        "total_rows": table.total_rows,
        "buttons": [asdict(button) for button in buttons],
        "folded": folded,
        "about": about,
    }
    return cl.CustomElement(name="DataTable", display="inline", props=props)


def name_first(table: Table) -> Table:
    """The table with people's names before their codes: the first column is what stays in sight on a phone."""
    names = [column.name for column in table.columns]
    if not names or names[0] not in CODES or "name" not in names:
        return table
    place = names.index("name")
    if all(row[place] is None for row in table.rows):
        return table
    order = [place, *(i for i in range(len(names)) if i != place)]
    columns, rows = [table.columns[i] for i in order], [[row[i] for i in order] for row in table.rows]
    return table.model_copy(update={"columns": columns, "rows": rows})


def _unit(column: Column) -> str:
    """What the texts of a column are."""
    return unit_of_values(column.name) or (VERBATIM if column.name in OWN else column.unit)


def notes_element(
    evidence: Sequence[Mapping[str, Any]],
    *,
    is_demo: bool,
    answer: AnswerDone | None = None,
    suggestions: Sequence[str] = (),
) -> cl.CustomElement:
    """Where the figures come from, how sure they are, and what could be asked next (AnswerNotes.jsx)."""
    props = {
        "evidence": [_in_words(line) for line in evidence],
        "is_demo": is_demo,
        "confidence": answer.confidence if answer else None,
        "withheld": answer.withheld if answer else [],
        "suggestions": answer.suggestions if answer else list(suggestions),
    }
    return cl.CustomElement(name="AnswerNotes", display="inline", props=props)


def _in_words(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of evidence with what was asked, and with what, as people say it."""
    tool = installed().runtime.catalogue.get(str(line["tool"]))
    until = line.get("data_until")
    return {
        **line,
        "title": subject_words(tool, line["arguments"]),
        "asked": asked_with(tool, line["arguments"]),
        "until": day(until) if until else None,
        "definitions": [_NAMED.sub(lambda name: f"{title_of(name[1])}:", said) for said in line.get("definitions", [])],
        "basis": tool.basis,
    }
