"""The currency that the header of an amount names: "Total (EUR)", "amount_usd"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.currencies import CODES

__all__ = ["charged_in"]

MONEY_OF = {"orders": ("revenue",), "order_lines": ("revenue", "unit_price"), "refunds": ("amount",)}
LAST_WORD = re.compile(r"(?:^|[\s_(\[./-])([A-Za-z]{3})[)\]]?\s*$")  # a code by itself at the end


def charged_in(kind: str, columns: Mapping[str, str]) -> str | None:
    """The ISO code in the header of the amounts of orders and refunds; None where a column is there for it."""
    money = [columns[field] for field in MONEY_OF.get(kind, ()) if field in columns]
    for column in money if "currency" not in columns else ():
        word = LAST_WORD.search(column)
        if word and word[1].upper() in CODES and (word[1].isupper() or "_" in column):
            return word[1].upper()
    return None
