"""What a call about figures is about, in a few words: "revenue by month and country"."""

from __future__ import annotations

from collections.abc import Sequence

from tools.audience.fields import word_of
from tools.metrics.arguments import QueryMetricsArguments

__all__ = ["change", "figures"]

NAMED = 3


def figures(arguments: QueryMetricsArguments) -> str:
    """The figures, and what they are cut by."""
    cuts = [*([arguments.grain] if arguments.grain != "none" else []), *map(word_of, arguments.dimensions)]
    return " by ".join([_joined([word_of(name) for name in arguments.metrics]), *([_joined(cuts)] if cuts else [])])


def change(metric: str) -> str:
    """The figure whose change is taken apart."""
    return f"what moved with {word_of(metric)}"


def _joined(words: Sequence[str]) -> str:
    words = [*words[:NAMED], *(["more"] if len(words) > NAMED else [])]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
