"""Eight ways customers behave, each with thresholds that can be set and a confidence that respects few orders."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from core.errors import FixArguments

__all__ = ["PATTERNS", "Pattern", "Thresholds", "behaviours", "patterns_shown"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the patterns begin."""

    top_share: float = 0.20
    """high_spender: the top share of buyers by revenue."""
    orders_a_week: float = 2.0
    """frequent_shopper: orders a week over the last 90 days (or since the first order, a week at least)."""
    weekend_share: float = 0.70
    category_share: float = 0.50
    locations: int = 2
    new_days: float = 30.0
    inactive_days: float = 30.0
    seasonal_ratio: float = 3.0
    """seasonal_spender: best calendar month over the mean month."""
    least_orders: int = 3
    """Orders needed before a share of them (weekend, category, location) says anything."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value > 0:
                raise FixArguments(f"{name} must be above 0, not {value}.", field=name)
        for name in ("top_share", "weekend_share", "category_share"):
            if getattr(self, name) > 1:
                raise FixArguments(f"{name} is a share: at most 1, not {getattr(self, name)}.", field=name)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One behaviour: its name, who shows it, and what to do with them."""

    name: str
    description: str
    strategy: str


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "high_spender",
        "in the top 20% of buyers by revenue",
        "Early access and service; no discount they do not need.",
    ),
    Pattern(
        "frequent_shopper", "two or more orders a week", "Subscriptions, bundles and loyalty points for the habit."
    ),
    Pattern(
        "weekend_shopper", "70% or more of the orders at weekends", "Send from Friday afternoon to Sunday morning."
    ),
    Pattern(
        "category_focused", "half or more of what they buy is one category", "News of that category; a neighbour one."
    ),
    Pattern("location_clustered", "orders from one or two places only", "Local offers, events and delivery promises."),
    Pattern("new_shopper", "first order less than 30 days ago", "Welcome series and a reason for the second order."),
    Pattern("inactive", "no order for more than 30 days", "A reminder first, an offer later; stop after three tries."),
    Pattern(
        "seasonal_spender", "best month three times the usual one or more", "Reach them weeks before their season."
    ),
)
_COLUMNS = (
    "monetary_value",
    "orders_90d",
    "orders_all",
    "days_since_first_order",
    "recency_days",
    "weekend_share",
    "favourite_category_share",
    "distinct_products",
    "distinct_locations",
    "spending_seasonality",
)


def behaviours(features: pl.DataFrame, thresholds: Thresholds | None = None) -> pl.DataFrame:
    """pattern, customer_id, confidence (0-1), one row a pattern a customer shows; ordered as PATTERNS, then by id.

    A customer may show several or none. Of the two shares of orders (weekend, favourite category) confidence is the
    probability that the customer's true share reaches the threshold, given the orders seen (uniform prior:
    Beta(1 + k, 1 + n − k)); of the other patterns, which are facts, 1. Who never ordered shows none.
    """
    limits = thresholds or Thresholds()
    needed = _needed(features).sort("customer_id")
    tests = _tests(limits)
    parts = [
        needed.filter(tests[p.name]).select(
            pl.lit(p.name).alias("pattern"), "customer_id", _confidence(p.name, limits).alias("confidence")
        )
        for p in PATTERNS
    ]
    return pl.concat(parts)


def patterns_shown(features: pl.DataFrame, thresholds: Thresholds | None = None) -> pl.Series:
    """The names of the patterns that each row of `features` shows, as lists in the order of PATTERNS."""
    tests = _tests(thresholds or Thresholds())
    bits = [tests[p.name].cast(pl.UInt32) * (1 << i) for i, p in enumerate(PATTERNS)]
    codes = _needed(features).select(pl.sum_horizontal(bits)).to_series()
    lists = [[p.name for i, p in enumerate(PATTERNS) if code >> i & 1] for code in range(1 << len(PATTERNS))]
    return pl.Series("patterns", lists, dtype=pl.List(pl.String)).gather(codes)


def _needed(features: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in _COLUMNS if name not in features.columns]
    if missing:
        raise FixArguments(f"The features lack {', '.join(missing)}.", field="features", valid=_COLUMNS)
    return features.select("customer_id", *_COLUMNS)


def _tests(limits: Thresholds) -> dict[str, pl.Expr]:
    bought, spent = pl.col("recency_days").is_not_null(), pl.col("monetary_value")
    buyers = spent.filter(bought)
    cut = buyers.quantile(1 - limits.top_share, "higher")
    weeks = pl.col("days_since_first_order").clip(7, 90) / 7
    enough = pl.col("orders_all") >= limits.least_orders
    shown = {
        # A median above the cut keeps shops where everybody spent the same from being all high spenders.
        "high_spender": (spent >= cut) & (spent > buyers.median()) & (spent > 0),
        "frequent_shopper": (pl.col("orders_90d") / weeks >= limits.orders_a_week) & enough,
        "weekend_shopper": (pl.col("weekend_share") >= limits.weekend_share) & enough,
        "category_focused": (pl.col("favourite_category_share") >= limits.category_share) & enough,
        "location_clustered": (pl.col("distinct_locations") <= limits.locations) & enough,
        "new_shopper": pl.col("days_since_first_order") < limits.new_days,
        "inactive": pl.col("recency_days") > limits.inactive_days,
        "seasonal_spender": pl.col("spending_seasonality") >= limits.seasonal_ratio,
    }
    return {name: (bought & test).fill_null(value=False) for name, test in shown.items()}


def _confidence(pattern: str, limits: Thresholds) -> pl.Expr:
    shares = {
        "weekend_shopper": ("weekend_share", limits.weekend_share),
        "category_focused": ("favourite_category_share", limits.category_share),
    }
    if pattern not in shares:
        return pl.lit(1.0)
    column, threshold = shares[pattern]
    pair = pl.struct(share=column, orders="orders_all")
    return pair.map_batches(lambda s: _reaches(s, threshold), return_dtype=pl.Float64)


def _reaches(pairs: pl.Series, threshold: float) -> pl.Series:
    """P(true share ≥ threshold) of each (share, orders)."""
    from scipy.special import betaincc

    share, orders = (pairs.struct.field(name).to_numpy().astype(np.float64) for name in ("share", "orders"))
    hits = np.rint(share * orders)
    return pl.Series(betaincc(1 + hits, 1 + orders - hits, min(threshold, 1.0)), dtype=pl.Float64)
