"""Model servers of this machine, over real HTTP: found where they are, passed over elsewhere, used when chosen."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from agent.conversation import Conversation
from agent.graph import build_graph
from agent.models import chat_model
from cli import main as command_line
from cli.doctor import checks
from connectors.model_servers import find_servers
from core.endpoints import LOCAL_SERVERS, LocalServer, local_model
from core.settings import Settings
from database.engine import Database
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import person
from tests.integration.http_servers import serving
from tests.integration.scripted_endpoint import Endpoint
from tests.integration.test_llm_path import NOVEMBER, planned
from tests.screen import load_chainlit
from tools.catalogue import catalogue
from tools.runtime import Runtime

Monkey = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def nothing_listens(monkeypatch: Monkey) -> Iterator[None]:
    """Whatever runs on the machine of the tests: the usual ports are ports where nobody is."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "AIMA_MODEL"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as bound:  # bound but not listening: connections are refused
        bound.bind(("127.0.0.1", 0))
        for server in list(LOCAL_SERVERS.values()):
            at(monkeypatch, server.name, bound.getsockname()[1])
        yield


def at(monkeypatch: Monkey, name: str, port: int) -> None:
    known = LOCAL_SERVERS[name]
    monkeypatch.setitem(LOCAL_SERVERS, name, LocalServer(name, known.title, port))


@asynccontextmanager
async def answering(monkeypatch: Monkey, name: str, app: Any) -> AsyncIterator[None]:
    async with serving(app) as url:
        at(monkeypatch, name, int(url.rpartition(":")[2]))
        yield


def says(body: Any, status: int = 200) -> Starlette:
    async def answer(_request: Request) -> Response:
        return body if isinstance(body, Response) else JSONResponse(body, status)

    return Starlette(routes=[Route("/v1/models", answer)])


async def found() -> dict[str, tuple[str, ...]]:
    return {f.server.name: f.models for f in await asyncio.to_thread(find_servers)}


async def test_servers_are_found_with_the_models_that_chat(monkeypatch: Monkey) -> None:
    ollama = Endpoint([], models=("qwen3:8b", "nomic-embed-text:latest", "llama3.1:latest"))
    studio = Endpoint([], models=("google/gemma-3-4b", "text-embedding-x", "bad name; rm -rf", "x" * 200))
    async with answering(monkeypatch, "ollama", ollama.app()), answering(monkeypatch, "lmstudio", studio.app()):
        assert await found() == {"ollama": ("qwen3:8b", "llama3.1:latest"), "lmstudio": ("google/gemma-3-4b",)}


NO_SERVER: list[Any] = [
    Response("<html>AIMA</html>", media_type="text/html"), {"models": []}, [], 7, {"object": "list", "data": 3},
    {"object": "list", "data": None}, {"object": "list", "data": [{"id": 3}, "x"]}, Response(b"\xff\xfe{"),
    RedirectResponse("http://127.0.0.1:1/v1/models"), {"object": "list", "data": [{"id": "m" * 2_000_000}]},
]  # fmt: skip


@pytest.mark.parametrize("body", NO_SERVER, ids=range(len(NO_SERVER)))
async def test_what_is_no_model_server_is_passed_over(monkeypatch: Monkey, body: Any) -> None:
    async with answering(monkeypatch, "vllm", says(body)):
        assert await found() == {}
    async with answering(monkeypatch, "vllm", says({"object": "list", "data": [{"id": "m"}]}, 401)):
        assert await found() == {}


async def test_a_port_that_says_nothing_costs_a_second_and_no_proxy_is_asked(monkeypatch: Monkey) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        at(monkeypatch, "llamacpp", silent.getsockname()[1])
        async with answering(monkeypatch, "ollama", Endpoint([]).app()):
            async with asyncio.timeout(10):
                assert await found() == {"ollama": ("scripted-1",)}


