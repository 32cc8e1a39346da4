"""Arguments checked against their model, and the refusal: which field is wrong, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from reprlib import Repr
from typing import Any, TypeVar

from pydantic import ValidationError

from core.errors import FixArguments
from core.storable import unfit
from tools.coercion import choices_of, coerced
from tools.results import Arguments

__all__ = ["validated"]

A = TypeVar("A", bound=Arguments)

_SHORT = Repr()
_SHORT.maxstring = 80

_TAKES = {  # by the beginning of pydantic's name for what is wrong
    "bool": "takes true or false",
    "date_": "takes a day, e.g. 2024-11-30",
    "datetime": "takes an instant with its zone, e.g. 2024-11-30T09:00:00+01:00",
    "dict": "takes an object",
    "timezone": "takes an instant with its zone, e.g. 2024-11-30T09:00:00+01:00",
    "float": "takes a number",
    "int_": "takes a whole number",
    "list": 'takes a list, e.g. ["…"]',
    "missing": "is required",
    "model": "takes an object",
    "string_type": "takes text",
    "uuid": "takes an id (UUID)",
}


def validated(model: type[A], arguments: Mapping[str, Any]) -> A:
    """`arguments`, read as plainly meant, as a `model`; FixArguments names the first field that is wrong.

    This is where every door's texts and numbers are looked at for what no database can hold.
    """
    _keepable(model, arguments)
    try:
        read = model.model_validate(_read(model, arguments))
    except ValidationError as error:
        raise _refusal(model, error) from None
    _keepable(model, read.model_dump())  # a number may have come as text
    return read


def _keepable(model: type[Arguments], values: Mapping[str, Any]) -> None:
    found = unfit(values)
    if found is None:
        return
    name = next((part for part in found.place[:1] if part in model.model_fields), None)
    place = ".".join(found.place)[:80] if name else "an argument"
    raise FixArguments(f"Invalid arguments. {place} {found.why}.", field=name)


def _read(model: type[Arguments], arguments: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return coerced(model, arguments)
    except RecursionError:
        return dict(arguments)  # nested beyond any use: pydantic says so


def _refusal(model: type[Arguments], error: ValidationError) -> FixArguments:
    problems = error.errors(include_url=False, include_context=False)
    place = problems[0]["loc"]
    name = str(place[0]) if place else None
    known = model.model_fields.get(name or "")
    is_absent = problems[0]["type"] == "missing" and len(place) == 1
    valid = sorted(model.model_fields) if known is None or is_absent else map(str, choices_of(known.annotation))
    shown = not model.model_config.get("hide_input_in_errors")
    said = "; ".join(dict.fromkeys(_said(problem, shown=shown) for problem in problems))
    return FixArguments(f"Invalid arguments. {said}.", field=name, valid=list(valid))


def _said(problem: Any, *, shown: bool) -> str:
    place = ".".join(map(str, problem["loc"]))[:80] or "arguments"
    kind = problem["type"]
    takes = next((words for start, words in _TAKES.items() if kind.startswith(start)), None)
    given = "" if kind == "missing" or not shown else f" (given: {_SHORT.repr(problem['input'])})"
    return f"{place} {takes}{given}" if takes else f"{place}: {problem['msg']}{given}"
