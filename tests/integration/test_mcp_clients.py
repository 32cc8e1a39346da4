"""MCP clients as they really are: they cancel, send what nobody expects, pay for every word of a list."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import anyio
import jsonschema
import pytest
from fastmcp import Client, FastMCP
from fastmcp.exceptions import ToolError
from mcp import McpError
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCMessage
from pydantic import BaseModel

from core.errors import FixArguments
from database.engine import Database
from mcp_server.http import http_app
from mcp_server.schemas import compact_schema
from mcp_server.server import build_server
from tests.conftest import person
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.raw_clients import OPENED, OPENING, PATIENCE, call, cancelling, over_http, over_stdio, request
from tests.integration.test_mcp import Shop, make_shop, stdio_command
from tools.audience.rule import Rule
from tools.catalogue import catalogue
from tools.declaration import Effect
from tools.journeys.definition import Journey
from tools.runtime import Runtime

MOST = 1_080  # characters of a tool in the list of all of them, on average; toolsets shorten the list
TOOLS = {name: tool for name, tool in catalogue().tools.items() if tool.effect is not Effect.OPERATE}
DELAYS = (0, 0.001, 0.02, 0.05, 0.1, 0.15, 0.19, 0.2, 0.21, 0.25, 0.4)  # around a call of 0.2 seconds


@pytest.fixture(scope="module")
def shop(database: Database) -> Shop:
    return make_shop(database, ["Ada", "Bea"])


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return Runtime(catalogue(), database, counting_runtime(database).enqueue)


@pytest.fixture
async def address(database: Database) -> AsyncIterator[str]:
    async with serving(http_app(counting_runtime(database))) as base:
        yield f"{base}/mcp"


def is_settled(answer: dict[str, Any]) -> bool:
    """True for a result, and for the word that the request was cancelled."""
    return "result" in answer or answer["error"]["message"] == "Request cancelled"


@pytest.mark.parametrize("fails", [False, True])
async def test_a_cancelled_call_ends_and_the_next_is_answered_over_stdio(
    database: Database, shop: Shop, fails: bool
) -> None:
    async with over_stdio(*stdio_command(database, shop.keys["read"])) as client:
        for number, delay in enumerate(DELAYS):
            slow, next_one = 10 + 2 * number, 11 + 2 * number
            await client.send(call(slow, "wait", seconds=0.2, fails=fails))
            await asyncio.sleep(delay)
            await client.send(cancelling(slow), call(next_one, "count_customers"))
            answer = await client.answer(next_one)
            assert answer["result"]["structuredContent"]["names"] == shop.names, f"after {delay} s"
            assert is_settled(await client.answer(slow))
        assert (await client.answer(10))["error"]["message"] == "Request cancelled"


class Wire:
    """A session with a server in this process, which waits with each message until it is read."""

    def __init__(self, server: FastMCP[None]) -> None:
        self._server = server._mcp_server
        self.to_server, self._incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        self._outgoing, self.from_server = anyio.create_memory_object_stream[SessionMessage](0)

    async def serve(self) -> None:
        await self._server.run(self._incoming, self._outgoing, self._server.create_initialization_options())

    async def send(self, message: dict[str, Any]) -> None:
        """One message; what comes of it has come when this ends."""
        with anyio.fail_after(PATIENCE):
            await self.to_server.send(SessionMessage(JSONRPCMessage.model_validate(message)))
        await anyio.wait_all_tasks_blocked()

    async def read(self) -> dict[str, Any]:
        with anyio.fail_after(PATIENCE):
            message = (await self.from_server.receive()).message
        return message.model_dump(mode="json", by_alias=True, exclude_none=True)

    async def close(self) -> None:
        await self.to_server.aclose()
        await self.from_server.aclose()


async def test_a_cancellation_that_meets_the_answer_changes_nothing(runtime: Runtime) -> None:
    """It comes while the answer waits to be written, as it may on a busy machine."""
    wire = Wire(build_server(runtime))
    async with anyio.create_task_group() as group:
        group.start_soon(wire.serve)
        await wire.send(OPENING)
        assert (await wire.read())["id"] == 0
        await wire.send(OPENED)
        await wire.send(request(5, "ping"))
        await wire.send(cancelling(5))
        assert await wire.read() == {"jsonrpc": "2.0", "id": 5, "result": {}}
        await wire.send(request(6, "ping"))
        assert (await wire.read())["id"] == 6
        await wire.close()


async def test_an_answer_that_comes_after_the_cancellation_is_dropped(runtime: Runtime) -> None:
    """A tool that does not notice that it was cancelled."""
    server, done = build_server(runtime), anyio.Event()

    @server.tool
    async def stubborn() -> str:
        with anyio.CancelScope(shield=True):
            await done.wait()
        return "done"

    wire = Wire(server)
    async with anyio.create_task_group() as group:
        group.start_soon(wire.serve)
        await wire.send(OPENING)
        assert (await wire.read())["id"] == 0
        await wire.send(OPENED)
        await wire.send(request(5, "tools/call", name="stubborn", arguments={}))
        await wire.send(cancelling(5))
        assert (await wire.read())["error"]["message"] == "Request cancelled"
        done.set()
        await wire.send(request(6, "ping"))
        assert (await wire.read()) == {"jsonrpc": "2.0", "id": 6, "result": {}}
        await wire.close()


async def test_many_calls_cancelled_at_once_and_readings_too(database: Database, shop: Shop) -> None:
    async with over_stdio(*stdio_command(database, shop.keys["read"])) as client:
        await client.send(*(call(n, "wait", seconds=0.05 * n) for n in range(1, 9)))
        await client.send(*(request(n, "resources/read", uri="aima://waiting/0.2") for n in range(11, 14)))
        await asyncio.sleep(0.1)
        await client.send(*(cancelling(n) for n in (*range(1, 14, 2), 99)), call(20, "count_customers"))
        assert (await client.answer(20))["result"]["structuredContent"]["customers"] == 2
        for number in (*range(1, 9), *range(11, 14)):
            assert is_settled(await client.answer(number))
        assert "result" in await client.answer(8)
        assert "result" in await client.answer(12)
        assert client.process.returncode is None


async def test_a_cancelled_call_ends_and_the_next_is_answered_over_http(address: str, shop: Shop) -> None:
    async with over_http(address, shop.keys["read"]) as client:
        for number, delay in enumerate(DELAYS):
            slow, next_one = 10 + 2 * number, 11 + 2 * number
            waiting = asyncio.create_task(client.answer(call(slow, "wait", seconds=0.2)))
            await asyncio.sleep(delay)
            await client.send(cancelling(slow))
            answer = await client.answer(call(next_one, "count_customers"))
            assert answer["result"]["structuredContent"]["names"] == shop.names, f"after {delay} s"
            assert is_settled(await waiting)


async def test_what_is_no_message_does_not_end_a_session(database: Database, shop: Shop) -> None:
    async with over_stdio(*stdio_command(database, shop.keys["read"])) as client:
        await client.send(b"\xff\xfe{}\n", b"{broken\n", b"\n", [request(5, "ping")], request(6, "no/such/method"))
        await client.send(request(7, "ping"))
        assert (await client.answer(7))["result"] == {}
        assert "error" in await client.answer(6)


async def test_a_refusal_names_the_field_and_sloppy_arguments_are_read(address: str, shop: Shop) -> None:
    async with Client(address, auth=shop.keys["read"]) as client:
        result = await client.call_tool("count_customers", {"country": ""})
        assert (result.structured_content or {})["customers"] == 2
        with pytest.raises(ToolError) as refused:
            await client.call_tool("wait", {"seconds": "long"})
    message, form = str(refused.value).split("\n")
    assert "seconds takes a number (given: 'long')" in message
    assert json.loads(form) == {"code": "fix_arguments", "field": "seconds", "valid": []}


async def test_the_list_of_tools_is_small(runtime: Runtime) -> None:
    async with Client(build_server(runtime)) as client:
        listed = await client.list_tools_mcp()
    assert len(listed.tools) == len(TOOLS)
    assert len(json.dumps(listed.model_dump(mode="json", by_alias=True, exclude_none=True))) <= MOST * len(TOOLS)


@pytest.mark.parametrize("name", TOOLS)
def test_a_compact_schema_takes_the_examples_and_loses_no_key(name: str) -> None:
    arguments = TOOLS[name].arguments
    schema = compact_schema(arguments)
    jsonschema.Draft202012Validator.check_schema(schema)
    for example in TOOLS[name].examples:
        jsonschema.validate(dict(example), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**TOOLS[name].examples[0], "no_such_argument": 1}, schema)
    assert "$ref" not in json.dumps(schema)
    assert schema["type"] == "object"
    assert set(_described(arguments)) <= set(_described(schema))


def _described(part: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each argument with its description: of a model, or of a schema; of rules the language alone."""
    if isinstance(part, type) and issubclass(part, BaseModel) and part not in (Rule, Journey):
        for name, field in part.model_fields.items():
            yield f"{path}/{name}", field.description or ""
            yield from _described(field.annotation, f"{path}/{name}")
    elif isinstance(part, dict):
        for name, inner in part.get("properties", {}).items():
            yield f"{path}/{name}", inner.get("description", "").partition("\n")[0]
            yield from _described(inner, f"{path}/{name}")
        for inner in (*part.get("anyOf", ()), *([part["items"]] if "items" in part else ())):
            yield from _described(inner, path)
    for inner in getattr(part, "__args__", ()):
        yield from _described(inner, path)


