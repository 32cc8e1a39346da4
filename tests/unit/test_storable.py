"""What can be kept and what cannot, in trees of JSON as doors take them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FixArguments, NotFound
from core.storable import LONGEST_TEXT, cleaned, storable, unfit

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)  # halves of characters included
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "place", "why"),
    [
        ({"name": "a\0b"}, ("name",), "zero byte"),
        ({"rule": {"all": [{"value": "x\ud800"}]}}, ("rule", "all", "0", "value"), "half of a character"),
        ({"a\0": 1}, (), "zero byte"),
        ({"offset": 2**63}, ("offset",), "64 bits"),
        ({"offset": [-(2**63) - 1]}, ("offset", "0"), "64 bits"),
        ({"share": float("inf")}, ("share",), "finite"),
        ({"share": float("nan")}, ("share",), "finite"),
        ({"name": "x" * (LONGEST_TEXT + 1)}, ("name",), "characters"),
    ],
)
def test_what_cannot_be_kept_is_found_where_it_stands(value: object, place: tuple[str, ...], why: str) -> None:
    found = unfit(value)
    assert found is not None
    assert found.place == place
    assert why in found.why


def test_a_deep_nest_is_told_before_it_is_walked() -> None:
    tree: object = 1
    for _ in range(100_000):
        tree = [tree]
    found = unfit(tree)
    assert found is not None
    assert "deep" in found.why


@pytest.mark.parametrize(
    "value", ["", "Zoë 🎁 \x01\x7f\n", 2**63 - 1, -(2**63), True, None, 1e308, [], {}, {"a": ["b"]}]
)
def test_all_else_can_be_kept(value: object) -> None:
    assert unfit(value) is None


@given(TREES)
def test_cleaned_texts_can_be_kept(tree: object) -> None:
    json.dumps(cleaned(tree), ensure_ascii=False).encode()
    found = unfit(cleaned(tree))
    assert found is None or "64 bits" in found.why or "finite" in found.why


@given(ANY_TEXT)
def test_every_error_can_leave_as_json(text: str) -> None:
    assert storable(text) == storable(storable(text))
    for error in (FixArguments(text, field=text, valid=[text]), NotFound(text, field=text)):
        json.dumps([error.message, error.details()], ensure_ascii=False).encode()
