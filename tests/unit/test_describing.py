"""A description of customers as the segment editor reads it: the tree, and what was left out by name."""

from __future__ import annotations

from typing import Any

import pytest

from language.description import described

DATA = {
    "as_of": "2026-06-15T00:00:00Z",
    "currency": "USD",
    "dimensions": [{"name": "country", "values": ["Germany", "France"]}],
    "metrics": [],
}
MARCH = {"start": "2026-03-01", "end": "2026-03-31"}


def field(name: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": name, "operator": op, "value": value}


@pytest.mark.parametrize(
    ("words", "rule", "unclear"),
    [
        (
            "customers who spent more than 100 in the last 90 days and haven't opened an e-mail for a month",
            {"all": [field("revenue_90d", "gt", 100), {"event": "email_open", "did": False, "within_days": 30}]},
            [],
        ),
        ("in Germany", field("country", "eq", "Germany"), []),
        ("spent over 50 and own a dog", field("monetary_value", "gt", 50), ["own a dog"]),
        ("people who like blue", None, ["like blue"]),
        ("hello", None, ["hello"]),
        (
            "in Germany in March 2026",
            {"all": [field("country", "eq", "Germany"), {"purchase": "orders", "operator": "ge", "value": 1, **MARCH}]},
            [],
        ),
        (
            "champions in Germany in March 2026",
            {"all": [field("rfm_segment", "eq", "Champions"), field("country", "eq", "Germany")]},
            ["2026-03-01 to 2026-03-31"],
        ),
        ("Kunden die mehr als 100 ausgegeben haben", None, ["Kunden die mehr als 100 ausgegeben haben"]),
    ],
)
def test_words_become_a_tree_and_the_rest_is_named(words: str, rule: dict[str, Any] | None, unclear: list[str]) -> None:
    found = described(words, DATA)
    assert found.rule == rule
    assert found.unclear == unclear
