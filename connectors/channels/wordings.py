"""Texts that a provider has approved beforehand and takes no others than: a message is one of them, its gaps filled.

What somebody writes and approves is the text itself; which wording it is, and what stands in its gaps, is found by
comparing. Blanks count as one however many and whichever they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Wording", "wording_of"]

_GAP = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with gaps, {{1}} or {{first_name}}; `name` and `language` are what the provider calls it by."""

    name: str
    language: str
    text: str

    @property
    def gaps(self) -> list[str]:
        """The gaps in their order."""
        return _GAP.findall(self.text)

    def values_in(self, text: str) -> list[str] | None:
        """What stands in the gaps where `text` is this wording; None where it is not.

        Where the words between two gaps occur in a value too there are several ways; each reads the same.
        """
        rest, words = _plain(text), _GAP.split(_plain(self.text))[::2]
        if len(words) == 1:
            return [] if rest == words[0] else None
        if not rest.startswith(words[0]):
            return None
        at, values = len(words[0]), list[str]()
        for between in words[1:-1]:
            found = rest.find(between, at + 1)
            if found < 0:
                return None
            values.append(rest[at:found])
            at = found + len(between)
        end = len(rest) - len(words[-1])
        if end <= at or not rest.endswith(words[-1]):
            return None
        return [*values, rest[at:end]]


def wording_of(text: str, wordings: Sequence[Wording]) -> tuple[Wording, list[str]] | None:
    """The wording that `text` is, and what fills its gaps: of several the one that leaves least to them."""
    found = [(one, values) for one in wordings if (values := one.values_in(text)) is not None]
    return min(found, key=lambda one: (sum(map(len, one[1])), one[0].name, one[0].language), default=None)


def _plain(text: str) -> str:
    return " ".join(text.split())
