"""Currencies as people write them."""

from __future__ import annotations

from typing import Final

__all__ = ["SYMBOLS"]

SYMBOLS: Final = {"GBP": "£", "USD": "$", "EUR": "€"}
"""Sign by ISO 4217 code, where one sign means one currency to most readers."""
