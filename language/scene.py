"""What is known when a question is read: the data there are, and what was asked before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from language.filler import FUNCTION

__all__ = ["Call", "PastCall", "Scene", "scene_of_data"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call to be made."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PastCall:
    """A tool call that was made, with its result where there is one, and the rule of the customers it speaks of.

    Calls with the same number `clause` were made for one clause. A call that failed has an empty result.
    """

    tool: str
    arguments: dict[str, Any]
    result: dict[str, Any] | None = None
    audience: dict[str, Any] | None = None
    clause: int | None = None


@dataclass(slots=True)
class Scene:
    """The data (from describe_data) and the calls of this conversation so far, oldest first.

    `last_day` is the last day of the data, `now` the present, both in the organisation's time zone. `segments` are the
    names the organisation's own groups have: clusters, discovered groups, saved segments; `product_words` the words, in
    lower case, that occur in the names of products. `unanswered`: the question before got no call, so nothing continues
    it.
    """

    last_day: date | None = None
    now: datetime | None = None
    currency: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    metrics: dict[str, bool] = field(default_factory=dict)
    past: list[PastCall] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    product_words: frozenset[str] = frozenset()
    unanswered: bool = False

    @property
    def today(self) -> date:
        """The last day of the data; without data no relative period can be resolved, so any fixed day will do."""
        return self.last_day or date(2000, 1, 1)

    @property
    def last(self) -> PastCall | None:
        """The call a follow-up refers to."""
        return self.past[-1] if self.past else None

    def names(self) -> frozenset[str]:
        """The words, in lower case, of the values and products in the data."""
        values = " ".join(value for values in self.values.values() for value in values).lower()
        return self.product_words | frozenset(values.split())

    def last_of(self, *tools: str) -> PastCall | None:
        """The latest call of one of `tools`."""
        return next((call for call in reversed(self.past) if call.tool in tools), None)


def scene_of_data(data: Mapping[str, Any]) -> Scene:
    """The scene before anything was asked, from a result of describe_data."""
    scene = Scene()
    if until := data.get("evidence", {}).get("data_until"):
        scene.last_day = date.fromisoformat(str(until)[:10])
    if now := data.get("now"):
        scene.now = datetime.fromisoformat(str(now))
    scene.currency = str(data.get("currency", ""))
    scene.values = {d["name"]: list(d["values"]) for d in data.get("dimensions", [])}
    scene.segments = list(data.get("segments", []))
    words = frozenset(data.get("product_words") or ())
    scene.product_words = words - FUNCTION  # "cakes from the shop": "from" and "the" name no product
    scene.metrics = {m["name"]: bool(m["available"]) for m in data.get("metrics", [])}
    return scene
