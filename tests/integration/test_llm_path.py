"""The path of a language model over real HTTP: a scripted endpoint, the real catalogue, the published figures."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import SecretStr

from agent.conversation import Answer, Conversation
from agent.events import StepFinished, Token
from agent.graph import build_graph
from agent.models import chat_model
from core.errors import AskPerson, RetryLater
from core.settings import Settings
from database.engine import Database
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import person
from tests.integration.http_servers import serving
from tests.integration.scripted_endpoint import Endpoint
from tools.catalogue import catalogue
from tools.runtime import Runtime

KEY = "sk-very-secret-0123456789"
Replies = list[Any]
Opened = Callable[[Replies], Any]


def planned(*steps: tuple[str, str]) -> list[tuple[str, dict[str, Any]]]:
    listed = [{"id": f"s{n}", "agent": a, "task": t, "depends_on": []} for n, (a, t) in enumerate(steps, 1)]
    return [("make_plan", {"steps": listed})]


@pytest.fixture
def toolbox(database: Database) -> InProcessToolbox:
    return InProcessToolbox(build_server(Runtime(catalogue(), database, lambda *_: uuid4())))


@pytest.fixture
def opened(toolbox: InProcessToolbox) -> Callable[[Replies], Any]:
    @asynccontextmanager
    async def open_with(replies: Replies) -> AsyncIterator[tuple[Conversation, Endpoint]]:
        endpoint = Endpoint(replies)
        async with serving(endpoint.app()) as url:
            # Clients are kept by address, and a port comes back: an address of its own for every script.
            address = f"{url}/{uuid4().hex}/v1"
            settings = Settings(openai_base_url=address, openai_api_key=SecretStr(KEY), model="scripted-1")
            model = chat_model(settings, catalogue())
            assert isinstance(model, ChatOpenAI)
            try:
                yield Conversation(build_graph(model, toolbox, catalogue(), InMemorySaver())), endpoint
            finally:
                await model.root_async_client.close()

    return open_with


async def answered(opened: Opened, retail: UUID, question: str, replies: Replies) -> tuple[Answer, Endpoint]:
    async with opened(replies) as (conversation, endpoint):
        return await conversation.answer(question, person(retail), "t"), endpoint


NOVEMBER = {"metrics": ["revenue"], "start": "2011-11-01", "end": "2011-11-30"}
ABROAD = {
    "metrics": ["revenue"], "dimensions": ["country"], "limit": 5,
    "filters": [{"dimension": "country", "operator": "ne", "value": "United Kingdom"}],
}  # fmt: skip
SAME_QUESTIONS: list[tuple[str, str, str, dict[str, Any], str, str]] = [
    ("How many customers do we have?", "research", "query_metrics", {"metrics": ["customers"]},
     "**4,372** customers.", "4,372"),
    ("What was our revenue in November 2011?", "research", "query_metrics", NOVEMBER,
     "**£1,461,756.25** in November 2011.", "1,461,756.25"),
    ("Best countries outside the UK?", "research", "query_metrics", ABROAD,
     "Netherlands lead with **£284,661.54**.", "284,661.54"),
    ("The December 2010 cohort after one month?", "analytics", "cohort_retention",
     {"cohort": "2010-12", "months_after": 1}, "**362** of 948 came back.", "362"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "agent", "tool", "arguments", "reply", "figure"), SAME_QUESTIONS)
async def test_the_same_questions_by_a_model(
    opened: Opened,
    retail: UUID,
    question: str,
    agent: str,
    tool: str,
    arguments: dict[str, Any],
    reply: str,
    figure: str,
) -> None:
    replies = [planned((agent, question)), [(tool, arguments)], "Found.", reply]
    answer, endpoint = await answered(opened, retail, question, replies)
    assert figure in answer.text
    assert answer.withheld == []
    assert answer.evidence[0].tool == tool
    assert endpoint.replies == []
    offered = {t["function"]["name"]: t["function"]["parameters"] for t in endpoint.requests[1]["tools"]}
    Draft202012Validator.check_schema(offered[tool])
    Draft202012Validator(offered[tool]).validate(arguments)


async def test_no_operating_tool_is_ever_offered(opened: Opened, retail: UUID) -> None:
    steps = planned(*((a, "x") for a in ("research", "analytics", "content", "optimiser", "reporting")))
    _, endpoint = await answered(opened, retail, "everything", [steps, *["Nothing."] * 6])
    offered = {t["function"]["name"] for r in endpoint.requests for t in r.get("tools", [])}
    assert "propose_campaign" in offered
    assert not {name for name in offered if "approve" in name or "reject" in name or "send" in name}


async def test_a_wrong_tool_call_is_corrected(opened: Opened, retail: UUID) -> None:
    replies = [
        planned(("research", "revenue")),
        [("query_metrics", {"metrics": ["turnover"]})],
        [("query_metrics", {"metrics": ["revenue"], "starts": "2011-11-01"})],
        [("query_metrics", NOVEMBER)],
        "Found.",
        "**£1,461,756.25**.",
    ]
    answer, endpoint = await answered(opened, retail, "revenue in November 2011", replies)
    told = [m["content"] for m in endpoint.requests[-1 - 1]["messages"] if m["role"] == "tool"]
    assert any("turnover" in text and "revenue" in text for text in told)
    assert any("starts" in text for text in told)
    assert "1,461,756.25" in answer.text
    assert [line.arguments["start"] for line in answer.evidence] == ["2011-11-01"]


async def test_arguments_that_are_no_json_are_corrected(opened: Opened, retail: UUID) -> None:
    replies = [
        [("make_plan", '{"steps": [')],
        planned(("research", "revenue")),
        [("query_metrics", '{"metrics": ["revenue"')],
        [("query_metrics", NOVEMBER)],
        "Found.",
        "**£1,461,756.25**.",
    ]
    answer, endpoint = await answered(opened, retail, "revenue in November 2011", replies)
    for request in (endpoint.requests[1], endpoint.requests[3]):
        assert "not valid JSON" in request["messages"][-1]["content"]
    assert "1,461,756.25" in answer.text


async def test_a_429_is_retried_as_the_endpoint_asks(opened: Opened, retail: UUID) -> None:
    replies = [
        (429, {"retry-after-ms": "20"}),
        planned(("research", "revenue")),
        (503, {"retry-after-ms": "20"}),
        [("query_metrics", NOVEMBER)],
        "Found.",
        (429, {"retry-after-ms": "20"}),
        "**£1,461,756.25**.",
    ]
    answer, endpoint = await answered(opened, retail, "revenue in November 2011", replies)
    assert "1,461,756.25" in answer.text
    assert len(endpoint.requests) == 7


async def test_an_invented_figure_never_reaches_the_reader(opened: Opened, retail: UUID) -> None:
    replies = [
        planned(("research", "revenue")),
        [("query_metrics", NOVEMBER)],
        "Found.",
        "Revenue was **£1,461,756.25**. That is 52 % above October.",
        "October was not asked for.",
    ]
    async with opened(replies) as (conversation, endpoint):
        events = [e async for e in conversation.ask("revenue in November 2011", person(retail), "t")]
    tokens = [e.text for e in events if isinstance(e, Token)]
    assert "52" not in "".join(tokens)
    assert "October was not asked for." in "".join(tokens)
    assert "52 %" in endpoint.requests[-1]["messages"][-1]["content"]


async def test_the_answer_is_streamed_in_pieces(opened: Opened, retail: UUID) -> None:
    text = "Revenue was **£1,461,756.25**. It is net of refunds. It covers November 2011."
    replies = [planned(("research", "x")), [("query_metrics", NOVEMBER)], "Found.", text]
    async with opened(replies) as (conversation, endpoint):
        events = [e async for e in conversation.ask("revenue in November 2011", person(retail), "t")]
    tokens = [e.text for e in events if isinstance(e, Token)]
    assert len(tokens) >= 4
    assert "".join(tokens).startswith(text)
    assert endpoint.requests[-1]["stream"] is True
    assert any(isinstance(e, StepFinished) and e.took_ms > 0 for e in events)


async def test_a_follow_up_carries_the_turn_before(opened: Opened, retail: UUID) -> None:
    replies = [
        planned(("research", "x")), [("query_metrics", NOVEMBER)], "Found.", "**£1,461,756.25**.",
        "Anything else?",
    ]  # fmt: skip
    async with opened(replies) as (conversation, endpoint):
        await conversation.answer("revenue in November 2011", person(retail), "t")
        await conversation.answer("thanks", person(retail), "t")
    roles = [m["role"] for m in endpoint.requests[-1]["messages"]]
    assert roles == ["system", "assistant", "tool", "user", "assistant", "tool", "assistant", "user"]
    tool = json.loads(endpoint.requests[-1]["messages"][5]["content"])
    assert tool["rows"] == [[1461756.25]]


async def test_a_key_that_is_refused_asks_for_a_person_and_is_never_told(
    opened: Opened, retail: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AskPerson) as caught:
        await answered(opened, retail, "x", [(401, {})])
    assert KEY not in caught.value.message
    assert KEY not in caplog.text


async def test_an_endpoint_that_is_away_says_to_try_later(toolbox: InProcessToolbox, retail: UUID) -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1", openai_api_key=SecretStr(KEY))
    model = chat_model(settings, catalogue()).model_copy(update={"max_retries": 0})
    with pytest.raises(RetryLater):
        await Conversation(build_graph(model, toolbox, catalogue())).answer("x", person(retail), "t")


async def test_the_key_goes_to_the_endpoint_and_nowhere_else(opened: Opened, retail: UUID) -> None:
    _, endpoint = await answered(opened, retail, "hello", ["Hello."])
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(endpoint.requests)
