"""What a provider wants to be told, as a form has it: one field a setting, made from its settings model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from pydantic import SecretStr

from connectors.channels.contract import ProviderSettings
from connectors.channels.reading import label

__all__ = ["FormField", "fields_of"]

Kind = Literal["text", "secret", "number", "choice", "flag"]
STAND_INS: Mapping[Kind, Any] = {"secret": SecretStr("x"), "number": 1, "flag": True}


@dataclass(frozen=True, slots=True)
class FormField:
    """One setting. `required`: without it the provider cannot be used. `choices` are values with their words."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    example: str = ""
    default: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = field(default=())


@lru_cache(maxsize=64)
def fields_of(model: type[ProviderSettings]) -> tuple[FormField, ...]:
    """The settings of a provider that an organisation may give, in the order they are declared in: its own first."""
    described: Mapping[str, Any] = model.model_json_schema(by_alias=False)["properties"]
    ordered = sorted(model.model_fields, key=lambda name: name in ProviderSettings.model_fields)
    kinds = {name: _kind(described[name]) for name in ordered if name not in model.installed}
    needed = _needed(model, kinds)
    return tuple(
        FormField(
            name=name,
            label=label(model, name),
            kind=kind,
            hint=described[name].get("description", ""),
            example=str((described[name].get("examples") or [""])[0]),
            default=_default(model.model_fields[name].default),
            required=name in needed,
            choices=_choices(described[name]),
        )
        for name, kind in kinds.items()
    )


def _kind(described: Mapping[str, Any]) -> Kind:
    shape = _shape(described)
    if shape.get("format") == "password":
        return "secret"
    if "enum" in shape:
        return "choice"
    if shape.get("type") == "boolean":
        return "flag"
    return "number" if shape.get("type") in ("integer", "number") else "text"


def _shape(described: Mapping[str, Any]) -> Mapping[str, Any]:
    """The type of a setting that may also be absent."""
    shapes: list[Mapping[str, Any]] = [one for one in described.get("anyOf", []) if one.get("type") != "null"]
    return shapes[0] if shapes else described


def _choices(described: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    words: Mapping[str, str] = described.get("words", {})
    return tuple((str(value), words.get(str(value), str(value))) for value in _shape(described).get("enum", ()))


def _default(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _needed(model: type[ProviderSettings], kinds: Mapping[str, Kind]) -> set[str]:
    """The settings without any of which the provider says that it cannot be used."""
    given = {name: STAND_INS.get(kind, "x") for name, kind in kinds.items()}

    def usable(names: set[str]) -> bool:
        return bool(model.model_construct(None, **{name: given[name] for name in names}).configured)

    return {name for name in given if not usable(set(given) - {name})}
