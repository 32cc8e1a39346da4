"""Paths written in one cell, "email > search > direct": which sign stands between the touches, and reading them.

The sign is decided once for the file: of those that occur, the one in most rows; with blanks around it, where most rows
have it so. A row that holds the same sign inside a name cannot be read, and says so; another sign is part of a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.decisions import Decisions

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BETWEEN", "EMPTY_TOUCH", "WITHIN", "Separator"]

_SIGNS = ("->", "=>", ">", "→", "»", "|")
BETWEEN = r"[^\s>|→»]\s*(?:[-=]?>|→|»|\|)\s*[^\s>|→»]"
"""Two names with a sign between them."""
WITHIN = "'{}' stands between touches and inside a name of this path"
EMPTY_TOUCH = "a path with an empty touch"
_MARKS = r"^\W*(?:start|conversion|converted|null|none|end)\W*$"


@dataclass(frozen=True, slots=True)
class Separator:
    """The sign between touches; `spaced`: with blanks around it, without which it is part of a name."""

    sign: str = ">"
    spaced: bool = True

    @classmethod
    def of_file(cls, values: pl.Series, column: str, decisions: Decisions) -> Separator:
        """The sign in most rows of the sample; what was decided is told."""
        rows = {sign: int(values.str.contains(_between(sign)).sum()) for sign in _SIGNS}
        sign = max(_SIGNS, key=lambda one: rows[one])
        blanks = int(values.str.contains(rf"\s{re.escape(sign)}\s").sum())
        found = cls(sign, spaced=blanks * 2 >= rows[sign])
        decisions.add("columns", f"“{column}” holds paths: touches stand between “{found}”, the oldest first.")
        for other in _SIGNS:
            if other not in sign and sign not in other and rows[other]:
                said = f"“{other}” stands in paths of “{column}” as well; it was taken as part of the name of a touch."
                decisions.add("columns", said, rows=rows[other], doubtful=True)
        found._tell_marks(values, column, decisions)
        return found

    def __str__(self) -> str:
        return f" {self.sign} " if self.spaced else self.sign

    def read(self, values: pl.Series) -> pl.Series:
        """Each path as a JSON list of its touches; null where it cannot be read."""
        import polars as pl

        known = {path: self._names(path) for path in values.drop_nulls().unique()}
        return values.replace_strict(known, default=None, return_dtype=pl.String)

    def faults(self, values: pl.Series) -> list[tuple[pl.Series, str]]:
        """Where a path cannot be read, and why."""
        within = self._each(values, self._within)
        empty = self._each(values, lambda path: not self._within(path) and "" in self._split(path))
        return [(within, WITHIN.format(self.sign)), (empty, EMPTY_TOUCH)]

    def _each(self, values: pl.Series, test: Callable[[str], bool]) -> pl.Series:
        found = [path for path in values.drop_nulls().unique() if test(path)]
        return values.is_in(found).fill_null(False)

    def _split(self, path: str) -> list[str]:
        parts = (
            re.split(rf"(?:^|(?<=\s)){re.escape(self.sign)}(?=\s|$)", path) if self.spaced else path.split(self.sign)
        )
        return [" ".join(part.split()) for part in parts]

    def _within(self, path: str) -> bool:
        return self.spaced and any(self.sign in name for name in self._split(path))

    def _names(self, path: str) -> str | None:
        names = self._split(path)
        return None if "" in names or self._within(path) else json.dumps(names, ensure_ascii=False)

    def _tell_marks(self, values: pl.Series, column: str, decisions: Decisions) -> None:
        """Names that other tools write at the ends of a path are told: they count as touches here."""
        names = {name for path in values.drop_nulls().unique() for name in self._split(path)}
        marks = sorted(name for name in names if re.match(_MARKS, name, re.IGNORECASE))
        if marks:
            told = ", ".join(f"“{name}”" for name in marks)
            said = f"{told} in paths of “{column}” counts as a touch like any other."
            decisions.add("columns", said, doubtful=True)


def _between(sign: str) -> str:
    """That sign between two names; of `->` its `>` is no sign of its own."""
    before = r"[^-=]" if sign == ">" else r""
    return rf"{before}\s*{re.escape(sign)}" if before else re.escape(sign)
