"""Numbers as they are written in files, read exactly, once it is known which mark divides the decimals.

Values stay text until they are a decimal with four places; no binary fraction is ever in between. Which mark a column
uses is decided in `notation`, over the whole file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from connectors.files.currencies import ABBREVIATED, WORD, named_by, words_of

DecimalMark = Literal[".", ","]

MONEY = pl.Decimal(18, 4)
SPACE = r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]"
APOSTROPHE = r"['\u2018\u2019\u02bc\u00b4`\u2032_]"
MINUS = r"[\u2212\u2010-\u2015\u2796\ufe63\uff0d]"
NO_CENTS = r"[.,](?:-{1,2}|=)$"  # "950.–" is 950 without cents
GROUPED = {
    # Groups of three; in India all but the last are groups of two.
    ".": r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d{1,3}(?:[ ']\d{3})+(?:\.\d+)?$|^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$",
    ",": r"^\d{1,3}(?:\.\d{3})+(?:,\d+)?$|^\d{1,3}(?:[ ']\d{3})+(?:,\d+)?$",
}


@dataclass(frozen=True, slots=True)
class NumberReading:
    """How a column of numbers is read. `currencies` are those its values name (ISO code, or $, ¥, kr).

    `proven`: a value of the file decides the mark; else it is assumed, and a value that hangs on it is told.
    """

    mark: DecimalMark = "."
    currencies: tuple[str, ...] = ()
    proven: bool = False


def read_decimals(values: pl.Series, mark: DecimalMark = ".") -> pl.Series:
    """Text to Decimal(18, 4), rounded half to even; null where it is no number or has over 14 digits before the mark.

    Beside plain numbers: currency signs and codes, grouped thousands, a trailing or leading minus, (12.00) for -12.00.
    """
    result = (
        values.cast(MONEY, strict=False)
        if mark == "."
        else values.clear().cast(MONEY).extend_constant(None, len(values))
    )
    left = result.is_null() & values.is_not_null()
    if not left.any():
        return result
    positions = left.arg_true()
    return result.scatter(positions, _clean(values.gather(positions), mark).cast(MONEY, strict=False))


def read_counts(values: pl.Series, mark: DecimalMark = ".") -> pl.Series:
    """Text to whole numbers (Int64); null where it is not one."""
    decimals = read_decimals(values, mark)
    whole = decimals.cast(pl.Int64, strict=False)
    return whole.to_frame("n").select(pl.when(decimals == whole.cast(MONEY)).then("n")).to_series()


def read_rates(values: pl.Series, mark: DecimalMark = ".") -> pl.Series:
    """Text to exchange rates, Decimal(24, 12); null where it is no number above 0."""
    rates = _clean(values, mark).cast(pl.Decimal(24, 12), strict=False)
    return rates.to_frame("r").select(pl.when(pl.col("r") > 0).then("r")).to_series()


def bare(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """(digits with their marks, whether it is negative): without signs, currencies, brackets; null: no number.

    Groups are told by one kind of space and one of apostrophe, whatever the file has.
    """
    words = words_of(values)
    no_currency = [word for word in words.unique().drop_nulls() if word and named_by(word) is None]
    text = values.str.replace_all(MINUS, "-").str.replace_all(APOSTROPHE, "'").str.replace_all(SPACE, " ")
    text = text.str.replace_all(ABBREVIATED, "").str.replace_all(WORD, "").str.strip_chars(" ")
    text = text.str.replace(NO_CENTS, "")
    signs = text.str.count_matches(r"[-(+]")
    negative = text.str.contains(r"^\(.*\)$|^-|-$")
    text = text.str.replace(r"^[-+(]+ *", "").str.replace(r" *[-+)]+$", "")
    frame = pl.DataFrame({"bare": text, "word": words, "signs": signs})
    number = pl.when(~pl.col("word").is_in(no_currency) & (pl.col("signs") <= 1)).then("bare")
    return frame.select(number).to_series(), negative


def _clean(values: pl.Series, mark: DecimalMark) -> pl.Series:
    text, negative = bare(values)
    grouped = text.str.contains(GROUPED[mark])
    frame = pl.DataFrame({"bare": text, "negative": negative, "grouped": grouped})
    plain = pl.col("bare").str.replace_all(r"[ '" + ("," if mark == "." else ".") + "]", "")
    number = pl.when("grouped").then(plain).otherwise("bare")
    number = number if mark == "." else number.str.replace(",", ".", literal=True)
    number = pl.when(number.str.contains(r"^\d*\.?\d+$|^\d+\.$")).then(number)
    return frame.select(pl.when("negative").then(pl.lit("-") + number).otherwise(number)).to_series()
