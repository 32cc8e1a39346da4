"""Values that filters name: one that never occurs is a mistake, not an empty answer."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import Connection

from core.errors import NoSuchData
from database.queries import metrics
from database.semantic.filters import Filter
from database.semantic.model import Source
from database.semantic.sources import DIMENSIONS

__all__ = ["check_values"]

MOST_LISTED = 60


def check_values(connection: Connection, filters: Sequence[Filter], sources: Sequence[Source], time_zone: str) -> None:
    """NoSuchData names the first value that occurs nowhere, with close ones: "ne UK" would silently leave nothing out.

    `sources`: one for each table that is read.
    """
    for asked in filters:
        matches = DIMENSIONS[asked.dimension].matches
        if matches in ("number", "days"):
            continue
        if asked.operator.endswith("contains"):
            for text in asked.values() if matches == "product" else ():
                if not metrics.products_with(connection, text):
                    raise NoSuchData(f"No product's name contains '{text}'.", field="filters")
            continue
        known: set[str] = set()
        for source in sources:
            known |= metrics.known_values(connection, source, asked.dimension, asked.values(), time_zone)
        if unknown := [value for value in asked.values() if value.lower() not in known]:
            _refuse(connection, asked.dimension, unknown[0], sources[0], time_zone)


def _refuse(connection: Connection, dimension: str, value: str, source: Source, time_zone: str) -> None:
    values = metrics.dimension_values(connection, source, dimension, limit=5000, time_zone=time_zone)
    low = {v.lower(): v for v in values}
    close = [low[v] for v in get_close_matches(value.lower(), low, n=12, cutoff=0.4)]
    listed = values if len(values) <= MOST_LISTED else close or values[:12]
    word = dimension.removeprefix("with_")
    raise NoSuchData(f"No {word} is called '{value}'.", field="filters", valid=listed)
