"""Campaigns and journeys as they happen, by server-sent events over a real HTTP server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import add_customers, addresses, launched
from tests.conftest import make_organisation
from tests.integration.http_servers import serving
from tests.integration.test_outbox import courier
from tests.journey_scene import EVERYONE, people, round_at, started
from tools.catalogue import catalogue
from tools.people.accounts import add_key, add_user, identity_of_key, person_of
from tools.runtime import Runtime
from web import streams
from web.api import BEARER
from web.problems import Unauthenticated, add_problems
from web.streams import Pace, stream_routes


@pytest.fixture
def key(database: Database, organisation: UUID) -> str:
    return key_of(database, organisation)


def key_of(database: Database, org_id: UUID) -> str:
    email = f"{uuid4()}@example.com"
    add_user(database, org_id, email=email, password="a long password", role="viewer")
    return add_key(database, person_of(database, email, door="cli"), name=f"k{uuid4()}", scopes=["read"])


@asynccontextmanager
async def client(database: Database, pace: Pace) -> AsyncIterator[httpx.AsyncClient]:
    def holder(credentials: Any) -> Identity:
        found = identity_of_key(database, credentials.credentials, door="http") if credentials else None
        if found is None:
            raise Unauthenticated
        return found

    app = FastAPI()
    add_problems(app)
    app.include_router(stream_routes(Runtime(catalogue(), database, lambda *_: uuid4()), holder, BEARER, pace=pace))
    async with serving(app) as base, httpx.AsyncClient(base_url=base, timeout=20) as http:
        yield http


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
        elif line == ":":
            yield "beat", None


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_a_campaign_is_followed_to_its_end(
    database: Database, identity: Identity, organisation: UUID, key: str
) -> None:
    add_customers(database, organisation, addresses(3))
    campaign = launched(database, identity)
    async with client(database, Pace(0.05)) as http:
        path = f"/campaigns/{campaign.campaign_id}/stream"
        async with http.stream("GET", path, headers=bearer(key)) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            heard = events(response)
            name, first = await anext(heard)
            assert (name, first["counts"], first["done"]) == ("status", {"pending": 3}, False)
            await asyncio.to_thread(courier(database, organisation).run)
            rest = [event async for event in heard]
    assert rest[-1] == ("done", {})
    assert rest[-2][1]["counts"] == {"sent": 3}
    assert "@" not in json.dumps([first, rest]), "no event holds an address"


async def test_a_journey_is_followed_and_the_stream_asks_to_be_opened_again(
    database: Database, identity: Identity, organisation: UUID, key: str, now: datetime
) -> None:
    people(database, organisation, 2)
    journey = started(database, identity, EVERYONE, now)
    path = f"/journeys/{journey}/stream"
    async with (
        client(database, Pace(0.05, beat_s=0.2, most_s=2.0)) as http,
        http.stream("GET", path, headers=bearer(key)) as response,
    ):
        heard = events(response)
        assert (await anext(heard))[1]["inside"] == 0
        await asyncio.to_thread(round_at, database, organisation, now)
        rest = [event async for event in heard]
    assert rest[-1] == ("again", {})
    assert "beat" in [name for name, _said in rest]
    assert [said["inside"] for name, said in rest if name == "status"][-1] == 2


async def test_strangers_hear_nothing(
    database: Database, identity: Identity, organisation: UUID, key: str, now: datetime
) -> None:
    people(database, organisation, 1)
    journey = started(database, identity, EVERYONE, now)
    stranger = key_of(database, make_organisation(database))
    async with client(database, Pace(0.05)) as http:
        path = f"/journeys/{journey}/stream"
        assert (await http.get(path)).status_code == 401
        assert (await http.get(path, headers=bearer("nonsense"))).status_code == 401
        assert (await http.get(path, headers=bearer(stranger))).status_code == 404
        assert (await http.get("/campaigns/none/stream", headers=bearer(key))).status_code == 404


async def test_a_key_that_is_revoked_ends_its_streams(
    database: Database, identity: Identity, organisation: UUID, key: str, now: datetime
) -> None:
    people(database, organisation, 1)
    journey = started(database, identity, EVERYONE, now)
    path = f"/journeys/{journey}/stream"
    async with client(database, Pace(0.05)) as http, http.stream("GET", path, headers=bearer(key)) as response:
        heard = events(response)
        await anext(heard)
        with database.transaction(organisation) as connection:
            connection.execute(text("update api_keys set revoked_at = now()"))
        assert [name async for name, _said in heard] == ["error"]


async def test_there_are_only_so_many_and_those_that_end_make_room(
    database: Database, identity: Identity, organisation: UUID, key: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MOST_STREAMS", 1)
    people(database, organisation, 1)
    journey = started(database, identity, EVERYONE, now)
    path = f"/journeys/{journey}/stream"
    async with client(database, Pace(0.05)) as http:
        async with http.stream("GET", path, headers=bearer(key)) as response:
            heard = events(response)  # held: whoever lets go of it closes the stream
            await anext(heard)
            assert (await http.get(path, headers=bearer(key))).status_code == 503
        for _ in range(100):  # the server sees that nobody listens any more
            await asyncio.sleep(0.05)
            async with http.stream("GET", path, headers=bearer(key)) as again:
                if again.status_code == 200:
                    break
        assert again.status_code == 200
