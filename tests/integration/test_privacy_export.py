"""Everything held about a person, in one archive, for those who may, and of one organisation only."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.engines import Engines
from core.errors import NotAllowed
from tests.conftest import person
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.marked_conversations import converse
from tests.integration.marked_person import HELD, MARKS, NUMBER, Scene, made, plant
from tools.people.accounts import add_key, person_of
from tools.privacy.export import KINDS, PersonArchive, export_person
from web.app import create_app

EXPORT = "/api/v1/people/export"


@pytest.fixture
def scene(engines: Engines, short_home: Path, tmp_path: Path) -> Iterator[Scene]:
    scene = made(engines, short_home, tmp_path)
    yield scene
    scene.close()


@pytest.fixture
async def http(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(counting_runtime(scene.database), key=b"a key of this test", checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base, timeout=60) as client:
        yield client


def read(data: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return json.loads(texts["person.json"]), texts


async def test_an_archive_holds_everything_and_nobody_else(scene: Scene) -> None:
    plant(scene)
    await converse(scene)
    archive: PersonArchive = export_person(scene.database, scene.identity, "Quaxmarkel")
    whole, texts = read(archive.data)
    said = {hit.lower() for hit in HELD.findall(json.dumps(whole, ensure_ascii=False))}
    assert set(MARKS.values()) == said
    assert set(archive.rows) >= {
        "customer", "contact_points", "identities", "merges", "consents", "suppressions", "orders", "order_items",
        "events",
        "messages", "message_events", "segments", "known_scores_and_features", "campaigns", "proposals",
        "mentions_in_conversations", "mentions_elsewhere", "rows_of_imported_files", "rows_that_imports_changed",
    }  # fmt: skip
    assert {name.removesuffix(".csv") for name in texts if name.startswith("csv/")} == {
        f"csv/{kind}" for kind, rows in archive.rows.items() if rows
    }
    assert whole["messages"][0]["text_as_sent"].startswith("Hello")
    assert whole["messages"][0]["content_as_approved"]["subject"] == "Hello {name}"
    for kind in archive.rows:
        assert KINDS.get(kind, kind.replace("_", " ")) in texts["README.txt"]
    everything = " ".join(texts.values())
    assert "Ada" not in everything
    assert "bob@example.com" not in everything
    assert scene.run("select subject from audit_log where action = 'person_exported'") == NUMBER


async def test_over_http_with_a_key_that_may(scene: Scene, http: httpx.AsyncClient, tmp_path: Path) -> None:
    scene.load("customers.csv", f"customer_id,name,email\n{NUMBER},Zebulonix Quaxmarkel,zq.quaxmail@example.com\n")
    other = made(scene.engines, scene.home, tmp_path)
    other.load("customers.csv", "customer_id,name\nO-1,Of Another\n")
    owner = person_of(scene.database, scene.identity.actor, door="cli")

    async def asked(scopes: list[str], customer: str) -> httpx.Response:
        key = add_key(scene.database, owner, name="k", scopes=scopes)
        return await http.post(EXPORT, json={"customer": customer}, headers={"Authorization": f"Bearer {key}"})

    found = await asked(["admin"], "zq.quaxmail@example.com")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/zip")
    assert read(found.content)[0]["number"] == NUMBER
    assert (await asked(["read", "write", "propose"], NUMBER)).status_code == 403
    assert (await asked(["admin"], "O-1")).status_code == 404
    assert (await http.post(EXPORT, json={"customer": NUMBER})).status_code == 401
    assert (await http.post("/api/v1/people/erase", json={"customer": NUMBER})).status_code in (404, 405)
    other.close()


def test_managers_may_not(scene: Scene) -> None:
    with pytest.raises(NotAllowed, match="admin"):
        export_person(scene.database, person(scene.org_id, "manager"), NUMBER)
