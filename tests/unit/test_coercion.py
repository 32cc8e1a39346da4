"""What clients send is read as it is plainly meant, for every tool there is; what is valid is never changed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from core.errors import FixArguments
from tools.audience.rule import Rule
from tools.catalogue import catalogue
from tools.coercion import _kinds, _marks, coerced
from tools.journeys.definition import Journey
from tools.results import TERM, Arguments
from tools.validation import validated

TOOLS = catalogue().tools
RULE: dict[str, Any] = {
    "all": [
        {"field": "country", "op": "in", "value": ["France", "Norway"]},
        {"any": [{"event": "visit", "did": False}, {"not": {"purchase": "orders", "op": "ge", "value": 2}}]},
    ]
}
INSTANT = "2024-11-30T09:00:00Z"
MOMENT = "2030-06-01T09:00"  # by the shop's clocks
PLAIN: Mapping[Any, Any] = {
    bool: True,
    date: "2024-11-30",
    UUID: str(UUID(int=7)),
    AwareDatetime: INSTANT,
    datetime: MOMENT,
    time: "09:00",
    Rule: RULE,
    Journey: TOOLS["propose_journey"].examples[0]["definition"],
}
STRICT = {"code", "prefix"}  # texts of their own form: what is none is refused, and never read as something else
FIELDS = [
    pytest.param(tool.name, name, id=f"{tool.name}.{name}")
    for tool in TOOLS.values()
    for name in tool.arguments.model_fields
]


def has_pattern(field: FieldInfo) -> bool:
    return any(getattr(mark, "pattern", None) for mark in _marks(field))


def plain(field: FieldInfo) -> Any:
    """A valid value of a field, as JSON."""
    kind = next(_kinds(field.annotation))
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is list:
        return [plain(FieldInfo(annotation=get_args(kind)[0]))]
    if get_origin(kind) is dict:
        return {"key": 1 if get_args(kind)[1] in (int, float) else "value"}
    if kind in (int, float):
        return next((math.ceil(mark.ge) for mark in _marks(field) if hasattr(mark, "ge")), 1)
    if kind is str:
        return "2024-11" if has_pattern(field) else "France"
    if kind not in PLAIN and issubclass(kind, BaseModel):
        return {name: plain(inner) for name, inner in kind.model_fields.items()}
    return PLAIN[kind]


def call_of(tool: str, name: str) -> dict[str, Any]:
    """A valid call of a tool with the argument `name`."""
    fields, examples = TOOLS[tool].arguments.model_fields, TOOLS[tool].examples
    asked = {n: plain(field) for n, field in fields.items() if field.is_required() or n == name}
    shown = ({**asked, name: example[name]} for example in examples if name in example)
    for call in (asked, *({**example, **asked} for example in examples), *shown):
        if answer(tool, call) is not None:
            return call
    raise AssertionError(f"no valid call of {tool} with {name}")


def answer(tool: str, call: Mapping[str, Any]) -> Arguments | None:
    """The arguments as the tool gets them; None when they are refused."""
    try:
        return validated(TOOLS[tool].arguments, call)
    except FixArguments:
        return None


def sloppy(field: FieldInfo, value: Any) -> Iterator[Any]:
    """Forms in which clients send `value`."""
    kinds = set(_kinds(field.annotation))
    if isinstance(value, list | dict):
        yield json.dumps(value)
        yield f"\n {json.dumps(value, indent=2)}"
    if isinstance(value, list):
        yield value[0]
    if isinstance(value, bool):
        yield from ("true", "True")
    elif isinstance(value, int):
        yield str(value)
    if date in kinds:
        yield from (f"{value}T{clock}" for clock in ("00:00:00Z", "23:59:59Z", "23:59:59.999+02:00", "00:00"))
    if isinstance(value, str) and any(get_origin(kind) is Literal for kind in kinds):
        yield from (value.upper(), f" {value} ")


def absences(field: FieldInfo) -> Iterator[Any]:
    """What can only mean that the field is left out."""
    if field.is_required():
        return
    yield None
    if str not in set(_kinds(field.annotation)) or has_pattern(field) or TERM in _marks(field):
        yield from ("null", "None", " NULL ")
    if not any(getattr(mark, "min_length", None) == 0 for mark in _marks(field)):
        yield ""


@pytest.mark.parametrize(("tool", "name"), FIELDS)
def test_every_sloppy_form_of_every_field_is_read_as_meant(tool: str, name: str) -> None:
    call = call_of(tool, name)
    for form in sloppy(TOOLS[tool].arguments.model_fields[name], call[name]):
        assert answer(tool, call | {name: form}) == answer(tool, call), form


@pytest.mark.parametrize(("tool", "name"), FIELDS)
def test_every_word_for_nothing_is_as_if_left_out(tool: str, name: str) -> None:
    call = call_of(tool, name)
    without = {n: value for n, value in call.items() if n != name}
    for nothing in absences(TOOLS[tool].arguments.model_fields[name]):
        assert answer(tool, call | {name: nothing}) == answer(tool, without), nothing


@pytest.mark.parametrize(("tool", "name"), FIELDS)
def test_a_refusal_names_the_field(tool: str, name: str) -> None:
    model = TOOLS[tool].arguments
    wrong: Any = {"no such": {"thing": 1}} if Rule in set(_kinds(model.model_fields[name].annotation)) else [[["no"]]]
    with pytest.raises(FixArguments, match=name) as refused:
        validated(model, call_of(tool, name) | {name: wrong})
    assert refused.value.details()["field"] == name


@pytest.mark.parametrize(("tool", "name"), FIELDS)
def test_text_that_may_be_meant_stays(tool: str, name: str) -> None:
    field = TOOLS[tool].arguments.model_fields[name]
    if set(_kinds(field.annotation)) <= {str, type(None)} and TERM not in _marks(field) and not has_pattern(field):
        for text in ("null", "None", "[1]", '{"a": 1}', "true", INSTANT, "10"):
            got = answer(tool, call_of(tool, name) | {name: text})
            assert (got is None and name in STRICT) or getattr(got, name) == text


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"field": "country", "operator": "EQ", "value": "UK"}, {"field": "country", "op": "eq", "value": "UK"}),
        ({"field": "country", "op": "in", "value": "UK"}, {"field": "country", "op": "in", "value": ["UK"]}),
        ({"field": "country", "op": "in", "value": '["UK"]'}, {"field": "country", "op": "in", "value": ["UK"]}),
        (
            {"field": "recency_days", "op": "between", "value": "[1, 9]"},
            {"field": "recency_days", "op": "between", "value": [1, 9]},
        ),
        ({"all": {"event": "visit", "did": "false"}}, {"all": [{"event": "visit", "did": False}]}),
        ({"any": '[{"event": "visit"}]'}, {"any": [{"event": "visit"}]}),
        ({"not": '{"event": "visit", "within_days": "30"}'}, {"not": {"event": "visit", "within_days": 30}}),
        ({"event": "visit", "at_least": None, "within_days": "null"}, {"event": "visit"}),
        ({"purchase": "Orders", "operator": None, "start": "null"}, {"purchase": "orders"}),
        ({"field": "city", "op": "eq", "value": ""}, {"field": "city", "op": "eq", "value": ""}),
        ({"field": "city", "op": "eq", "value": "[x]"}, {"field": "city", "op": "eq", "value": "[x]"}),
    ],
)
def test_rules_are_read_as_meant(sent: dict[str, Any], meant: dict[str, Any]) -> None:
    count = TOOLS["count_segment"].arguments
    for rule in (sent, json.dumps(sent)):
        assert validated(count, {"rule": rule}) == count.model_validate({"rule": meant})


def test_either_name_of_an_operator_is_known_in_filters_and_rules() -> None:
    metrics, count = TOOLS["query_metrics"].arguments, TOOLS["count_segment"].arguments
    for name in ("op", "operator"):
        asked = {"metrics": ["revenue"], "filters": [{"dimension": "country", name: "ne", "value": "France"}]}
        assert validated(metrics, asked).model_dump()["filters"][0]["value"] == "France"
        rule = {"field": "country", name: "ne", "value": "France"}
        assert "ne" in str(validated(count, {"rule": rule}).model_dump())


def test_numbers_for_names_and_numbers_for_choices() -> None:
    assert validated(TOOLS["customer_profile"].arguments, {"customer": 17850}).customer == "17850"
    assert validated(TOOLS["churn_summary"].arguments, {"horizon_days": "90"}).horizon_days == 90


def test_what_could_mean_two_things_is_refused_with_what_would_be_right() -> None:
    metrics = TOOLS["query_metrics"].arguments
    for wrong, said in (
        ({"start": "2024-13-01"}, "start takes a day, e.g. 2024-11-30"),
        ({"start": "03/04/2024"}, "start takes a day, e.g. 2024-11-30"),
        ({"limit": "ten"}, "limit takes a whole number"),
        ({"descending": "down"}, "descending takes true or false"),
        ({"grain": "fortnight"}, "Valid: none, day, week, month, quarter, year."),
        ({"filters": "country is France"}, "filters.0 takes an object"),
    ):
        with pytest.raises(FixArguments) as refused:
            validated(metrics, {"metrics": ["revenue"], **wrong})
        assert said in refused.value.message
        assert refused.value.field == next(iter(wrong))


def test_a_refusal_never_shows_what_is_secret() -> None:
    with pytest.raises(FixArguments) as refused:
        validated(TOOLS["connect_source"].arguments, {"source": "shop", "settings": ["hush"]})
    assert "settings takes an object" in refused.value.message
    assert "hush" not in refused.value.message


def test_a_rule_nested_beyond_any_use_is_refused() -> None:
    deep: Any = {"event": "visit"}
    for _ in range(3000):
        deep = {"not": deep}
    with pytest.raises(FixArguments, match="rule"):
        validated(TOOLS["count_segment"].arguments, {"rule": deep})


TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["null", "none", "[1]", '["a"]', "{}", "true", "10", INSTANT]))
LEAVES: Mapping[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    date: st.dates().map(str),
    UUID: st.uuids().map(str),
    AwareDatetime: st.just(INSTANT),
    datetime: st.just(MOMENT),
    time: st.just("09:00"),
}
CONDITIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "field": TEXTS,
            "op": st.sampled_from(["eq", "ne", "lt", "contains"]),
            "value": TEXTS | st.booleans() | st.integers(),
        }
    ),
    st.fixed_dictionaries(
        {"field": TEXTS, "op": st.sampled_from(["in", "not_in", "between"]), "value": st.lists(TEXTS)}
    ),
    st.fixed_dictionaries({"event": TEXTS, "did": st.booleans(), "at_least": st.integers(1, 9)}),
    st.fixed_dictionaries({"purchase": st.just("units"), "op": st.just("between"), "value": st.just([1, 2])}),
)
RULES = st.recursive(
    CONDITIONS,
    lambda rules: st.one_of(
        st.fixed_dictionaries({"all": st.lists(rules, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(rules, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": rules}),
    ),
    max_leaves=6,
)


def values(field: FieldInfo) -> st.SearchStrategy[Any]:
    """Valid values of a field, as JSON; texts that look like something else among them."""
    return st.one_of(*(_values(kind, field) for kind in _kinds(field.annotation)))


def _values(kind: Any, field: FieldInfo) -> st.SearchStrategy[Any]:
    if kind is type(None):
        return st.none()
    if kind is Rule:
        return RULES
    if kind is Journey:
        return st.just(PLAIN[Journey])
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is list:
        return st.lists(values(FieldInfo(annotation=get_args(kind)[0])), min_size=1, max_size=3)
    if get_origin(kind) is dict:
        return st.dictionaries(TEXTS, st.integers(1, 50) if get_args(kind)[1] in (int, float) else TEXTS)
    if kind in (int, float):
        return st.integers(1, 50)
    if kind is str and (has_pattern(field) or TERM in _marks(field)):
        return st.just("2024-11")
    return LEAVES[kind] if kind in LEAVES else calls(kind)


def calls(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Calls of a tool, with any of its optional arguments."""
    fields = model.model_fields
    return st.fixed_dictionaries(
        {name: values(field) for name, field in fields.items() if field.is_required()},
        optional={name: values(field) for name, field in fields.items() if not field.is_required()},
    )


@pytest.mark.parametrize("name", TOOLS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_a_valid_call_is_never_changed(name: str, data: st.DataObject) -> None:
    model = TOOLS[name].arguments
    call = data.draw(calls(model))
    try:
        meant = model.model_validate(call)
    except ValueError:
        return
    lone = [
        f for f in call.get("filters") or () if f.get("operator") in ("in", "not_in") and isinstance(f["value"], str)
    ]
    blank = [value for value in call.values() if isinstance(value, str) and not value.strip()]
    if not lone and not blank:  # one value for a list, and a blank name, are sloppy though they pass
        assert model.model_validate(coerced(model, call)) == meant


@pytest.mark.parametrize("moment", ["2024-11-30T23:00:00Z", "2024-11-30T12:00:00", "2024-11-30T09:30:00+02:00"])
def test_a_moment_within_a_day_is_not_taken_for_it(moment: str) -> None:
    """23:00Z is midnight of the next day in Berlin: which day is meant cannot be known."""
    with pytest.raises(FixArguments, match="start"):
        validated(TOOLS["query_metrics"].arguments, {"metrics": ["revenue"], "start": moment, "end": "2024-12-31"})
