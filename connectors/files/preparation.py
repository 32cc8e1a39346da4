"""Rows of a file made ready for its tables: columns put together, order fields filled down, rows left out and told.

One `Preparation` goes through the file once, from its first batch to its last: what an order's first row says is kept
for its further rows also where a batch ends in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from connectors.files.appearance import clean
from connectors.files.columns import Names, find, named
from connectors.files.known_exports import preset_named
from connectors.files.mapping import Mapping as FileMapping
from connectors.files.notation import mark_of
from connectors.files.numbers import read_decimals
from connectors.files.preset import LeftOut, Preset
from connectors.files.statuses import fold
from core.decisions import Decisions

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FIRST", "Preparation", "derived_columns", "rows_of"]

FIRST = "__first__"


class Preparation:
    """How the rows of one file are made ready."""

    def __init__(self, mapping: FileMapping, header: Sequence[str], decisions: Decisions) -> None:
        self._preset: Preset | None = preset_named(mapping.preset) if mapping.preset else None
        self._names = named(header)
        self._order = mapping.order
        self._level = list(mapping.order_level)
        self._money = mapping.columns.get("revenue") or mapping.columns.get("amount")
        self._decisions = decisions
        self._last: pl.DataFrame | None = None

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of the next batch that count, with the columns that are made of others."""
        import polars as pl

        if self._order:
            frame = self._filled(frame)
        if self._preset is not None:
            made = derived_columns(self._preset, self._names)
            frame = frame.with_columns(expression.alias(name) for name, expression in made.items())
            for rule in self._preset.leave_out:
                frame = self._without(frame, rule)
            self._note_spans(frame, self._preset)
        return frame if FIRST in frame.columns else frame.with_columns(pl.lit(True).alias(FIRST))

    def _without(self, frame: pl.DataFrame, rule: LeftOut) -> pl.DataFrame:
        column = rule.column if rule.column in frame.columns else find(self._names, rule.column)
        if column is None or frame.is_empty():
            return frame
        words = frame[column].fill_null("")
        fitting = [word for word in words.unique() if re.search(rule.form, fold(word))]
        gone = ~words.is_in(fitting) if rule.unless else words.is_in(fitting)
        if not gone.any():
            return frame
        out = frame.filter(gone)
        self._decisions.add("rows", rule.said, rows=out.height, amount=self._sum(out))
        return frame.filter(~gone)

    def _note_spans(self, frame: pl.DataFrame, preset: Preset) -> None:
        """Rows that cover several days are said, for they count on the first."""
        ends = [find(self._names, name) for name in preset.span or ()]
        if len(ends) < 2 or None in ends:
            return
        rows = frame.filter(frame[str(ends[0])] != frame[str(ends[1])]).height
        if rows:
            said = "Rows that cover several days are counted on their first day; export the report by day instead."
            self._decisions.add("dates", said, rows=rows, doubtful=True)

    def _sum(self, frame: pl.DataFrame) -> Decimal | None:
        if self._money is None or self._money not in frame.columns:
            return None
        values = clean(frame[self._money])
        total = read_decimals(values, mark_of(values)).sum()
        return Decimal(str(total))

    def _filled(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Fields of the order on all of its rows, and which row is its first."""
        import polars as pl

        if frame.is_empty():
            return frame.with_columns(pl.lit(True).alias(FIRST))
        wanted = list(dict.fromkeys([self._order, *self._level]))
        blank = [pl.when(pl.col(c).str.strip_chars() != "").then(pl.col(c)).alias(c) for c in wanted]
        frame = frame.with_columns(blank)
        lead = 0
        if self._last is not None:
            frame, lead = pl.concat([self._last.select(frame.columns), frame]), 1
        frame = frame.with_columns(pl.col(self._order).forward_fill())
        run = pl.col(self._order).rle_id()
        frame = frame.with_columns(pl.col(c).forward_fill().over(run) for c in self._level)
        first = (pl.col(self._order) != pl.col(self._order).shift(1)).fill_null(True)
        frame = frame.with_columns(first.alias(FIRST))
        self._last = frame.tail(1).drop(FIRST)
        return frame.slice(lead)


def rows_of(frame: pl.DataFrame, mapping: FileMapping, kind: str) -> pl.DataFrame:
    """The rows that one table of the file takes: of orders that have lines the first of each, of lines those filled."""
    import polars as pl

    if mapping.order and kind == "orders":
        frame = frame.filter(FIRST)
    lines = next((part for part in mapping.further if part.kind == kind == "order_lines"), None)
    if lines is not None:
        told = {mapping.order, *mapping.order_level, *mapping.columns.values()}
        own = [column for column in lines.columns.values() if column not in told]
        frame = frame.filter(pl.any_horizontal(pl.col(own).str.strip_chars() != "")) if own else frame
    return frame.drop(FIRST)


def derived_columns(preset: Preset, names: Names) -> dict[str, pl.Expr]:
    """The columns that a preset makes in a file with these headers (compact name → header)."""
    import polars as pl

    return {
        name: how.make([pl.col(column) for column in how.columns(names)])
        for name, how in preset.derived.items()
        if how.there(names)
    }
