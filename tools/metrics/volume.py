"""A rate says something where enough was sent: of three emails one opened is 33%, and chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from database.queries import metrics
from database.semantic.metrics import METRICS
from database.semantic.model import Source
from database.semantic.question import Having, Question
from tools.figures import Cell

__all__ = ["LEAST", "answered", "unless_few"]

LEAST = 50
"""A rate over fewer than this many is left out of headlines, and of rankings of campaigns."""


def unless_few(name: str, figures: Mapping[str, Cell]) -> Cell:
    """The figure of that name, unless it is a rate over too few; `figures` hold what it is over as well."""
    over = figures[METRICS[name].base] if METRICS[name].base else LEAST
    return figures[name] if isinstance(over, int | float) and over >= LEAST else None


def answered(
    connection: Connection, question: Question, sources: Mapping[str, Source]
) -> tuple[Question, metrics.Answer]:
    """The answer, and the question it is of: of campaigns by a rate only those with at least LEAST of what it is over.

    Where no campaign has that many all of them count, and where the question says itself which rows it wants, those.
    """
    base = METRICS[question.metrics[0]].base
    if base and question.dimensions == ("campaign",) and question.grain == "none" and not question.having:
        enough = replace(question, having=[Having(base, "ge", LEAST)])
        found = metrics.answer(connection, enough, {**sources, base: sources[question.metrics[0]]})
        if found.rows:
            return enough, found
    return question, metrics.answer(connection, question, sources)
