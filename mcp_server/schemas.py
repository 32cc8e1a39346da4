"""The schema of a tool's arguments in few words, for a list that models read whole; nothing a caller needs is lost.

Left out: titles that repeat a name, defaults of null, "or null" beside what may be left out anyway. A model that holds
itself (the tree of rules), or that its description tells whole (a journey), is an object described in words. The full
schemas are in tools/manual.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from tools.results import IN_WORDS

__all__ = ["compact_schema"]

_NULL = {"type": "null"}


def compact_schema(model: type[BaseModel]) -> dict[str, Any]:
    """JSON schema of `model`, complete in itself: no references, no definitions."""
    full = model.model_json_schema()
    schema = _compact(full, full.pop("$defs", {}))
    schema.pop("description", None)  # the tool's own description says it
    return {"type": "object", "properties": {}} | schema


def _compact(schema: Mapping[str, Any], models: Mapping[str, Any]) -> dict[str, Any]:
    short = {key: value for key, value in schema.items() if key not in ("title", "$ref", "anyOf", "oneOf")}
    if "properties" in schema:
        short["properties"] = {name: _property(name, part, models) for name, part in schema["properties"].items()}
    if "items" in schema:
        short["items"] = _compact(schema["items"], models)
    if "$ref" in schema:
        short = _joined(_model(schema["$ref"].rpartition("/")[2], models), short)
    if "anyOf" in schema:
        options = [_compact(option, models) for option in schema["anyOf"] if option != _NULL]
        short = _joined(options[0], short) if len(options) == 1 else {"anyOf": options, **short}
    if "oneOf" in schema:
        short = {"oneOf": [_compact(option, models) for option in schema["oneOf"]], **short}
    return short


def _property(name: str, schema: Mapping[str, Any], models: Mapping[str, Any]) -> dict[str, Any]:
    short = _compact(schema, models)
    title = schema.get("title", "")
    if title.lower().replace(" ", "_") not in ("", name):
        short["title"] = title
    if short.get("default", "") is None:
        del short["default"]
    return short


def _model(name: str, models: Mapping[str, Any]) -> dict[str, Any]:
    schema = models[name]
    if schema.get(IN_WORDS) or _reaches(name, name, models, set()):
        return {"type": "object", "description": schema.get("description", "")}
    return _compact(schema, models)


def _reaches(start: str, goal: str, models: Mapping[str, Any], seen: set[str]) -> bool:
    """True when the definition of `start` refers to `goal`, itself or by way of others."""
    seen.add(start)
    text = json.dumps(models[start])
    named = [name for name in models if f'"#/$defs/{name}"' in text]
    return goal in named or any(_reaches(name, goal, models, seen) for name in named if name not in seen)


def _joined(inner: dict[str, Any], outer: dict[str, Any]) -> dict[str, Any]:
    """`inner` with what is said beside it; two descriptions one after the other."""
    said = [text for text in (outer.get("description"), inner.get("description")) if text]
    return {**inner, **outer} | ({"description": "\n".join(said)} if said else {})
