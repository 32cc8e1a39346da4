"""Where the revenue of a period comes from: parts that add up to a whole that is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, Field

from language.cells import value_name
from tools.dashboard.headlines import Asked
from tools.figures import Cell, figure, growth, money, share

__all__ = ["Breakdown", "Part", "breakdowns"]

REST: Final = "Everything else"
CENT: Final = 0.01


@dataclass(frozen=True, slots=True)
class _Cut:
    """A breakdown: the dimension, its heading, rows at most, what is said where a value is not known."""

    dimension: str
    title: str
    most: int
    unknown: str
    whole: str = "revenue"
    ask: str = ""


CUTS: Final = (
    _Cut("customer_type", "First and later orders", 3, "Unknown customers"),
    _Cut("channel", "Sales channels", 6, "No channel given", ask="What was our revenue by channel?"),
    _Cut("product", "Top products", 6, "No product given", "revenue of order lines", "What are our top products?"),
    _Cut("rfm_segment", "Customer segments, as they are today", 6, "No segment", ask="/segments"),
    _Cut("country", "Countries", 6, "No country given", ask="Which countries bring the most revenue?"),
)
_NAMES: Final = {
    "customer_type": {"new": "First orders", "returning": "Later orders", "unknown": "Unknown customers"}
}  # fmt: skip


class Part(BaseModel):
    """One part of the whole."""

    name: str = figure("Name", "Its name.")
    value: float = figure("Revenue", "Revenue in the period.", unit="money")
    share: float | None = figure("Share", "Of the whole; null: the whole is not above 0.", unit="share")
    before: float | None = figure("Before", "In the days compared with; null: no data.", unit="money")
    change: float | None = figure("Change", "Over before, less 1; null: nothing to compare.", unit="share")
    rest: bool = Field(default=False, description="True: everything else together.")


class Breakdown(BaseModel):
    """Revenue of the period by one dimension; the parts and the rest add up to `total`."""

    dimension: str = Field(description="Dimension of query_metrics.")
    title: str = figure("Title", "Heading.")
    whole: str = Field(description="What the shares are of, in words.")
    total: float = figure("Total", "The whole.", unit="money")
    parts: list[Part] = Field(description="Largest first; the rest together last.")
    ask: str = Field(description="A question that tells more; empty: none.")


def breakdowns(asked: Asked) -> list[Breakdown]:
    """Every breakdown there is data for: one with a single part tells nothing."""
    found = [_breakdown(asked, cut) for cut in CUTS]
    return [one for one in found if one is not None and len(one.parts) > 1]


def _breakdown(asked: Asked, cut: _Cut) -> Breakdown | None:
    sides = {"compare_start": asked.before.start, "compare_end": asked.before.end} if asked.before else {}
    wanted = {"dimensions": [cut.dimension], "limit": cut.most}
    found = asked.query(["revenue"], asked.days, **wanted, **sides) if sides else None
    found = found or asked.query(["revenue"], asked.days, **wanted)
    if found is None or not found.rows:
        return None
    names = [column.name for column in found.columns]
    rows = [dict(zip(names, row, strict=True)) for row in found.rows]
    total, compared = _number(found.totals["revenue"]), "revenue_before" in names
    parts = [(_name(cut, r[cut.dimension]), _number(r["revenue"]), _before(r) if compared else None) for r in rows]
    left = total - sum(value for _, value, _ in parts)
    if found.truncated or abs(left) >= CENT:  # services are no products, and still a part of the whole
        rest = _before(found.totals) - sum(before or 0.0 for _, _, before in parts) if compared else None
        parts.append((REST, left, rest))
    return Breakdown(
        dimension=cut.dimension,
        title=cut.title,
        whole=cut.whole,
        total=money(total) or 0.0,
        parts=[_part(name, value, before, total) for name, value, before in parts],
        ask=cut.ask,
    )


def _before(figures: Mapping[str, Cell]) -> float:
    return _number(figures["revenue_before"])


def _part(name: str, value: float, before: float | None, total: float) -> Part:
    return Part(
        name=name,
        rest=name == REST,
        value=money(value) or 0.0,
        share=share(value / total) if total > 0 else None,
        before=money(before),
        change=growth(value, before),
    )


def _name(cut: _Cut, key: Cell) -> str:
    known: Mapping[str, str] = _NAMES.get(cut.dimension, {})
    if key is None:
        return cut.unknown
    return known.get(str(key)) or value_name(cut.dimension, key)


def _number(value: Cell) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
