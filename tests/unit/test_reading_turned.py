# ruff: noqa: E501  (a table of conversations)
"""Turns that change what was asked before: put right, instead, of those, part by part; and what is not changed so."""

from __future__ import annotations

from typing import Any

import pytest

from language.scene import PastCall
from language.turned import says_wrong, turned
from tests.unit.offline_scene import converse


def only(name: str, value: Any, op: str = "eq") -> dict[str, Any]:
    return {"dimension": name, "operator": op, "value": value}


CONVERSATIONS: list[tuple[list[str], dict[str, Any]]] = [
    (["revenue in Spain in 2011", "ups wrong country, i meant france"], {"metrics": ["revenue"], "filters": [only("country", "France")], "start": "2011-01-01"}),
    (["revenue in Spain in 2011", "not spain, france"], {"filters": [only("country", "France")]}),
    (["revenue in Spain in 2011", "not the money, the units"], {"metrics": ["units"], "filters": [only("country", "Spain")]}),
    (["revenue by country in 2011", "orders rather than revenue"], {"metrics": ["orders"], "dimensions": ["country"]}),
    (["average order value in 2011", "i would trust the median more, what is that"], {"metrics": ["median_order_value"], "start": "2011-01-01"}),
    (["orders in Germany in 2011", "only those over 80 pounds"], {"metrics": ["orders"], "filters": [only("country", "Germany"), only("order_value", 80.0, "gt")]}),
    (["revenue in Germany in May 2011", "gross please, and without the web"], {"metrics": ["gross_sales"], "filters": [only("country", "Germany"), only("channel", "web", "ne")], "start": "2011-05-01"}),
    (["orders in week 40 of 2011", "week 41?", "both together, store only"], {"start": "2011-10-03", "end": "2011-10-16", "filters": [only("channel", "store")]}),
    (["orders in Spain in 2011", "France?", "which of the two spends more per order"], {"metrics": ["average_order_value"], "dimensions": ["country"]}),
    (["orders in Spain in May 2011", "France?", "both together since October"], {"filters": [only("country", ["Spain", "France"], "in")], "start": "2011-10-01"}),
    (["revenue in May 2011", "June?", "so how many percent more or less"], {"start": "2011-06-01", "compare_start": "2011-05-01"}),
    (["orders in May 2011", "month before?"], {"start": "2011-04-01", "end": "2011-04-30"}),
    (["how many customers in Spain", "in percent of all customers"], {"metrics": ["customers"], "share": True, "ratio": None}),
    (["revenue of the web in 2011", "in percent of all spanish revenue"], {"share": True, "share_within": ["country"]}),
    (["revenue in Germany, France and Spain in 2011", "without Spain"], {"filters": [only("country", ["France", "Germany"], "in")]}),
    (["revenue in Germany and France in 2011", "by country"], {"filters": [only("country", ["France", "Germany"], "in")], "dimensions": ["country"]}),
    (["revenue in Spain in 2011", "and with france added to it"], {"filters": [only("country", ["Spain", "France"], "in")]}),
    (["top 5 countries by revenue in 2011", "just the first one"], {"dimensions": ["country"], "limit": 1}),
    (["ad spend of store in May 2011", "and of web"], {"filters": [only("spend_channel", "web")]}),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "held"), CONVERSATIONS, ids=[" / ".join(asked) for asked, _ in CONVERSATIONS])
def test_a_turn_changes_what_it_says_and_keeps_the_rest(asked: list[str], held: dict[str, Any]) -> None:
    (call,) = [call for reading in converse(*asked)[-1] for call in reading.calls]
    assert {name: call.arguments.get(name) for name in held} == held


REFUSED = [
    ["revenue in Spain in 2011", "so that in percent of everything outside the UK"],
    ["revenue by country in 2011", "only those above 10000"],
    ["orders in May 2011", "the lucky ones please"],
    ["revenue in Spain in 2011", "margin instead"],
    ["revenue in Spain in May 2011", "both weeks together"],
]


@pytest.mark.parametrize("asked", REFUSED, ids=[asked[-1] for asked in REFUSED])
def test_what_no_figure_holds_is_said(asked: list[str]) -> None:
    assert not [call for reading in converse(*asked)[-1] for call in reading.calls]


def test_a_part_of_people_is_of_those_who_are_named() -> None:
    (call,) = [
        c for r in converse("how many customers bought only once", "in percent of all germans")[-1] for c in r.calls
    ]
    assert call.arguments["among"] == {"field": "country", "operator": "eq", "value": "Germany"}


def test_only_what_was_asked_before_is_ruled_out() -> None:
    last = PastCall("query_metrics", {"metrics": ["revenue"]})
    assert turned("units, not refunds", last, lambda words: words == "revenue") == "units, not refunds"
    assert turned("units, not revenue", last, lambda words: words == "revenue") == "units instead"
    assert says_wrong("oops, wrong month")
    assert not says_wrong("wrong deliveries in May")
