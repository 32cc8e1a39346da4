"""Ten questions to small and odd shops: the offline agent answers each in sensible words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from agent.conversation import Conversation
from agent.memory import open_memory
from cli.engines import Engines
from database.engine import Database
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import make_organisation, person
from tests.integration.test_odd_data import SHOPS, load, score
from tests.samples import one_in
from tests.unit.fake_toolbox import offline_graph
from tools.catalogue import catalogue
from tools.experiments.response import learn_response
from tools.runtime import Runtime

QUESTIONS = [
    "give me an overview",
    "who is likely to leave in the next 60 days?",
    "what is our customer lifetime value?",
    "who will buy in the next 14 days?",
    "show me the segments",
    "tell me about customer c0",
    "what should I do for the high risk customers?",
    "which products come next for most customers?",
    "customers who spent over 50 and have been silent for 90 days",
    "which campaigns work?",
]
# What no answer may hold: figures that are none, and what a program says where words are missing.
NONSENSE = re.compile(
    r"\b(?:nan|NaN|inf|Infinity|None|null|Traceback|undefined)\b|\{\}|\de[+-]\d|-0\b(?!\.)|lift of none"
)
ODD = (
    "one customer",
    "five customers",
    "one-time buyers only",
    "an enormous wholesaler",
    "refunds larger than sales",
    "an order of the future",
)


@pytest.fixture
async def conversation(database: Database, engines: Engines) -> AsyncIterator[Conversation]:
    toolbox = InProcessToolbox(build_server(Runtime(catalogue(), database, lambda *_: uuid4())))
    async with open_memory(engines.app_url) as memory:
        yield Conversation(offline_graph(toolbox, memory))


async def answers_are_sensible(conversation: Conversation, org_id: UUID) -> None:
    for question in QUESTIONS:
        answer = await conversation.answer(question, person(org_id), str(uuid4()))
        said = (question, answer.text)
        assert answer.withheld == [], said
        assert len(answer.text.split()) > 6, said
        assert not NONSENSE.search(answer.text), said
        assert "outside of what I can answer" not in answer.text, said


@pytest.mark.parametrize("shop", one_in(4, ODD))
async def test_odd_shops_get_sensible_words(database: Database, conversation: Conversation, shop: str) -> None:
    org_id = make_organisation(database)
    load(database, person(org_id), SHOPS[shop]())
    score(database, person(org_id))
    await answers_are_sensible(conversation, org_id)


async def test_an_empty_shop_gets_sensible_words(database: Database, conversation: Conversation) -> None:
    await answers_are_sensible(conversation, make_organisation(database))


async def test_figures_are_still_told_where_predictions_are_not(database: Database, conversation: Conversation) -> None:
    org_id = make_organisation(database)
    load(database, person(org_id), SHOPS["one customer"]())
    score(database, person(org_id))
    learn_response(database, person(org_id), score(database, person(org_id)).as_of, lambda _share, _what: None)
    answer = await conversation.answer("how many customers do we have?", person(org_id), str(uuid4()))
    assert "**1 customers**" in answer.text or "**1 customer**" in answer.text
    value = await conversation.answer("what is our customer lifetime value?", person(org_id), str(uuid4()))
    assert "There is no such data" in value.text or "no prediction" in value.text
