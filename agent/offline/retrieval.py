"""Nearest example: bags of words and word pairs, weighted by how rare they are among the examples."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Index", "build_index"]

_STOP = frozenset("the a an of to our my your me please is are was were do does did we i it and for".split())  # noqa: SIM905
Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Index:
    """Examples as weighted vectors, each with the label it stands for."""

    weights: dict[str, float]
    vectors: list[tuple[str, Vector]]

    def nearest(self, text: str) -> list[tuple[float, str]]:
        """(cosine similarity, label), best first, one entry a label."""
        asked = self._vector(text)
        best: dict[str, float] = {}
        for label, vector in self.vectors:
            score = sum(weight * vector.get(term, 0.0) for term, weight in asked.items())
            best[label] = max(best.get(label, 0.0), score)
        return sorted(((score, label) for label, score in best.items()), reverse=True)

    def _vector(self, text: str) -> Vector:
        rare = max(self.weights.values(), default=1.0)
        counts = Counter(_terms(text))
        raw = {term: count * self.weights.get(term, rare) for term, count in counts.items()}
        return _unit(raw)


def build_index(examples: Iterable[tuple[str, str]]) -> Index:
    """An index over (label, text) pairs."""
    pairs = [(label, Counter(_terms(text))) for label, text in examples]
    seen = Counter(term for _, counts in pairs for term in counts)
    weights = {term: math.log(1 + len(pairs) / count) for term, count in seen.items()}
    return Index(weights, [(label, _unit({t: c * weights[t] for t, c in counts.items()})) for label, counts in pairs])


def _terms(text: str) -> Sequence[str]:
    words = [w for w in re.findall(r"<[a-z-]+>|[a-z]+", text) if w not in _STOP]
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(w * w for w in vector.values())) or 1.0
    return {term: weight / length for term, weight in vector.items()}
