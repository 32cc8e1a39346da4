"""How well each type of campaign suits each customer, by rules of the playbook: a strength between 0 and 1, or none.

These are rules, not measurements: they say who is meant and in which order, not what a campaign brings. The limits that
depend on the shop (who is among the best, what a usual basket is, which milestone is near) are computed once from all
customers, so that a rule of conditions on the same numbers picks the same people (`conditions`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

__all__ = ["COLUMNS", "KINDS", "Limits", "conditions", "limits_of", "scores", "strengths"]

KINDS: Final = (
    "re_engagement", "discount", "vip", "loyalty", "cashback", "spending_milestone", "category_promotion",
    "location_based",
)  # fmt: skip
"""Types of campaigns, in the order that decides between equal scores."""
COLUMNS: Final = (
    "recency_days", "days_since_first_order", "orders_all", "orders_365d", "overdue_ratio", "monetary_value",
    "avg_order_value", "revenue_365d", "favourite_category", "favourite_category_share", "price_sensitivity_score",
    "distinct_locations", "city", "clv_12m",
)  # fmt: skip
LATE, SLIPPING, ON_TIME = 1.5, 1.2, 1.2
"""How many times the usual gap between orders has gone by: late, slipping, and still on time."""
BARGAIN = 50.0
BEST_SHARE, NEW_DAYS, YEAR, FOCUSED, PLACES, NEAR = 0.1, 45, 365, 0.5, 2, 0.8
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the shop's own customers make of the rules: money from which one is among the best, the usual basket, and
    the milestone of a year's spending; None where nobody has bought."""

    best_from: float | None
    usual_basket: float | None
    milestone: float | None


def limits_of(people: pl.DataFrame) -> Limits:
    """The limits of a shop. `people` has COLUMNS, one row a customer.

    The milestone is a round number (1, 2, 2.5 or 5 times a power of ten) at or above the four fifths of those who
    bought within the year.
    """
    buyers = people.filter(pl.col("orders_all") >= 1)
    spent = buyers.filter(pl.col("revenue_365d") > 0)["revenue_365d"]
    best = buyers["monetary_value"].quantile(1 - BEST_SHARE, "higher")
    usual = buyers["avg_order_value"].quantile(0.5, "higher")
    above = spent.quantile(0.8, "higher") if spent.len() else None
    return Limits(_positive(best), _positive(usual), None if above is None else _round_up(float(above)))


def _positive(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) or value <= 0 else float(value)


def _round_up(value: float) -> float:
    step = 10.0 ** math.floor(math.log10(value))
    return next(nice * step for nice in NICE if nice * step >= value * (1 - 1e-12))


def conditions(limits: Limits) -> dict[str, dict[str, Any]]:
    """The rule of each type as a tree of conditions over the fields of a customer; a type without a limit has none."""

    def at(field: str, operator: str, value: Any) -> dict[str, Any]:
        return {"field": field, "operator": operator, "value": value}

    bought, of_late = at("orders_all", "ge", 1), at("recency_days", "le", YEAR)
    rules: dict[str, list[dict[str, Any]]] = {
        "re_engagement": [bought, at("overdue_ratio", "ge", LATE)],
        "discount": [bought, at("overdue_ratio", "ge", SLIPPING), at("price_sensitivity_score", "ge", BARGAIN)],
        "loyalty": [at("orders_all", "eq", 1), at("days_since_first_order", "le", NEW_DAYS)],
        "category_promotion": [
            {"field": "favourite_category", "operator": "not_null"},
            at("favourite_category_share", "ge", FOCUSED),
            of_late,
        ],
        "location_based": [
            {"field": "city", "operator": "not_null"},
            at("distinct_locations", "between", [1, PLACES]),
            of_late,
        ],
    }
    if limits.best_from is not None:
        rules["vip"] = [at("monetary_value", "ge", limits.best_from), at("overdue_ratio", "le", ON_TIME)]
    if limits.usual_basket is not None:
        rules["cashback"] = [
            at("orders_365d", "ge", 2), at("avg_order_value", "lt", limits.usual_basket),
            at("overdue_ratio", "le", LATE),
        ]  # fmt: skip
    if limits.milestone is not None:
        rules["spending_milestone"] = [
            at("revenue_365d", "ge", NEAR * limits.milestone), at("revenue_365d", "lt", limits.milestone)
        ]  # fmt: skip
    return {kind: {"all": rules[kind]} for kind in KINDS if kind in rules}


def strengths(people: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """One column a type: how well it suits, above 0 and up to 1; null where it does not. Rows as in `people`."""
    late = pl.col("overdue_ratio")
    # Most can be won back at about three times the usual gap; who has been away for ten times it is as good as gone.
    away = (
        pl.when(late <= 3).then(0.5 + 0.5 * ((late - SLIPPING) / (3 - SLIPPING)).clip(0, 1))
        .otherwise((1 - 0.8 * (late - 3) / 7).clip(0.2, 1))
    )  # fmt: skip
    best, usual, goal = (limits.best_from or 1.0, limits.usual_basket or 1.0, limits.milestone or 1.0)
    how: Mapping[str, pl.Expr] = {
        "re_engagement": away,
        "discount": away * (0.75 + pl.col("price_sensitivity_score") / 200),  # before a win-back without one
        "vip": 0.6 + 0.4 * (1 - best / pl.col("monetary_value")),
        "loyalty": 1 - 0.5 * pl.col("days_since_first_order") / NEW_DAYS,
        "cashback": 0.3 + 0.4 * (1 - pl.col("avg_order_value") / usual),
        "spending_milestone": 0.5 + 0.5 * (pl.col("revenue_365d") / goal - NEAR) / (1 - NEAR),
        "category_promotion": 0.6 * pl.col("favourite_category_share"),
        "location_based": pl.lit(0.25),
    }
    rules = conditions(limits)
    return people.select(
        pl.when(_holds(rules[kind])).then(how[kind].clip(0.01, 1.0)).cast(pl.Float64).alias(kind)
        if kind in rules
        else pl.lit(None, pl.Float64).alias(kind)
        for kind in KINDS
    )


def scores(people: pl.DataFrame, strength: pl.DataFrame) -> pl.DataFrame:
    """0 to 100: the strength, weighed with how much of the customers is worth less; null where it does not suit.

    score = 100 × strength × (0.4 + 0.6 × rank of the predicted 12-month value, or of what was spent where there is
    none, among all customers).
    """
    worth = pl.col("clv_12m").fill_null(pl.col("monetary_value")).fill_null(0.0)
    rank = people.select(((worth.rank("average") - 1) / max(people.height - 1, 1)).alias("rank"))["rank"]
    return strength.select((100 * pl.col(kind) * (0.4 + 0.6 * rank)).round(1).alias(kind) for kind in strength.columns)


def _holds(rule: Mapping[str, Any]) -> pl.Expr:
    """A tree of conditions as an expression; what is not known makes a condition false, as it does in the database."""
    return pl.all_horizontal([_condition(part).fill_null(False) for part in rule["all"]])


def _condition(part: Mapping[str, Any]) -> pl.Expr:
    column, operator = pl.col(part["field"]), str(part["operator"])
    if operator == "not_null":
        return column.is_not_null()
    if operator == "between":
        low, high = part["value"]
        return column.is_between(low, high)
    compared: pl.Expr = getattr(column, operator)(part["value"])
    return compared
