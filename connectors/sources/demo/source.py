"""The demo shop as a source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, Field

from connectors.sources.contract import Generated, Source, SourceSettings
from core.clock import utc_now

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SOURCE", "DemoSettings"]


class DemoSettings(SourceSettings):
    """Which shop is made up."""

    customers: int = Field(default=2_000, ge=1_000, le=1_000_000, description="How many customers it has.")
    seed: int = Field(default=7, ge=0, description="The same seed makes the same shop.")
    end: AwareDatetime = Field(default_factory=utc_now, description="When its history ends; now if not given.")


def _tables(settings: DemoSettings) -> Iterator[tuple[str, pl.DataFrame]]:
    from connectors.sources.demo.shop import DemoShop

    end: datetime = settings.end
    return DemoShop(customers=settings.customers, seed=settings.seed, end=end).tables()


SOURCE = Source(
    name="demo",
    title="Demo shop",
    settings=DemoSettings,
    streams=(Generated("shop", _tables),),
    invented=True,
)
