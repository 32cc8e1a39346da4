"""Identifiers that a spreadsheet took for numbers: put right where all digits are there, told where they are not."""

from __future__ import annotations

import re

import polars as pl

from connectors.files.appearance import clean
from connectors.files.mapping import Mapping
from core.decisions import Decisions

__all__ = ["is_floated", "tell_lost_digits", "whole_ids", "without_lost_ids"]

SCIENTIFIC = r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$"
FLOATED = r"\.0+$"
MAY_BE_FLOATED = r"^\d+(?:\.0+)?$"
LOST = 0.5  # share of identifiers without their digits from which a column names nothing
FEWEST_DIGITS = 9  # a spreadsheet shows numbers below twelve digits in full; 1E5 is a code of somebody's


def is_floated(values: pl.Series) -> bool:
    """Whether whole numbers are written as 1001.0, all or some of them."""
    known = clean(values).drop_nulls()
    return bool(len(known) and known.str.contains(MAY_BE_FLOATED).all() and known.str.contains(FLOATED).any())


def whole_ids(values: pl.Series) -> pl.Series:
    """1.234567890123E+12 as 1234567890123 where no digit is missing; the others as they are."""
    written = values.str.contains(SCIENTIFIC).fill_null(False)
    if not written.any():
        return values
    positions = written.arg_true()
    return values.scatter(positions, pl.Series([_whole(text) or text for text in values.gather(positions)]))


def tell_lost_digits(column: str, values: pl.Series, decisions: Decisions) -> None:
    """Tell of identifiers in a batch whose last digits are gone: different ones look the same."""
    lost = _lost(values)
    if lost.any():
        decisions.add(
            "rows",
            f"Column '{column}' has identifiers such as {values.filter(lost)[0]}, whose last digits a spreadsheet has"
            " dropped: different ones may be the same here. Export the file again without opening it there.",
            rows=int(lost.sum()),
            doubtful=True,
        )


def without_lost_ids(mapping: Mapping, sample: pl.DataFrame, decisions: Decisions) -> Mapping:
    """Orders whose numbers are gone are told apart by what their rows hold."""
    column = mapping.columns.get("order_id")
    if mapping.kind != "orders" or mapping.preset or column is None or "customer" not in mapping.columns:
        return mapping
    values = clean(sample[column])
    if _lost(values).sum() <= LOST * values.count():
        return mapping
    tell_lost_digits(column, values, decisions)
    decisions.add("rows", f"Each row was taken as an order of its own, for '{column}' does not tell them apart.")
    return mapping.correct({"order_id": ""}, sample.columns)


def _lost(values: pl.Series) -> pl.Series:
    written = values.str.contains(SCIENTIFIC).fill_null(False)
    gone = [text for text in values.filter(written).unique() if _whole(text) is None]
    return values.is_in(gone).fill_null(False)


def _whole(text: str) -> str | None:
    digits, exponent = re.split("[eE]", text.replace(",", "."))
    whole, _, fraction = digits.partition(".")
    places = int(exponent)
    if places + 1 < FEWEST_DIGITS:
        return text
    return whole + fraction if len(fraction) == places else None
