"""Currencies: their ISO 4217 codes, and the signs and words by which files name them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

__all__ = ["CODES", "DOLLARS", "code_of", "codes_of_sign"]

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
"""
CODES: Final = frozenset(_CODES.split())
DOLLARS: Final = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")
# The likeliest first; what one sign means is settled by the shop's own currency, or told.
_SIGNS: Final = {
    "$": DOLLARS,
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₩": ("KRW",),
    "₺": ("TRY",),
    "₽": ("RUB",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "₴": ("UAH",),
    "฿": ("THB",),
    "₱": ("PHP",),
    "₦": ("NGN",),
    "₸": ("KZT",),
    "₾": ("GEL",),
    "jp¥": ("JPY",),
    "cn¥": ("CNY",),
    "円": ("JPY",),
    "元": ("CNY",),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "r$": ("BRL",),
    "us$": ("USD",),
    "c$": ("CAD",),
    "ca$": ("CAD",),
    "a$": ("AUD",),
    "au$": ("AUD",),
    "nz$": ("NZD",),
    "hk$": ("HKD",),
    "s$": ("SGD",),
    "mx$": ("MXN",),
    "rs": ("INR",),
    "fr": ("CHF",),
    "sfr": ("CHF",),
    "lei": ("RON",),
    "ft": ("HUF",),
    "лв": ("BGN",),
    "руб": ("RUB",),
    "kn": ("HRK",),
    "rp": ("IDR",),
    "rm": ("MYR",),
    "tl": ("TRY",),
}
_WORDS: Final = {
    "euro": "EUR",
    "euros": "EUR",
    "us dollar": "USD",
    "us dollars": "USD",
    "dollar": "$",
    "dollars": "$",
    "pound": "GBP",
    "pounds": "GBP",
    "pound sterling": "GBP",
    "british pound": "GBP",
    "sterling": "GBP",
    "yen": "JPY",
    "japanese yen": "JPY",
    "swiss franc": "CHF",
    "schweizer franken": "CHF",
    "franken": "CHF",
    "rupee": "INR",
    "rupees": "INR",
    "indian rupee": "INR",
    "canadian dollar": "CAD",
    "australian dollar": "AUD",
    "zloty": "PLN",
    "real": "BRL",
    "rmb": "CNY",
    "yuan": "CNY",
}


def codes_of_sign(sign: str) -> tuple[str, ...]:
    """The currencies that a sign may mean, the likeliest first; empty for none."""
    return _SIGNS.get(sign.strip().rstrip(".").lower().replace("￥", "¥"), ())


@lru_cache(maxsize=1024)
def code_of(text: str, own: str = "") -> str | None:
    """The ISO code that a file's text names; a sign of several currencies means `own` where it is one of them.

    >>> code_of("eur"), code_of("€"), code_of("$", own="CAD"), code_of("beads")
    ('EUR', 'EUR', 'CAD', None)
    """
    plain = " ".join(text.strip().split())
    if plain.upper() in CODES:
        return plain.upper()
    named = _WORDS.get(plain.lower(), plain)
    if named in CODES:
        return named
    meant = codes_of_sign(named)
    return (own if own in meant else meant[0]) if meant else None
