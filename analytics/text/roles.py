"""What each word of a question is: speech, a figure, a time, a condition, something that narrows it, and so on.

The last layers of the sentence encoder, trained anew to tell words apart (token classification), with heads for the
role of a word, the figure or the dimension it names, and what kind of request the whole is. Learnt with PyTorch from
marked questions (agent/offline/learn.py), read in NumPy like the encoder. Source: Devlin et al., BERT (2019), 4 and
5.3; joint intent and slots: Chen, Zhuo & Wang (2019).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.text.encoder import LAYERS, encoder, layer

__all__ = ["HEADS", "SPEECH", "Role", "RoleModel", "Sentence", "words_of"]

HEADS: Final = ("role", "figure", "dimension", "request")
SPEECH: Final = "O"
"""The role of a word that could be left out without another answer."""
_WORD: Final = re.compile(r"\w+(?:['’.-]\w+)*|[^\w\s]")
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Role:
    """A word with its likeliest role; `speech` is the probability that it is mere speech.

    `common`: a word of the encoder's own, or one it was taught with: no name and no made-up word.
    `names` is what it names if it is a figure or a dimension, `sure` the probability of its role, together with that of
    the name where the words alone tell it: what a value is of, the data know better.
    """

    word: str
    start: int
    end: int
    role: str
    speech: float
    names: str
    sure: float
    common: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a text with their roles, and the kind of request it is, with the probability of that."""

    roles: list[Role]
    request: str
    chance: float


@dataclass(frozen=True)
class RoleModel:
    """Trained layers from `first` on, heads, and their labels by head; `seen` are the words it was taught with."""

    first: int
    labels: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Floats]
    seen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, path: Path) -> RoleModel:
        """The model kept in `path`."""
        with np.load(path, allow_pickle=False) as kept:
            labels = {head: tuple(map(str, kept[f"{head}.labels"])) for head in HEADS}
            weights = {name: kept[name].astype(np.float32) for name in kept.files if name.endswith(("weight", "bias"))}
            return cls(int(kept["first"]), labels, weights, frozenset(map(str, kept["seen"])))

    def save(self, path: Path) -> None:
        """Write it in half precision."""
        kept: dict[str, Any] = {f"{head}.labels": np.array(names) for head, names in self.labels.items()}
        kept |= {name: weight.astype(np.float16) for name, weight in self.weights.items()}
        np.savez_compressed(path, first=np.array(self.first), seen=np.array(sorted(self.seen)), **kept)

    def read(self, text: str) -> Sentence:
        """The role of each word and sign of `text`; those beyond the encoder's longest text have none."""
        spans = [(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]
        if not spans:
            return Sentence([], "", 0.0)
        below = encoder().word_states([[word.lower() for word, _, _ in spans]], self.first)
        x, hidden = below.states, below.hidden
        for at in range(self.first, LAYERS):
            x = layer(x, hidden, self.weights, f"layer.{at}")
        roles, figures, dimensions = (self._chances(x[0], head) for head in HEADS[:3])
        requests = self._chances(x[0].mean(0), "request")
        first_token = {word: token for token, word in reversed(list(enumerate(below.words[0]))) if word is not None}
        pieces = Counter(word for word in below.words[0] if word is not None)
        told = [
            self._role(
                span, roles[token], figures[token], dimensions[token], common=self._is_common(span[0], pieces[n])
            )
            for n, span in enumerate(spans)
            if (token := first_token.get(n)) is not None
        ]
        return Sentence(told, self.labels["request"][int(requests.argmax())], float(requests.max()))

    def _is_common(self, word: str, tokens: int) -> bool:
        return tokens == 1 or word.lower() in self.seen

    def _role(
        self, span: tuple[str, int, int], roles: Floats, figures: Floats, dimensions: Floats, *, common: bool
    ) -> Role:
        best = int(roles.argmax())
        role, names = self.labels["role"][best], ""
        sure = float(roles[best])
        for kind, head, chances in (("m", "figure", figures), ("dv", "dimension", dimensions)):
            if role in kind and (labels := self.labels[head]):
                named = int(chances.argmax())
                names = labels[named]
                sure *= 1.0 if role == "v" else float(chances[named])
        return Role(*span, role, float(roles[self.labels["role"].index(SPEECH)]), names, sure, common)

    def _chances(self, states: Floats, head: str) -> Floats:
        scores = states @ self.weights[f"{head}.weight"].T + self.weights[f"{head}.bias"]
        powers: Floats = np.exp(scores - scores.max(-1, keepdims=True))
        chances: Floats = powers / powers.sum(-1, keepdims=True)
        return chances


def words_of(text: str) -> list[str]:
    """Words and signs of `text`, as their roles are learnt and told."""
    return _WORD.findall(text)
