"""Words for what to do: measured effects, interventions, next products, value at risk by group.

Words of cause (lift, caused, gain) stand only where the result rests on a randomised comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.offline.writing.told import Told, bullets, day, last_day, many, money, percent

__all__ = [
    "at_risk_segments", "customer_interventions", "experiment_effect", "next_best_product", "recommend_interventions",
]  # fmt: skip

_SHOWN = 5


def experiment_effect(told: Told) -> str:
    """What each campaign with a control group changed, or that too little is known."""
    campaigns = told.result["campaigns"]
    if not campaigns:
        return (
            "**No campaign with a control group is known**, so no effect of a campaign can be measured. A campaign "
            "proposed here keeps a random part of its audience back unless you say otherwise."
        )
    lines = [_campaign(c, told) for c in campaigns[:_SHOWN]]
    days = told.result["window_days"]
    meaning = (
        f"Counted are orders within {days} days of the start; lift is the difference between customers drawn to be "
        "treated and the control group, with a 95 % interval."
    )
    return "\n\n".join([*lines, meaning])


def _campaign(campaign: Mapping[str, Any], told: Told) -> str:
    until = last_day(campaign["measured_until"])
    open_ = "" if campaign["complete"] else f" The window is still open: the figures reach {until} only."
    arms = f"{many(campaign['treated'])} treated, {many(campaign['control'])} kept back"
    start = day(campaign["started_at"])
    extra = ""
    if campaign["verdict"] == "lift shown" and campaign["extra_buyers"] is not None:
        extra = f" That makes {many(campaign['extra_buyers'])} additional buyers."
        if any(lift["outcome"] == "revenue" and lift["low"] > 0 for lift in campaign["lifts"]):
            extra += f" The lift in revenue is {money(campaign['extra_revenue'], told.currency)} in all."
    means = "".join(_lift(lift, told.currency) for lift in campaign["lifts"])
    shown = f"\n\n{means.rstrip()}" if means else ""
    head = f"**“{campaign['name']}”: {campaign['verdict']}.** {campaign['reason']} ({arms}, from {start}.)"
    return f"{head}{extra}{open_}{shown}"


def _lift(lift: Mapping[str, Any], currency: str) -> str:
    bought = lift["outcome"] == "bought"

    def shown(value: Any) -> str:
        return percent(value) if bought else money(value, currency)

    change = _points if bought else shown
    name = "bought" if bought else "revenue per customer"
    return (
        f"- {name}: {shown(lift['treated_mean'])} treated, {shown(lift['control_mean'])} control; difference "
        f"{change(lift['lift'])} ({change(lift['low'])} to {change(lift['high'])})\n"
    )


def customer_interventions(told: Told) -> str:
    """What to do for one customer, best first, and on what ground."""
    result = told.result
    choices = result["choices"]
    if not choices:
        return f"**No intervention of the playbook is open for customer {result['customer']}.**"
    risk = (
        "" if result["churn_60"] is None else f" They are {percent(result['churn_60'])} likely to leave within 60 days"
    )
    worth = f", with a predicted 12-month value of {money(result['clv_12m'], told.currency)}" if risk else ""
    lines = [_choice(choice, told.currency) for choice in choices[:_SHOWN]]
    return (
        f"**For customer {result['customer']}: {choices[0]['title']}** ({choices[0]['offer']}).{risk}{worth}"
        f"{'.' if risk else ''}\n\n{bullets(lines)}\n\n{_ground(choices)}"
    )


def _choice(choice: Mapping[str, Any], currency: str) -> str:
    if choice["basis"] == "experiment":
        why = (
            f"measured: {_points(choice['uplift'])} on the probability to buy within 30 days, expected gain "
            f"{money(choice['gain'], currency)} after {money(choice['cost'], currency)} of cost"
        )
    else:
        why = f"by rule: {choice['suits']}"
    return f"**{choice['title']}**: {why}"


def _ground(rows: list[Mapping[str, Any]]) -> str:
    if all(row["basis"] == "rule" for row in rows):
        return "These are rules of the playbook: no campaign with a control group has measured what they change here."
    return "Measured gains come from campaigns with a control group and count the next order only."


def recommend_interventions(told: Told) -> str:
    """First choices for a group, the customers to begin with, and the trial worth holding."""
    result = told.result
    if not result["interventions"]:
        return "**Nobody of them ever bought anything**, so no intervention can be chosen."
    first = result["interventions"][0]
    lines = [_total(total, told.currency) for total in result["interventions"][:_SHOWN]]
    titles = {total["intervention"]: total["title"] for total in result["interventions"]}
    begin = [
        f"**{r['customer']}**: {titles[r['intervention']]}{_at_risk(r, told.currency)}" for r in result["rows"][:3]
    ]
    parts = [
        f"**{first['title']} comes first for {many(first['customers'])} of {many(result['customers'])} customers.** "
        f"{first['evidence']}",
        bullets(lines),
        f"Begin with:\n\n{bullets(begin)}" if begin else "",
        _ground(result["interventions"]),
        f"To measure it: {result['experiments'][0]['words']}" if result["experiments"] else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _at_risk(row: Mapping[str, Any], currency: str) -> str:
    if row["gain"] is not None:
        return f", expected gain {money(row['gain'], currency)}"
    known = row["value_at_risk"] is not None
    return f", value at risk {money(row['value_at_risk'], currency)}" if known else ""


def _total(total: Mapping[str, Any], currency: str) -> str:
    head = f"**{total['title']}**: {many(total['customers'])} customers"
    if total["basis"] == "experiment":
        return f"{head}, measured {_points(total['average_uplift'])}, expected gain {money(total['gain'], currency)}"
    return f"{head}, by rule; messages cost {money(total['cost'], currency)}"


def _points(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:+.1f} percentage points"


def next_best_product(told: Told) -> str:
    """Next products and categories, and how good such recommendations were."""
    result = told.result
    best: list[Mapping[str, Any]] = result["products"] or result["categories"]
    if not best:
        whom = f"customer {result['customer']}" if result["customer"] else "anybody"
        return f"**There is no next product to name for {whom}**: too little was bought to learn from."
    whom = f"For customer {result['customer']}, next comes" if result["customer"] else "For most customers, next comes"
    parts = [f"**{whom}: {best[0]['name']}.**"]
    for word in ("products", "categories"):
        if result[word]:
            parts.append(f"{word.capitalize()}:\n\n{bullets([_item(item) for item in result[word][:_SHOWN]])}")
    tested = [_tested(test) for test in result["backtest"] if test["hit_rate"] is not None]
    parts += [aside.strip()] if (aside := told.said("Left out of rankings")) else []
    return "\n\n".join([*parts, *(["On a later window: " + "; ".join(tested) + "."] if tested else [])])


def _item(item: Mapping[str, Any]) -> str:
    who = f", first for {many(item['customers'])} customers" if item["customers"] is not None else ""
    return f"{item['name']}{who}"


def _tested(test: Mapping[str, Any]) -> str:
    method = "what buyers of the same items buy" if test["method"] == "item_item" else "overall best sellers"
    return (
        f"{percent(test['hit_rate'])} of {many(test['customers'])} customers bought a recommended {test['kind']} "
        f"({method}; best sellers alone {percent(test['popularity_hit_rate'])})"
    )


def at_risk_segments(told: Told) -> str:
    """The groups that hold the most value at risk, and how it moved."""
    result = told.result
    first = result["rows"][0]
    head = (
        f"**{first['name']}** hold the most value at risk: **{money(first['value_at_risk'], told.currency)}**"
        f"{_of_all(first)} of {money(result['value_at_risk'], told.currency)} in all, within "
        f"{result['horizon_days']} days."
    )
    lines = [_group(row, told.currency) for row in result["rows"][:_SHOWN]]
    compared = result["compared_with"]
    trend = (
        f"Trends are against {last_day(compared)}." if compared else "There is no earlier figure to compare with yet."
    )
    meaning = (
        "Value at risk is the probability to leave times the predicted value of the next 12 months, summed over "
        "active customers."
    )
    return f"{head} {meaning}\n\n{bullets(lines)}\n\n{trend} Next: ask what to do for {first['name']}."


def _of_all(row: Mapping[str, Any]) -> str:
    return f", {percent(row['share'])}" if row["share"] is not None else ""


def _group(row: Mapping[str, Any], currency: str) -> str:
    trend = "" if row["trend"] is None else f", {100 * row['trend']:+.1f} % against before"
    likely = f"{percent(row['average_probability'])} likely to leave on average"
    who = f"{many(row['customers'])} active customers, {many(row['high_risk'])} of them at high risk"
    return f"**{row['name']}**: {money(row['value_at_risk'], currency)} at risk{trend}; {who}, {likely}"
