"""Conditions on customers in everyday words are put in plain ones by their kind, or left as they were said."""

from __future__ import annotations

import pytest

from agent.offline.conditions import in_plain_words
from tests.unit.offline_scene import scene


@pytest.mark.parametrize(
    ("said", "plainly"),
    [
        ("nothing for 8 months", "with no order for 8 months"),
        ("zero orders", "who never ordered"),
        ("hasn't bought for a whole year", "with no order for a year"),
        ("three orders upward", "with at least 3 orders"),
        ("signed up for the newsletter", "with email consent"),
        ("lifetime spend above 400", "who spent more than 400"),
        ("last one over 120 days back", "whose last order was over 120 days ago"),
        ("opened none", "who did not open an email"),
        ("first order in 2023", "who first bought in 2023"),
    ],
)
def test_a_condition_is_put_in_plain_words(said: str, plainly: str) -> None:
    assert in_plain_words(said, scene()) == plainly


@pytest.mark.parametrize(
    "said",
    [
        "whose favourite item we discontinued",
        "women over forty",
        "returned within 30 days",  # of their first order, or of today
        "opened the Mother's Day mail",
        "who bought on the very first day",
        "paid by invoice",
        "bought it at the lower price",
    ],
)
def test_what_its_kind_does_not_hold_is_left_as_it_was_said(said: str) -> None:
    assert in_plain_words(said, scene()) is None
