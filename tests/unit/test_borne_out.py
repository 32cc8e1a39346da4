"""What the roles of a message surely hold is in the calls that answer it, or is named; two readers have to agree."""

from __future__ import annotations

from typing import Any

import pytest

from agent.offline.borne_out import passed_over
from analytics.text.roles import Role, Sentence, words_of
from language.scene import Call
from tests.unit.offline_scene import scene


def _sentence(message: str, *marked: tuple[str, str, str], sure: float = 0.95) -> Sentence:
    """`message` with the parts that are `marked`: (words, role, name)."""
    spans = [(message.index(words), message.index(words) + len(words), role, name) for words, role, name in marked]
    roles, at = [], 0
    for word in words_of(message):
        start = message.index(word, at)
        at = start + len(word)
        role, name = next(((r, n) for a, b, r, n in spans if a <= start < b), ("O", ""))
        roles.append(Role(word, start, at, role, 0.0 if role != "O" else sure, name, sure, common=True))
    return Sentence(roles, "metrics", 0.95)


ORDERS = ("orders", "m", "orders")


@pytest.mark.parametrize(
    ("message", "marked", "arguments", "left"),
    [
        ("orders by hour, regattas out", ("regattas out", "x", ""), {"dimensions": ["hour"]}, ["regattas out"]),
        ("orders by hour, no weekends", ("no weekends", "x", ""), {"filters": [{"operator": "ne"}]}, []),
        ("orders by pigeon post", ("by pigeon post", "q", ""), {}, ["by pigeon post"]),
        ("orders from the app", ("from the app", "v", "channel"), {}, ["from the app"]),
        ("orders from the app", ("from the app", "v", "channel"), {"filters": [{"value": "App"}]}, []),
        ("orders of those who sail", ("who sail", "w", ""), {}, ["who sail"]),
        ("orders in regatta week", ("in regatta week", "t", ""), {}, ["in regatta week"]),
        ("orders in spring", ("in spring", "t", ""), {"start": "2011-03-01", "end": "2011-05-31"}, []),
        ("orders by homeland", ("by homeland", "d", "country"), {}, ["by homeland"]),
    ],
)
def test_a_part_that_no_call_has_is_named(
    message: str, marked: tuple[str, str, str], arguments: dict[str, Any], left: list[str]
) -> None:
    call = Call("query_metrics", {"metrics": ["orders"], **arguments})
    sentence = _sentence(message, ORDERS, marked)
    assert passed_over(message, [call], lambda _: sentence, scene()) == left


def test_a_part_that_is_not_sure_and_tools_of_other_kinds_are_left_alone() -> None:
    said = "orders with pigeon post"
    unsure = _sentence(said, ORDERS, ("with pigeon post", "q", ""), sure=0.5)
    assert passed_over(said, [Call("query_metrics", {"metrics": ["orders"]})], lambda _: unsure, scene()) == []
    sure = _sentence(said, ORDERS, ("with pigeon post", "q", ""))
    assert passed_over(said, [Call("describe_data", {})], lambda _: sure, scene()) == []
