"""A scene for the offline model's tests: a British shop whose data end on 9 December 2011."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from agent.offline.reading import Reader, Reading
from agent.offline.scene import past
from language.scene import Call, PastCall, Scene
from tools.catalogue import catalogue

CATALOGUE = catalogue()
READER = Reader(CATALOGUE)
read_question, read_clause = READER.read_question, READER.read_clause
COUNTRIES = ["United Kingdom", "Germany", "France", "EIRE", "Spain", "Netherlands", "USA", "Channel Islands"]
PROPOSAL = "0bdee448-3a39-4774-b4f7-ae5a34a42c0e"


def scene(**values: list[str]) -> Scene:
    """The shop's data as describe_data tells them."""
    known = {"country": COUNTRIES, "channel": ["web", "store"], "category": ["Kitchen", "Garden"], **values}
    return Scene(last_day=date(2011, 12, 9), currency="GBP", values=known)


def converse(*questions: str) -> list[list[Reading]]:
    """Readings of questions asked one after the other; proposals get an id, as the tool would give them."""
    told = scene()
    out = []
    for question in questions:
        readings = read_question(question, told)
        out.append(readings)
        for clause, reading in enumerate(readings):
            for call in reading.calls:
                result: dict[str, Any] = {"proposal": {"id": PROPOSAL}} if "propos" in call.tool else {}
                told.past.append(replace(called(call, result), clause=100 * len(out) + clause))
        told.unanswered = not any(reading.calls or reading.small for reading in readings)
    return out


def calls(question: str) -> list[tuple[str, dict[str, Any]]]:
    """The tool calls one question leads to."""
    return [(c.tool, c.arguments) for r in read_question(question, scene()) for c in r.calls]


def called(call: Call, result: dict[str, Any] | None = None) -> PastCall:
    """A call that was made, with the customers that its arguments say it speaks of."""
    return replace(past(call, CATALOGUE), result=result)
