"""What drives a score, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from language.format import money

__all__ = ["driver_words"]


def driver_words(drivers: Sequence[Mapping[str, Any]] | None, currency: str) -> list[str]:
    """The drivers of a score in words, strongest first; what is money, in `currency`."""
    return [_words(driver, currency) for driver in drivers or ()]


def _words(driver: Mapping[str, Any], currency: str) -> str:
    """As the score tells it, which knows no currency: the figure of an amount is said anew."""
    from tools.audience.fields import rule_fields

    words, value = str(driver.get("words") or driver["feature"]), driver.get("value")
    known = rule_fields().get(str(driver["feature"]))
    if known is None or known.unit != "money" or not isinstance(value, int | float):
        return words
    for said, told in ((str(round(value, 1)), value), (f"{value:.0f}", round(value))):
        if said in words:
            return words.replace(said, money(told, currency).removesuffix(".00"), 1)
    return words
