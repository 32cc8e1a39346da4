# ruff: noqa: E501  (a table of phrasings)
"""Words to segments: phrasings lead to the right tree; what is not understood is named; no value reaches the SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.offline.reading import read_question
from database.queries.segments import compile_rule
from tests.unit.offline_scene import scene
from tools.fields import rule_fields
from tools.rules import Rule

AS_OF = datetime(2011, 12, 10, tzinfo=UTC)


def field(name: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": name, "op": op} if value is None else {"field": name, "op": op, "value": value}


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"event": kind, "did": True, **more}


def both(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(rules)}


GERMANY = field("country", "eq", "Germany")
CONSENT = field("consent_email", "eq", True)
CHAMPIONS = field("rfm_segment", "eq", "Champions")
WORDS: list[tuple[str, dict[str, Any]]] = [
    # ranges and comparisons of money
    ("customers who spent between 100 and 500", field("monetary_value", "between", [100, 500])),
    ("customers with a total spend from 100 to 500", field("monetary_value", "between", [100, 500])),
    ("customers who spent 100-500", field("monetary_value", "between", [100, 500])),
    ("customers who spent £100 to 500 pounds", field("monetary_value", "between", [100, 500])),
    ("customers who spent 1.5k or more", field("monetary_value", "ge", 1500)),
    ("customers who spent less than fifty pounds", field("monetary_value", "lt", 50)),
    ("custmers who spennt ovver 1,000", field("monetary_value", "gt", 1000)),
    ("customers who spent at least 200 last quarter", field("revenue_90d", "ge", 200)),
    ("customers who spent more than 100 in the last 30 days", field("revenue_30d", "gt", 100)),
    ("customers with an average order value above 50", field("avg_order_value", "gt", 50)),
    # shares of everybody
    ("the top 10 % of customers", field("monetary_value", "top_share", 0.1)),
    ("top 10% by lifetime value", field("clv_12m", "top_share", 0.1)),
    ("top 10 percent of customers by spend", field("monetary_value", "top_share", 0.1)),
    ("the bottom 20% by revenue", field("monetary_value", "bottom_share", 0.2)),
    ("customers in the top 5 % by number of orders", field("orders_all", "top_share", 0.05)),
    ("our best ten per cent of customers", field("monetary_value", "top_share", 0.1)),
    ("the top 10% most valuable customers", field("clv_12m", "top_share", 0.1)),
    ("top decile of customers by revenue", field("monetary_value", "top_share", 0.1)),
    ("top quartile by orders", field("orders_all", "top_share", 0.25)),
    ("the top 10 % of customers in Germany", both(field("monetary_value", "top_share", 0.1), GERMANY)),
    # how often
    ("customers who bought at least 3 times", field("orders_all", "ge", 3)),
    ("custmers who bougt at leest three times", field("orders_all", "ge", 3)),
    ("people who bought more than five times", field("orders_all", "gt", 5)),
    ("shoppers who ordered twice", field("orders_all", "eq", 2)),
    ("customers who bought between 3 and 5 times", field("orders_all", "between", [3, 5])),
    ("customers with 2 to 4 orders", field("orders_all", "between", [2, 4])),
    ("customers who bought only one time", field("orders_all", "eq", 1)),
    ("customers who ordered exactly once", field("orders_all", "eq", 1)),
    ("one-time buyers from Spain", both(field("orders_all", "eq", 1), field("country", "eq", "Spain"))),
    ("repeat customers in the netherlands", both(field("orders_all", "ge", 2), field("country", "eq", "Netherlands"))),
    # how long ago
    ("customers silent for 90 days", field("recency_days", "ge", 90)),
    ("customers inactive for six months", field("recency_days", "ge", 180)),
    ("customers who have been quiet for over a year", field("recency_days", "gt", 365)),
    ("customers who last ordered more than 60 days ago", field("recency_days", "gt", 60)),
    ("customers whose last purchase was over 3 months ago", field("recency_days", "gt", 90)),
    ("customers whose last order was less than 2 weeks ago", field("recency_days", "lt", 14)),
    ("customers who haven't bought since August", field("recency_days", "gt", 130)),
    ("customers who haven't ordered in the last quarter", field("recency_days", "ge", 90)),
    ("customers who bought in the last fortnight", field("recency_days", "le", 14)),
    ("customers with no orders in 120 days", field("recency_days", "ge", 120)),
    ("customers who joined in the last month", field("days_since_first_order", "le", 30)),
    ("customers who first bought in the last 90 days", field("days_since_first_order", "le", 90)),
    # e-mails, visits, carts
    ("customers who opened an e-mail in the last 30 days", event("email_open", within_days=30)),
    ("customers who never opened an email", {"event": "email_open", "did": False}),
    ("customers who opened fewer than 2 emails", {"event": "email_open", "did": False, "at_least": 2}),
    ("customers who opened exactly two emails in the last month", both(event("email_open", at_least=2, within_days=30), {"event": "email_open", "did": False, "at_least": 3, "within_days": 30})),
    ("customers who clicked a link in an email in the past 3 months", event("email_click", within_days=90)),
    ("customers who haven't visited for 2 weeks", {"event": "visit", "did": False, "within_days": 14}),
    ("customers who have not visited the site in 14 days", {"event": "visit", "did": False, "within_days": 14}),
    ("customers who visited at least twice in the last month", event("visit", at_least=2, within_days=30)),
    ("customers who viewed a product at least 5 times in the last 30 days", event("product_view", at_least=5, within_days=30)),
    ("customers who viewed products more than 3 times in the last month", event("product_view", at_least=4, within_days=30)),
    ("customers who added something to the cart in the last week", event("cart", within_days=7)),
    ("customers who abandoned their cart in the last 7 days", both(event("cart", within_days=7), field("recency_days", "gt", 7))),
    ("customers who bounced", event("email_bounce")),
    ("customers who unsubscribed", event("email_unsubscribe")),
    # places, consent, segments, negation
    ("customers from Germany or France", field("country", "in", ["France", "Germany"])),
    ("German customers who spent more than 500", both(field("monetary_value", "gt", 500), GERMANY)),
    ("customers outside the United Kingdom", field("country", "ne", "United Kingdom")),
    ("customers not from the UK", field("country", "ne", "United Kingdom")),
    ("customers in Germany but not champions", both({"not": CHAMPIONS}, GERMANY)),
    ("champions or loyal customers", {"any": [CHAMPIONS, field("rfm_segment", "eq", "Loyal")]}),
    ("customers who are not champions", {"not": CHAMPIONS}),
    ("customers except the hibernating ones", {"not": field("rfm_segment", "eq", "Hibernating")}),
    ("customers who agreed to emails", CONSENT),
    ("customers without email consent", {"not": CONSENT}),
    ("customers without an email address", field("email", "is_null")),
    # products, as far as a customer's features know them
    ("customers whose favourite category is Garden", field("favourite_category", "eq", "Garden")),
    ("customers who mostly buy Kitchen", field("favourite_category", "eq", "Kitchen")),
    ("customers who buy mainly in store", field("main_channel", "eq", "store")),
    ("customers who bought at least 10 different products", field("distinct_products", "ge", 10)),
    ("customers with more than 5 different categories", field("distinct_categories", "gt", 5)),
    # predictions and scores
    ("customers unlikely to leave", field("churn_60", "lt", 0.5)),
    ("customers with a churn risk above 70 %", field("churn_60", "gt", 0.7)),
    ("customers with churn probability between 30% and 60%", field("churn_60", "between", [0.3, 0.6])),
    ("customers worth more than 300", field("clv_12m", "gt", 300)),
    ("customers with a lifetime value of at least 2,000", field("clv_12m", "ge", 2000)),
    ("customers with health between 40 and 60", field("customer_health_score", "between", [40, 60])),
    ("customers with a refund rate over 20%", field("refund_rate", "gt", 0.2)),
    ("customers with an open rate above 50%", field("email_open_rate", "gt", 0.5)),
    ("overdue customers", field("overdue_ratio", "gt", 1)),
    ("discount hunters", field("discounted_order_share", "ge", 0.5)),
    ("weekend shoppers from France", both(field("weekend_share", "ge", 0.7), field("country", "eq", "France"))),
    # several at once
    ("customers who spent over 1000 in the last year but have not bought for 60 days", both(field("revenue_365d", "gt", 1000), field("recency_days", "ge", 60))),
    ("customers who bought once or have spent under 20", {"any": [field("orders_all", "eq", 1), field("monetary_value", "lt", 20)]}),
    ("customers who spent between 100 and 500 and haven't visited for 2 weeks", both(field("monetary_value", "between", [100, 500]), {"event": "visit", "did": False, "within_days": 14})),
]  # fmt: skip


def tree(question: str) -> Any:
    """The rule of the first call a question leads to."""
    calls = [call for reading in read_question(question, scene()) for call in reading.calls]
    return calls[0].arguments.get("rule") if calls else None


def flat(rule: Any) -> Any:
    """The tree with its parts in one order: "all" and "any" have none."""
    if isinstance(rule, dict):
        return {key: flat(value) for key, value in rule.items()}
    return sorted(map(flat, rule), key=str) if isinstance(rule, list) else rule


@pytest.mark.parametrize(("words", "expected"), WORDS, ids=[w for w, _ in WORDS])
def test_words_lead_to_the_tree(words: str, expected: dict[str, Any]) -> None:
    rule = tree(words)
    assert flat(rule) == flat(expected)
    sql, values = compile_rule(Rule.model_validate(rule).plain(), rule_fields(), as_of=AS_OF)
    assert sql
    assert values or "is null" in sql


@pytest.mark.parametrize("frame", ["how many {} are there?", "show me {}", "save {} as 'Mine'"])
@pytest.mark.parametrize(
    "words", ["customers who bought at least 3 times", "customers who haven't visited for 2 weeks"]
)
def test_the_tree_is_the_same_whatever_is_done_with_it(frame: str, words: str) -> None:
    assert flat(tree(frame.format(words))) == flat(tree(words))


NAMED = [
    ("customers who own a dog", "own a dog"),
    ("customers who spent over 500 and own a dog", "own a dog"),
    ("customers who live near a beach", "live near a beach"),
    ("customers who bought candles", "bought candles"),
    ("customers who bought Kitchen products", "bought kitchen products"),
    ("customers who like blue", "like blue"),
    ("female customers who spent over 100", "female"),
    ("lapsed customers who spent over £500", "lapsed"),
    ("customers who spent more than average", "more than average"),
    ("customers with more orders than last year", "more orders than last year"),
    ("customers who spent about 300", "about 300"),
    ("the top 10 % of customers by postcode", "by postcode"),
    ("customers who viewed in the last 3 days", "viewed"),
    ("save customers who spent over 500 and drive a van as 'Vans'", "drive a van"),
    ("how many customers from Germany who spent over 100 speak French", "speak"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "named"), NAMED, ids=[w for w, _ in NAMED])
def test_what_is_not_understood_is_named_and_never_guessed(words: str, named: str) -> None:
    readings = read_question(words, scene())
    assert [call for reading in readings for call in reading.calls] == []
    assert named in " ".join(reading.said or "" for reading in readings)


numbers = st.integers(min_value=13_579, max_value=2_000_000)


@settings(max_examples=60, deadline=None)
@given(low=numbers, more=st.integers(min_value=1, max_value=1000))
def test_no_figure_of_the_user_reaches_the_sql(low: int, more: int) -> None:
    for words in (f"customers who spent between {low} and {low + more}", f"customers worth more than {low}"):
        sql, values = compile_rule(Rule.model_validate(tree(words)).plain(), rule_fields(), as_of=AS_OF)
        assert str(low) not in sql
        assert float(low) in values.values()


@settings(max_examples=60, deadline=None)
@given(city=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), min_size=4, max_size=40))
def test_no_text_of_the_user_reaches_the_sql(city: str) -> None:
    rules = (field("city", "eq", city), field("city", "in", [city, city]), field("name", "contains", city))
    for rule in (*rules, both(*rules), {"not": rules[0]}):
        sql, values = compile_rule(Rule.model_validate(rule).plain(), rule_fields(), as_of=AS_OF)
        assert sql == compile_rule(
            Rule.model_validate(_with_other(rule)).plain(), rule_fields(), as_of=AS_OF
        )[0]  # fmt: skip
        assert values


def _with_other(rule: Any) -> Any:
    """The same rule with other values: the SQL must be the same."""
    if isinstance(rule, list):
        return [_with_other(part) for part in rule]
    if isinstance(rule, dict):
        return {key: _value(value) if key == "value" else _with_other(value) for key, value in rule.items()}
    return rule


def _value(value: Any) -> Any:
    return ["other"] * len(value) if isinstance(value, list) else "other"
