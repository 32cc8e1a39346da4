"""Which currency an amount says it is in: a sign or a code beside the number."""

from __future__ import annotations

import polars as pl

__all__ = ["ABBREVIATED", "CODES", "WORD", "currencies_in", "named_by", "words_of"]

CODES = (
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN",
    "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF",
    "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB",
    "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK",
    "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR",
    "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL",
    "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
    "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON",
    "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP",
    "STN", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX",
    "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZAR", "ZMW",
    "ZWL",
)  # fmt: skip
# Signs of one currency only. The dollar, the yen's and yuan's sign and the crown are those of several: they stay.
SIGNS = {
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "mx$": "MXN", "r$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₽": "RUB", "₩": "KRW", "₪": "ILS",
    "₫": "VND", "₴": "UAH", "₦": "NGN", "฿": "THB", "₱": "PHP", "₸": "KZT", "₾": "GEL", "zł": "PLN", "kč": "CZK",
    "ft": "HUF", "lei": "RON", "лв": "BGN", "руб": "RUB", "fr": "CHF", "sfr": "CHF", "rs": "INR", "euro": "EUR",
    "euros": "EUR", "kn": "HRK", "rp": "IDR", "rm": "MYR", "tl": "TRY", "jp¥": "JPY", "cn¥": "CNY", "元": "CNY",
    "円": "JPY",
}  # fmt: skip
SHARED = ("$", "¥", "kr")
ABBREVIATED = r"(?i)\b(?:sfr|fr|kr|rs|tl|rp|руб|лв)\."
WORD = r"[\p{L}\p{Sc}]+"
NAMES = {**SIGNS, **{code.lower(): code for code in CODES}, **{sign: sign for sign in SHARED}, "￥": "¥"}


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
    if word in NAMES:
        return NAMES[word]
    letters = "".join(char for char in word if char.isalpha())
    if letters in NAMES:
        return NAMES[letters]
    return None if letters or len(word) != 1 else word
