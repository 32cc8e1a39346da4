"""The HTTP door: API made from the catalogue, problem+json, health, metrics, unsubscribing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from core.errors import RetryLater
from core.identity import SCOPES
from database.engine import Database
from database.queries.readiness import check_database, check_schema
from tests.conftest import make_organisation
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tools.campaigns.unsubscribe import unsubscribe_token
from tools.people.accounts import add_key, add_user, person_of
from web.app import create_app

KEY = b"a key for signatures in this test"


@pytest.fixture(scope="module")
def org_id(database: Database) -> UUID:
    return make_organisation(database)


@pytest.fixture(scope="module")
def keys(database: Database, org_id: UUID) -> dict[str, str]:
    email = f"{uuid4()}@example.com"
    add_user(database, org_id, email=email, password="a long password", role="admin")
    owner = person_of(database, email, door="cli")
    scopes = {"read": ["read"], "none": [], "all": list(SCOPES)}
    return {name: add_key(database, owner, name=name, scopes=held) for name, held in scopes.items()}


def away() -> None:
    raise RetryLater("The broker does not answer.")


@pytest.fixture
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        counting_runtime(database),
        key=KEY,
        checks={"database": lambda: check_database(database), "schema": lambda: check_schema(database)},
    )
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    form: dict[str, Any] = response.json()
    assert (response.status_code, form["status"], form["code"]) == (status, status, code)
    return form


async def test_a_tool_over_http(
    http: httpx.AsyncClient, keys: dict[str, str], database: Database, org_id: UUID
) -> None:
    with database.transaction(org_id) as connection:
        connection.execute(text("insert into customers (external_id, name, country) values ('a', 'Ada', 'France')"))
    answer = await http.post("/api/v1/tools/count_customers", json={"country": "France"}, headers=bearer(keys["read"]))
    assert answer.status_code == 200
    assert answer.json()["names"] == ["Ada"]
    assert answer.json()["evidence"]["arguments"] == {"country": "France"}
    assert (await http.post("/api/v1/tools/count_customers", headers=bearer(keys["read"]))).status_code == 200
    listed = await http.get("/api/v1/tools", headers=bearer(keys["read"]))
    assert {tool["name"]: tool["effect"] for tool in listed.json()}["send_everything"] == "operate"


async def test_all_about_a_tool_over_http(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    manual = (await http.get("/api/v1/tools/count_customers", headers=bearer(keys["read"]))).json()
    assert (manual["toolset"], manual["examples"]) == ("integration", [{}])
    assert set(manual["input_schema"]["properties"]) == {"country"}
    assert set(manual["output_schema"]["properties"]) == {"evidence", "audience", "customers", "names"}
    assert_problem(await http.get("/api/v1/tools/count", headers=bearer(keys["read"])), 404, "not_found")
    assert_problem(await http.get("/api/v1/tools/count_customers"), 401, "unauthorized")


async def test_errors_are_problems(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    async def post(name: str, key: str | None = "all", json: Any = None) -> httpx.Response:
        return await http.post(f"/api/v1/tools/{name}", json=json or {}, headers=bearer(keys[key]) if key else {})

    refused = await post("count_customers", None)
    assert_problem(refused, 401, "unauthorized")
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert_problem(await http.post("/api/v1/tools/count_customers", headers=bearer("aima_wrong")), 401, "unauthorized")
    assert (
        "needs the scope 'read'" in assert_problem(await post("count_customers", "none"), 403, "not_allowed")["detail"]
    )
    wrong = assert_problem(await post("count_customers", json={"country": "x"}), 422, "fix_arguments")
    assert (wrong["field"], wrong["valid"]) == ("country", ["France", "Norway"])
    assert assert_problem(await post("count_customers", json={"nation": "x"}), 422, "fix_arguments")["valid"] == [
        "country"
    ]
    assert "count_customers" in assert_problem(await post("count"), 404, "not_found")["valid"]
    assert_problem(await post("fail", json={"kind": "no_data"}), 404, "no_such_data")
    later = await post("fail", json={"kind": "later"})
    assert_problem(later, 503, "retry_later")
    assert later.headers["retry-after"] == "7"
    assert_problem(await post("fail", json={"kind": "state"}), 500, "give_up")
    assert_problem(
        await http.post("/api/v1/tools/fail", content=b"{", headers=bearer(keys["all"])), 422, "fix_arguments"
    )
    assert_problem(await http.get("/nowhere"), 404, "not_found")


async def test_a_defect_says_nothing_of_itself(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    response = await http.post("/api/v1/tools/fail", json={"kind": "defect"}, headers=bearer(keys["all"]))
    assert "secret detail" not in response.text
    assert_problem(response, 500, "give_up")


async def test_no_key_acts_on_the_world(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    response = await http.post("/api/v1/tools/send_everything", headers=bearer(keys["all"]))
    assert "only a person" in assert_problem(response, 409, "ask_person")["detail"]


async def test_openapi_describes_every_tool(http: httpx.AsyncClient, database: Database) -> None:
    document = (await http.get("/api/openapi.json")).json()
    schemas = document["components"]["schemas"]
    for name, tool in counting_runtime(database).catalogue.tools.items():
        operation = document["paths"][f"/api/v1/tools/{name}"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        assert body == {"$ref": f"#/components/schemas/{tool.arguments.__name__}"}
        assert schemas[tool.arguments.__name__]["additionalProperties"] is False
        result = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert result == {"$ref": f"#/components/schemas/{tool.result.__name__}"}


async def test_openapi_of_the_real_catalogue_has_no_dangling_reference(database: Database) -> None:
    from tools.catalogue import catalogue
    from tools.runtime import Runtime

    runtime = Runtime(catalogue(), database, counting_runtime(database).enqueue)
    document = create_app(runtime, key=KEY, checks={}).openapi()
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


async def test_health_and_readiness(http: httpx.AsyncClient, database: Database) -> None:
    assert (await http.get("/health")).json() == {"status": "ok"}
    ready = await http.get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "checks": {"database": "ok", "schema": "ok"}})
    app = create_app(counting_runtime(database), key=KEY, checks={"broker": away})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        broken = await client.get("/ready")
    assert (broken.status_code, broken.json()["checks"]) == (503, {"broker": "The broker does not answer."})


async def test_metrics_count_requests(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    for _ in range(3):
        await http.post("/api/v1/tools/count_customers", headers=bearer(keys["read"]))
    await http.get("/u/secret-token")
    lines = (await http.get("/metrics")).text.splitlines()
    labels = 'method="POST",route="/api/v1/tools/count_customers",status="200"'
    assert f"aima_http_request_duration_seconds_count{{{labels}}} 3" in lines
    assert not any("secret-token" in line for line in lines)
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)


async def test_unsubscribing(http: httpx.AsyncClient, database: Database, org_id: UUID) -> None:
    message_id = uuid4()
    with database.transaction(org_id) as connection:
        customer = connection.execute(
            text("insert into customers (external_id) values ('u') returning id")
        ).scalar_one()
        connection.execute(
            text(
                "insert into messages (id, campaign_id, customer_id, channel, address, status, due_at)"
                " values (:id, 'c', :customer, 'email', 'u@example.com', 'sent', now())"
            ),
            {"id": message_id, "customer": customer},
        )

    def suppressed() -> int:
        with database.transaction(org_id) as connection:
            return int(connection.execute(text("select count(*) from suppressions")).scalar_one())

    path = f"/u/{unsubscribe_token(KEY, org_id, message_id)}"
    page = await http.get(path)
    assert f'<form method="post" action="{path}">' in page.text
    assert suppressed() == 0
    for _ in range(2):
        done = await http.post(path, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        assert "u@example.com" in done.text
        assert suppressed() == 1
    # The page tells nobody where it was opened, so browsers send its form as a page of no origin; and AIMA may have
    # been given another name since the message went out.
    for headers in ({"Origin": "null"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, {"Host": "old.example"}):
        assert (await http.post(path, headers=headers)).status_code == 200, headers
    for method in ("GET", "POST"):
        assert (await http.request(method, path[:-3] + "AAA")).status_code == 422


async def test_a_mail_program_unsubscribes_with_one_post(
    http: httpx.AsyncClient, database: Database, org_id: UUID
) -> None:
    """As RFC 8058 has it: as a form or in parts, without a cookie, a login, a redirect or a question back."""
    made = """insert into messages (campaign_id, customer_id, channel, address, status, due_at, sent_at, provider)
              values ('one', :customer, 'email', :address, 'sent', now(), now(), 'smtp') returning id"""
    forms: list[dict[str, Any]] = [
        {"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}},
    ]  # fmt: skip
    for number, form in enumerate(forms):
        with database.transaction(org_id) as connection:
            values = {"customer": number, "address": f"one{number}@example.com"}
            message_id = connection.execute(text(made), values).scalar_one()
        path = f"/u/{unsubscribe_token(KEY, org_id, message_id)}"
        for method in ("GET", "HEAD", "OPTIONS"):
            await http.request(method, path)
        state = text("select delivery from messages where id = :id")
        for expected in (None, "unsubscribed"):
            with database.transaction(org_id) as connection:
                assert connection.execute(state, {"id": message_id}).scalar_one() == expected
            if expected is None:
                done = await http.post(path, **form)
                assert (done.status_code, done.history, done.cookies) == (200, [], {})


async def test_pages_load_nothing_from_elsewhere(http: httpx.AsyncClient) -> None:
    response = await http.get("/u/x")
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
