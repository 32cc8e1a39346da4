"""From visit to order: how far the people who visited in a period went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from database.queries import funnel
from tools.dashboard.periods import Days
from tools.figures import figure, share

__all__ = ["Funnel", "FunnelStep", "funnel_of"]

STEPS: Final = (
    ("visit", "Visited"), ("product_view", "Viewed a product"), ("cart", "Filled a cart"),
    ("checkout", "Began a checkout"), ("ordered", "Ordered"),
)  # fmt: skip


class FunnelStep(BaseModel):
    """One step."""

    title: str = figure("Step", "What they did.")
    customers: int = figure(
        "Customers", "Of those who visited, how many did, with or without the steps between.", unit="customers"
    )
    share: float | None = figure("Share", "Of those who visited.", unit="share")
    before: int | None = figure("Before", "In the days compared with; null: no visits then.", unit="customers")
    share_before: float | None = figure("Share before", "Of those who visited then.", unit="share")


class Funnel(BaseModel):
    """Steps from visit to order, each a share of the known customers who visited; none needs the one before it."""

    steps: list[FunnelStep] = Field(description="Visits first; steps nobody's events tell of are left out.")
    conversion: float | None = figure("Conversion", "Share of visitors who ordered.", unit="share")
    conversion_before: float | None = figure("Conversion before", "In the days compared with.", unit="share")


def funnel_of(connection: Connection, days: Days, before: Days | None, time_zone: str) -> Funnel | None:
    """The funnel of the period; None where nobody known visited."""
    now = funnel.visitors(connection, days.start, days.end, time_zone)
    if not now["visit"]:
        return None
    earlier = funnel.visitors(connection, before.start, before.end, time_zone) if before else None
    if earlier is not None and not earlier["visit"]:
        earlier = None
    steps = [_step(name, title, now, earlier) for name, title in STEPS if now[name] or name == "ordered"]
    return Funnel(steps=steps, conversion=steps[-1].share, conversion_before=steps[-1].share_before)


def _step(name: str, title: str, now: Mapping[str, int], before: Mapping[str, int] | None) -> FunnelStep:
    return FunnelStep(
        title=title,
        customers=now[name],
        share=share(now[name] / now["visit"]),
        before=before and before[name],
        share_before=share(before[name] / before["visit"]) if before else None,
    )
