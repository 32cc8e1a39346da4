"""Approved texts: which one a message is, and what fills its gaps."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.channels.wordings import Wording, wording_of

NEWS = Wording("news", "en", "Hello {{1}},\n\nsomething new: {{2}}\n\nAnswer STOP or open {{3}} to end these.")
VALUES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=8
)


def test_a_text_is_the_wording_that_it_reads_like() -> None:
    text = "Hello Ada Lovelace,\n\nsomething  new: mugs\n\nAnswer STOP or open https://a.example/u/1 to end these.\n"
    assert NEWS.values_in(text) == ["Ada Lovelace", "mugs", "https://a.example/u/1"]
    assert NEWS.gaps == ["1", "2", "3"]
    for other in ("Hello Ada", text.replace("Hello", "Hi"), text + "PS", text.replace("Ada Lovelace", ""), ""):
        assert NEWS.values_in(other) is None


def test_gaps_may_have_names_and_texts_none() -> None:
    assert Wording("n", "de", "Hallo {{first_name}}!").gaps == ["first_name"]
    assert Wording("n", "de", "Hallo {{first_name}}!").values_in("Hallo Käthe!") == ["Käthe"]
    assert Wording("n", "de", "Hallo!").values_in(" Hallo!\n") == []
    assert Wording("n", "de", "Hallo!").values_in("Hallo") is None
    assert Wording("n", "de", "{{1}}{{2}}").values_in("ab") == ["a", "b"]
    assert Wording("n", "de", "{{1}}{{2}}").values_in("a") is None


def test_of_several_the_one_that_says_most_itself_is_taken() -> None:
    loose, close = Wording("a", "en", "{{1}}"), Wording("b", "en", "Hello {{1}}")
    assert wording_of("Hello Ada", [loose, close]) == (close, ["Ada"])
    assert wording_of("Bye", [loose, close]) == (loose, ["Bye"])
    assert wording_of("Bye", [close]) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=5), st.lists(VALUES, min_size=6, max_size=6))
def test_what_is_found_reads_the_same_again(values: list[str], words: list[str]) -> None:
    pieces = [re.sub(r"[{}]", "", word) for word in words[: len(values) + 1]]
    gaps = [f"{{{{{number}}}}}" for number in range(1, len(values) + 1)]
    wording = Wording("w", "en", "".join(a + b for a, b in zip(pieces, [*gaps, ""], strict=True)))
    text = "".join(a + b for a, b in zip(pieces, [*values, ""], strict=True))
    found = wording.values_in(text)
    assert found is not None
    assert all(found)
    assert "".join(a + b for a, b in zip(pieces, [*found, ""], strict=True)) == text


def test_a_text_full_of_the_words_between_gaps_is_read_at_once() -> None:
    gaps = " ".join(f"{{{{{number}}}}} a" for number in range(1, 12))
    assert Wording("w", "en", f"{gaps} end").values_in("a " * 5_000 + "no") is None
