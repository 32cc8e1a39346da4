"""Words for predictions: churn, value, next purchase. Predictions stay predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.offline.writing.told import Told, bullets, day, many, money, percent, title

__all__ = ["churn_summary", "churn_table", "clv_summary", "next_purchase"]

_SHOWN = 5


def churn_summary(told: Told) -> str:
    """Expected leavers, value at risk, risk levels, what left means, how good the model is."""
    result = told.result
    if not result["scored"]:
        reason = (result.get("model") or {}).get("reason") or "no scores have been computed yet"
        return f"**There is no churn prediction**: {reason}. {result['definition']}"
    days = result["horizon_days"]
    if told.asks(r"\b(?:have|did|do) we (?:already )?los[et]\b|\bleft us\b|\bhave (?:already )?left\b"):
        return (
            f"**{many(result['left'])} customers count as having left**; {many(result['active'])} are still active, of "
            f"whom {result['expected_leavers']:,.0f} are expected to leave within {days} days.\n\n"
            f"{_definition(result)}{_model(told)}"
        )
    head = (
        f"**{result['expected_leavers']:,.0f} of {many(result['scored'])} active customers** are expected to leave "
        f"within {days} days (the sum of their probabilities), with {money(result['value_at_risk'], told.currency)} "
        f"of the "
        f"next 12 months' value at risk; {many(result['left'])} have left already."
    )
    levels = [
        f"{g['risk']} risk: {many(g['customers'])} customers, predicted value {money(g['clv_12m'], told.currency)}"
        for g in result["by_risk"]
    ]
    return f"{head}\n\n{bullets(levels)}\n\n{_definition(result)}{_model(told)}"


def _definition(result: Mapping[str, Any]) -> str:
    return str(result["definition"]).rstrip(".") + "."


def _model(told: Told) -> str:
    model = told.result.get("model")
    if not model:
        return ""
    if not told.asks(r"model|accura|good|trust|reliab|quality|calibrat|why"):
        return f" Model: {title(model['champion'])}." if model.get("champion") else ""
    lines = [_candidate(c) for c in model.get("candidates") or [] if isinstance(c, dict) and c.get("candidate")]
    lines += [_figures(model.get("backtest") or {})]
    tested = bullets([line for line in lines if line])
    reason = f" {str(model['reason']).rstrip('.')}." if model.get("reason") else ""
    head = f"**Model: {title(model.get('champion') or 'none')}**, fitted on {many(model['rows'])} customers.{reason}"
    return f"\n\n{head} Judged on a later time window:\n\n{tested}" if tested else f"\n\n{head}"


def _candidate(candidate: Mapping[str, Any]) -> str:
    figures = [
        f"{words} {candidate[key]:.3f}" for key, words in _QUALITY.items() if isinstance(candidate.get(key), float)
    ]
    return f"{title(str(candidate['candidate']))}: {', '.join(figures)}" if figures else ""


def _figures(backtest: Mapping[str, Any]) -> str:
    told = [f"{words} {backtest[key]:.3f}" for key, words in _TESTED.items() if isinstance(backtest.get(key), float)]
    return ", ".join(told)


_QUALITY = {
    "concordance": "concordance",
    "integrated_brier": "integrated Brier score",
    "calibration_error_60d": "calibration error",
}
_TESTED = {
    "correlation": "correlation of predicted and actual orders",
    "orders_error": "relative error of orders",
    "value_correlation": "correlation of predicted and actual value",
    "value_error": "relative error of value",
}


def churn_table(told: Told) -> str:
    """Who, with the probability, the value and the drivers."""
    result, arguments = told.result, told.arguments
    if not result["total"]:
        return f"**No active customer** is at this risk for the next {result['horizon_days']} days."
    head = (
        f"**{many(result['total'])} customers**{_level(arguments)} to leave within {result['horizon_days']} days; by "
        f"the sum of their probabilities {result['expected_leavers']:,.0f} of them will. Together they are worth "
        f"**{money(result['clv_total'], told.currency)}** over the next 12 months (predicted), "
        f"{money(result['value_at_risk_total'], told.currency)} of it at risk."
    )
    lines = [
        f"**{r['customer']}**: {percent(r['probability'])} likely, predicted value {money(r['clv_12m'], told.currency)}"
        f"{_drivers(r)}"
        for r in result["rows"][:_SHOWN]
    ]
    order = {"probability": "probability", "clv": "predicted value"}.get(arguments.get("order", ""), "value at risk")
    return f"{head}\n\nThe first by {order}:\n\n{bullets(lines)}"


def _level(arguments: Mapping[str, Any]) -> str:
    if arguments.get("risk"):
        return f" are at {arguments['risk']} risk"
    least = arguments.get("min_probability")
    return f" are likely (a probability of at least {100 * least:.0f} %)" if least else " have a probability"


def _drivers(row: Mapping[str, Any]) -> str:
    drivers = row.get("drivers") or []
    return f"; {drivers[0]}" if drivers else ""


def clv_summary(told: Told) -> str:
    """The base's predicted value, its spread, the best customers."""
    result = told.result
    if not result["customers"]:
        reason = (result.get("model") or {}).get("reason") or "no scores have been computed yet"
        return f"**There is no prediction of customer value**: {reason}."
    interval = ""
    if result.get("total_low") is not None and result.get("total_high") is not None:
        interval = (
            f" (interval {money(result['total_low'], told.currency)} to {money(result['total_high'], told.currency)})"
        )
    share = f" The best 20 % of customers hold {percent(result['top_share'])} of it." if result.get("top_share") else ""
    head = (
        f"**{money(result['total_clv_12m'], told.currency)}** is the predicted value of {many(result['customers'])} "
        f"customers over "
        f"the next 12 months{interval}: {money(result['mean_clv_12m'], told.currency)} on average, "
        f"{money(result['median_clv_12m'], told.currency)} in the median.{share}"
    )
    lines = [f"**{c['customer']}**: {_valued(c, told.currency)}" for c in result["top_customers"][:_SHOWN]]
    best = f"\n\nThe most valuable:\n\n{bullets(lines)}" if lines else ""
    return head + _model(told) + best


