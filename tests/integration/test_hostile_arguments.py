"""Arguments that no database can hold, in every place of every tool: a typed refusal, never a defect."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from agent.conversation import Conversation
from core.errors import AimaError, FixArguments
from core.storable import LONGEST_TEXT
from database.engine import Database
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.campaign_scene import CATALOGUE, context
from tests.conftest import make_organisation, person
from tests.integration.test_odd_data import SHOPS, load, score
from tests.unit.fake_toolbox import offline_graph
from tools.catalogue import catalogue
from tools.declaration import Effect
from tools.runtime import Runtime

UNFIT: dict[str, Any] = {
    "zero byte": "a\0b",
    "half of a character": "Ann\udc00",
    "over 64 bits": 2**64,
    "far over 64 bits": -(10**40),
    "no number": float("nan"),
    "endless": float("inf"),
    "a text without end": "x" * (LONGEST_TEXT + 1),
    "deep inside": {"all": [{"any": [{"not": {"field": "city", "operator": "eq", "value": "U\0lm"}}]}]},
    "as a name": {"ci\0ty": "Ulm"},
    "in a list": ["Ann", "\ud83d"],
}
# What can be kept, and still is nothing anybody means.
ODD: tuple[Any, ...] = (
    "", " ", "'", '"; drop table customers; --', "%", "\\", "\x01\x1b[31m", "a" * 5_000, "🎁" * 400, "‮abc", "../../etc",
    "{first_name}", "[x](http://evil.example)", "null", "-1", "0", "9999-12-31", "0001-01-01", "2024-02-30",
    "9999-12-31T23:59:59+14:00", str(uuid4()), -1, 0, 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 1e308, -0.0,
    1e-320, True, None, [], {}, [[]], [None], {"field": "city"}, ["a"] * 300,
)  # fmt: skip


def places(arguments: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a tree of arguments."""
    if place:
        yield place
    entries = (
        arguments.items()
        if isinstance(arguments, dict)
        else enumerate(arguments)
        if isinstance(arguments, list)
        else ()
    )
    for key, inner in entries:
        yield from places(inner, (*place, key))


def put(arguments: Any, place: tuple[Any, ...], value: Any) -> Any:
    """The tree with `value` at that place."""
    if not place:
        return value
    copy: Any = dict(arguments) if isinstance(arguments, dict) else list(arguments)
    copy[place[0]] = put(copy[place[0]] if isinstance(copy, list) else copy.get(place[0]), place[1:], value)
    return copy


def calls(name: str) -> Iterator[tuple[dict[str, Any], tuple[Any, ...]]]:
    """Arguments of a tool, and a place in them: all places of its examples, and all of its fields."""
    tool = CATALOGUE.get(name)
    examples = [dict(example) for example in tool.examples] or [{}]
    for example in examples:
        for place in places(example):
            yield example, place
    for field in tool.arguments.model_fields:
        yield examples[0], (field,)


@pytest.mark.parametrize("name", CATALOGUE.tools)
def test_what_no_database_holds_is_refused_in_every_place_of_every_tool(database: Database, name: str) -> None:
    here = context(database, person(uuid4()))
    for arguments, place in calls(name):
        for kind, value in UNFIT.items():
            with pytest.raises(FixArguments) as error:
                CATALOGUE.call(name, put(arguments, place, value), here)
            assert error.value.message.startswith("Invalid arguments."), (kind, place)
            error.value.message.encode()


@pytest.fixture(scope="module")
def shop(database: Database) -> Any:
    """A small shop with everything computed."""
    org_id = make_organisation(database)
    load(database, person(org_id), SHOPS["five customers"]())
    score(database, person(org_id))
    return person(org_id)


def odd_calls(draw: random.Random, count: int) -> list[tuple[str, dict[str, Any]]]:
    harmless = [name for name, tool in CATALOGUE.tools.items() if tool.effect is not Effect.OPERATE]
    made = []
    for _ in range(count):
        name = draw.choice(harmless)
        all_places = list(calls(name))
        if not all_places:
            continue
        arguments, place = draw.choice(all_places)
        made.append((name, put(arguments, place, draw.choice(ODD))))
    return made


def call_all(database: Database, identity: Any, made: list[tuple[str, dict[str, Any]]]) -> None:
    here, defects = context(database, identity), []
    for name, arguments in made:
        try:
            CATALOGUE.call(name, arguments, here).model_dump_json().encode()
        except AimaError as error:
            error.message.encode()
        except Exception as error:  # noqa: BLE001 - defects are what is looked for
            defects.append((name, arguments, type(error).__name__, str(error)[:200]))
    assert defects == []


def test_odd_arguments_are_answered_or_refused(database: Database, shop: Any) -> None:
    call_all(database, shop, odd_calls(random.Random(7), 300))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_thousands_of_odd_arguments_are_answered_or_refused(database: Database, shop: Any, seed: int) -> None:
    call_all(database, shop, odd_calls(random.Random(f"odd {seed}"), 2_000))


@pytest.mark.parametrize("question", ["who is \0 leaving?", "revenue \ud800 by month", "\0", "\udfff"])
async def test_a_question_that_no_text_is_gets_a_word(database: Database, question: str) -> None:
    toolbox = InProcessToolbox(build_server(Runtime(catalogue(), database, lambda *_: uuid4())))
    with pytest.raises(FixArguments, match=r"zero byte|half of a character"):
        await Conversation(offline_graph(toolbox, None)).answer(question, person(make_organisation(database)), "t")
