"""customer_health_score, its recipe, and its explanation customer by customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from analytics.features.dictionary import CATEGORY_NAMES, NAMES
from analytics.features.parts import ScorePart

__all__ = ["PARTS", "explain_health", "health_components"]

UNKNOWN_GAP_DAYS, SHORTEST_GAP_DAYS, LONGEST_GAP_DAYS = 30.0, 10.0, 60.0
GONE_AFTER_GAPS = 3.0
FULL_FREQUENCY = 6.0
FULL_OPEN_RATE, FULL_VISITS = 0.4, 4.0
FULL_CATEGORIES, FULL_PRODUCTS = 3.0, 6.0


def _limit_gap() -> pl.Expr:
    return pl.col("typical_gap_days").fill_null(UNKNOWN_GAP_DAYS).clip(SHORTEST_GAP_DAYS, LONGEST_GAP_DAYS)


def _rhythm() -> pl.Expr:
    gaps = pl.col("recency_days") / _limit_gap()
    return ((GONE_AFTER_GAPS - gaps) / (GONE_AFTER_GAPS - 1.0)).clip(0.0, 1.0).fill_null(0.0)


def _frequency() -> pl.Expr:
    return (pl.col("frequency_12m") / FULL_FREQUENCY).clip(0.0, 1.0)


def _trend() -> pl.Expr:
    return ((1.0 + pl.col("revenue_trend_90d")) / 2.0).fill_null(0.0)


def _engagement() -> pl.Expr:
    opens = (pl.col("email_open_rate") / FULL_OPEN_RATE).clip(0.0, 1.0)
    visits = (pl.col("website_visit_frequency") / FULL_VISITS).clip(0.0, 1.0)
    return pl.mean_horizontal(opens, visits)


def _satisfaction() -> pl.Expr:
    kept = (1.0 - pl.col("refund_value_share").fill_null(pl.col("refund_rate").sign())).clip(0.0, 1.0)
    return pl.when(pl.col("recency_days").is_not_null()).then(kept)


def _breadth() -> pl.Expr:
    categories = (pl.col("distinct_categories") / FULL_CATEGORIES).clip(0.0, 1.0)
    return categories.fill_null((pl.col("distinct_products") / FULL_PRODUCTS).clip(0.0, 1.0))


PARTS: Mapping[str, tuple[float, Callable[[], pl.Expr]]] = {
    "rhythm": (30.0, _rhythm),
    "frequency": (20.0, _frequency),
    "trend": (15.0, _trend),
    "engagement": (15.0, _engagement),
    "satisfaction": (10.0, _satisfaction),
    "breadth": (10.0, _breadth),
}


def health_components(features: pl.DataFrame) -> pl.DataFrame:
    """customer_id, `<part>_points` and `<part>_max_points` for each of PARTS, customer_health_score (0-100).

    The score is the sum of the points. Each part is a level between 0 and 1 times its weight:

    - rhythm 30: recency over the typical gap (gap held within 10 and 60 days, 30 where unknown): 1 up to one gap,
      falling straight to 0 at three gaps; 0 for who never ordered
    - frequency 20: purchase days in 12 months, 6 or more are full
    - trend 15: (1 + revenue_trend_90d) / 2; 0 with no revenue in 180 days
    - engagement 15: mean of email open rate (0.4 is full) and visits a 30 days (4 are full), whichever is known
    - satisfaction 10: 1 − money refunded over money sold, within 0 and 1; where nothing was paid, 0 after a refund
    - breadth 10: categories bought (3 are full), else products (6 are full)

    A part whose data are missing (null) is left out and the weights of the others are scaled up to 100 together; its
    points and max points are null. Thresholds are fixed: nobody's health changes because other customers did.
    """
    levels = features.select("customer_id", *(part().alias(name) for name, (_, part) in PARTS.items()))
    weights = {name: pl.when(pl.col(name).is_not_null()).then(weight) for name, (weight, _) in PARTS.items()}
    scale = 100.0 / pl.sum_horizontal(*weights.values())
    scaled = levels.select(
        "customer_id",
        *((weight * scale * pl.col(name)).alias(f"{name}_points") for name, weight in weights.items()),
        *((weight * scale).alias(f"{name}_max_points") for name, weight in weights.items()),
    )
    total = pl.sum_horizontal(f"{name}_points" for name in PARTS).clip(0.0, 100.0)
    order = [f"{name}_{kind}" for name in PARTS for kind in ("points", "max_points")]
    return scaled.with_columns(total.alias("customer_health_score")).select(
        "customer_id", *order, "customer_health_score"
    )


def explain_health(row: Mapping[str, Any]) -> list[ScorePart]:
    """The parts of one customer's health (a row of `compute_features` as a mapping), in the order of PARTS.

    Points sum to the row's customer_health_score; parts without data are absent.
    """
    schema = {"customer_id": pl.Int64} | {n: pl.Int32 if n in CATEGORY_NAMES else pl.Float64 for n in NAMES}
    one = pl.DataFrame({name: [row.get(name)] for name in schema}, schema=schema)
    parts = health_components(one).row(0, named=True)
    return [
        ScorePart(name, parts[f"{name}_points"], parts[f"{name}_max_points"], _WHY[name](row))
        for name in PARTS
        if parts[f"{name}_points"] is not None
    ]


def _why_rhythm(row: Mapping[str, Any]) -> str:
    if row["recency_days"] is None:
        return "has never ordered"
    if row["typical_gap_days"] is None:
        return f"last order {row['recency_days']:.0f} days ago; no rhythm known yet, 30 days assumed"
    return f"last order {row['recency_days']:.0f} days ago, usually every {row['typical_gap_days']:.0f} days"


def _why_frequency(row: Mapping[str, Any]) -> str:
    return f"bought on {row['frequency_12m']:.0f} days in the last 12 months"


def _why_trend(row: Mapping[str, Any]) -> str:
    trend = row["revenue_trend_90d"]
    if trend is None:
        return "no revenue in the last 180 days"
    word = "about as much as" if abs(trend) < 0.05 else "more than" if trend > 0 else "less than"
    return f"spent {word} in the 90 days before (trend {trend:+.2f} between -1 and 1)"


def _why_engagement(row: Mapping[str, Any]) -> str:
    opened, visits = row["email_open_rate"], row["website_visit_frequency"]
    said = [] if opened is None else [f"opens {opened:.0%} of emails"]
    return ", ".join(said + ([] if visits is None else [f"{visits:.1f} visits a 30 days"]))


def _why_satisfaction(row: Mapping[str, Any]) -> str:
    refunded = row["refund_value_share"]
    if refunded is None:
        return "nothing was paid, and something was returned" if row["refund_rate"] else "no refunds"
    return f"{refunded:.0%} of the money spent was refunded" if refunded > 0 else "no refunds"


def _why_breadth(row: Mapping[str, Any]) -> str:
    if row["distinct_categories"] is not None:
        return f"bought from {row['distinct_categories']:.0f} categories"
    return f"bought {row['distinct_products']:.0f} different products"


_WHY: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "rhythm": _why_rhythm,
    "frequency": _why_frequency,
    "trend": _why_trend,
    "engagement": _why_engagement,
    "satisfaction": _why_satisfaction,
    "breadth": _why_breadth,
}
