"""Where rows without a column for it say their currency: beside the amounts, or in the header of a column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.files.currencies import currencies_in, named_by
from connectors.files.numbers import NumberReading
from core.currencies import code_of, codes_of_sign

__all__ = ["Signs", "currency_of_header"]

# "total_eur": codes that are no words besides; in brackets or capitals ("Amount spent (SEK)", "Total PLN") any code is.
PAID = {
    "orders": ("revenue",),
    "order_lines": ("revenue", "unit_price"),
    "refunds": ("amount",),
    "spend": ("spend", "revenue"),
    "touches": ("cost",),
    "campaign_daily": ("cost", "revenue"),
}
_LAST_WORD = frozenset(
    {"eur", "usd", "gbp", "chf", "aud", "nzd", "jpy", "inr", "sek", "nok", "dkk", "pln", "czk", "brl"}
)


def currency_of_header(header: str) -> str | None:
    """The one currency a header names: "Amount spent (EUR)", "Total USD", "price_gbp", "Umsatz in €"."""
    words = re.findall(r"[^\W_]+|[€£¥₹]", header)
    bracketed = re.findall(r"[(\[]\s*([^)\]]+?)\s*[)\]]", header)
    named = {code for word in bracketed if (code := named_by(word.lower())) is not None}
    named |= {word for word in words if word.isupper() and code_of(word) == word and not header.isupper()}
    named |= {code_of(word) or "" for word in words if not word.isalnum() and len(codes_of_sign(word)) == 1}
    if words and words[-1].lower() in _LAST_WORD:
        named.add(words[-1].upper())
    return named.pop() if len(named) == 1 else None


@dataclass(frozen=True, slots=True)
class Signs:
    """Where rows without a column for it say their currency: beside the amounts of `column`, or in its header."""

    column: str
    whole: str | None

    @classmethod
    def of_file(cls, kind: str, columns: Mapping[str, str], numbers: Mapping[str, NumberReading]) -> Signs | None:
        """From the columns (field → column) of what was paid; None where nothing says it, or a column is for it."""
        if "currency" in columns:
            return None
        paid = {columns[f]: numbers[f].currencies for f in PAID.get(kind, ()) if f in numbers}
        beside = next((column for column, named in paid.items() if named), None)
        if beside is not None:
            return cls(beside, None)
        headers = ((column, currency_of_header(column)) for column in paid)
        return next((cls(column, code) for column, code in headers if code is not None), None)

    def read(self, frame: pl.DataFrame) -> pl.Series:
        """The currency of each row; null where none is named."""
        if self.whole is not None:
            return pl.repeat(self.whole, frame.height, eager=True)
        return currencies_in(frame[self.column])
