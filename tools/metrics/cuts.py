"""By what a figure can be told, in words, before it is asked for by what it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from database.semantic.dimensions import DIMENSIONS
from database.semantic.metrics import METRICS
from database.semantic.model import Metric
from database.semantic.sources import SOURCES
from tools.audience.fields import title_of

__all__ = ["cannot_cut"]

_NAMED = 5


def cannot_cut(base: dict[str, Any]) -> str | None:
    """What to say where a metric of `base` is not known by one of its dimensions or filters; None: all are."""
    used = [*base.get("dimensions", ()), *(each["dimension"] for each in base.get("filters", ()))]
    for name in base["metrics"]:
        metric = METRICS[name]
        if used and not _known(metric, used):
            strange = next((one for one in used if not _known(metric, [one])), used[-1])
            return _said(metric, strange)
    return None


def _known(metric: Metric, dimensions: Sequence[str]) -> bool:
    return any(all(name in SOURCES[source].places for name in dimensions) for source in metric.sql)


def _said(metric: Metric, strange: str) -> str:
    others = [one.heading for one in METRICS.values() if _known(one, [strange])][:_NAMED]
    cuts = [name for name, one in DIMENSIONS.items() if one.cut and one.listed and _known(metric, [name])]
    own = [title_of(name).lower() for name in cuts]
    by = title_of(strange).lower()
    instead = f" By {by} I can tell {', '.join(_lower(one) for one in others)} and the like." if others else ""
    return f"{metric.heading}: not known by {by}. I can tell it by {', '.join(own[:_NAMED]) or 'time'}.{instead}"


def _lower(heading: str) -> str:
    return heading if heading[1:2].isupper() else heading[:1].lower() + heading[1:]