def _valued(customer: Mapping[str, Any], currency: str) -> str:
    said = money(customer["clv_12m"], currency)
    if customer.get("clv_12m_low") is not None and customer.get("clv_12m_high") is not None:
        said += f" ({money(customer['clv_12m_low'], currency)} to {money(customer['clv_12m_high'], currency)})"
    return said


def _standing(row: Mapping[str, Any]) -> str:
    known = row["churn_60"] is not None
    return f"; probability to leave within 60 days: {percent(row['churn_60'])}" if known else ""


def next_purchase(told: Told) -> str:
    """One customer's date with its interval, or who is due."""
    result = told.result
    rows = result["rows"]
    customer = told.arguments.get("customer")
    if customer:
        if not rows or not rows[0]["expected_at"]:
            return f"**Customer {customer}** is not expected to buy again."
        row = rows[0]
        if row["churn_status"] == "left":
            return (
                f"**Customer {row['customer']} counts as having left**: silent for longer than their own rhythm "
                f"allows. Should they come back, the next purchase was expected on {day(row['expected_at'])} "
                f"(interval {day(row['low'])} to {day(row['high'])})."
            )
        return (
            f"**Customer {row['customer']}** is expected to buy next on **{day(row['expected_at'])}** "
            f"(interval {day(row['low'])} to {day(row['high'])}){_standing(row)}."
        )
    days = told.arguments.get("within_days", 14)
    if not rows:
        return f"**No customer** is expected to buy within {days} days after the end of the data."
    lines = [f"**{r['customer']}**: {day(r['expected_at'])}" for r in rows[:_SHOWN]]
    return (
        f"**{many(result['count'])} customers** are expected to buy within {days} days after the end of the data. "
        f"The first:\n\n{bullets(lines)}"
    )
