"""The doors of the web process: logins that end, wrong passwords, other origins and hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cli.session import shell_identity
from database.engine import Database
from tests.conftest import make_organisation
from tests.integration.accounts import PASSWORD, recorded, someone
from tests.integration.sockets import ChatSocket, chat_socket
from tools.people import members, sessions
from tools.people.accounts import change_password, person_of


@dataclass(frozen=True)
class Someone:
    """A person with an account, and their browser."""

    org_id: UUID
    email: str
    browser: httpx.Client
    copy: httpx.Client  # somebody else's browser, with a copy of the cookie

    @property
    def cookie(self) -> str:
        """What the browser holds."""
        return str(self.copy.cookies["aima_session"])


@pytest.fixture(scope="module")
def org_id(database: Database) -> UUID:
    return make_organisation(database)


@pytest.fixture
def log_in(database: Database, org_id: UUID, address: str) -> Iterator[Callable[..., Someone]]:
    """A maker of people who are logged in."""
    open_browsers = ExitStack()

    def make(role: str = "admin", org_id: UUID = org_id) -> Someone:
        email = someone(database, org_id, role)
        browser, copy = (open_browsers.enter_context(httpx.Client(base_url=address, timeout=60)) for _ in range(2))
        assert browser.post("/login", data={"username": email, "password": PASSWORD}).status_code == 200
        assert browser.get("/user").json()["identifier"] == email
        copy.cookies.set("aima_session", browser.cookies["aima_session"])
        return Someone(org_id, email, browser, copy)

    with open_browsers:
        yield make


ENDINGS: dict[str, Callable[[Database, Someone], object]] = {
    "password changed": lambda db, who: change_password(db, who.org_id, email=who.email, password="another password"),
    "disabled": lambda db, who: members.disable_user(db, shell_identity(who.org_id), who.email),
    "removed": lambda db, who: members.remove_user(db, shell_identity(who.org_id), who.email),
    "ended by an administrator": lambda db, who: sessions.end_sessions(db, shell_identity(who.org_id), email=who.email),
    "expired": lambda db, who: set_times(db, who, "expires_at = now() - interval '1 second'"),
    "idle": lambda db, who: set_times(db, who, "seen_at = now() - interval '73 hours'"),
    "logged out": lambda _db, who: who.copy.post("/logout"),
}


def set_times(database: Database, who: Someone, change: str) -> None:
    with database.transaction(who.org_id) as connection:
        connection.execute(
            text(f"update login_sessions set {change} where user_id = (select id from users where email = :email)"),
            {"email": who.email},
        )


async def code_at_next_line(socket: ChatSocket) -> int:
    """Why the socket is closed when a question is written on it."""
    try:
        await socket.say("Who are the best customers?")
        await socket.event("nothing of this name")
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0
    return 0


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_session_that_has_ended_opens_nothing(
    log_in: Callable[..., Someone], database: Database, address: str, ending: str
) -> None:
    """Neither a request, nor a new socket, nor the next line of a socket that was open before."""
    log_in()  # another administrator stays
    who = log_in()
    thread = str(uuid4())
    async with chat_socket(address, who.cookie) as socket:
        await socket.send("connection_successful")
        await socket.event("task_end")
        ENDINGS[ending](database, who)
        assert await code_at_next_line(socket) == 4401
    with pytest.raises((InvalidStatus, PermissionError)):
        async with chat_socket(address, who.cookie):
            pass
    for method, path in (
        ("GET", "/user"),
        ("GET", f"/project/thread/{thread}"),
        ("GET", "/chat/organisation"),
        ("GET", "/chat/contents/a/b"),
        ("POST", "/project/threads"),
        ("POST", "/project/action"),
        ("GET", "/ws/socket.io/?EIO=4&transport=polling"),
    ):
        answer = who.browser.request(method, path, json={} if method == "POST" else None)
        assert answer.status_code == 401, (path, answer.text)


def test_only_our_own_cookie_opens_the_chat(address: str, log_in: Callable[..., Someone]) -> None:
    from tests.screen import load_chainlit

    load_chainlit()
    from chainlit.auth import create_jwt
    from chainlit.user import User

    who = log_in()
    forged = create_jwt(User(identifier=who.email, metadata={"org_id": str(who.org_id)}))
    for headers in (
        {"Authorization": f"Bearer {forged}"},
        {"Cookie": f"access_token={forged}"},
        {"Cookie": f"access_token_0={forged}"},
        {"Cookie": f"aima_session={forged}"},
        {"Cookie": "aima_session="},
    ):
        assert httpx.get(f"{address}/user", headers=headers, timeout=60).status_code == 401, headers
    for path in ("/auth/jwt", "/auth/header", "/auth/oauth/google"):
        assert httpx.post(f"{address}{path}", headers={"Authorization": f"Bearer {forged}"}).status_code == 404
    assert who.browser.get("/user", headers={"Cookie": f"access_token=x; aima_session={who.cookie}"}).is_success


def test_the_cookie_is_for_our_own_pages_alone(log_in: Callable[..., Someone]) -> None:
    who = log_in()
    answer = who.browser.post("/login", data={"username": who.email, "password": PASSWORD})
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    assert "secure" not in flags, "a browser on this machine speaks plain http"


@pytest.mark.parametrize(
    ("origin", "secure"),
    [("https://aima.example", True), ("http://localhost:8000", False), (None, False)],
)
async def test_behind_a_proxy_the_cookie_is_for_https_alone(
    database: Database, org_id: UUID, origin: str | None, secure: bool
) -> None:
    """The proxy asks for AIMA under a name of this machine, as it does where nobody tells it otherwise."""
    from tests.screen import load_chainlit

    load_chainlit()
    from chat.entrance import entrance_routes

    app, email = FastAPI(), someone(database, org_id)
    entrance_routes(app, database, secure=True)
    door = httpx.ASGITransport(app, client=(f"2001:db8:{uuid4().hex[:4]}::1", 1))
    async with httpx.AsyncClient(transport=door, base_url="http://127.0.0.1:8000") as client:
        headers = {"Origin": origin} if origin else {}
        answer = await client.post("/login", data={"username": email, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 200
    assert ("secure" in answer.headers["set-cookie"].lower()) is secure


def test_logins_are_recorded_listed_and_ended(log_in: Callable[..., Someone], database: Database, address: str) -> None:
    who, other = log_in("viewer"), log_in("viewer")
    wrong = httpx.post(f"{address}/login", data={"username": who.email.upper(), "password": "a wrong password"})
    assert (wrong.status_code, wrong.json()["detail"]) == (401, "Address or password is wrong.")
    unknown = httpx.post(f"{address}/login", data={"username": "nobody@example.com", "password": "a wrong password"})
    assert {**unknown.json()} == {**wrong.json()}
    assert [action for action, _ in recorded(database, who.org_id, who.email)][-2:] == ["login", "login_refused"]

    me = person_of(database, who.email, door="chat")
    (mine,) = sessions.list_sessions(database, me)
    assert (mine.email, mine.source) == (who.email, "127.0.0.1")
    everybody = {one.email for one in sessions.list_sessions(database, shell_identity(who.org_id))}
    assert {who.email, other.email} <= everybody
    (theirs,) = sessions.list_sessions(database, shell_identity(who.org_id), email=other.email)
    for refused in (
        lambda: sessions.list_sessions(database, me, email=other.email),
        lambda: sessions.end_session(database, me, theirs.id),
        lambda: sessions.end_sessions(database, me, email=other.email),
    ):
        with pytest.raises(Exception, match=r"administrator|no such login|scope"):
            refused()
    assert other.browser.get("/user").is_success
    sessions.end_session(database, me, mine.id)
    assert who.browser.get("/user").status_code == 401


async def test_pages_of_other_origins_are_refused(address: str, log_in: Callable[..., Someone]) -> None:
    who = log_in()
    port = int(address.rpartition(":")[2])
    foreign = (
        "http://evil.example", "null", f"http://localhost:{port + 1}", f"http://127.0.0.1:{port + 1}",
        f"http://localhost:{port}", f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port}.evil.example", "file://",
    )  # fmt: skip
    for origin in foreign:
        with pytest.raises(InvalidStatus, match="403"):
            async with chat_socket(address, who.cookie, origin=origin):
                pass
        for method, path in (
            ("POST", "/project/action"), ("DELETE", "/project/element"), ("PUT", "/feedback"), ("POST", "/logout"),
            ("POST", "/login"), ("POST", "/api/v1/tools/describe_data"), ("POST", "/mcp"),
            ("GET", "/ws/socket.io/?EIO=4&transport=polling"),
        ):  # fmt: skip
            answer = who.browser.request(method, path, headers={"Origin": origin})
            assert answer.status_code == 403, (origin, path)
    answer = who.browser.post("/logout", headers={"Sec-Fetch-Site": "same-site"})
    assert answer.status_code == 403
    async with chat_socket(address, who.cookie, origin=address):
        pass
    assert who.browser.post("/logout", headers={"Origin": address}).status_code == 200


def test_other_hosts_are_refused(address: str) -> None:
    port = address.rpartition(":")[2]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "10.0.0.1", "user@localhost", ""):
        answer = httpx.get(f"{address}/auth/config", headers={"Host": host})
        assert answer.status_code == 421, host
        assert "AIMA_PUBLIC_URL" in answer.json()["detail"]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", f"LOCALHOST:{port}"):
        assert httpx.get(f"{address}/auth/config", headers={"Host": host}).status_code == 200, host


def test_the_manual_and_its_document_are_ours(address: str) -> None:
    get = partial(httpx.get, timeout=60)
    page = get(f"{address}/docs").text
    assert "/api/v1/tools/describe_data" in page
    assert "<script" not in page
    assert "//cdn" not in page
    document = get(f"{address}/openapi.json").json()
    assert document["info"]["title"] == "AIMA"
    assert "/api/v1/tools/describe_data" in document["paths"]
    assert get(f"{address}/redoc", follow_redirects=True).text == page


def test_what_is_not_there_is_not_found(address: str, log_in: Callable[..., Someone]) -> None:
    who = log_in()
    nothing = uuid4()
    for path in (
        "/public/nothing", f"/project/thread/{nothing}", f"/project/thread/{nothing}/element/{nothing}",
        "/project/thread/unknown/element/unknown", "/project/thread/unknown", f"/project/share/{nothing}",
    ):  # fmt: skip
        assert who.browser.get(path).status_code == 404, path
    for path in ("/public/%00", "/assets/a%00b", "/project/thread/%00"):
        assert who.browser.get(path).status_code == 400, path
    gone = {"sessionId": str(nothing)}
    element = {"id": str(nothing), "type": "custom", "name": "x", "display": "inline"}
    for method, path, body in (
        ("POST", "/project/action", gone | {"action": {"name": "approve_proposal", "payload": {}}}),
        ("PUT", "/project/element", gone | {"element": element}),
        ("DELETE", "/project/element", gone | {"element": element}),
        ("PUT", "/feedback", gone | {"feedback": {"forId": str(nothing), "value": 1}}),
        ("DELETE", "/feedback", {"feedbackId": "unknown"}),
        ("DELETE", "/project/thread", {"threadId": str(nothing)}),
    ):
        assert who.browser.request(method, path, json=body).status_code == 404, (method, path)
