"""Fitted models as plain JSON and back, so that a champion can score again in another process.

Nothing is executed on the way back: arrays, boosters and dataclasses of named classes, nothing else.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterable
from typing import Any

import numpy as np

from core.errors import GiveUp

__all__ = ["from_json", "to_json"]


def to_json(value: Any) -> Any:
    """`value` as JSON: dataclasses, arrays of numbers, LightGBM boosters, lists, plain values."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.ndarray):
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array": data, "type": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if dataclasses.is_dataclass(value):
        fields = {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"class": type(value).__name__, "fields": fields}
    if hasattr(value, "model_to_string"):
        return {"booster": value.model_to_string()}
    raise GiveUp(f"A {type(value).__name__} cannot be kept as JSON.")


def from_json(value: Any, classes: Iterable[type]) -> Any:
    """What `to_json` made of a value whose dataclasses are among `classes`. Sequences come back as lists.

    A field that a class had when the value was kept and has no more is left out: models outlive versions.
    """
    known = {cls.__name__: cls for cls in classes}
    if isinstance(value, list):
        return [from_json(item, known.values()) for item in value]
    if not isinstance(value, dict):
        return value
    if "array" in value:
        flat = np.frombuffer(base64.b64decode(value["array"]), dtype=np.dtype(value["type"]))
        return flat.reshape(value["shape"]).copy()
    if "booster" in value:
        from lightgbm import Booster

        return Booster(model_str=value["booster"])
    if value["class"] not in known:
        raise GiveUp(f"A kept model names the unknown class {value['class']!r}.")
    made = known[value["class"]]
    names = {f.name for f in dataclasses.fields(made)}
    kept = {name: item for name, item in value["fields"].items() if name in names}
    return made(**{name: from_json(item, known.values()) for name, item in kept.items()})
