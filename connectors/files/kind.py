"""A kind of file: what its fields are called and hold, and which of them it needs.

Synonyms are written without case and separators (`orderdate` is `OrderDate`, `order_date`, `Order date`), the surest
first. `pattern` is tried when no synonym fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectors.files.header_words import HEADER_WORDS

__all__ = ["NUMERIC", "TIMES", "Field", "FieldType", "Kind", "names"]

FieldType = Literal[
    "id",
    "text",
    "time",
    "day",
    "money",
    "count",
    "flag",
    "status",
    "mark",
    "rate",
    "json",
    "consent",
    "refusal",
    "path",
    "interaction",
]
NUMERIC: frozenset[str] = frozenset({"money", "count", "rate"})
TIMES: frozenset[str] = frozenset({"time", "day"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind. `tells` marks a field whose presence speaks for the kind."""

    name: str
    type: FieldType
    synonyms: tuple[str, ...]
    pattern: str | None = None
    tells: bool = False

    def __post_init__(self) -> None:
        """Every field goes by its names in other languages as well."""
        object.__setattr__(self, "synonyms", tuple(dict.fromkeys((*self.synonyms, *HEADER_WORDS.get(self.name, ())))))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its fields, and the groups of which at least one field each must be there.

    `speaks`: what one header at least must hold, where the fields alone could be anybody's (a name and a date).
    """

    name: str
    fields: tuple[Field, ...]
    requires: tuple[tuple[str, ...], ...]
    speaks: str = ""

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the kind has none."""
        return {f.name: f for f in self.fields}[name]

    def missing(self, present: frozenset[str]) -> list[str]:
        """The required groups that `present` does not satisfy, as "a or b"."""
        return [" or ".join(group) for group in self.requires if not present.intersection(group)]


def names(words: str) -> tuple[str, ...]:
    """Synonyms, one a word."""
    return tuple(words.split())
