"""The web process as it is run: chat, MCP, API and health on one port."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest
from fastmcp import Client

from database.engine import Database
from tests.conftest import make_organisation
from tests.integration.accounts import PASSWORD, someone
from tools.catalogue import catalogue
from tools.people.accounts import add_key, person_of


@pytest.fixture(scope="module")
def org_id(database: Database) -> UUID:
    return make_organisation(database)


@pytest.fixture(scope="module")
def email(database: Database, org_id: UUID) -> str:
    return someone(database, org_id, "admin")


def test_it_is_ready(address: str) -> None:
    assert httpx.get(f"{address}/ready").json() == {
        "ready": True,
        "checks": {"database": "ok", "schema": "ok", "broker": "ok"},
    }


async def test_mcp_and_api_are_beside_the_chat(address: str, database: Database, email: str) -> None:
    owner = person_of(database, email, door="cli")
    key = add_key(database, owner, name="test", scopes=["read"])
    async with Client(f"{address}/mcp", auth=key) as client:
        assert "describe_data" in {tool.name for tool in await client.list_tools()}
    async with httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {key}"}) as http:
        tools = (await http.get("/api/v1/tools")).json()
        data = await http.post("/api/v1/tools/describe_data")
    assert {tool["name"] for tool in tools} == set(catalogue().tools)
    assert data.json()["tables"] == []


def test_the_pages_ask_nothing_of_other_hosts(address: str, email: str) -> None:
    with httpx.Client(base_url=address) as http:
        first = http.get("/")
        assert (first.status_code, first.headers["location"]) == (303, "/login"), "nobody has signed in"
        login = http.get("/login").text
        http.post("/login", data={"username": email, "password": PASSWORD})
        page = http.get("/")
        assert http.get("/login").headers["location"] == "/", "somebody has"
    assert page.status_code == 200
    assert "<title>AIMA</title>" in page.text
    for text in (login, page.text):
        assert not re.findall(r"""(?:href|src|content|url\()=?["']?https?://""", text)
    for name in ("theme.json", "aima.css", "aima.js", "elements/PlanCard.jsx", "logo_light.svg"):
        assert httpx.get(f"{address}/public/{name}").status_code == 200, name


def test_files_of_the_page_are_packed_and_kept_as_long_as_they_stay_the_same(address: str, email: str) -> None:
    with httpx.Client(base_url=address) as http:
        http.post("/login", data={"username": email, "password": PASSWORD})
        linked = re.findall(r'(?:href|src)="(/(?:assets|public)/[^"]+)"', http.get("/").text)
        assert len(linked) >= 7
        for one in linked:
            answer = http.get(one)
            assert answer.status_code == 200, one
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable", one
            assert answer.headers.get("content-encoding") == "gzip" or len(answer.content) < 1000, one
        plain = next(one for one in linked if one.startswith("/public/aima.css")).split("?")[0]
        for address_of in (plain, f"{plain}?v=another"):
            answer = http.get(address_of)
            assert answer.headers["cache-control"] == "no-cache", "it may be another tomorrow"
            again = http.get(address_of, headers={"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
        whole = http.get(plain, headers={"Accept-Encoding": "identity"})
        assert whole.text == answer.text
        for outside in ("/public/%2e%2e/pyproject.toml", "/public/..%2fchat%2fapp.py", "/assets/..%2findex.html"):
            assert "tool.ruff" not in http.get(outside).text
            assert http.get(outside).status_code == 404, outside


def test_stored_contents_are_for_their_owner(address: str, email: str) -> None:
    assert httpx.get(f"{address}/chat/contents/somebody/else").status_code == 401
    with httpx.Client(base_url=address) as http:
        assert http.post("/login", data={"username": email, "password": "wrong password"}).status_code == 401
        assert http.post("/login", data={"username": email, "password": PASSWORD}).status_code == 200
        assert http.get("/chat/contents/somebody/else").status_code == 404
        assert http.get("/chat/organisation").json() == {"is_demo": False}


def test_pages_of_other_origins_may_not_call(address: str) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{address}/project/action", headers=headers)
    assert "access-control-allow-origin" not in answer.headers
