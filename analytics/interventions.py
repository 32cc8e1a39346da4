"""What to do for a customer: interventions ranked by measured uplift × value − cost, or by the playbook's rule.

An intervention whose effect was learnt from randomised history is ranked by its expected gain; any other by the rule
of the playbook, without a gain, because nothing measured stands behind one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from analytics.uplift.effects import sample_size

__all__ = [
    "INTERVENTIONS",
    "Costs",
    "Experiment",
    "Intervention",
    "detectable_lift",
    "intervention_of",
    "plan_experiment",
    "purchase_chance",
    "rank_interventions",
]

WINDOW_DAYS = 30
LAPSED_RISK, DUE, LATE, PRICE_SENSITIVE, LOYAL, FREQUENT = 0.40, 1.0, 1.5, 50.0, 60.0, 3


@dataclass(frozen=True, slots=True)
class Intervention:
    """One thing to do: what is offered, for whom by rule, what it costs.

    `discount` is the share of the order value given away, `messages` how many are sent; `campaign_kinds` are the kinds
    of campaigns whose randomised arms tell of it.
    """

    kind: str
    title: str
    offer: str
    suits: str
    campaign_kinds: tuple[str, ...]
    discount: float
    messages: int


INTERVENTIONS: tuple[Intervention, ...] = (
    Intervention(
        "winback_discount",
        "Win-back discount",
        "15% off the next order, for two weeks",
        "slipping away or gone, and used to buying at a discount",
        ("discount",),
        0.15,
        1,
    ),
    Intervention(
        "re_engagement_sequence",
        "Re-engagement sequence",
        "three messages over two weeks: news, what others like, a last word",
        "slipping away or gone, buys without discounts",
        ("re_engagement",),
        0.0,
        3,
    ),
    Intervention(
        "early_access",
        "Early access",
        "new products two days before everybody else",
        "best and loyal customers who are still with us",
        ("vip",),
        0.0,
        1,
    ),
    Intervention(
        "loyalty_points",
        "Loyalty points",
        "double points on the next order (worth 5% of it)",
        "regular customers with three or more orders",
        ("loyalty", "spending_milestone", "cashback"),
        0.05,
        1,
    ),
    Intervention(
        "product_recommendation",
        "Product recommendation",
        "the customer's next best products",
        "everybody who has bought",
        ("category_promotion",),
        0.0,
        1,
    ),
)
_RULE_ORDER = {entry.kind: place for place, entry in enumerate(INTERVENTIONS)}


@dataclass(frozen=True, slots=True)
class Costs:
    """What is assumed of money: cost of one message, and the share of revenue left after the cost of goods."""

    per_message: float = 0.01
    margin: float = 1.0


@dataclass(frozen=True, slots=True)
class Experiment:
    """A proposed trial: customers needed in all, arms, and the lift (added probability to buy) it would show.

    `feasible` says whether enough customers are there; `detectable` is the smallest lift those who are there can show.
    """

    baseline: float
    lift: float
    customers: int
    per_arm: int
    available: int
    feasible: bool
    detectable: float | None
    days: int
    power: float
    level: float


def intervention_of(campaign_kind: str | None) -> Intervention | None:
    """The intervention a campaign of that kind was a trial of; None for other kinds."""
    return next((entry for entry in INTERVENTIONS if campaign_kind in entry.campaign_kinds), None)


def rank_interventions(customers: pl.DataFrame, effects: pl.DataFrame, *, costs: Costs) -> pl.DataFrame:
    """Every intervention that is open to each customer, best first.

    `customers`: customer_id, churn_status, churn_60, overdue_ratio, avg_order_value, price_sensitivity_score,
    brand_loyalty_score, orders_all, rfm_segment, expected_orders_12m. `effects`: customer_id, intervention, effect
    (added probability to buy), campaign_id.
    Returns customer_id, rank, intervention, basis (experiment | rule), effect, order_value, cost, gain, campaign_id,
    suits (whether the rule holds). gain = effect × order value × margin − cost; cost = messages + discount × order
    value × P(buys at all), so that the discount also counts on those who would have bought anyway. Order: measured
    ones with a gain by gain; then rules that hold, in the playbook's order; measured ones without a gain come last.
    Rules that do not hold are left out.
    """
    everything = customers.join(_playbook(), how="cross").with_columns(suits=_suits(), chance=purchase_chance())
    known = everything.join(
        effects.select("customer_id", "intervention", "effect", "campaign_id"),
        on=["customer_id", "intervention"],
        how="left",
    ).filter(pl.col("suits") | pl.col("effect").is_not_null())
    measured = pl.col("effect").is_not_null() & pl.col("avg_order_value").is_not_null()
    bought = (pl.col("chance").fill_null(0.0) + pl.col("effect")).clip(0.0, 1.0)
    cost = costs.per_message * pl.col("messages") + pl.col("discount") * pl.col("order_value") * bought
    priced = known.with_columns(
        order_value=pl.col("avg_order_value").clip(0.0),
        basis=pl.when(measured).then(pl.lit("experiment")).otherwise(pl.lit("rule")),
    ).with_columns(cost=pl.when(measured).then(cost).otherwise(costs.per_message * pl.col("messages")))
    valued = priced.with_columns(
        gain=pl.when(measured).then(pl.col("effect") * pl.col("order_value") * costs.margin - pl.col("cost"))
    ).filter(measured | pl.col("suits"))
    group = pl.when(pl.col("gain") > 0).then(0).when(pl.col("gain").is_null()).then(1).otherwise(2)
    ordered = valued.with_columns(group=group).sort(
        ["customer_id", "group", "gain", "place"], descending=[False, False, True, False], nulls_last=True
    )
    return ordered.with_columns(rank=pl.int_range(1, pl.len() + 1).over("customer_id")).select(
        "customer_id", "rank", "intervention", "basis", "effect", "order_value", "cost", "gain", "campaign_id", "suits"
    )


def _playbook() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "intervention": [entry.kind for entry in INTERVENTIONS],
            "discount": [entry.discount for entry in INTERVENTIONS],
            "messages": [entry.messages for entry in INTERVENTIONS],
            "place": [_RULE_ORDER[entry.kind] for entry in INTERVENTIONS],
        }
    )


def _suits() -> pl.Expr:
    """The playbook: one rule an intervention; what is not known of a customer makes a condition false."""
    lapsed = (
        pl.col("churn_status").eq("left").fill_null(False)
        # At risk and past their usual day: who is still within it is courted, not called back.
        | ((pl.col("churn_60") >= LAPSED_RISK).fill_null(False) & (pl.col("overdue_ratio") > DUE).fill_null(True))
        | (pl.col("overdue_ratio") > LATE).fill_null(False)
    )
    bargain = (pl.col("price_sensitivity_score") >= PRICE_SENSITIVE).fill_null(False)
    best = pl.col("rfm_segment").is_in(["Champions", "Loyal"]).fill_null(False) | (
        pl.col("brand_loyalty_score") >= LOYAL
    ).fill_null(False)
    rules = {
        "winback_discount": lapsed & bargain,
        "re_engagement_sequence": lapsed & ~bargain,
        "early_access": ~lapsed & best,
        "loyalty_points": ~lapsed & (pl.col("orders_all") >= FREQUENT).fill_null(False),
        "product_recommendation": (pl.col("orders_all") >= 1).fill_null(False),
    }
    held = pl.lit(False)
    for kind, rule in rules.items():
        held = pl.when(pl.col("intervention") == kind).then(rule).otherwise(held)
    return held


def purchase_chance(days: int = WINDOW_DAYS) -> pl.Expr:
    """P(buys within `days`) from expected_orders_12m, as if purchases came evenly: 1 − exp(−expected · days / 365)."""
    return 1.0 - (-pl.col("expected_orders_12m").clip(0.0) * days / 365).exp()


def plan_experiment(
    baseline: float, available: int, *, lift: float, power: float = 0.8, level: float = 0.95, days: int = WINDOW_DAYS
) -> Experiment:
    """A trial of two equal arms that shows `lift` on a purchase rate of `baseline`, and whether it can be held.

    The baseline is kept within 0.5% to 95%, the lift so small that the sum stays below 99%.
    """
    base = min(max(baseline, 0.005), 0.95)
    wanted = min(max(lift, 0.001), 0.99 - base)
    needed = sample_size(base, wanted, power=power, level=level)
    per_arm = math.ceil(needed / 2)
    return Experiment(
        baseline=base,
        lift=wanted,
        customers=2 * per_arm,
        per_arm=per_arm,
        available=available,
        feasible=available >= 2 * per_arm,
        detectable=detectable_lift(base, available, power=power, level=level),
        days=days,
        power=power,
        level=level,
    )


def detectable_lift(baseline: float, customers: int, *, power: float = 0.8, level: float = 0.95) -> float | None:
    """The smallest lift `customers` in two equal arms can show; None when even the largest one stays unseen."""
    low, high = 1e-4, 0.999 - baseline
    if customers < 4 or sample_size(baseline, high, power=power, level=level) > customers:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        enough = sample_size(baseline, middle, power=power, level=level) <= customers
        low, high = (low, middle) if enough else (middle, high)
    return high
