"""The confusion table: every declared phrasing is answered as its own request, by the reader as a whole.

A phrasing that is not answered must at least be taken for its own request, whose answer says what is missing; a near
miss must lead to no call at all. Those for which that is not so are in tests/unit/confused.py, each with a reason.
"""

from __future__ import annotations

from hashlib import sha256

import pytest

from agent.offline.meaning import NONE, examples_of
from language.requests import made
from language.slots import read_slots
from tests.unit.confused import CONFUSED
from tests.unit.offline_scene import READER, scene

ONE_IN = 25
EXCEPTIONS = {text: reason for reason, texts in CONFUSED.items() for text in texts}
REQUESTS = {request.name: request for request in READER.requests}


def _read_as(text: str, label: str) -> str:
    """The name of the request that a phrasing is read as, or the tools that were called in place of its own."""
    readings = READER.read_question(text, scene())
    called = [call for reading in readings for call in reading.calls]
    if label == NONE:
        return " + ".join(call.tool for call in called) or NONE
    if all(reading.small for reading in readings):
        return "small talk"
    slots = read_slots(text, scene())
    own = REQUESTS[label].calls(slots, scene())
    if called and not isinstance(own, str) and called == made(own):
        return label
    chosen = READER.choose(slots, scene().product_words)
    name = chosen.name if chosen else NONE
    return name if not called or name != label else " + ".join(call.tool for call in called)


@pytest.mark.parametrize("one_in", [ONE_IN, pytest.param(1, marks=pytest.mark.slow)])
def test_each_phrasing_is_read_as_its_own_request(one_in: int) -> None:
    tried = [(text, label) for text, label in examples_of(READER.requests) if _is_of_the_share(text, one_in)]
    assert len(tried) > 3_500 / one_in

    table = {text: (label, got) for text, label in tried if (got := _read_as(text, label)) != label}

    assert {text: pair for text, pair in table.items() if text not in EXCEPTIONS} == {}
    mended = [text for text in EXCEPTIONS if _is_of_the_share(text, one_in) and text not in table]
    assert mended == [], "read rightly now: take them off the list"


def test_every_exception_is_declared_once_and_has_a_reason() -> None:
    declared = {text for text, _ in examples_of(READER.requests)}
    texts = [text for listed in CONFUSED.values() for text in listed]

    assert [text for text in texts if text not in declared] == []
    assert len(texts) == len(set(texts))
    assert all(len(reason.split()) > 5 for reason in CONFUSED)


def test_what_is_said_to_be_refused_shows_no_figure() -> None:
    refused = [text for reason, texts in CONFUSED.items() if "refused" in reason for text in texts]
    assert len(refused) > 30

    answered = {
        text: calls for text in refused if (calls := [c for r in READER.read_question(text, scene()) for c in r.calls])
    }

    assert answered == {}


def _is_of_the_share(text: str, one_in: int) -> bool:
    return int(sha256(text.encode()).hexdigest(), 16) % one_in == 0
