"""Rules as polars expressions over a mirror's columns: the same meaning as their SQL, the same errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import polars as pl

from database.mirror.mirror import Mirror
from database.queries.segments import RuleCompiler, RuleField, event_kinds, purchases_of

__all__ = ["mask_of"]

_TYPES: Mapping[str, pl.DataType] = {
    "real": pl.Float32(),
    "double precision": pl.Float64(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "timestamptz": pl.Datetime("us", "UTC"),
}


def mask_of(
    rule: Mapping[str, Any], fields: Mapping[str, RuleField], mirror: Mirror, *, as_of: datetime, time_zone: str
) -> pl.Series | None:
    """Which rows of the mirror the rule picks; None when it asks for events or purchases: no mirror holds them."""
    if event_kinds(rule) or purchases_of(rule):
        return None
    expression = _Expressions(fields, as_of, ZoneInfo(time_zone), mirror).made(rule)
    return mirror.frame.select(picked=pl.repeat(value=True, n=pl.len()) & expression)[
        "picked"
    ]  # a constant: for every row


Words = TypeVar("Words", pl.Expr, pl.Series)


class _Expressions(RuleCompiler):
    """The compiler of SQL, with expressions in place of text: nulls make a condition false before `not` sees it."""

    def __init__(self, fields: Mapping[str, RuleField], as_of: datetime, zone: ZoneInfo, mirror: Mirror) -> None:
        super().__init__(fields, as_of, zone)
        self.mirror = mirror

    def made(self, rule: Mapping[str, Any]) -> pl.Expr:
        """The rule as one expression without nulls."""
        if "all" in rule:
            return pl.all_horizontal(pl.lit(value=True), *(self.made(child) for child in rule["all"]))
        if "any" in rule:
            return pl.any_horizontal(*(self.made(child) for child in rule["any"]))
        if "not" in rule:
            return ~self.made(rule["not"])
        known, op, value = self.fields[rule["field"]], rule["operator"], rule.get("value")
        column = pl.col(known.column)
        if op in ("is_null", "not_null"):
            return column.is_null() if op == "is_null" else column.is_not_null()
        test = self._test(known, op, value).fill_null(value=False)
        return ~test if op in ("ne", "not_in") else test

    def _test(self, known: RuleField, op: str, value: Any) -> pl.Expr:
        column = pl.col(known.column)
        if known.type == "text":
            return self._words(known, op, value)
        if known.type == "text[]":
            wanted = value if op in ("in", "not_in") else [value]
            return pl.any_horizontal(*(column.list.contains(self.typed(known, word).lower()) for word in wanted))
        if op in ("top_share", "bottom_share"):
            return self._share(known, op, float(value))
        if op == "between":
            low, high = (self._literal(known, v) for v in value)
            return column.is_between(low, high)
        if op in ("in", "not_in"):
            values = pl.Series([self.typed(known, v) for v in value], dtype=pl.Float64).cast(_TYPES[known.type])
            return column.is_in(values.implode())
        there = self._literal(known, value)
        compared = {"lt": column < there, "le": column <= there, "gt": column > there, "ge": column >= there}
        return compared.get(op, column == there)

    def _literal(self, known: RuleField, value: Any) -> pl.Expr:
        return pl.lit(self.typed(known, value), dtype=_TYPES[known.type])

    def _words(self, known: RuleField, op: str, value: Any) -> pl.Expr:
        """Upper and lower case are alike. Few different words: the test is made on them, not on the rows."""
        column = pl.col(known.column)
        words = self.mirror.words.get(known.column)
        if words is not None:
            chosen = words.filter(self._word_test(words.str.to_lowercase(), known, op, value))
            return column.is_in(chosen.cast(pl.Categorical).implode())
        return self._word_test(column.str.to_lowercase(), known, op, value)

    def _word_test(self, words: Words, known: RuleField, op: str, value: Any) -> Words:
        if op in ("in", "not_in"):
            return words.is_in([self.typed(known, v).lower() for v in value])
        wanted = self.typed(known, value, whole=op != "contains").lower()
        return words.str.contains(wanted, literal=True) if op == "contains" else words == wanted

    def _share(self, known: RuleField, op: str, share: float) -> pl.Expr:
        """At or beyond the value that ends the share, among customers who have one (as percentile_disc takes it)."""
        import numpy as np

        values = self.mirror.frame[known.column].drop_nulls().to_numpy()
        if not len(values):
            return pl.lit(value=False)
        place = max(1, math.ceil(share * (1 - 1e-12) * len(values)))
        if op == "top_share":
            return pl.col(known.column) >= cast(float, np.partition(values, len(values) - place)[len(values) - place])
        return pl.col(known.column) <= cast(float, np.partition(values, place - 1)[place - 1])
