"""Where the table is in what a file shows: lines above its header, totals and notes below, headers that come again.

Programs write a title and a span of days above a table and a total under it; joined files repeat the header. None of
that is a row. What is left out is named, line by line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import polars as pl

from core.decisions import Decisions

LINE: Final = "__line__"
DATA_CELL = re.compile(r"^[-+(]?\W?[\d.,]+\)?%?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")
ROW_LIKE = 0.5  # share of the usual number of filled cells from which a line is a line of the table
MOST_ABOVE = 60
USUAL = 0.95
NAMED = 12  # lines that are left out are named one by one up to here
# A label that stands for a sum: the word, at most followed by what is summed after a colon or in brackets.
TOTAL = (
    r"(?i)^\W{0,3}(?:(?:grand|overall|sub|report|page|account|net)[ -]?)?"
    r"(?:totals?|totale[ns]?|totales|totaal|totaux|gesamt(?:summe|betrag|ergebnis)?|(?:end|zwischen)?summen?|insgesamt"
    r"|subtotal(?:e|es)?|sous[- ]total|somma|suma(?:\s+total)?|somme|eindtotaal|subtotaal)"
    r"(?:\s+(?:general|général|generale|geral|generaal|complessivo|results?|rows?|of\s.*|all\s.*|aller\s.*))?"
    r"(?:\s*[:：(–—-].*)?\W*$"
)
BLANK = r"^[\s\-–—]*$"


@dataclass(slots=True)
class LeftOut:
    """Lines that are no rows of the table, each told once, however often the file is read."""

    decisions: Decisions
    _told: set[int] = field(default_factory=set)

    def note(self, line: int, text: str, why: str) -> None:
        """Tell of one line; from a certain number on they are only counted."""
        if line in self._told:
            return
        self._told.add(line)
        if len(self._told) <= NAMED:
            self.decisions.add("rows", f"Line {line} (“{text[:80]}”) was left out: {why}.", rows=1)
        else:
            self.decisions.add("rows", f"Further lines were left out: {why}.", rows=1)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row that is the header, or the first of the table where it has none.

    Rows above it have clearly fewer filled cells than the rows of the table.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = median(filled[len(filled) // 2 :]) if filled else 0
    enough = max(2, usual * ROW_LIKE)
    for index, count in enumerate(filled[:MOST_ABOVE]):
        if count < enough:
            continue
        below = index + 1
        # "Account,My shop" above "Day,Channel,Cost": of cells at the left alone and a wider row of names below.
        at_left = all(cell.strip() for cell in rows[index][:count])
        if below < len(rows) and at_left and filled[below] > count and is_header(rows[below]):
            continue
        return index
    return 0


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row holds names: none of its cells is a number or a date."""
    return not any(DATA_CELL.match(cell.strip()) for cell in cells)


def usual_width(rows: Sequence[Sequence[str]]) -> tuple[int, int, int]:
    """(width, index of the first row so wide, rows so wide from there on) of the width most rows have."""
    widths = [len(row) for row in rows]
    width, _ = max(Counter(widths).items(), key=lambda pair: (pair[1] if pair[0] > 1 else 0, pair[0]))
    first = widths.index(width)
    return width, first, widths.count(width)


def without_totals(frame: pl.DataFrame, names: Sequence[str], left_out: LeftOut) -> pl.DataFrame:
    """Take out rows that repeat the header or are sums of the others: labelled so, and blank where rows are filled."""
    if frame.is_empty():
        return frame
    frame = _without_headers(frame, names, left_out)
    label = frame[names[0]]
    if label.null_count():
        label = frame.select(pl.coalesce(list(names[:3]))).to_series()
    asked = label.str.contains(TOTAL).fill_null(False)
    if not asked.any():
        return frame
    rest = frame.filter(~asked)
    # Where nothing but totals is at hand there is nothing to compare with.
    if rest.is_empty():
        return frame
    usual = [name for name in names if rest[name].null_count() <= (1 - USUAL) * rest.height]
    blank = pl.any_horizontal(pl.col(usual).is_null() | pl.col(usual).str.contains(BLANK)) if usual else pl.lit(False)
    of_data = [n for n in usual[:3] if rest[n].head(1_000).str.contains(DATA_CELL.pattern).mean() >= USUAL]  # type: ignore[operator]
    named = pl.any_horizontal(pl.col(of_data).str.contains(TOTAL).fill_null(False)) if of_data else pl.lit(False)
    sums = asked & frame.select((blank | named).alias("sum")).to_series()
    _tell(frame.filter(sums), names, left_out, "it is a total of other rows")
    return frame.filter(~sums)


def _without_headers(frame: pl.DataFrame, names: Sequence[str], left_out: LeftOut) -> pl.DataFrame:
    again = (frame[names[0]] == names[0]).fill_null(False)
    if not again.any():
        return frame
    few = frame.filter(again)
    same = few.select(pl.all_horizontal(pl.col(name).str.strip_chars() == name for name in names).alias("same"))
    lines = few.filter(same.to_series().fill_null(False))[LINE]
    _tell(few.filter(few[LINE].is_in(lines.implode())), names, left_out, "it repeats the header")
    return frame.filter(~frame[LINE].is_in(lines.implode()))


def _tell(rows: pl.DataFrame, names: Sequence[str], left_out: LeftOut, why: str) -> None:
    shown = [LINE, *names[:8]]
    for line, *cells in rows.select(shown).iter_rows():
        left_out.note(line, ", ".join(cell for cell in cells if cell), why)
