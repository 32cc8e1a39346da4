"""What no figure counts because it is in a currency without an exchange rate, in words."""

from __future__ import annotations

from collections.abc import Iterable

from database.queries.organisations import KeptApart

__all__ = ["NOT_COUNTED", "not_counted"]

NOT_COUNTED = "Not counted, for there is no exchange rate"


def not_counted(apart: Iterable[KeptApart]) -> list[str]:
    """A sentence that says what is kept apart; nothing where everything counts."""
    told = [f"{a.orders:,} in {a.currency} ({a.charged:,.2f} {a.currency})" for a in apart]
    if not told:
        return []
    return [f"{NOT_COUNTED}: orders {', '.join(told)}."]
