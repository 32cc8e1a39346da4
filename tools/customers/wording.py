"""Customers in words: lists, one profile, one history, the dictionary of features."""

from __future__ import annotations

import re
from collections.abc import Sequence

from language.format import amount, bullets, count, day, money, month, spaced
from tools.audience.fields import word_of
from tools.audience.wording import rule_words
from tools.customers.explanation import explained, standing
from tools.customers.features import FeatureDictionary, FeatureDictionaryArguments, FeatureInfo, feature_dictionary
from tools.customers.history import CustomerHistory, CustomerHistoryArguments, HistoryEntry, customer_history
from tools.customers.list import FindCustomers, FindCustomersArguments, find_customers
from tools.customers.outlook import outlook
from tools.customers.profile import CustomerProfile, CustomerProfileArguments, customer_profile
from tools.declaration import answers
from tools.figures import Cell, Column
from tools.outcome import Outcome

SHOWN = 3
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
    match = f" {'matches' if result.total == 1 else 'match'}: {words}" if rule else ""
    head = (
        "" if counted else f"**{count(result.total)} {_people(result.total)}**{match}{worth}.{outcome.said(PRODUCT)} "
    )
    return f"{head}The {_way(outcome)} by {_called(outcome.arguments.sort_by)}: {_first(outcome)}.".strip()


def _people(number: int) -> str:
    return "customer" if number == 1 else "customers"


def _leaders(outcome: Found) -> str:
    """The customers at the top of a list of everybody."""
    columns, field = outcome.result.columns, outcome.arguments.sort_by
    if field == "monetary_value" and field not in [column.name for column in columns]:  # nobody bought anything
        return f"**{count(outcome.result.total)} customers** are known: {_first(outcome)}."
    first, *others = _named(outcome)
    then = f" Then {', '.join(others)}." if others else ""
    return f"{first} has the {_way(outcome)} {_called(field)}.{then}"


def _way(outcome: Found) -> str:
    return "highest" if outcome.arguments.descending else "lowest"


def _called(field: str) -> str:
    return _NAMES.get(field, word_of(field))


def _first(outcome: Found) -> str:
    return ", ".join(_named(outcome))


def _named(outcome: Found) -> list[str]:
    """The first customers, each with what the list is ordered by; the table has them all."""
    names = [column.name for column in outcome.result.columns]
    at = names.index(outcome.arguments.sort_by) if outcome.arguments.sort_by in names else None
    called = names.index("name") if "name" in names else 0
    # when they buy next is told with what they are ranked by, where it was asked for
    expected = names.index("next_purchase_at") if "next_purchase_at" in names and at is not None else None
    said = []
    for row in outcome.result.rows[:SHOWN]:
        value = f" ({_said(row[at], outcome.result.columns[at], outcome.currency)})" if at is not None else ""
        if expected not in (None, at) and row[expected]:
            value = f"{value[:-1]}; next purchase {_text(row[expected])})"
        said.append(f"**{row[called] or row[0]}**{value}")
    return said


def _said(value: Cell, column: Column, currency: str) -> str:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return amount(value, column.unit, currency) if numeric else _text(value)


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
    since = f"known since {month(result.months[0].month)}"
    if result.first_order and result.last_order:
        ends = [day(at.isoformat()) for at in (result.first_order, result.last_order)]
        since = (
            f"first order on {ends[0]}, last order on {ends[1]}" if ends[0] != ends[1] else f"one order, on {ends[0]}"
        )
    return f"**Customer {result.customer}: {since}.** The latest:\n\n{bullets(lines)}"


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