def test_tools_with_a_rule_tell_its_language() -> None:
    said = compact_schema(TOOLS["count_segment"].arguments)["properties"]["rule"]
    assert said["type"] == "object"
    for words in ('{"all": [rules]}', '"within_days": 30', "top_share"):
        assert words in said["description"]


def test_a_journey_is_told_in_words_with_every_kind_of_node() -> None:
    said = compact_schema(TOOLS["draft_journey"].arguments)["properties"]["definition"]
    assert said["type"] == "object"
    for words in ("wait_until", "wait_for", "branch", "split", "webhook", "holdout_percent", '"otherwise"'):
        assert words in said["description"]


def names(tools: Any) -> set[str]:
    return {tool.name for tool in tools}


def of(*subjects: str) -> set[str]:
    return {name for name, tool in TOOLS.items() if tool.subject in subjects}


async def test_toolsets_shorten_the_list(runtime: Runtime) -> None:
    async with Client(build_server(runtime, toolsets=("segments", "churn"))) as client:
        assert names(await client.list_tools()) == of("data", "segments", "churn")
        with pytest.raises(ToolError, match="clv_summary"):
            await client.call_tool("clv_summary", {})
    with pytest.raises(FixArguments, match=r"no toolset 'chrun'.*churn"):
        build_server(runtime, toolsets=("chrun",))


