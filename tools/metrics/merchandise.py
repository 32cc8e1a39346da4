"""What rankings of products leave out, in words."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["left_out"]

SHOWN = 12


def left_out(names: Iterable[str]) -> list[str]:
    """A sentence that names the products that are no merchandise; nothing where there are none."""
    told = list(dict.fromkeys(names))
    if not told:
        return []
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return [
        f"Left out of rankings of products, not of totals, as charges and bookings by their names and prices: "
        f"{', '.join(told[:SHOWN])}{more}."
    ]
