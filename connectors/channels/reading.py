"""Settings read: from the environment, or from what an organisation has given; what is wrong with them in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import new_class
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import FixArguments

__all__ = ["label", "read"]

S = TypeVar("S", bound=BaseSettings)

WORDS = {
    "string_pattern_mismatch": "is not written as it should be",
    "string_too_long": "is too long",
    "string_too_short": "is too short",
    "int_parsing": "has to be a whole number",
    "int_type": "has to be a whole number",
    "float_parsing": "has to be a number",
    "bool_parsing": "has to be yes or no",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
    "literal_error": "cannot be chosen here",
    "extra_forbidden": "is no setting of it",
}


def read(settings: type[S], whose: str, values: Mapping[str, Any] | None = None) -> S:
    """`values` and nothing else, or what the environment says now; FixArguments never repeats what was given."""
    try:
        return settings() if values is None else _apart(settings)(**values)
    except ValidationError as error:
        wrong = [(".".join(map(str, item["loc"])), item["type"], item["msg"]) for item in error.errors()]
        if values is None:
            said = "; ".join(f"{name}: {message}" for name, _type, message in wrong)
            raise FixArguments(f"The settings of {whose} are wrong: {said}.") from None
        said = "; ".join(_in_words(settings, *one) for one in wrong)
        raise FixArguments(f"{said}.", field=wrong[0][0] or None) from None


def _in_words(settings: type[BaseSettings], name: str, kind: str, message: str) -> str:
    words = WORDS.get(kind, message.removeprefix("Value error, "))
    return f"“{label(settings, name)}” {words}" if name else words[:1].upper() + words[1:]


def label(settings: type[BaseSettings], name: str) -> str:
    """What people call a setting."""
    field = settings.model_fields.get(name)
    if field is not None and field.title:
        return field.title
    words = " ".join("API" if word == "api" else word for word in name.split("_"))
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=64)
def _apart(settings: type[S]) -> type[S]:
    """The same settings, of which nothing comes from the environment: no one's credential fills another's gaps."""

    def only_given(_settings: type[BaseSettings], init_settings: Any, **_others: Any) -> tuple[Any, ...]:
        return (init_settings,)

    members = {
        "__module__": settings.__module__,
        "settings_customise_sources": only_given,
        "model_config": SettingsConfigDict(extra="forbid", populate_by_name=True),
    }
    return cast("type[S]", new_class(settings.__name__, (settings,), exec_body=lambda space: space.update(members)))
