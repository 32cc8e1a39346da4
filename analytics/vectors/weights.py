"""A trained network as bytes (safetensors) and back, so that new histories can be read without training again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from analytics.vectors.sequences import FIRST_CATEGORY
from analytics.vectors.training import Plan, Trained, require_torch
from core.errors import GiveUp

__all__ = ["from_bytes", "to_bytes"]

UNKNOWN = -1_000_000  # code of a category that is no longer there: below every real one
FORM = "2"


def to_bytes(trained: Trained, names: Sequence[str]) -> bytes:
    """Weights with what is needed to use them; `names` decodes the category codes of the histories trained on."""
    from safetensors.torch import save

    about = {
        "form": FORM,
        "shape": json.dumps(asdict(trained.model.shape)),
        "scale": json.dumps(asdict(trained.model.scale)),
        "plan": json.dumps(asdict(trained.plan)),
        "categories": json.dumps([names[code] for code in trained.categories]),
    }
    return bytes(save({name: part.contiguous() for name, part in trained.model.state_dict().items()}, metadata=about))


def from_bytes(data: bytes, names: Sequence[str]) -> Trained:
    """The network of `to_bytes`, its categories as codes into `names`; GiveUp when the bytes are of another kind."""
    require_torch()
    from safetensors.torch import load

    from analytics.vectors.transformer import BehaviourTransformer, Scale, Shape

    length = int.from_bytes(data[:8], "little")
    about = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    if about.get("form") != FORM:
        raise GiveUp("The stored network is of another version: train the vectors again.")
    codes = {name: code for code, name in enumerate(names)}
    known = json.loads(about["categories"])
    shape, scale = Shape(**json.loads(about["shape"])), Scale(**json.loads(about["scale"]))
    model = BehaviourTransformer(shape, FIRST_CATEGORY + len(known), scale)
    model.load_state_dict(load(data))
    model.eval()
    places = tuple(codes.get(name, UNKNOWN - place) for place, name in enumerate(known))
    return Trained(model, places, Plan(**json.loads(about["plan"])), 0)
