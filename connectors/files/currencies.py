"""Which currency an amount says it is in: a sign or a code beside the number."""

from __future__ import annotations

import polars as pl

from core.currencies import code_of, codes_of_sign

__all__ = ["ABBREVIATED", "WORD", "currencies_in", "named_by", "words_of"]

ABBREVIATED = r"(?i)\b(?:sfr|fr|kr|rs|tl|rp|руб|лв)\."
WORD = r"[\p{L}\p{Sc}]+"


def words_of(values: pl.Series) -> pl.Series:
    """The letters and currency signs of each value, in lower case; empty where it has none."""
    return values.str.replace_all(r"[^\p{L}\p{Sc}]", "").str.to_lowercase()


def currencies_in(values: pl.Series) -> pl.Series:
    """ISO code of the currency each value names; a sign of several currencies ($, ¥, kr) as it is; null: none."""
    words = words_of(values)
    named = {word: named_by(word) for word in words.unique().drop_nulls()}
    return words.replace_strict(named, default=None, return_dtype=pl.String)


def named_by(word: str) -> str | None:
    """The currency a word or sign names, None where it names none. `$usd` is a sign and a code."""
    letters = "".join(char for char in word if char.isalpha())
    for said in dict.fromkeys((word, letters)):
        meant = codes_of_sign(said)
        if len(meant) > 1:
            return said
        if said and (code := code_of(said)) is not None:
            return code
    return None if letters or len(word) != 1 else word
