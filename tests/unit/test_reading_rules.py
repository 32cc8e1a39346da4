"""Conditions on purchases in everyday words, whatever is then done with the customers they pick."""

from __future__ import annotations

from typing import Any

import pytest

from language.rules import asked_rule, untold_days
from language.slots import read_slots
from tests.unit.offline_scene import scene
from tools.audience.asked import counted
from tools.customers.listing import read_listing
from tools.segments.names import name_said


def bought(op: str = "ge", value: Any = 1, of: str = "orders", **more: Any) -> dict[str, Any]:
    return {"purchase": of, "operator": op, "value": value, **more}


def all_of(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(parts)}


MAY = {"start": "2011-05-01", "end": "2011-05-31"}
Q3 = {"start": "2011-07-01", "end": "2011-09-30"}
RULES: list[tuple[str, dict[str, Any]]] = [
    ("who ordered in at least 4 different months", bought("ge", 4, "months")),
    ("customers with orders from more than 2 countries", bought("gt", 2, "countries")),
    ("customers with an order of 400 or more", bought(order_value={"operator": "ge", "value": 400})),
    ("3+ garden orders", bought("ge", 3, category="Garden")),
    ("store customers", bought(channel="store")),
    ("who only ever bought through the web", all_of(bought(channel="web"), bought("eq", 1, "channels"))),
    ("people who came back after a break of more than 4 months", bought("gt", 120, "gap_days")),
    ("bought in may 2011 but not since", all_of(bought(**MAY), bought("eq", 0, start="2011-06-01"))),
    ("whoever got a refund in may 2011", bought("ge", 1, "refunds", **MAY)),
    ("spent more than 80 in Kitchen", bought("gt", 80, "revenue", category="Kitchen")),
    ("who ordered last quarter", bought(**Q3)),
    ("customers with more than 3 orders in may 2011", bought("gt", 3, **MAY)),
    ("may 2011 newcomers", all_of(bought("eq", 0, end="2011-04-30"), bought(**MAY))),
]


@pytest.mark.parametrize(("words", "rule"), RULES, ids=[w for w, _ in RULES])
def test_words_are_read_as_the_rule(words: str, rule: dict[str, Any]) -> None:
    slots = read_slots(words, scene())
    assert asked_rule(slots) == rule
    assert not untold_days(slots)


def test_days_are_not_put_to_what_customers_are_today() -> None:
    assert untold_days(read_slots("champions in may 2011", scene()))


def test_a_count_is_told_among_those_spoken_of() -> None:
    slots = read_slots("of the garden buyers, how many also bought kitchen", scene())
    (call,) = counted(slots, scene(), asked_rule(slots) or {})
    assert call.arguments == {"rule": bought(category="Kitchen"), "among": bought(category="Garden")}


def test_a_list_is_sorted_and_has_the_columns_asked_for() -> None:
    found = read_listing("champions with their email and country, sorted by number of orders, fewest first")
    assert (found.text, found.sort, found.ascending, found.fields) == (
        "champions", "orders_all", True, ["email", "country"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("save everyone with 3 orders as Tea Friends", "Tea Friends"),
        ("create a segment Sleepers: no order since May", "Sleepers"),
        ("keep them, call it Gold", "Gold"),
    ],
)
def test_a_name_is_read_apart_from_the_conditions(words: str, name: str) -> None:
    named = name_said(words)
    assert named is not None
    assert named[0] == name
    assert name not in named[1]
