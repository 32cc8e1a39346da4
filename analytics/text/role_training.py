"""Learning the roles of words from marked questions, with PyTorch; minutes on two cores.

A marked question is a list of (word, role, name). Each is learnt from in several variants: spans of a role exchanged
between questions, speech before and after, without punctuation, mistyped. Layers below the trained ones are those of
the encoder, so what they make of a batch is computed once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analytics.text.encoder import DIMENSIONS, LAYERS, encoder
from analytics.text.encoder import HEADS as ATTENTION_HEADS
from analytics.text.roles import HEADS, SPEECH, RoleModel

if TYPE_CHECKING:
    import torch

__all__ = ["Marked", "Training", "train", "variants"]

Words = list[tuple[str, str, str]]
_EXCHANGED: Final = frozenset("tvcxqmdwbg")  # roles whose words may stand in another question
_NAMED: Final = frozenset("vmd")  # of these, only with words that name the same
_IGNORED: Final = -100
_WEIGHTS: Final = {"role": 1.0, "figure": 0.5, "dimension": 0.3, "request": 0.5}


@dataclass(frozen=True, slots=True)
class Marked:
    """A question in words with their roles and what they name, and what kind of request it is."""

    words: Words
    request: str


@dataclass(frozen=True, slots=True)
class Training:
    """How long and how fast; `first` is the first layer that is trained."""

    first: int = 2
    copies: int = 2
    epochs: int = 3
    batch: int = 24
    rate: float = 3e-4
    seed: int = 0


def train(
    questions: Sequence[Marked],
    conditions: Sequence[Marked] = (),
    how: Training = Training(),
    told: Callable[[str], object] = lambda _: None,
) -> RoleModel:
    """A model of the roles in `questions`, and in `conditions`: parts of questions that are read by themselves.

    `told` hears of its progress.
    """
    import torch

    rng = random.Random(how.seed)
    torch.manual_seed(how.seed)
    taught = [*questions, *conditions]
    labels = _labels(taught)
    rows = [*taught, *variants(questions, how.copies, rng), *variants(conditions, how.copies, rng)]
    batches = list(_batches(rows, labels, how))
    told(f"{len(rows)} variants of {len(questions)} questions and {len(conditions)} conditions")
    layers = {f"layer.{at}": _copied(f"encoder.layer.{at}") for at in range(how.first, LAYERS)}
    heads = {head: torch.nn.Linear(DIMENSIONS, max(1, len(labels[head]))) for head in HEADS}
    parameters = [p for layer in layers.values() for p in layer.values()]
    parameters += [p for head in heads.values() for p in head.parameters()]
    steps = how.epochs * len(batches)
    optimiser = torch.optim.AdamW(parameters, lr=how.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, how.rate, total_steps=steps, pct_start=0.1)
    for epoch in range(how.epochs):
        rng.shuffle(batches)
        total = 0.0
        for batch in batches:
            loss = _loss(batch, layers, heads)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        told(f"epoch {epoch + 1} of {how.epochs}: loss {total / len(batches):.3f}")
    seen = {word.lower() for question in taught for word, _, _ in question.words}
    return RoleModel(how.first, labels, _weights(layers, heads), frozenset(seen))


def variants(questions: Sequence[Marked], copies: int, rng: random.Random) -> list[Marked]:
    """`copies` of each question, each changed by chance in ways that leave its roles as they are."""
    before, after, spans = _material(questions)
    made: list[Marked] = []
    for _ in range(copies):
        for question in questions:
            words = list(question.words)
            asked = [n for n, (_, role, _) in enumerate(words) if role != SPEECH]
            if asked and before and rng.random() < 0.35:
                words = rng.choice(before) + words[asked[0] :]
                asked = [n for n, (_, role, _) in enumerate(words) if role != SPEECH]
            if asked and after and rng.random() < 0.3:
                words = words[: asked[-1] + 1] + rng.choice(after)
            if rng.random() < 0.5:
                words = [w for span in _spans(words) for w in _exchanged(span, spans, rng)]
            if rng.random() < 0.3:
                words = [w for w in words if w[0][0].isalnum()] or words
            if rng.random() < 0.15:
                words = [(_mistyped(w, rng) if rng.random() < 0.12 else w, role, name) for w, role, name in words]
            made.append(Marked(words, question.request))
    return made


def _material(questions: Iterable[Marked]) -> tuple[list[Words], list[Words], dict[tuple[str, str], list[Words]]]:
    """Speech before what is asked, speech after it, and the spans of each role."""
    before: list[Words] = []
    after: list[Words] = []
    spans: dict[tuple[str, str], list[Words]] = {}
    for question in questions:
        words = question.words
        asked = [n for n, (_, role, _) in enumerate(words) if role != SPEECH]
        if not asked:
            continue
        before += [words[: asked[0]]] if asked[0] >= 3 else []
        after += [words[asked[-1] + 1 :]] if len(words) - asked[-1] > 3 else []
        for span in _spans(words):
            if span[0][1] in _EXCHANGED:
                spans.setdefault(_key(span), []).append(span)
    return before, after, spans


def _spans(words: Words) -> Iterator[Words]:
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at][1:] != words[start][1:]:
            yield words[start:at]
            start = at


def _key(span: Words) -> tuple[str, str]:
    _, role, name = span[0]
    return role, name if role in _NAMED else ""


def _exchanged(span: Words, spans: dict[tuple[str, str], list[Words]], rng: random.Random) -> Words:
    others = spans.get(_key(span))
    return rng.choice(others) if others and rng.random() < 0.5 else span


def _mistyped(word: str, rng: random.Random) -> str:
    if len(word) < 4:
        return word
    at = rng.randrange(1, len(word) - 1)
    left_out, exchanged = word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice([left_out, exchanged, word[:at] + word[at] + word[at:]])


def _labels(questions: Sequence[Marked]) -> dict[str, tuple[str, ...]]:
    words = [word for question in questions for word in question.words]
    return {
        "role": (SPEECH, *sorted({role for _, role, _ in words} - {SPEECH})),
        "figure": tuple(sorted({name for _, role, name in words if role == "m"})),
        "dimension": tuple(sorted({name for _, role, name in words if role in ("d", "v")})),
        "request": tuple(sorted({question.request for question in questions})),
    }


def _batches(rows: Sequence[Marked], labels: dict[str, tuple[str, ...]], how: Training) -> Iterator[dict[str, Any]]:
    """Questions of alike length together, as the states below the trained layers, and what is to be told of them."""
    import torch

    ids = {head: {name: n for n, name in enumerate(names)} for head, names in labels.items()}
    rows = sorted((row for row in rows if row.words), key=lambda row: len(row.words))
    for start in range(0, len(rows), how.batch):
        part = rows[start : start + how.batch]
        below = encoder().word_states([[word.lower() for word, _, _ in row.words] for row in part], how.first)
        wanted = {head: np.full(below.mask.shape, _IGNORED) for head in HEADS[:3]}
        for n, (row, words) in enumerate(zip(part, below.words, strict=True)):
            for token, word in enumerate(words):
                if word is None or word in words[:token]:
                    continue
                _, role, name = row.words[word]
                wanted["role"][n, token] = ids["role"][role]
                if role == "m":
                    wanted["figure"][n, token] = ids["figure"][name]
                elif role in ("d", "v"):
                    wanted["dimension"][n, token] = ids["dimension"][name]
        yield {
            "states": torch.tensor(below.states.astype(np.float16)),
            "mask": torch.tensor(below.mask),
            "request": torch.tensor([ids["request"][row.request] for row in part]),
            **{head: torch.tensor(rows_of) for head, rows_of in wanted.items()},
        }


def _copied(layer: str) -> dict[str, torch.Tensor]:
    """The encoder's weights of a layer, to be trained."""
    import torch

    prefix = f"{layer}."
    weights = {name.removeprefix(prefix): w for name, w in encoder().weights.items() if name.startswith(prefix)}
    return {name: torch.nn.Parameter(torch.tensor(np.array(weight))) for name, weight in weights.items()}


