"""What a person says of how a dropped file is to be read: in words after “Correct”, or by a button where asked."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import Any

import chainlit as cl

from chat.asking import ANSWER_S, chosen
from chat.parts import installed
from core.errors import FixArguments
from core.identity import Identity

__all__ = ["CORRECT", "answered", "as_correction", "corrected", "reading_of", "settle"]

CORRECT = (
    "Write `field=column` for each correction (`field=` drops one), with commas between several. Also: `kind=orders`, "
    "`dates=dmy` or `mdy`, `decimal=comma` or `point`, `sheet=NAME`, `status WORD=sale` (or refund, void, pending), "
    "`currency=EUR`, `time zone=Europe/Berlin`."
)
OPTIONS = ("kind", "dates", "decimal", "sheet")
TOLD = {"currency": "currency", "time zone": "time_zone"}  # settings of the organisation, kept at once
ASKED = {
    "dates": {"dmy": "Day first (31.12.)", "mdy": "Month first (12/31)"},
    "decimal": {"comma": "Comma (1,50)", "point": "Point (1.50)"},
}
MOST_BUTTONS = 8
_WORDS = (
    (r"--map (?P<all>.+)", r"\g<all>"),
    (r"--status “(?P<word>.+?)=(?P<means>\w+)”(?P<rest>.*)", r"status \g<word>=\g<means>\g<rest>"),
    (r"--(?P<option>dates|decimal|kind|sheet) (?P<value>.+)", r"\g<option>=\g<value>"),
    (r"aima org set --currency (?P<value>.+)", r"currency=\g<value>"),
    (r"aima org set --time-zone (?P<value>.+)", r"time zone=\g<value>"),
)


def as_correction(option: str) -> str:
    """An option of `aima import` as it is written after “Correct”; what is no option stays as it is."""
    for form, words in _WORDS:
        if match := re.fullmatch(form, option):
            return match.expand(words)
    return option


def reading_of(words: str) -> dict[str, Any]:
    """`kind=orders, customer=CustomerID, status X=void` as arguments of the importer; FixArguments without `=`.

    `currency` and `time_zone` are among them where they are said: the organisation's, not the file's.
    """
    reading: dict[str, Any] = {"overrides": {}, "statuses": {}}
    for pair in words.split(","):
        name, equals, value = (part.strip().strip("“”") for part in pair.strip().partition("="))
        if not equals or not name:
            raise FixArguments(f"'{pair.strip()}' is not of the form field=column; put commas between several.")
        if name.lower().startswith("status "):
            reading["statuses"][name[len("status ") :].strip(" “”")] = value
        elif name.lower() in TOLD:
            reading[TOLD[name.lower()]] = value
        elif name in OPTIONS:
            reading[name] = _checked(name, value)
        else:
            reading["overrides"][name] = value
    return {key: said for key, said in reading.items() if said or key == "overrides"}


def _checked(name: str, value: str) -> str:
    if name in ASKED and value not in ASKED[name]:
        raise FixArguments(f"'{value}' is nothing for {name}.", field=name, valid=tuple(ASKED[name]))
    return value


async def settle(more: dict[str, Any], identity: Identity) -> dict[str, Any]:
    """Keep what was said of the organisation; the rest, which is of the file."""
    from tools.people.settings import change_settings

    told = {name: more.pop(name) for name in TOLD.values() if name in more}
    if told:
        await asyncio.to_thread(partial(change_settings, installed().runtime.database, identity, **told))
    if "time_zone" in told and (remark := await asyncio.to_thread(_elsewhere, identity)):
        await cl.Message(content=remark).send()
    return more


def _elsewhere(identity: Identity) -> str:
    """What was read before in another time zone, and stays so."""
    from tools.imports.clocks import read_elsewhere

    with installed().runtime.database.transaction(identity.org_id) as connection:
        return read_elsewhere(connection)


async def corrected(reading: dict[str, Any], identity: Identity) -> dict[str, Any]:
    """The reading with what a person writes; as it was where that cannot be read."""
    answer = await cl.AskUserMessage(content=CORRECT, timeout=ANSWER_S).send()
    try:
        more = await settle(reading_of(answer["output"]), identity) if answer else {}
    except FixArguments as error:
        await cl.Message(content=error.message).send()
        return reading
    return _together(reading, more)


async def answered(problem: FixArguments, identity: Identity) -> dict[str, Any] | None:
    """What a person says to a question that keeps a file from being read; None where it is none, or nothing is said."""
    field, valid = problem.field or "", problem.valid
    if field not in ("dates", "decimal", "sheet", "currency") or not 0 < len(valid) <= MOST_BUTTONS:
        return None
    names = ASKED.get(field, {})
    said = re.sub(r"(?: Say (?:it|which)[^.]*\.| Valid: .*)", "", problem.message)
    value = await chosen(said, {**{each: names.get(each, each) for each in valid}, "": "Cancel"})
    return await settle({field: value}, identity) if value else None


def _together(reading: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    joined = {part: {**reading.get(part, {}), **more.get(part, {})} for part in ("overrides", "statuses")}
    return {**reading, **more, **{part: said for part, said in joined.items() if said}}
