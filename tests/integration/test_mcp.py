"""The MCP door: real clients over stdio and HTTP, rights, and organisations that stay apart."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from fastmcp.exceptions import ToolError
from httpx import HTTPStatusError
from sqlalchemy import text

from core.errors import AimaError, FixArguments, GiveUp, NoSuchData, NotAllowed, NotFound, RetryLater
from core.identity import SCOPES, acting_as
from database.engine import Database
from mcp_server.http import http_app
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox, RemoteToolbox
from tests.conftest import PROJECT, make_organisation, person
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tools.catalogue import catalogue
from tools.declaration import Effect
from tools.people.accounts import add_key, add_user, person_of
from tools.runtime import Runtime

INSPECTOR = "@modelcontextprotocol/inspector@0.21.1"


@dataclass(frozen=True)
class Shop:
    """An organisation with customers and keys."""

    names: list[str]
    keys: dict[str, str]
    identity: Any


def make_shop(database: Database, names: list[str]) -> Shop:
    """An organisation whose customers are called `names`, with a key for reading, one for nothing, one for all."""
    org_id = make_organisation(database)
    email = f"{uuid4()}@example.com"
    add_user(database, org_id, email=email, password="a long password", role="admin")
    owner = person_of(database, email, door="cli")
    with database.transaction(org_id) as connection:
        for name in names:
            connection.execute(
                text("insert into customers (external_id, name, country) values (:n, :n, 'France')"), {"n": name}
            )
    scopes = {"read": ["read"], "none": [], "all": list(SCOPES)}
    return Shop(names, {n: add_key(database, owner, name=n, scopes=s) for n, s in scopes.items()}, owner)


@pytest.fixture(scope="module")
def shops(database: Database) -> tuple[Shop, Shop]:
    return make_shop(database, ["Ada", "Bea"]), make_shop(database, ["Zoe"])


@pytest.fixture(scope="module")
def runtime(database: Database) -> Runtime:
    return counting_runtime(database)


@pytest.fixture
async def address(runtime: Runtime) -> AsyncIterator[str]:
    async with serving(http_app(runtime)) as base:
        yield f"{base}/mcp"


def stdio_command(database: Database, key: str) -> tuple[list[str], dict[str, str]]:
    env = {
        "TEST_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "AIMA_API_KEY": key,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
    }
    return [sys.executable, "-m", "tests.integration.stdio_server"], env


def stdio_client(database: Database, key: str) -> Client[StdioTransport]:
    command, env = stdio_command(database, key)
    return Client(StdioTransport(command[0], command[1:], env=env, cwd=str(PROJECT)))


async def session_of(client: Client[Any], shop: Shop) -> None:
    """What a client does in a session: look around, call, go wrong, read, be refused."""
    progress: list[float] = []

    async def heard(share: float, total: float | None, message: str | None) -> None:
        progress.append(share)

    async with client:
        tools = {tool.name: tool for tool in await client.list_tools()}
        assert set(tools) == {"count_customers", "store_scores", "propose_something", "fail", "wait"}
        hints = tools["count_customers"].annotations
        assert hints is not None
        assert (hints.readOnlyHint, hints.destructiveHint, hints.openWorldHint) == (True, False, False)
        (manual,) = await client.read_resource("aima://tools/count_customers")
        assert "customers" in json.loads(manual.text)["output_schema"]["properties"]  # type: ignore[union-attr]
        result = await client.call_tool("count_customers", {"country": "France"}, progress_handler=heard)
        assert (result.structured_content or {})["names"] == shop.names
        (words,) = result.content
        assert "Customers" in words.text  # type: ignore[union-attr]
        assert (result.structured_content or {})["evidence"]["arguments"] == {"country": "France"}
        assert progress == [0.5]
        with pytest.raises(ToolError, match="Valid: France, Norway"):
            await client.call_tool("count_customers", {"country": "Frannce"})
        with pytest.raises(ToolError, match=r"nation.*Valid: country"):
            await client.call_tool("count_customers", {"nation": "France"})
        with pytest.raises(ToolError, match="send_everything"):
            await client.call_tool("send_everything", {})
        prompt = await client.get_prompt("win_back", {"segment": "Lost"})
        assert '"Lost"' in prompt.messages[0].content.text  # type: ignore[union-attr]


async def test_client_over_http(address: str, shops: tuple[Shop, Shop]) -> None:
    await session_of(Client(address, auth=shops[0].keys["read"]), shops[0])


async def test_client_over_stdio(database: Database, shops: tuple[Shop, Shop]) -> None:
    await session_of(stdio_client(database, shops[0].keys["read"]), shops[0])


async def test_no_or_wrong_token_is_refused(address: str) -> None:
    for auth in (None, "aima_" + "x" * 43):
        with pytest.raises(HTTPStatusError, match="401"):
            async with Client(address, auth=auth):
                pass


async def test_a_token_without_the_scope_is_refused(address: str, database: Database, shops: tuple[Shop, Shop]) -> None:
    async with Client(address, auth=shops[0].keys["none"]) as client:
        with pytest.raises(ToolError, match="needs the scope 'read'"):
            await client.call_tool("count_customers", {})
    async with stdio_client(database, shops[0].keys["read"]) as client:
        with pytest.raises(ToolError, match="needs the scope 'write'"):
            await client.call_tool("store_scores", {})


async def test_no_token_reaches_another_organisation(
    address: str, database: Database, shops: tuple[Shop, Shop]
) -> None:
    async def names(shop: Shop) -> list[str]:
        async with Client(address, auth=shop.keys["all"]) as client:
            result = await client.call_tool("count_customers", {})
            return list((result.structured_content or {})["names"])

    for seen in await asyncio.gather(*(names(shop) for shop in shops * 3)):
        assert seen in ([*shops[0].names], [*shops[1].names])
    assert [await names(shop) for shop in shops] == [shops[0].names, shops[1].names]
    for shop in shops:  # and the database itself shows no more, whatever is asked
        with database.transaction(shop.identity.org_id) as connection:
            assert connection.execute(text("select name from customers order by name")).scalars().all() == shop.names
    with database.before_login() as connection:
        assert connection.execute(text("select count(*) from customers")).scalar_one() == 0


async def test_a_session_cannot_be_taken_over_by_another_key(address: str, shops: tuple[Shop, Shop]) -> None:
    import httpx

    opening = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "count_customers", "arguments": {}}}
    headers = {"accept": "application/json, text/event-stream"}
    async with httpx.AsyncClient(headers=headers) as http:
        first = await http.post(address, json=opening, headers={"authorization": f"Bearer {shops[0].keys['all']}"})
        session = {"mcp-session-id": first.headers["mcp-session-id"]}
        stolen = await http.post(
            address, json=call, headers={**session, "authorization": f"Bearer {shops[1].keys['all']}"}
        )
    assert "Ada" not in stolen.text


async def test_a_revoked_key_ends_at_its_next_request(address: str, database: Database) -> None:
    shop = make_shop(database, ["Eve"])
    answers = []

    async def ask_twice() -> None:
        async with Client(address, auth=shop.keys["read"]) as client:
            answers.append(await client.call_tool("count_customers", {}))
            with database.transaction(shop.identity.org_id) as connection:
                connection.execute(text("update api_keys set revoked_at = now()"))
            answers.append(await client.call_tool("count_customers", {}))

    with pytest.raises(HTTPStatusError, match="401"):
        await ask_twice()
    assert len(answers) == 1


async def test_in_process_the_current_identity_counts(runtime: Runtime, shops: tuple[Shop, Shop]) -> None:
    toolbox = InProcessToolbox(build_server(runtime))

    async def names(shop: Shop) -> list[str]:
        with acting_as(shop.identity):
            await asyncio.sleep(0)
            return list((await toolbox.call("count_customers", {}))["names"])

    assert await asyncio.gather(*(names(shop) for shop in shops)) == [shops[0].names, shops[1].names]
    with pytest.raises(NotAllowed):
        await toolbox.call("count_customers", {})


async def test_both_toolboxes_behave_alike(runtime: Runtime, address: str, shops: tuple[Shop, Shop]) -> None:
    boxes = (InProcessToolbox(build_server(runtime)), RemoteToolbox(address, shops[0].keys["all"]))
    for toolbox in boxes:
        with acting_as(shops[0].identity):
            assert {s.name: s.effect for s in await toolbox.list_tools()} == {
                "count_customers": "read",
                "store_scores": "compute",
                "propose_something": "propose",
                "fail": "read",
                "wait": "read",
            }
            made = await toolbox.call("propose_something", {}, thread_id="t1", call_id="c1")
            assert (made["thread_id"], made["call_id"]) == ("t1", "c1")
            expected: dict[str, type[AimaError]] = {"later": RetryLater, "no_data": NoSuchData, "state": GiveUp}
            for kind, error in expected.items():
                with pytest.raises(error):
                    await toolbox.call("fail", {"kind": kind})
            with pytest.raises(FixArguments, match="Valid: France, Norway"):
                await toolbox.call("count_customers", {"country": "x"})
            with pytest.raises(NotFound, match="no tool 'send_everything'"):
                await toolbox.call("send_everything", {})


async def test_a_defect_tells_the_client_nothing(address: str, shops: tuple[Shop, Shop]) -> None:
    async with Client(address, auth=shops[0].keys["read"]) as client:
        with pytest.raises(ToolError) as caught:
            await client.call_tool("fail", {"kind": "defect"})
    assert "secret detail" not in str(caught.value)


async def test_every_tool_of_the_catalogue_is_offered_and_none_that_acts(database: Database) -> None:
    runtime = Runtime(catalogue(), database, counting_runtime(database).enqueue)
    async with Client(build_server(runtime, identity=partial(person, uuid4()))) as client:
        offered = {tool.name: tool for tool in await client.list_tools()}
        read = {name: await client.read_resource(f"aima://tools/{name}") for name in offered}
    expected = {t.name for t in runtime.catalogue.tools.values() if t.effect is not Effect.OPERATE}
    assert set(offered) == expected
    manuals = {name: json.loads(contents[0].text) for name, contents in read.items()}  # type: ignore[union-attr]
    for name, tool in offered.items():
        assert tool.description == manuals[name]["description"]
        assert "evidence" in manuals[name]["output_schema"]["properties"]


def inspector() -> list[str]:
    """The command line of MCP's own inspector; skips where node or the package cannot be had."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("npx (node) is not installed: MCP's inspector cannot run")
    command = [npx, "--yes", INSPECTOR, "--cli"]
    try:
        there = subprocess.run([*command, "--help"], capture_output=True, timeout=180, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{INSPECTOR} could not be fetched within three minutes")
    if there.returncode != 0:
        pytest.skip(f"{INSPECTOR} cannot be fetched here: {there.stderr[-200:].decode()}")
    return command


async def inspected(command: list[str], env: dict[str, str] | None = None) -> Any:
    """The JSON the inspector prints."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
        cwd=PROJECT,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return json.loads(out)


@pytest.mark.slow
async def test_inspector(address: str, database: Database, shops: tuple[Shop, Shop]) -> None:
    command = await asyncio.to_thread(inspector)
    key = shops[0].keys["read"]
    stdio, env = stdio_command(database, key)
    by_stdio = [*command, *(part for name in env for part in ("-e", f"{name}={env[name]}")), *stdio]
    by_http = [*command, address, "--transport", "http", "--header", f"Authorization: Bearer {key}"]
    for door in (by_stdio, by_http):
        listed = await inspected([*door, "--method", "tools/list"])
        assert "count_customers" in [tool["name"] for tool in listed["tools"]]
        call = ["--method", "tools/call", "--tool-name", "count_customers", "--tool-arg", "country=France"]
        called = await inspected([*door, *call])
        assert called["structuredContent"]["names"] == shops[0].names
