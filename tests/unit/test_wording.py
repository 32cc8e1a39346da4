"""What the screen says: our words over chainlit's, and headings in place of names of fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chat.wording import OURS, reworded
from tests.screen import load_chainlit
from tools.audience.fields import rule_fields, title_of

load_chainlit()


def test_our_words_replace_theirs_and_nothing_else() -> None:
    theirs = {"chat": {"input": {"placeholder": "x", "actions": {"send": "Send"}}}, "other": "kept"}
    both = reworded(theirs, {"chat": {"input": {"placeholder": "ours"}}})
    assert both == {"chat": {"input": {"placeholder": "ours", "actions": {"send": "Send"}}}, "other": "kept"}


def test_every_phrase_of_ours_is_one_the_screen_has() -> None:
    import chainlit

    shipped = json.loads((Path(chainlit.__file__).parent / "translations" / "en-US.json").read_text())
    assert _paths(OURS) <= _paths(shipped)


def _paths(words: Mapping[str, Any], above: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in words.items():
        found |= _paths(value, f"{above}{name}.") if isinstance(value, Mapping) else {above + name}
    return found


def test_headings_are_words_and_tell_fields_apart() -> None:
    titles = [title_of(name) for name in rule_fields()]
    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if "_" in title or title.lower().endswith(("12m", "90d"))]
