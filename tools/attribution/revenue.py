"""From credited value to the net revenue of the shop, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel

from tools.figures import figure, money

if TYPE_CHECKING:
    from analytics.attribution.bridge import Bridge

__all__ = ["PARTS", "RevenueLine", "revenue_lines"]

PARTS: Final[dict[str, str]] = {
    "credited": "Credited orders, refunds taken off",
    "no touch": "Orders with no known touch",
    "other customers": "Orders of customers not asked about",
    "no customer": "Orders without a known customer",
    "given back in full": "Orders given back in full",
    "refunded later": "Refunds of these orders on other days",
    "refunds of earlier orders": "Refunds in these days of orders of other days",
    "refunds of no order": "Refunds of no known order, or beyond what was charged",
    "adjustments": "Adjustments",
}


class RevenueLine(BaseModel):
    """One part of the net revenue of the days."""

    part: str = figure("Part", "What it is.", unit="verbatim")
    orders: int = figure("Orders", "Sale orders in it.", unit="orders")
    value: float | None = figure("Value", "What it comes to.", unit="money")


def revenue_lines(bridge: Bridge) -> list[RevenueLine]:
    """The lines, and at the end what they add up to."""
    lines = [RevenueLine(part=PARTS[line.what], orders=line.orders, value=money(line.value)) for line in bridge.lines]
    whole = RevenueLine(part="Net revenue of these days", orders=bridge.orders, value=money(bridge.net_revenue))
    return [*lines, whole]
