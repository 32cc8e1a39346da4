"""What a clause asks for, by its meaning: a classifier over the phrasings that the capabilities declare.

Learnt by `python -m agent.offline.learn` and kept beside this file. A capability that was added since is found by its
nearest phrasing, until the next learning.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.text.classifier import Classifier
from analytics.text.encoder import encoder
from language.meaning import features, spoken
from language.requests import Request
from language.slots import Slots
from language.words import plain

__all__ = ["KEPT", "NONE", "Meaning", "examples_of", "key_of", "vectors_of"]

NONE = "none of these"
KEPT = Path(__file__).with_name("meaning.npz")
MARKS = 0.6  # weight of what a clause holds beside its words
REMEMBERED = 1_000  # clauses whose probabilities are kept
ALIKE = 0.7  # cosine from which a phrasing that was not learnt from is what is meant
Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Meaning:
    """The requests of a catalogue, to be told apart; `key` says which phrasings they were learnt from."""

    key: str
    classifier: Classifier
    added: tuple[Request, ...] = ()
    _seen: dict[tuple[Any, ...], list[tuple[float, str]]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, requests: Sequence[Request], path: Path = KEPT) -> Meaning:
        """What was learnt, with those of `requests` it does not know."""
        with np.load(path, allow_pickle=False) as kept:
            classifier = Classifier(tuple(map(str, kept["labels"])), kept["weights"].astype(np.float32))
            added = tuple(r for r in requests if r.phrasings and r.name not in classifier.labels)
            return cls(str(kept["key"]), classifier, added)

    def save(self, path: Path = KEPT) -> None:
        """Write it beside the code."""
        weights = self.classifier.weights.astype(np.float16)
        np.savez_compressed(path, key=self.key, labels=np.array(self.classifier.labels), weights=weights)

    def probabilities(self, slots: Slots) -> list[tuple[float, str]]:
        """(probability, name of the request or NONE), likeliest first; kept, for clauses are asked about again."""
        said = (slots.plain, spoken(slots), *features(slots))
        if said not in self._seen:
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[said] = self._probabilities(slots)
        return self._seen[said]

    def _probabilities(self, slots: Slots) -> list[tuple[float, str]]:
        row = vectors_of([slots])
        chances = dict(zip(self.classifier.labels, map(float, self.classifier.probabilities(row)[0]), strict=True))
        if self.added:
            alike = self._added_vectors @ row[0, : self._added_vectors.shape[1]]
            best = int(alike.argmax())
            if alike[best] >= ALIKE:
                chances = {name: chance * (1 - float(alike[best])) for name, chance in chances.items()}
                chances[self._added_names[best]] = float(alike[best])
        return sorted(((chance, name) for name, chance in chances.items()), reverse=True)

    @cached_property
    def _added_names(self) -> list[str]:
        return [request.name for request in self.added for _ in request.phrasings]

    @cached_property
    def _added_vectors(self) -> Floats:
        return encoder().encode([plain(text) for request in self.added for text in request.phrasings])


def vectors_of(clauses: Sequence[Slots], encode: Callable[[Sequence[str]], Floats] | None = None) -> Floats:
    """What clauses are told apart by: the vector of the words, that of them with names taken out, what they hold."""
    said = [slots.plain for slots in clauses]
    vectors = (encode or encoder().encode)([*said, *map(spoken, clauses)])
    return np.hstack([vectors[: len(said)], vectors[len(said) :], MARKS * np.array([features(s) for s in clauses])])


def examples_of(requests: Iterable[Request]) -> list[tuple[str, str]]:
    """(phrasing, what it asks for) of every phrasing and near miss."""
    said = [(text, request.name) for request in requests for text in request.phrasings]
    return said + [(text, NONE) for request in requests for text in request.others]


def key_of(requests: Iterable[Request]) -> str:
    """A hash of what is learnt from."""
    return hashlib.sha256(json.dumps(sorted(examples_of(list(requests)))).encode()).hexdigest()