async def test_toolsets_in_the_address(runtime: Runtime, shop: Shop) -> None:
    async with serving(http_app(runtime)) as base:
        async with Client(f"{base}/mcp?toolsets=segments,churn", auth=shop.keys["read"]) as client:
            assert names(await client.list_tools()) == of("data", "segments", "churn")
            with pytest.raises(ToolError, match="clv_summary"):
                await client.call_tool("clv_summary", {})
        async with Client(f"{base}/mcp", auth=shop.keys["read"]) as client:
            assert names(await client.list_tools()) == set(TOOLS)
        async with Client(f"{base}/mcp?toolsets=chrun", auth=shop.keys["read"]) as client:
            with pytest.raises(McpError, match=r"no toolset 'chrun'.*churn"):
                await client.list_tools()


async def test_all_about_a_tool_is_a_resource(runtime: Runtime) -> None:
    async with Client(build_server(runtime)) as client:
        assert "aima://tools/{name}" in {t.uriTemplate for t in await client.list_resource_templates()}
        (contents,) = await client.read_resource("aima://tools/cohort_retention")
        manual = json.loads(contents.text)  # type: ignore[union-attr]
        for name in ("approve_proposal", "no_such_tool"):
            with pytest.raises(McpError, match=f"no tool '{name}'"):
                await client.read_resource(f"aima://tools/{name}")
    tool = TOOLS["cohort_retention"]
    assert manual["input_schema"] == tool.arguments.model_json_schema()
    assert manual["output_schema"] == tool.result.model_json_schema(mode="serialization")
    assert "'unit': 'share'" in str(manual["output_schema"])
    assert (manual["toolset"], manual["examples"]) == ("cohorts", [dict(e) for e in tool.examples])


async def test_tools_with_an_address_are_resources(runtime: Runtime, scored_retail: UUID) -> None:
    async with Client(build_server(runtime, identity=lambda: person(scored_retail))) as client:
        uris = {str(r.uri) for r in await client.list_resources()}
        assert uris == {t.uri for t in TOOLS.values() if t.uri and "{" not in t.uri}
        assert uris >= {"aima://data", "aima://features", "aima://segments", "aima://proposals"}
        for uri, part in (("aima://segments", "rfm"), ("aima://customers/17850", "customer_id")):
            (contents,) = await client.read_resource(uri)
            assert part in contents.text  # type: ignore[union-attr]


async def test_the_text_is_the_answer_in_words(runtime: Runtime, scored_retail: UUID) -> None:
    async with Client(build_server(runtime, identity=lambda: person(scored_retail))) as client:
        result = await client.call_tool("cohort_retention", {})
    outcome = runtime.catalogue.outcome("cohort_retention", {}, result.structured_content or {})
    assert [block.text for block in result.content] == [TOOLS["cohort_retention"].worded(outcome)]  # type: ignore[union-attr]


async def test_a_result_whose_wording_fails_still_comes_in_plain_words(
    database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runtime = counting_runtime(database)
    monkeypatch.setattr(runtime.catalogue.get("count_customers"), "answer", lambda _outcome: 1 / 0)
    with caplog.at_level(logging.ERROR):
        async with Client(build_server(runtime, identity=lambda: shop.identity)) as client:
            result = await client.call_tool("count_customers", {})
    assert "Customers: 2" in result.content[0].text  # type: ignore[union-attr]
    assert (result.structured_content or {})["customers"] == 2
    assert "count_customers could not be worded" in caplog.text