def _loss(
    batch: dict[str, Any], layers: dict[str, dict[str, torch.Tensor]], heads: dict[str, torch.nn.Linear]
) -> torch.Tensor:
    from torch.nn.functional import cross_entropy, dropout

    x, mask = batch["states"].float(), batch["mask"]
    for weights in layers.values():
        x = _through(x, mask, weights)
    mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    x = dropout(x, 0.1)
    loss = x.new_zeros(())
    for head in HEADS:
        scores = heads[head](mean if head == "request" else x).flatten(0, -2)
        wanted = batch[head].flatten()
        if (wanted != _IGNORED).any():
            smoothing = 0.02 if head == "role" else 0.0
            loss = loss + _WEIGHTS[head] * cross_entropy(
                scores, wanted, ignore_index=_IGNORED, label_smoothing=smoothing
            )
    return loss


def _through(
    x: torch.Tensor, mask: torch.Tensor, weights: dict[str, torch.Tensor], *, training: bool = True
) -> torch.Tensor:
    """One transformer layer: the encoder's `layer`, with dropout where it is trained."""
    from torch.nn.functional import dropout, gelu, layer_norm, linear, scaled_dot_product_attention

    n, tokens, width = x.shape

    def projected(part: str, of: torch.Tensor) -> torch.Tensor:
        return linear(of, weights[f"{part}.weight"], weights[f"{part}.bias"])

    def normed(part: str, of: torch.Tensor) -> torch.Tensor:
        return layer_norm(of, (width,), weights[f"{part}.weight"], weights[f"{part}.bias"], 1e-12)

    query, key, value = (
        projected(f"attention.self.{part}", x).view(n, tokens, ATTENTION_HEADS, -1).transpose(1, 2)
        for part in ("query", "key", "value")
    )
    mixed = scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :] > 0)
    joined = projected("attention.output.dense", mixed.transpose(1, 2).reshape(n, tokens, width))
    x = normed("attention.output.LayerNorm", x + dropout(joined, 0.1, training))
    wide = projected("output.dense", gelu(projected("intermediate.dense", x)))
    return normed("output.LayerNorm", x + dropout(wide, 0.1, training))


def _weights(
    layers: dict[str, dict[str, torch.Tensor]], heads: dict[str, torch.nn.Linear]
) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    trained = {f"{layer}.{name}": weight for layer, weights in layers.items() for name, weight in weights.items()}
    for head, linear in heads.items():
        trained |= {f"{head}.weight": linear.weight, f"{head}.bias": linear.bias}
    return {name: weight.detach().numpy().astype(np.float32) for name, weight in trained.items()}
