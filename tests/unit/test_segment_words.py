# ruff: noqa: E501  (a table of phrasings)
"""Words to segments: phrasings lead to the right tree; what is not understood is named; no value reaches the SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from database.queries.segments import compile_rule
from tests.unit.offline_scene import read_question, scene
from tools.audience.fields import rule_fields
from tools.audience.rule import Rule
from tools.audience.wording import rule_words

AS_OF = datetime(2011, 12, 10, tzinfo=UTC)


def field(name: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": name, "operator": op} if value is None else {"field": name, "operator": op, "value": value}


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"event": kind, "did": True, **more}


def bought(op: str = "ge", value: Any = 1, of: str = "orders", **more: Any) -> dict[str, Any]:
    return {"purchase": of, "operator": op, "value": value, **more}


def never(**more: Any) -> dict[str, Any]:
    return bought("eq", 0, **more)


def both(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(rules)}


CITIES = ["Berlin", "London", "Paris"]
GERMANY = field("country", "eq", "Germany")
LAST_WEEK = {"start": "2011-11-28", "end": "2011-12-04"}
CONSENT = field("consent_email", "eq", True)
LAST_YEAR, THIS_YEAR = {"start": "2010-01-01", "end": "2010-12-31"}, {"start": "2011-01-01", "end": "2011-12-31"}
NOVEMBER = {"start": "2011-11-01", "end": "2011-11-30"}
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
    ("customers who spent at least 200 last quarter", bought("ge", 200, "revenue", start="2011-07-01", end="2011-09-30")),
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
    ("customers who haven't bought since August", both(bought(end="2011-07-31"), never(start="2011-08-01"))),
    ("customers who haven't ordered in the last quarter", field("recency_days", "ge", 90)),
    ("customers who bought in the last fortnight", field("recency_days", "le", 14)),
    ("customers with no orders in 120 days", field("recency_days", "ge", 120)),
    ("customers who joined in the last month", both(never(end="2011-10-31"), bought(**NOVEMBER))),
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
    # what was bought, and when
    ("customers who bought the red mug", bought(product="red mug")),
    ("customers who bought candles", bought(product="candles")),
    ("custmers who bougt WHITE HANGING HEART T-LIGHT HOLDER in the last 90 days", bought(product="white hanging heart t-light holder", within_days=90)),
    ("customers who bought 'Set of 3 mugs'", bought(product="Set of 3 mugs")),
    ("buyers of the red mug in Germany", both(bought(product="red mug"), GERMANY)),
    ("customers who bought at least 3 mugs", bought("ge", 3, "units", product="mugs")),
    ("customers who bought the red mug twice or more", bought("ge", 2, product="red mug")),
    ("customers who bought mugs and candles", both(bought(product="mugs"), bought(product="candles"))),
    ("customers that bought Kitchen or Garden this year", {"any": [bought(category="Kitchen", **THIS_YEAR), bought(category="Garden", **THIS_YEAR)]}),
    ("customers who bought Kitchen products", bought(category="Kitchen")),
    ("customers who bought Garden but not Kitchen in the last year", both(bought(category="Garden", within_days=365), never(category="Kitchen", within_days=365))),
    ("customers who bought a product from the Kitchen category at least twice in the last 6 months", bought("ge", 2, category="Kitchen", within_days=180)),
    ("people who never bought anything from Kitchen", never(category="Kitchen")),
    ("customers who did not buy Garden in the last 30 days", never(category="Garden", within_days=30)),
    ("customers who spent over 50 on Kitchen in the last 90 days", bought("gt", 50, "revenue", category="Kitchen", within_days=90)),
    ("customers who spent over $200 in the past 6 months", bought("gt", 200, "revenue", within_days=180)),
    ("customers who spent more than 300 in November 2011", bought("gt", 300, "revenue", **NOVEMBER)),
    ("customers who spent nothing in the last year", never(within_days=365)),
    ("customers who have bought since Easter", bought(start="2011-04-24")),
    ("customers who bought last summer", bought(start="2011-06-01", end="2011-08-31")),
    ("customers who have not bought since last summer", both(bought(end="2011-05-31"), never(start="2011-06-01"))),
    ("customers who bought on Black Friday", bought(start="2011-11-25", end="2011-11-25")),
    ("customers who placed their first order in November 2011", both(never(end="2011-10-31"), bought(**NOVEMBER))),
    ("customers who joined before 2011", bought(end="2010-12-31")),
    ("customers who last bought between March and June 2011", both(bought(start="2011-03-01", end="2011-06-30"), never(start="2011-07-01"))),
    ("the customers who were active last year but not this year", both(bought(**LAST_YEAR), never(**THIS_YEAR))),
    ("customers with more than 3 returns", bought("gt", 3, "refunds")),
    ("customers who never returned anything", bought("eq", 0, "refunds")),
    ("customers who sent back the red mug", bought("ge", 1, "refunds", product="red mug")),
    ("customers who spent over 100 but never bought the red mug", both(field("monetary_value", "gt", 100), never(product="red mug"))),
    # ways of saying it
    ("VIPs in Berlin", both(field("monetary_value", "top_share", 0.1), field("city", "eq", "Berlin"))),
    ("lapsed VIPs", both(field("churn_status", "eq", "left"), field("monetary_value", "top_share", 0.1))),
    ("lapsed customers who spent over £500", both(field("churn_status", "eq", "left"), field("monetary_value", "gt", 500))),
    ("our most loyal customers in France", both(field("brand_loyalty_score", "top_share", 0.1), field("country", "eq", "France"))),
    ("customers who havent opened an email for a month and spent mroe than 100 euros", both({"event": "email_open", "did": False, "within_days": 30}, field("monetary_value", "gt", 100))),
    ("customers who either spent over 500 or bought at least 5 times", {"any": [field("monetary_value", "gt", 500), field("orders_all", "ge", 5)]}),
    ("customers who spent more than 1000 but less than 2000", both(field("monetary_value", "gt", 1000), field("monetary_value", "lt", 2000))),
    ("everyone who clicked but did not buy in the last 30 days", both(event("email_click", within_days=30), never(within_days=30))),
    ("customers who opened an e-mail last week but did not click", both(event("email_open", **LAST_WEEK), {"event": "email_click", "did": False, **LAST_WEEK})),
    ("customers that haven't visited the website in 2 weeks nor opened an email in 30 days", both({"event": "visit", "did": False, "within_days": 14}, {"event": "email_open", "did": False, "within_days": 30})),
    ("all customers of the At Risk or Cannot Lose Them segments with email consent", both({"any": [field("rfm_segment", "eq", "At Risk"), field("rfm_segment", "eq", "Cannot Lose Them")]}, CONSENT)),
    ("customers in Germany or France but not the champions", both({"not": CHAMPIONS}, field("country", "in", ["France", "Germany"]))),
    ("new customers from the last 4 weeks who bought only once", both(field("days_since_first_order", "le", 28), field("orders_all", "eq", 1))),
    ("customers who have been with us for over two years", field("days_since_first_order", "gt", 730)),
    ("customers who joined before 2011 and are still active", both(bought(end="2010-12-31"), field("churn_status", "eq", "active"))),
    ("customers who never bought with a discount", field("discounted_order_share", "eq", 0)),
    ("customers who always use a discount", field("discounted_order_share", "ge", 1)),
    ("customers who shop on Saturdays", field("preferred_day_of_week", "eq", 6)),
    ("customers who usually shop at night", field("night_share", "ge", 0.5)),
    ("customers whose spending is falling", field("revenue_trend_90d", "lt", 0)),
    ("the 10 percent of customers with the lowest health", field("customer_health_score", "bottom_share", 0.1)),
    ("customers without phone number", field("phone", "is_null")),
    ("customers who have an e-mail address but no consent", both(field("email", "not_null"), {"not": CONSENT})),
    # several at once
    ("customers who spent over 1000 in the last year but have not bought for 60 days", both(bought("gt", 1000, "revenue", **LAST_YEAR), field("recency_days", "ge", 60))),
    ("customers who bought once or have spent under 20", {"any": [field("orders_all", "eq", 1), field("monetary_value", "lt", 20)]}),
    ("customers who spent between 100 and 500 and haven't visited for 2 weeks", both(field("monetary_value", "between", [100, 500]), {"event": "visit", "did": False, "within_days": 14})),
]  # fmt: skip


def tree(question: str) -> Any:
    """The rule of the first call a question leads to."""
    calls = [call for reading in read_question(question, scene(city=CITIES)) for call in reading.calls]
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
    ("customers who bought something on a weekend in December", "weekend"),
    ("customers who bought because of the advert", "because of the advert"),
    ("customers with a birthday this month", "birthday"),
    ("customers who viewed the red mug but did not buy it", "viewed"),
    ("frequent buyers who do not open emails", "frequent"),
    ("customers who used to buy every month but have stopped", "stopped"),
    ("customers who like blue", "like blue"),
    ("female customers who spent over 100", "female"),
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


def test_sentences_after_the_first_narrow_what_it_found() -> None:
    readings = read_question("I need the people who bought a mug at Christmas. They should live in Germany.", scene())
    assert flat(readings[-1].calls[0].arguments["rule"]) == flat(
        both(bought(product="mug", start="2011-12-01", end="2011-12-26"), GERMANY)
    )


numbers = st.integers(min_value=13_579, max_value=2_000_000)


@settings(max_examples=20, deadline=None)  # each reads two sentences
@given(low=numbers, more=st.integers(min_value=1, max_value=1000))
def test_no_figure_of_the_user_reaches_the_sql(low: int, more: int) -> None:
    for words in (f"customers who spent between {low} and {low + more}", f"customers worth more than {low}"):
        sql, values = compile_rule(Rule.model_validate(tree(words)).plain(), rule_fields(), as_of=AS_OF)
        assert str(low) not in sql
        assert float(low) in values.values()


@settings(max_examples=60, deadline=None)
@given(city=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), min_size=4, max_size=40))
def test_no_text_of_the_user_reaches_the_sql(city: str) -> None:
    named = [] if not any(c.isalnum() for c in city) else [bought(product=city, within_days=9)]
    kinds = [] if not city.strip() else [bought("lt", 2, "revenue", category=city)]
    rules = (*kinds, *named, field("city", "in", [city, city]), field("name", "contains", city))
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
        return {
            key: _value(value) if key in ("value", "product", "category") else _with_other(value)
            for key, value in rule.items()
        }
    return rule


def _value(value: Any) -> Any:
    if isinstance(value, int):
        return value
    return ["other"] * len(value) if isinstance(value, list) else "other"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (both({"any": [bought(category="Books"), bought(category="Toys")]}, GERMANY), "(bought “Books” or bought “Toys”) and country is Germany"),
        ({"any": [both(CHAMPIONS, CONSENT), GERMANY]}, "(RFM segment Champions and agreed to emails) or country is Germany"),
        (never(product="red mug", within_days=90), "bought nothing of “red mug” within 90 days"),
        (never(), "never bought anything"),
        (bought("between", [100, 300], "revenue", **NOVEMBER), "spent between 100 and 300 from 2011-11-01 to 2011-11-30"),
        (bought("gt", 3, "refunds"), "refunds > 3"),
        (event("visit", at_least=3, within_days=30), "did visit at least 3 times within 30 days"),
        ({"event": "email_open", "did": False, "at_least": 2}, "did email open fewer than 2 times"),
        ({"event": "email_open", "did": False}, "no email open"),
        (field("main_channel", "eq", "paid_social"), "main channel is Paid social"),
        (field("churn_status", "eq", "left"), "counts as having left"),
    ],
)  # fmt: skip
def test_a_rule_is_read_back_in_words(rule: dict[str, Any], words: str) -> None:
    assert rule_words(rule) == words
