"""What a clause asks for, by its meaning: a classifier over the phrasings that the capabilities declare.

Learnt by `python -m agent.offline.learn` and kept beside this file; a catalogue with other phrasings than those (a
capability that was added) is learnt when it is first read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.classifier import Classifier, fit
from analytics.text.encoder import encoder
from language.meaning import features, spoken
from language.requests import Request
from language.scene import Scene
from language.slots import Slots, read_slots
from language.words import plain

__all__ = ["KEPT", "NONE", "Meaning", "learn"]

NONE = "none of these"
KEPT = Path(__file__).with_name("meaning.npz")
COMMON = 3  # a word or pair of words counts when so many phrasings have it
MARKS = 0.3  # weight of what a clause holds beside its words
PENALTY = 0.00005


@dataclass(frozen=True)
class Meaning:
    """The requests of a catalogue, to be told apart. `terms` are the words and pairs that count, with their weights."""

    key: str
    classifier: Classifier
    terms: tuple[str, ...]
    weights: NDArray[np.float32]

    def probabilities(self, slots: Slots) -> list[tuple[float, str]]:
        """(probability, name of the request or NONE), likeliest first."""
        said = plain(slots.original)
        row = _features([said], [spoken(slots)], [features(slots)], self._places, self.weights)
        chances = self.classifier.probabilities(row)[0]
        return sorted(zip(map(float, chances), self.classifier.labels, strict=True), reverse=True)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {term: at for at, term in enumerate(self.terms)}

    def save(self, path: Path = KEPT) -> None:
        """Write it beside the code."""
        np.savez_compressed(
            path, key=self.key, labels=np.array(self.classifier.labels), terms=np.array(self.terms),
            classes=self.classifier.weights.astype(np.float16), weights=self.weights.astype(np.float16),
            temperature=self.classifier.temperature,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path = KEPT) -> Meaning:
        """As it was written."""
        with np.load(path, allow_pickle=False) as kept:
            classifier = Classifier(
                tuple(map(str, kept["labels"])), kept["classes"].astype(np.float64), float(kept["temperature"])
            )
            return cls(str(kept["key"]), classifier, tuple(map(str, kept["terms"])), kept["weights"].astype(np.float32))

    @classmethod
    def of(cls, requests: Sequence[Request], path: Path = KEPT) -> Meaning:
        """The one that is kept, where it was learnt from these phrasings; else learnt now."""
        if path.exists() and (kept := cls.load(path)).key == _key(requests):
            return kept
        return learn(requests)


def learn(requests: Sequence[Request]) -> Meaning:
    """Learn to tell `requests` apart, and from what only sounds like them."""
    examples = list(_examples(requests))
    read = [read_slots(text, Scene()) for text, _ in examples]
    said = [plain(text) for text, _ in examples]
    counts = Counter(term for text in said for term in set(_terms(text)))
    terms = tuple(sorted(term for term, count in counts.items() if count >= COMMON))
    weights = np.array([np.log(1 + len(said) / counts[term]) for term in terms], np.float32)
    places = {term: at for at, term in enumerate(terms)}
    rows = _features(said, [spoken(s) for s in read], [features(s) for s in read], places, weights)
    return Meaning(_key(requests), fit(rows, [label for _, label in examples], penalty=PENALTY), terms, weights)


def _examples(requests: Sequence[Request]) -> Iterable[tuple[str, str]]:
    for request in requests:
        yield from ((text, request.name) for text in request.phrasings)
        yield from ((text, NONE) for text in request.others)


def _key(requests: Sequence[Request]) -> str:
    told = json.dumps(sorted(_examples(requests)))
    return hashlib.sha256(told.encode()).hexdigest()


def _features(
    said: Sequence[str],
    general: Sequence[str],
    marks: Sequence[Sequence[float]],
    places: dict[str, int],
    weights: NDArray[Any],
) -> NDArray[np.float64]:
    """Vectors of the words as said and with names taken out, what the clause holds, and its words and pairs."""
    vectors = encoder().encode([*said, *general])
    words = np.zeros((len(said), len(places)))
    for row, text in enumerate(said):
        known = [places[term] for term in set(_terms(text)) if term in places]
        words[row, known] = weights[known]
    words /= np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-9)
    return np.hstack([vectors[: len(said)], vectors[len(said) :], MARKS * np.array(marks), words])


def _terms(text: str) -> list[str]:
    words = re.findall(r"[a-z]+", text)
    return [*words, *(f"{one} {two}" for one, two in pairwise(words))]
