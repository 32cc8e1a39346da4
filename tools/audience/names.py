"""Segments by name, of every kind: saved rules, RFM, behaviours, clusters, discovered groups, countries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from core.errors import NotFound
from database.queries import drifts, groupings, saved_segments

__all__ = ["Kind", "KnownSegment", "every", "find"]

Kind = Literal["saved", "rfm", "behaviour", "cluster", "discovered", "country"]
_FIELDS: dict[Kind, str] = {
    "rfm": "rfm_segment",
    "behaviour": "behaviours",
    "cluster": "cluster",
    "discovered": "discovered_group",
    "country": "country",
}


@dataclass(frozen=True, slots=True)
class KnownSegment:
    """A segment that has a name: its kind, and the rule that picks its customers."""

    kind: Kind
    name: str
    rule: dict[str, Any]


def every(connection: Connection) -> list[KnownSegment]:
    """All segments; of two with one name the first is meant."""
    return list(_each(connection))


def find(connection: Connection, name: str, kind: Kind | None = None) -> KnownSegment:
    """The segment of that name (any case, singular or plural); NotFound lists the names there are."""
    known = [s for s in _each(connection) if kind is None or s.kind == kind]
    wanted = name.strip().lower()
    for read in (str.lower, _plain):
        for segment in known:
            if read(segment.name) == read(wanted):
                return segment
    valid = list(dict.fromkeys(s.name for s in known if s.kind != "country"))
    raise NotFound(f"There is no segment '{name}'.", field="segment", valid=valid)


def _plain(name: str) -> str:
    """Weekend_shopper, "the weekend shoppers", "Weekend shopper segment": one name."""
    words = re.sub(r"[_\W]+", " ", name.lower()).strip()
    words = re.sub(r"^the | (?:customers|segment|group|cluster)$", "", words)
    return words.removesuffix("s")


def _each(connection: Connection) -> Iterator[KnownSegment]:
    from analytics.rfm import SEGMENTS
    from analytics.segmentation.behaviours import PATTERNS

    for saved in saved_segments.every(connection):
        yield KnownSegment("saved", saved.name, saved.rule)
    for segment in SEGMENTS:
        yield _of("rfm", segment.name)
    for pattern in PATTERNS:
        yield _of("behaviour", pattern.name)
    runs = groupings.latest(connection)
    for kind in ("cluster", "discovered"):
        for group in runs[kind].groups if kind in runs else ():
            yield _of(kind, group["name"])
    for drift in drifts.latest(connection):
        if drift.kind == "country":
            yield _of("country", drift.segment)


def _of(kind: Kind, name: str) -> KnownSegment:
    return KnownSegment(kind, name, {"field": _FIELDS[kind], "operator": "eq", "value": name})
