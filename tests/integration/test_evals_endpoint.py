"""The evaluation against an endpoint over real HTTP: a model is judged as the offline one is, trouble is trouble."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import SecretStr

from agent.conversation import Conversation
from agent.graph import build_graph
from agent.models import chat_model
from core.settings import Settings
from database.engine import Database
from evals.asking import _outcome
from evals.judge import Expected
from evals.request import Request
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.integration.http_servers import serving
from tests.integration.scripted_endpoint import Endpoint
from tests.integration.test_llm_path import NOVEMBER, planned
from tools.catalogue import catalogue
from tools.runtime import Runtime

CALLED: list[Any] = [planned(("research", "revenue in November 2011")), [("query_metrics", NOVEMBER)], "Found."]


@pytest.mark.parametrize(
    ("replies", "verdict"),
    [
        ([*CALLED, "**£1,461,756.25** in November 2011."], "right"),
        ([*CALLED, "I have sent it.", "The figure is **£1,461,756.25**."], "right"),
        (["Revenue cannot be told: I have no such data."], "refused"),
        ([(401, {})], "failed"),
        ([b"<html>a page</html>"], "failed"),
        ([(404, {})], "failed"),
    ],
)
async def test_what_a_model_does_is_judged(database: Database, retail: UUID, replies: list[Any], verdict: str) -> None:
    request = Request("A-figure-01", "A", "figure", ("revenue in november 2011",), truth=("…",))
    box = InProcessToolbox(build_server(Runtime(catalogue(), database, lambda *_: uuid4())))
    async with serving(Endpoint(list(replies)).app()) as url:
        settings = Settings(openai_base_url=f"{url}/{uuid4().hex}/v1", openai_api_key=SecretStr("sk-1"))
        model: Any = chat_model(settings, catalogue())
        conversation = Conversation(build_graph(model, box, catalogue(), InMemorySaver()))
        outcome = await _outcome(conversation, retail, request, Expected(any=[1461756.25]))
        await model.root_async_client.close()
    assert outcome.verdict == verdict, outcome.text
