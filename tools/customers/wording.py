"""Customers in words: lists, one profile, one history, the dictionary of features."""

from __future__ import annotations

import re
from collections.abc import Sequence

from language.format import amount, bullets, count, day, money, month, spaced
from language.rules import rule_words
from tools.customers.explanation import explained, standing
from tools.customers.features import FeatureDictionary, FeatureDictionaryArguments, FeatureInfo, feature_dictionary
from tools.customers.history import CustomerHistory, CustomerHistoryArguments, HistoryEntry, customer_history
from tools.customers.list import FindCustomers, FindCustomersArguments, find_customers
from tools.customers.outlook import outlook
from tools.customers.profile import CustomerProfile, CustomerProfileArguments, customer_profile
from tools.declaration import answers
from tools.figures import Cell, Column
from tools.outcome import Outcome

SHOWN = 5
ENTRIES = 8
PRODUCT = "product '"  # which products the words of a rule stand for
_NAMES = {
    "monetary_value": "total spend", "orders_all": "orders", "recency_days": "days since last order",
    "rfm_segment": "segment", "churn_90": "likely to leave within 90 days", "clv_12m": "predicted 12-month value",
    "avg_order_value": "average order value", "typical_gap_days": "typical days between orders",
    "customer_health_score": "health score (0 to 100)", "country": "country",
}  # fmt: skip
_TELLING = (
    "recency_days",
    "orders_all",
    "monetary_value",
    "avg_order_value",
    "typical_gap_days",
    "customer_health_score",
)

Found = Outcome[FindCustomersArguments, FindCustomers]


@answers(find_customers)
def listed(outcome: Found) -> str:
    """How many match, and the first of them."""
    result, rule = outcome.result, outcome.arguments.rule
    words = rule_words(rule.plain() if rule else None)
    if not result.total:
        return f"**No customer** matches: {words}."
    counted = "count_segment" in outcome.tools
    if rule is None and not counted:
        return _leaders(outcome)
    worth = f", with {money(result.total_value, outcome.currency)} of revenue so far"
    worth = worth if result.total_value is not None else ""
    condition = f" Condition: {words}." if rule else ""
    head = "" if counted else f"**{count(result.total)} customers**{worth}.{condition}{outcome.said(PRODUCT)}"
    return f"{head}\n\nThe {_way(outcome)} by {spaced(outcome.arguments.sort_by)}:\n\n{_rows(outcome)}".strip()


def _leaders(outcome: Found) -> str:
    """The customers at the top of a list of everybody."""
    rows, columns, field = outcome.result.rows, outcome.result.columns, outcome.arguments.sort_by
    if field == "monetary_value" and field not in [column.name for column in columns]:  # nobody bought anything
        return f"**{count(outcome.result.total)} customers** are known:\n\n{_rows(outcome)}"
    at = next((n for n, column in enumerate(columns) if column.name == field), None)
    value = f": **{amount(rows[0][at], columns[at].unit, outcome.currency)}**" if at is not None else ""
    return f"Customer **{rows[0][0]}** has the {_way(outcome)} {spaced(field)}{value}.\n\n{_rows(outcome)}"


def _way(outcome: Found) -> str:
    return "highest" if outcome.arguments.descending else "lowest"


def _rows(outcome: Found) -> str:
    result = outcome.result
    return bullets([_row(row, result.columns, outcome.currency) for row in result.rows[:SHOWN]])


def _row(row: Sequence[Cell], columns: Sequence[Column], currency: str) -> str:
    parts = []
    for value, column in list(zip(row, columns, strict=True))[1:7]:
        if value is None or column.name in ("email", "phone"):
            continue
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        said = amount(value, column.unit, currency) if numeric else _text(value)
        parts.append(f"{_NAMES.get(column.name, spaced(column.name))} {said}")
    return f"**{row[0]}**: {', '.join(parts)}"


def _text(value: Cell) -> str:
    return day(value) if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) else str(value)


@answers(customer_profile)
def profile(outcome: Outcome[CustomerProfileArguments, CustomerProfile]) -> str:
    """One customer in a few lines: what they did, what is expected, why."""
    if (focus := outlook(outcome) or explained(outcome)) is not None:
        return focus
    result, currency = outcome.result, outcome.currency
    features = {f.name: f for f in result.features}
    known = [features[name] for name in _TELLING if name in features and isinstance(features[name].value, int | float)]
    lines = [f"{_NAMES.get(f.name, spaced(f.name))}: {amount(f.value, f.unit, currency)}" for f in known]
    lines += standing(result)
    expected = result.scores.get("next_purchase_at")
    if expected and result.scores.get("churn_status") != "left":
        lines.append(f"next purchase expected on {day(str(expected))}")
    why = f"\n\nWhat drives the churn score: {'; '.join(result.churn_drivers)}." if result.churn_drivers else ""
    parts = [f"{h.part} {count(h.points)} of {count(h.max_points)}" for h in result.health if h.max_points]
    health = f"\n\nHealth: {'; '.join(parts)}." if parts else ""
    place = f" ({result.attributes['country']})" if result.attributes.get("country") else ""
    member = ", ".join(result.segments) or "no segment"
    return f"**Customer {result.customer_id}**{place}: {member}.\n\n{bullets(lines)}{health}{why}"


@answers(customer_history)
def history(outcome: Outcome[CustomerHistoryArguments, CustomerHistory]) -> str:
    """Since when, how much lately, and the latest entries."""
    result = outcome.result
    if not result.entries:
        return f"**Nothing is recorded of customer {result.customer}**: no order and no event."
    lines = [_entry(entry, outcome.currency) for entry in result.entries[:ENTRIES]]
    since = month(result.months[0].month)
    return f"**Customer {result.customer}, known since {since}.** The latest:\n\n{bullets(lines)}"


def _entry(entry: HistoryEntry, currency: str) -> str:
    what = spaced(entry.kind).replace("sale", "order")
    worth = f", {money(entry.revenue, currency)}" if entry.revenue is not None else ""
    times = f", {count(entry.times)} times" if entry.times > 1 else ""
    return f"{day(entry.at)}: {what}{worth}{times}"


@answers(feature_dictionary)
def dictionary(outcome: Outcome[FeatureDictionaryArguments, FeatureDictionary]) -> str:
    """The feature asked about, or the groups there are."""
    result = outcome.result
    every = [*result.features, *result.other_fields]
    if asked := _asked(outcome.question, every):
        return "\n\n".join(f"**{spaced(f.name)}** ({f.unit}): {f.meaning}." for f in asked)
    groups: dict[str, list[str]] = {}
    for entry in every:
        groups.setdefault(entry.group, []).append(entry.name)
    lines = [f"{group}: {', '.join(names)}" for group, names in groups.items()]
    head = f"**{count(len(result.features))} features** are kept of every customer, beside attributes and scores"
    return f"{head}:\n\n{bullets(lines)}"


def _asked(question: str, every: Sequence[FeatureInfo]) -> list[FeatureInfo]:
    words = set(re.findall(r"[a-z0-9]+", question.lower().replace("_", " ")))
    hits = [f for f in every if set(f.name.removesuffix("_score").split("_")) - {"customer"} <= words]
    return sorted(hits, key=lambda f: -len(f.name))[:3]
