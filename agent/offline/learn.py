"""Learn the phrasings anew, after one was added or changed: `python -m agent.offline.learn` (a minute)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from agent.offline.meaning import KEPT, Floats, Meaning, examples_of, key_of, vectors_of
from analytics.text.classifier import fit
from analytics.text.encoder import DIMENSIONS, encoder
from language.scene import Scene
from language.slots import read_slots
from tools.catalogue import catalogue

_ENCODED = Path(tempfile.gettempdir()) / "aima-phrasing-vectors.npz"


def main() -> None:
    """Write what was learnt beside the code, and say how large it is."""
    requests = [request for tool in catalogue().tools.values() for request in tool.questions]
    examples = examples_of(requests)
    clauses = [read_slots(text, Scene()) for text, _ in examples]
    rows = vectors_of(clauses, _encode)
    Meaning(key_of(requests), fit(rows, [label for _, label in examples])).save()
    size = KEPT.stat().st_size
    sys.stdout.write(f"{len(requests)} requests, {len(examples)} phrasings: {KEPT.name}, {size:,} bytes\n")


def _encode(texts: Sequence[str]) -> Floats:
    """Vectors of `texts`; those of the last time are not made anew."""
    known: dict[str, Floats] = {}
    if _ENCODED.exists():
        with np.load(_ENCODED, allow_pickle=False) as kept:
            known = dict(zip(map(str, kept["texts"]), kept["vectors"], strict=True))
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known |= dict(zip(new, encoder().encode(new), strict=True))
    rows = np.array([known[text] for text in texts], np.float32).reshape(-1, DIMENSIONS)
    np.savez(_ENCODED, texts=np.array(texts), vectors=rows)
    return rows


if __name__ == "__main__":
    main()
