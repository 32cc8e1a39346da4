"""The metrics there are: each with its unit, its definition and its SQL in every source that can give it."""

from __future__ import annotations

from database.semantic.charges import CHARGES
from database.semantic.marketing import ADVERTISING, BRAND, ENGAGEMENT
from database.semantic.sales import CUSTOMERS, DIFFERENT, SALES

__all__ = ["METRICS"]

METRICS = {
    metric.name: metric for metric in (*SALES, *CHARGES, *DIFFERENT, *CUSTOMERS, *ENGAGEMENT, *ADVERTISING, *BRAND)
}
