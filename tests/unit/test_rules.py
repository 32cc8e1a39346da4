"""Rules about customers: their shape, what is refused, and that every value is bound."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.errors import FixArguments
from database.queries.segments import DEEPEST, compile_rule, event_kinds, fields_of
from tools.audience.fields import rule_fields
from tools.audience.rule import All, AnyOf, Condition, EventCondition, Not, Operator, PurchaseCondition, Rule
from tools.catalogue import validated
from tools.segments.count import CountSegmentArguments

AS_OF = datetime(2011, 12, 10, tzinfo=UTC)
LEAF = {"field": "recency_days", "operator": "ge", "value": 90}


def compiled(rule: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return compile_rule(Rule.model_validate(rule).plain(), rule_fields(), as_of=AS_OF, time_zone="Europe/London")


def test_a_tree_survives_json_unchanged() -> None:
    tree = {
        "all": [
            {"any": [LEAF, {"field": "country", "operator": "in", "value": ["France", "Germany"]}]},
            {"not": {"event": "email_open", "did": True, "at_least": 2, "within_days": 30}},
        ]
    }
    rule = Rule.model_validate(tree)
    assert rule.plain() == tree
    assert Rule.model_validate_json(rule.model_dump_json(exclude_none=True)).plain() == tree
    assert fields_of(tree) == {"recency_days", "country"}
    assert event_kinds(tree) == {"email_open"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"foo": 1}, "a rule is"),
        ({"all": []}, "at least 1"),
        ({"field": "country", "operator": "like", "value": "x"}, "Input should be 'eq'"),
        ({"field": "country", "operator": "eq", "value": "x", "vlaue": "y"}, "Extra inputs"),
        ({"event": "visit", "at_least": 0}, "greater than or equal to 1"),
    ],
)
def test_a_malformed_rule_is_refused_with_what_is_wrong(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(FixArguments, match=said):
        validated(CountSegmentArguments, {"rule": rule})


@pytest.mark.parametrize(
    ("rule", "said", "first"),
    [
        ({"field": "recency", "operator": "ge", "value": 1}, "no customer field 'recency'", "recency_days"),
        ({"field": "country", "operator": "gt", "value": "x"}, "does not go with country", "eq"),
        ({"field": "recency_days", "operator": "contains", "value": "9"}, "does not go with recency_days", "eq"),
        ({"field": "recency_days", "operator": "ge", "value": "ninety"}, "takes a number", None),
        ({"field": "recency_days", "operator": "ge", "value": True}, "takes a number", None),
        ({"field": "recency_days", "operator": "ge"}, "takes a number, not None", None),
        ({"field": "recency_days", "operator": "ge", "value": 1e300}, "takes a number", None),
        ({"field": "recency_score", "operator": "eq", "value": 1.5}, "takes a whole number", None),
        ({"field": "recency_days", "operator": "between", "value": [1]}, "low, high", None),
        ({"field": "country", "operator": "in", "value": "France"}, "needs a list", None),
        ({"field": "consent_email", "operator": "eq", "value": "yes"}, "takes true or false", None),
        ({"field": "rfm_segment", "operator": "eq", "value": "at risc"}, "No rfm_segment is called", "At Risk"),
        ({"field": "next_purchase_at", "operator": "lt", "value": "soon"}, "takes an ISO date", None),
        ({"field": "name", "operator": "eq", "value": "a\x00b"}, "NUL", None),
        ({"field": "monetary_value", "operator": "top_share", "value": 10}, "takes a share", None),
        ({"field": "monetary_value", "operator": "bottom_share", "value": 0}, "takes a share", None),
        ({"field": "country", "operator": "top_share", "value": 0.1}, "does not go with country", "eq"),
    ],
)
def test_a_wrong_field_operator_or_value_is_refused(rule: dict[str, Any], said: str, first: str | None) -> None:
    with pytest.raises(FixArguments, match=said) as error:
        compiled(rule)
    if first is not None:
        assert error.value.valid[0] == first


@pytest.mark.parametrize("name", rule_fields())
def test_every_field_compiles_with_each_of_its_operators(name: str) -> None:
    known = rule_fields()[name]
    example: Any = {
        "boolean": True,
        "text": (known.values or ("x",))[0],
        "text[]": "inactive",
        "timestamptz": "as_of-30d",
    }.get(known.type, 3)
    for op in known.operators:
        value = {"between": [example, example], "in": [example], "not_in": [example]}.get(op, example)
        value = 0.1 if op.endswith("_share") else value
        sql, values = compiled({"field": name, "operator": op} | ({} if "null" in op else {"value": value}))
        assert set(text(sql).compile().params) == set(values)
        assert f"f.{known.column}" in sql


@given(value=st.text(min_size=4).filter(lambda v: "\x00" not in v))
def test_no_value_is_ever_in_the_sql(value: str) -> None:
    for op, given_value in (("eq", value), ("contains", value), ("in", [value])):
        sql, values = compiled({"field": "city", "operator": op, "value": given_value})
        assert sql in (
            "coalesce(lower(f.city) = lower(:r0), false)",
            "coalesce(position(lower(:r0) in lower(f.city)) > 0, false)",
            "coalesce(lower(f.city) = any(:r0), false)",
        )
        assert set(values) == {"r0"}


@given(value=st.floats(min_value=1e-6, max_value=1))
def test_no_share_is_ever_in_the_sql(value: float) -> None:
    sql, values = compiled({"field": "monetary_value", "operator": "top_share", "value": value})
    assert sql == (
        "coalesce(f.monetary_value >= (select percentile_disc(cast(:r0 as double precision)) within group "
        "(order by t.monetary_value desc) from customer_facts t), false)"
    )
    assert values["r0"] == pytest.approx(value)


def test_relative_and_plain_dates() -> None:
    _, values = compiled({"field": "next_purchase_at", "operator": "between", "value": ["as_of", "as_of+14d"]})
    assert list(values.values()) == [AS_OF, AS_OF + timedelta(days=14)]
    _, values = compiled({"field": "created_at", "operator": "lt", "value": "2011-07-01"})
    assert values["r0"] == datetime(2011, 6, 30, 23, tzinfo=UTC)  # midnight of London in summer


def test_numbers_and_truths_that_came_as_text() -> None:
    for field, op, value, meant in (
        ("recency_days", "ge", "90", 90),
        ("orders_all", "eq", "3", 3),
        ("monetary_value", "top_share", "0.1", pytest.approx(0.1)),
        ("consent_email", "eq", "True", True),
    ):
        _, values = compiled({"field": field, "operator": op, "value": value})
        assert values["r0"] == meant
    with pytest.raises(FixArguments, match="recency_days takes a number, not 'ninety'"):
        compiled({"field": "recency_days", "operator": "ge", "value": "ninety"})


def test_a_purchase_window_takes_an_instant_for_its_day() -> None:
    condition = {"purchase": "orders", "start": "2011-07-01T12:30:00Z", "end": "2011-07-31"}
    assert compiled(condition) == compiled(condition | {"start": "2011-07-01"})


def test_the_words_about_rules_name_every_key_and_operator() -> None:
    """The MCP door gives these words in place of the schema of the tree."""
    said = inspect.getdoc(Rule) or ""
    for node in (All, AnyOf, Not, Condition, EventCondition, PurchaseCondition):
        for name, field in node.model_fields.items():
            assert re.search(rf"\b{field.alias or name}\b", said), name
    for word in (*get_args(Operator), *get_args(PurchaseCondition.model_fields["purchase"].annotation)):
        assert re.search(rf"\b{word}\b", said)


def test_events_count_back_from_the_end_of_the_data() -> None:
    sql, values = compiled({"event": "visit", "did": False, "at_least": 3, "within_days": 30})
    assert sql.startswith("(not exists (select")
    assert AS_OF - timedelta(days=30) in values.values()
    assert 3 in values.values()


def test_a_rule_too_deep_or_too_wide_is_refused() -> None:
    deep: dict[str, Any] = LEAF
    for _ in range(DEEPEST):
        deep = {"not": deep}
    wide = {"all": [{"any": [LEAF] * 50}] * 5}
    for rule in (deep, wide):
        with pytest.raises(FixArguments, match="too large"):
            compiled(rule)
