"""How large the tables of an OpenDocument spreadsheet are, without holding them: few bytes may say a million rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO

__all__ = ["Extent", "extent_of"]

# A ">" may stand in the value of an attribute (a formula), where it ends no tag.
_ATTRIBUTES = rb"""((?:[^<>"']|"[^"<]*"|'[^'<]*')*)"""
_TOKEN = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])" + _ATTRIBUTES + b">")
_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)""")
_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)""")
_PART = 1 << 20
_LONGEST_TAG = 1 << 16


@dataclass(slots=True)
class Extent:
    """Cells of a document: those a table spans up to its last value, and values that are only said to come again."""

    spanned: int = 0
    repeated: int = 0


def extent_of(stream: IO[bytes]) -> Extent:
    """The extent of the largest table of a document's content."""
    tables, rest = _Tables(), b""
    while part := stream.read(_PART):
        rest += part
        end = 0
        for token in _TOKEN.finditer(rest):
            tables.take(token[1], token[2])
            end = token.end()
        rest = rest[max(end, len(rest) - _LONGEST_TAG) :]
    return tables.extent


class _Tables:
    """Where the cells with values of a table are, as its tags go by."""

    def __init__(self) -> None:
        self.extent = Extent()
        self._row = self._times = self._column = self._last_column = 0

    def take(self, tag: bytes, attributes: bytes) -> None:
        """The next tag."""
        if tag == b"table":
            self._row = self._times = self._last_column = 0
        elif tag == b"table-row":
            self._row += self._times
            self._times, self._column = _number(_ROWS, attributes), 0
        else:
            cells = _number(_COLUMNS, attributes)
            self._column += cells
            if b"value" in attributes:
                self._last_column = max(self._last_column, self._column)
                spanned = (self._row + self._times) * self._last_column
                self.extent.spanned = max(self.extent.spanned, spanned)
                self.extent.repeated += cells * self._times - 1


def _number(form: re.Pattern[bytes], attributes: bytes) -> int:
    found = form.search(attributes)
    return int(found[1]) if found else 1