async def test_they_are_offered_and_nothing_is_chosen(monkeypatch: Monkey, short_home: Path) -> None:
    load_chainlit()
    from chat.account import offered_models

    settings = Settings(home=short_home, port=0)
    async with answering(monkeypatch, "ollama", Endpoint([], models=("qwen3:8b",)).app()):
        words = (await asyncio.to_thread(lambda: {f.subject: f for f in checks(settings)}))["language model"]
        page = await asyncio.to_thread(offered_models, settings)
    assert (words.grade, words.words) == (
        "ok",
        "offline model (on this machine there is ollama:qwen3:8b; `aima model use ollama:qwen3:8b` for another)",
    )
    assert page == ["ollama:qwen3:8b"]
    assert await asyncio.to_thread(offered_models, settings) == []
    assert not Settings(home=short_home).uses_llm


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        command_line.main(["model", *arguments])
    return int(ended.value.code or 0)


async def test_one_command_chooses_one(monkeypatch: Monkey, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with answering(monkeypatch, "ollama", Endpoint([], models=("qwen3:8b", "llama3.1:latest")).app()):
        for wrong in ("ollama:qwen3:70b", "ollama", "gpt-4o", "lmstudio:x"):
            assert await asyncio.to_thread(run, "use", wrong, "--home", str(home)) == 2
        assert "ollama:qwen3:8b" in capsys.readouterr().err
        assert not (home / "settings.env").exists()
        assert await asyncio.to_thread(run, "use", "ollama:llama3.1", "--home", str(home)) == 0
        assert await asyncio.to_thread(run, "list", "--home", str(home)) == 0
        chosen = {f.subject: f for f in await asyncio.to_thread(lambda: list(checks(Settings(home=home, port=0))))}
    assert "In use: ollama:llama3.1:latest" in capsys.readouterr().out
    assert chosen["language model"].words == "llama3.1:latest of Ollama on this machine"
    gone = {f.subject: f for f in await asyncio.to_thread(lambda: list(checks(Settings(home=home, port=0))))}
    assert gone["language model"].grade == "fail"
    assert stat.S_IMODE((home / "settings.env").stat().st_mode) == 0o600
    assert local_model(Settings(home=home).model) is not None
    monkeypatch.setenv("AIMA_MODEL", "offline")
    assert not Settings(home=home).uses_llm, "the environment wins over what is kept"
    monkeypatch.delenv("AIMA_MODEL")
    monkeypatch.setenv("AIMA_HOME", str(home))
    assert Settings().model == "ollama:llama3.1:latest"
    assert await asyncio.to_thread(run, "use", "offline", "--home", str(home)) == 0
    assert not Settings(home=home, openai_api_key=SecretStr("sk-1")).uses_llm


async def test_a_chosen_model_answers_with_few_tools_and_gets_no_key_of_others(
    monkeypatch: Monkey, database: Database, retail: UUID
) -> None:
    box = InProcessToolbox(build_server(Runtime(catalogue(), database, lambda *_: uuid4())))
    replies = [planned(("research", "Revenue in November 2011.")), "", [("query_metrics", NOVEMBER)], "", ""]
    endpoint = Endpoint(replies, models=("qwen3:8b",))
    async with answering(monkeypatch, "ollama", endpoint.app()):
        settings = Settings(
            model="ollama:qwen3:8b", openai_api_key=SecretStr("sk-secret"), openai_base_url="http://127.0.0.1:9/v1"
        )
        model: Any = chat_model(settings, catalogue())
        conversation = Conversation(build_graph(model, box, catalogue()))
        answer = await conversation.answer("What was our revenue in November 2011?", person(retail), "t")
        await model.root_async_client.close()
    assert "1,461,756.25" in answer.text
    assert endpoint.replies == []
    assert "sk-secret" not in json.dumps([endpoint.headers, endpoint.requests])
    assert {request["model"] for request in endpoint.requests} == {"qwen3:8b"}
    offered = {t["function"]["name"]: t["function"]["parameters"] for t in endpoint.requests[1]["tools"]}
    assert "query_metrics" in offered
    assert len(offered) == 8
    properties = offered["query_metrics"]["properties"]
    assert "revenue" in properties["metrics"]["items"]["enum"]
    assert "country" in properties["dimensions"]["items"]["enum"]
    assert "country" in properties["filters"]["items"]["properties"]["dimension"]["enum"]
    assert "enum" not in properties["having"]["items"]["properties"]["metric"]
