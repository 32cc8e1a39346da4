"""What a webhook tells back: believed with its signature, for a while, for its own messages, and counted once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from connectors.channels.webhook.standard import key_in, signed_headers, verified
from core.clock import utc_now
from database.engine import Database
from tests.conformance.apis.webhook import SECRET
from tests.conftest import make_organisation
from tests.integration.counting_tools import counting_runtime
from tests.integration.http_servers import serving
from tests.integration.reporting import counted, message, state, suppressed
from tools.campaigns.hooks import hook_url
from web.app import create_app

NOTED = Path(__file__).parents[1] / "data" / "webhook_vectors.json"
KEY = b"a key for signatures in this test"
OTHER = "whsec_" + "A" * 44


@pytest.fixture
async def http(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("AIMA_WEBHOOK_SECRET", SECRET)
    app = create_app(counting_runtime(database), key=KEY, checks={})
    async with serving(app) as base, httpx.AsyncClient(base_url=base) as client:
        yield client


def report(
    kind: str, sent: UUID | None = None, *, id_: str = "", at: datetime | None = None, secret: str = SECRET, **data: Any
) -> dict[str, Any]:
    """A call, signed."""
    named = {"id": str(sent)} if sent else {}
    told = {"type": kind, "timestamp": (at or utc_now()).isoformat(), "data": {**named, **data}}
    body = json.dumps(told).encode()
    made = int((at or utc_now()).timestamp())
    return {"content": body, "headers": dict(signed_headers(key_in(secret), id_ or uuid4().hex, made, body))}


async def post(http: httpx.AsyncClient, org_id: UUID, call: dict[str, Any]) -> int:
    return (await http.post(hook_url(KEY, "", "webhook", org_id), **call)).status_code


def put(database: Database, org_id: UUID) -> UUID:
    return message(database, org_id, "u-1", provider="webhook", channel="webhook")


@pytest.mark.parametrize("vector", json.loads(NOTED.read_text(encoding="utf-8"))["standard"])
def test_what_the_official_library_signs_is_believed(vector: dict[str, Any]) -> None:
    key, headers, body = key_in(vector["secret"]), vector["headers"], vector["body"].encode()
    assert verified(key, headers, body)
    several = headers | {"webhook-signature": f"v1,AAAA v1a,xyz {headers['webhook-signature']}"}
    assert verified(key, several, body)
    for name in headers:
        assert not verified(key, headers | {name: headers[name] + "0"}, body)
        assert not verified(key, {other: value for other, value in headers.items() if other != name}, body)
    assert not verified(key, headers, body + b" ")
    assert not verified(key + b"0", headers, body)
    assert not verified(key, headers | {"webhook-signature": "v1,ü"}, body)


async def test_reports_count_once_in_whatever_order(
    http: httpx.AsyncClient, database: Database, organisation: UUID
) -> None:
    sent = put(database, organisation)
    for call in (report("opened", sent, id_="a"), report("delivered", sent, id_="b"), report("opened", sent, id_="a")):
        assert await post(http, organisation, call) == 200
    assert await post(http, organisation, report("deferred", sent)) == 200
    assert (state(database, organisation, sent), counted(database, organisation)) == ("delivered", (3, 0, 1))


async def test_who_wants_no_more_there_gets_no_more(
    http: httpx.AsyncClient, database: Database, organisation: UUID
) -> None:
    now = utc_now()

    async def told(kind: str, seconds: int, **data: Any) -> str | None:
        assert await post(http, organisation, report(kind, at=now + timedelta(seconds=seconds - 60), **data)) == 200
        return suppressed(database, organisation, "u-1", "webhook")

    assert await told("unsubscribed", 1, to="U-1") == "unsubscribed at webhook"
    assert await told("resubscribed", 2, to="u-1") is None
    sent = put(database, organisation)
    assert await told("bounced", 3, id=str(sent), reason="no such device") == "bounced"
    assert await told("complained", 4, to="u-1") == "complained"
    assert await told("resubscribed", 5, to="u-1") == "complained"


async def test_what_is_not_the_webhook_s_changes_nothing(
    http: httpx.AsyncClient, database: Database, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_organisation(database)
    theirs, now = put(database, other), utc_now()
    good = report("bounced", theirs)
    assert await post(http, organisation, good) == 200  # rightly signed, and it names a message of another organisation
    refused = [
        report("bounced", theirs, secret=OTHER), report("bounced", theirs, at=now - timedelta(minutes=11)),
        report("bounced", theirs, at=now + timedelta(minutes=11)), good | {"content": good["content"] + b" "},
        {"content": good["content"]}, report("exploded", theirs), report("accepted", theirs),
    ]  # fmt: skip
    for call in refused:
        assert await post(http, other, call) == 403
    monkeypatch.delenv("AIMA_WEBHOOK_SECRET")
    assert await post(http, other, good) == 503
    for org_id in (organisation, other):
        assert counted(database, org_id) == (0, 0, 0)
