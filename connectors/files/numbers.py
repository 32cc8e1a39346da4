"""Numbers as they are written in files: which mark divides the decimals, and reading them exactly.

Values stay text until they are a decimal with four places; no binary fraction is ever in between.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

DecimalMark = Literal[".", ","]

MONEY = pl.Decimal(18, 4)
COMMA_DECIMALS = r"^\s*[-+(]?\s*\D{0,3}\d{1,3}(?:\.?\d{3})*,(?:\d{1,2}|\d{4,})\s*\D{0,4}\)?$"
POINT_DECIMALS = r"\.(?:\d{1,2}|\d{4,})\D*$"
GROUPED = {
    ".": r"^\d{1,3}(?:[, '\u00a0\u202f]\d{3})+(?:\.\d+)?$",
    ",": r"^\d{1,3}(?:[. '\u00a0\u202f]\d{3})+(?:,\d+)?$",
}
CURRENCY = r"(?i)(?:£|€|\$|¥|₹|zł|kr\.?|\b(?:gbp|eur|usd|chf|sek|nok|dkk|pln)\b)"


def decimal_mark(values: pl.Series) -> DecimalMark:
    """Comma where values of the sample have comma decimals and none has a point; else point."""
    known = values.drop_nulls()
    commas = known.str.contains(COMMA_DECIMALS).any()
    points = known.filter(~known.str.contains(COMMA_DECIMALS)).str.contains(POINT_DECIMALS).any()
    return "," if commas and not points else "."


def read_decimals(values: pl.Series, mark: DecimalMark = ".") -> pl.Series:
    """Text to Decimal(18, 4), rounded half to even; null where it is no number or has over 14 digits before the mark.

    Beside plain numbers: currency signs, grouped thousands, a trailing or leading minus, (12.00) for -12.00.
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


def _clean(values: pl.Series, mark: DecimalMark) -> pl.Series:
    text = values.str.replace_all(CURRENCY, "").str.strip_chars()
    negative = text.str.contains(r"^\(.*\)$|^-|^\u2212|-$")
    bare = text.str.replace(r"^[-+(\u2212]\s*", "").str.replace(r"[-)]$", "").str.strip_chars()
    grouped = bare.str.contains(GROUPED[mark])
    frame = pl.DataFrame({"bare": bare, "negative": negative, "grouped": grouped})
    plain = pl.col("bare").str.replace_all(r"[ '\u00a0\u202f" + ("," if mark == "." else ".") + "]", "")
    number = pl.when("grouped").then(plain).otherwise("bare")
    number = number if mark == "." else number.str.replace(",", ".", literal=True)
    number = pl.when(number.str.contains(r"^\d*\.?\d+$|^\d+\.$")).then(number)
    return frame.select(pl.when("negative").then(pl.lit("-") + number).otherwise(number)).to_series()
