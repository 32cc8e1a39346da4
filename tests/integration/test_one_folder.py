"""A capability is one folder and its query: the one of docs/adding-a-capability.md is found at every door."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

import database.queries
import tools
from agent.conversation import Conversation
from agent.graph import build_graph
from agent.offline.model import OfflineChatModel
from cli.reference import pages
from database.engine import Database
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.conftest import person
from tests.integration.http_servers import serving
from tools.catalogue import Catalogue, catalogue
from tools.people.accounts import add_key, add_user, person_of
from tools.runtime import Runtime
from tools.views import Chart, Table
from web.app import create_app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-capability.md"
TOOL, JOB = "largest_orders", "note_largest_order"


@pytest.fixture(scope="module", autouse=True)
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The files of the page, in folders of their own that the packages look into as well."""
    root = tmp_path_factory.mktemp("added")
    for path, code in re.findall(r"```python\n# (\S+\.py)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, encoding="utf-8")
    (root / "tools" / "basket_records" / "__init__.py").write_text('"""The largest baskets."""\n')
    places = ((tools.__path__, root / "tools"), (database.queries.__path__, root / "database" / "queries"))
    for paths, folder in places:
        paths.append(str(folder))
    yield
    for paths, folder in places:
        paths.remove(str(folder))
    for name in [n for n in sys.modules if "basket_records" in n or n == "database.queries.largest_orders"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def runtime(database: Database, added: None) -> Runtime:
    return Runtime(catalogue(), database, lambda *_: uuid4())


def test_it_is_in_the_catalogue_with_what_it_declares(runtime: Runtime) -> None:
    tool = runtime.catalogue.get(TOOL)
    assert (tool.subject, tool.agents, tool.basis) == ("basket_records", ("research",), "measured")
    assert runtime.catalogue.jobs[JOB].every


async def test_an_assistant_finds_it_over_mcp_with_its_answer_in_words(runtime: Runtime, retail: UUID) -> None:
    server = build_server(runtime, identity=lambda: person(retail))
    assert TOOL in {tool.name for tool in await server.list_tools()}
    result = await server.call_tool(TOOL, {"limit": 2})
    assert result.structured_content is not None
    assert [order["order_id"] for order in result.structured_content["orders"]] == ["581483", "541431"]
    assert "**581483**: £168,470 on 9 December 2011" in result.content[0].text  # type: ignore[union-attr]


async def test_programs_find_it_over_http(runtime: Runtime, retail: UUID, database: Database) -> None:
    email = f"{uuid4()}@example.com"
    add_user(database, retail, email=email, password="a long password", role="admin")
    key = add_key(database, person_of(database, email, door="cli"), name=f"k{uuid4()}", scopes=["read"])
    app = create_app(runtime, key=b"a key for signatures in this test", checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        answer = await client.post(f"/api/v1/tools/{TOOL}", json={}, headers={"Authorization": f"Bearer {key}"})
        document = (await client.get("/api/openapi.json")).json()
    assert len(answer.json()["orders"]) == 5
    assert document["paths"][f"/api/v1/tools/{TOOL}"]["post"]["requestBody"]
    assert document["components"]["schemas"]["LargeOrder"]["properties"]["revenue"]["unit"] == "money"


async def test_the_chat_understands_shows_and_words_it(runtime: Runtime, retail: UUID) -> None:
    model = OfflineChatModel.of(runtime.catalogue)
    conversation = Conversation(build_graph(model, InProcessToolbox(build_server(runtime)), runtime.catalogue))
    answer = await conversation.answer("Which orders were worth most?", person(retail), "thread")
    assert answer.text.startswith("The largest orders:\n\n- **581483**: £168,470 on 9 December 2011")
    assert answer.confidence == "high"
    assert answer.suggestions == ["And by country?"]
    [chart], [table] = answer.charts, answer.tables
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert [(c.title, c.unit) for c in table.columns] == [("Order", ""), ("Ordered", ""), ("Charged", "GBP")]
    assert (chart.y_title, chart.unit, len(chart.x)) == ("Charged", "GBP", 5)


def test_workers_know_its_job_and_when_to_run_it(runtime: Runtime, retail: UUID, database: Database) -> None:
    from workers.schedule import beat_schedule

    assert any(entry.get("args", ("",))[0] == JOB for entry in beat_schedule(runtime.catalogue.jobs.values()).values())
    assert _run(runtime.catalogue, database, retail) == 168469.6


def _run(known: Catalogue, database: Database, org_id: UUID) -> float:
    from database.queries import jobs
    from workers.jobs import run_job, worker_identity

    with database.transaction(org_id) as connection:
        job_id = jobs.create(connection, JOB, {}, worker_identity(org_id).actor)
    run_job(database, org_id, job_id)
    with database.transaction(org_id) as connection:
        return float((jobs.get(connection, job_id).result or {})["largest"])


def test_the_docs_list_it() -> None:
    assert f"## {TOOL}" in pages()["tools.md"]


def test_it_keeps_the_promises_of_every_tool(runtime: Runtime) -> None:
    from tests.integration.test_catalogue import _undescribed

    tool = runtime.catalogue.get(TOOL)
    for model in (tool.arguments, tool.result):
        assert _undescribed(model, set()) == []
