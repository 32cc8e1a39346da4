"""Arguments as clients really send them, read as they are plainly meant, by the types of the argument models' fields.

A list or an object as JSON in a string, one item for a list, null or "null" for absent, its first or last moment for a
day, 17850 for "17850", "High" for "high", `operator` for `op`. What is valid already means what it says and is never
changed; what could mean two things stays as it is, for the model to refuse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from tools.results import TERM

__all__ = ["choices_of", "coerced"]

_ABSENT = frozenset({"null", "none", ""})
# A day's first or last moment on its own clock. Any other may be another day here: 23:00Z is midnight in Berlin.
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](?:00:00(?::00(?:\.0+)?)?|23:59(?::59(?:\.\d+)?)?)(?:Z|[+-]\d\d:?\d\d)?")
_SAME = {"op": "operator", "operator": "op"}
_SEVERAL = ("in", "not_in", "between")  # operators whose value is a list


def coerced(model: type[BaseModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` with each value read as its field's type; unknown keys stay, so that the model refuses them."""
    fields = {key: field for name, field in model.model_fields.items() for key in (name, field.alias or name)}
    read: dict[str, Any] = {}
    for key, value in given.items():
        if key not in fields and (same := _SAME.get(key)) in fields and same not in given:
            key = same
        field = fields.get(key)
        if field is None:
            read[key] = value
        elif not _is_absent(field, value):
            read[key] = _read(field.annotation, value)
    return _with_several(read)


def choices_of(annotation: Any) -> list[Any]:
    """What a field takes where that is few words or numbers; in a list, what each item may be."""
    found: list[Any] = []
    for kind in _kinds(annotation):
        inner = [choices_of(part) for part in get_args(kind)] if get_origin(kind) is list else []
        found += get_args(kind) if get_origin(kind) is Literal else [choice for part in inner for choice in part]
    return found


def _kinds(annotation: Any) -> Iterator[Any]:
    """The members of a union, None among them; anything else by itself."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _kinds(part)
    else:
        yield annotation


def _is_absent(field: FieldInfo, value: Any) -> bool:
    """True for null where only a default can be meant, and for a word for nothing where it cannot be a value."""
    kinds = set(_kinds(field.annotation))
    if field.is_required():
        return False
    if value is None:
        return NoneType not in kinds
    if not isinstance(value, str) or value.strip().lower() not in _ABSENT or value in choices_of(field.annotation):
        return False
    if str not in kinds:
        return True
    if value.strip():
        patterns = [mark.pattern for mark in _marks(field) if getattr(mark, "pattern", None)]
        return TERM in _marks(field) or any(re.search(pattern, value) is None for pattern in patterns)
    return kinds <= {str, NoneType} and MinLen(0) not in _marks(field)  # min_length=0: empty text is meant


def _marks(field: FieldInfo) -> list[Any]:
    parts = (field.annotation, *get_args(field.annotation))
    return [*field.metadata, *(mark for part in parts for mark in getattr(part, "__metadata__", ()))]


def _read(annotation: Any, value: Any) -> Any:
    kinds = [kind for kind in _kinds(annotation) if kind is not NoneType]
    if isinstance(value, str):
        value = _read_text(kinds, value)
    items = next((get_args(kind)[0] for kind in kinds if get_origin(kind) is list), None)
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    if isinstance(value, dict) and models:
        return _read_object(models, value)
    if isinstance(value, list) and items:
        return [_read(items, item) for item in value]
    if items and len(kinds) == 1 and value is not None:
        return [_read(items, value)]
    is_name = str in kinds and not {int, float} & set(kinds)
    return str(value) if is_name and isinstance(value, int) and not isinstance(value, bool) else value


def _read_text(kinds: list[Any], text: str) -> Any:
    """JSON of a list or an object, the day of an instant, one of few choices; the text itself where it may be one."""
    stripped = text.strip()
    if str in kinds:
        return text
    if stripped[:1] in ("[", "{"):
        return _json(text)
    if date in kinds and (instant := _INSTANT.fullmatch(stripped)):
        return instant[1]
    return next((choice for choice in choices_of(Union[*kinds]) if str(choice).lower() == stripped.lower()), text)


def _read_object(models: list[type[BaseModel]], value: dict[str, Any]) -> Any:
    """An object as the model of which it has all required fields, else the most."""
    best = max(models, key=lambda model: (_has_all(model, value), sum(key in value for key in _required(model))))
    return _read(best.model_fields["root"].annotation, value) if issubclass(best, RootModel) else coerced(best, value)


def _has_all(model: type[BaseModel], value: Mapping[str, Any]) -> bool:
    return all(key in value or _SAME.get(key) in value for key in _required(model))


def _required(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if field.is_required()]


def _with_several(read: dict[str, Any]) -> dict[str, Any]:
    """A condition whose operator takes a list, with its value as one: "in" with one value, or with JSON of a list."""
    operator, value = read.get("op", read.get("operator")), read.get("value")
    if operator in _SEVERAL and isinstance(value, str) and isinstance(several := _json(value), list):
        return read | {"value": several}
    alone = operator in _SEVERAL[:2] and isinstance(value, str | int | float)
    return read | {"value": [value]} if alone else read


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
