"""Customer value and next purchases in words. Predictions stay predictions."""

from __future__ import annotations

from datetime import datetime, timedelta

from language.format import UNCHANGED, count, day, money, percent, period
from tools.declaration import answers
from tools.models.wording import model_words
from tools.outcome import Outcome
from tools.value.lifetime import (
    ClvSummary,
    ClvSummaryArguments,
    ExpectedPurchase,
    NextPurchase,
    NextPurchaseArguments,
    ValuedCustomer,
    clv_summary,
    next_purchase,
)
from tools.value.posterior import ValuePosterior, ValuePosteriorArguments, value_posterior

SHOWN = 3


@answers(clv_summary)
def summary(outcome: Outcome[ClvSummaryArguments, ClvSummary]) -> str:
    """The base's predicted value, its spread, the best customers."""
    result, currency = outcome.result, outcome.currency
    if not result.customers:
        reason = (result.model and result.model.reason) or "no scores have been computed yet"
        return f"**There is no prediction of customer value**: {reason}."
    best = f" The best 20% of them hold {percent(result.top_share)} of it." if result.top_share else ""
    head = (
        f"**Your {count(result.customers)} customers are expected to bring {money(result.total_clv_12m, currency)} "
        f"over the next 12 months**, {money(result.mean_clv_12m, currency)} each on average.{best}"
    )
    parts = [head, reliability(result) + model_words(outcome, result.model)]
    parts += [f"The most valuable: {', '.join(_valued(c, currency) for c in result.top_customers[:SHOWN])}."] * bool(
        result.top_customers
    )
    return "\n\n".join(part.strip() for part in parts if part.strip())


def reliability(result: ClvSummary) -> str:
    """How far off such a prediction was on the last months of the data; empty where that was not tried."""
    error = result.model.backtest.get("value_error") if result.model else None
    if not isinstance(error, int | float):
        return ""
    off = f"{percent(abs(error))} {'too much' if error > 0 else 'too little'} in all"
    return (
        f"Tried on the data {_tried(result)}, kept away from it, the same prediction was "
        f"{'right in all' if abs(error) < UNCHANGED else off}. What one customer will bring is far less sure than the "
        "total."
    )


def _tried(result: ClvSummary) -> str:
    """The days on which the prediction was tried: "from 1 June to 28 November 2026"."""
    tried = result.model.backtest if result.model else {}
    begin, end = tried.get("calibration_end"), tried.get("holdout_end")
    if not isinstance(begin, str) or not isinstance(end, str):
        return "of the last months"
    last = datetime.fromisoformat(end) - timedelta(microseconds=1)  # the last day it holds
    return period(begin, last)


def _valued(customer: ValuedCustomer, currency: str) -> str:
    return f"**{customer.name or customer.customer}** ({money(customer.clv_12m, currency)})"


@answers(next_purchase)
def purchases(outcome: Outcome[NextPurchaseArguments, NextPurchase]) -> str:
    """One customer's date with its interval, or who is due."""
    rows, asked = outcome.result.rows, outcome.arguments
    if asked.customer:
        return _of_one(rows[0] if rows else None, asked.customer)
    if not rows:
        told = f"**No customer** is expected to buy within {asked.within_days} days after the end of the data."
        soon = ", ".join(f"**{row.name or row.customer}** ({day(row.expected_at)})" for row in outcome.result.nearest)
        return f"{told} The nearest: {soon}." if soon else told
    first = ", ".join(f"**{row.name or row.customer}** ({day(row.expected_at)})" for row in rows[:SHOWN])
    return (
        f"**{count(outcome.result.count)} customers** are expected to buy within {asked.within_days} days after the "
        f"end of the data. The first: {first}."
    )


def _of_one(row: ExpectedPurchase | None, customer: str) -> str:
    if row is None or row.expected_at is None:
        return f"**Customer {customer}** is not expected to buy again."
    interval = f"(interval {day(row.low)} to {day(row.high)})"
    if row.churn_status == "left":
        return (
            f"**Customer {row.customer} counts as having left**: silent for longer than their own rhythm allows. "
            f"Should they come back, the next purchase was expected on {day(row.expected_at)} {interval}."
        )
    known = row.churn_90 is not None
    standing = f"; probability to leave within 90 days: {percent(row.churn_90)}" if known else ""
    return f"**Customer {row.customer}** is expected to buy next on **{day(row.expected_at)}** {interval}{standing}."


@answers(value_posterior)
def posterior(outcome: Outcome[ValuePosteriorArguments, ValuePosterior]) -> str:
    """The job that was started."""
    return (
        f"**Fitting the full posterior of customer value** on up to {count(outcome.arguments.customers)} customers "
        "drawn at random. It runs in the background for minutes; ask “how far is the job?”, then “show me the "
        "posterior of customer value”. Lifetime values themselves stay those of the fast fit."
    )
