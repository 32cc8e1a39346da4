"""Whatever an organisation's people, keys and statements try with another's things: not a row seen, none changed."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute
from fastmcp import Client
from fastmcp.exceptions import ToolError
from mcp import McpError
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from websockets.exceptions import ConnectionClosed

from database.engine import Database
from tests.campaign_scene import CATALOGUE
from tests.conftest import PROJECT
from tests.integration.sockets import ChatSocket, chat_socket
from tests.integration.test_hostile_arguments import calls, put
from tests.integration.two_organisations import (
    UUIDS,
    Side,
    as_person,
    digest,
    is_handle,
    log_in,
    make_side,
    tables,
    take_stock,
)
from tests.screen import load_chainlit

ACTIONS = re.findall(r'action_callback\("(\w+)"\)', (PROJECT / "chat" / "app.py").read_text())
ABOUT = {"first": "customer", "second": "customer", "value": "customer", "which": "import", "hash": "proposal"}
NAMING = re.compile(
    r"customer$|segment|proposal|campaign|message|job|alert|connection|name|first|second|value|which|recipient|_id|hash"
)
Try = tuple[str, Any]  # what was tried, in words; what came back


@dataclass
class Scene:
    """Who tries (`ours`), at whose things (`theirs`), both with an open conversation."""

    database: Database
    address: str
    ours: Side
    theirs: Side
    our_socket: ChatSocket
    their_socket: ChatSocket
    their_file: str
    draw: random.Random

    def handle(self, about: str = "", like: Any = None) -> str | int:
        """A handle of theirs for an argument called `about`, mostly of a table of that name."""
        stem = ABOUT.get(about) or re.sub(r"(_ids?|_no|Ids?)$", "", about).lower().rstrip("s")
        own = [table for table in self.theirs.handles if table == f"{stem}s"]
        fitting = own or [table for table in self.theirs.handles if stem and stem in table]
        pool = fitting if fitting and self.draw.random() < 0.7 else list(self.theirs.handles)
        values = self.theirs.handles[self.draw.choice(pool)]
        alike = [value for value in values if _kind(value) == _kind(like)] if like is not None else []
        return self.draw.choice(alike if alike and self.draw.random() < 0.8 else values)

    def chat(self, table: str) -> str:
        """An identifier of their conversation."""
        own = [str(value) for value in self.theirs.handles[f"chat.{table}"]]
        extra = [self.their_file, self.their_socket.session_id, str(self.theirs.org_id)]
        return self.draw.choice(own if self.draw.random() < 0.8 else [*own, *extra])

    def session(self) -> str:
        """A session to speak in: ours mostly, theirs at times."""
        return (self.our_socket if self.draw.random() < 0.7 else self.their_socket).session_id


def _kind(value: Any) -> str:
    return "uuid" if isinstance(value, str) and UUIDS.fullmatch(value) else type(value).__name__


def arguments(scene: Scene) -> tuple[str, dict[str, Any]]:
    """A tool, and arguments of it with something of theirs in one or two places."""
    name = scene.draw.choice(list(CATALOGUE.tools))
    found = list(calls(name))
    naming = [one for one in found if NAMING.search(_key(one[1]))]
    if not found:
        return name, {}
    tried, place = scene.draw.choice(naming if naming and scene.draw.random() < 0.8 else found)
    tried = _with_theirs(scene, tried, place)
    if scene.draw.random() < 0.3:
        tried = _with_theirs(scene, tried, scene.draw.choice(found)[1])
    return name, tried


def _key(place: tuple[Any, ...]) -> str:
    return next((part for part in reversed(place) if isinstance(part, str)), "")


def _with_theirs(scene: Scene, tried: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    was: Any = tried
    for part in place:
        was = was[part] if isinstance(was, dict) and part in was else None
    value = scene.handle(_key(place), was)
    try:
        changed: dict[str, Any] = put(tried, place, [value] if isinstance(was, list) else value)
    except (TypeError, AttributeError, IndexError, KeyError, ValueError):
        return tried  # an earlier change took this place away
    return changed


async def over_http(scene: Scene, count: int) -> AsyncIterator[Try]:
    async with httpx.AsyncClient(base_url=scene.address, timeout=120) as client:
        client.headers["Authorization"] = f"Bearer {scene.ours.key}"
        for _ in range(count):
            name, tried = arguments(scene)
            answer = await client.post(f"/api/v1/tools/{name}", json=tried)
            assert answer.status_code < 500, (name, tried, answer.text)
            yield f"{name} {tried}", answer.text


async def over_mcp(scene: Scene, count: int) -> AsyncIterator[Try]:
    async with Client(f"{scene.address}/mcp", auth=scene.ours.key) as client:
        for number in range(count):
            name, tried = arguments(scene)
            if number % 10 == 0:
                uri = f"aima://{scene.draw.choice(['tools', 'segments', 'customers'])}/{scene.handle()}".replace(
                    " ", "%20"
                )
                yield uri, await _told(client.read_resource(uri))
            elif number % 10 == 1:
                yield "win_back", await _told(client.get_prompt("win_back", {"segment": str(scene.handle("segment"))}))
            else:
                yield f"{name} {tried}", await _told(client.call_tool_mcp(name, tried))


async def _told(asked: Awaitable[Any]) -> str:
    try:
        return repr(await asked)
    except (ToolError, McpError, ValueError) as refusal:
        return str(refusal)


def routes(scene: Scene) -> dict[tuple[str, str], Callable[[], tuple[str, Any]]]:
    """Every route of the chat that takes an identifier, as a maker of addresses and bodies."""
    chat, theirs = scene.chat, scene.their_socket.session_id

    def element() -> dict[str, Any]:
        element = {"id": chat("elements"), "type": "custom", "name": "PlanCard", "display": "inline", "props": {"a": 1}}
        return {
            "sessionId": scene.session(),
            "element": element | {"forId": chat("steps"), "threadId": chat("threads")},
        }

    def action() -> dict[str, Any]:
        names = ["proposal_id", "element_id", "message_id", "delivery_id", "alert_ids", "id"]
        names += ["segment", "name", "words"]
        payload: dict[str, Any] = {name: scene.handle(name) for name in names}
        payload |= {"content_hash": scene.handle("hash"), "changes": {"name": "ours"}, "delivered": True}
        payload |= {"element_id": chat("elements"), "message_id": chat("steps"), "role": "admin"}
        payload |= {"email": scene.theirs.email, "password": "another password", "subject": "s", "body_text": "b"}
        payload |= {"rule": {"field": "customer_id", "operator": "eq", "value": scene.handle("customers")}}
        name = scene.draw.choice(ACTIONS)
        sent = {"id": str(uuid4()), "name": name, "payload": payload, "label": "", "forId": chat("steps")}
        return {"sessionId": scene.session(), "action": sent}

    def vote() -> dict[str, Any]:
        feedback = {"forId": chat("steps"), "value": 0, "comment": "ours", "threadId": chat("threads")}
        feedback |= {"id": chat("feedbacks")} if scene.draw.random() < 0.5 else {}
        return {"sessionId": scene.session(), "feedback": feedback}

    def listing() -> dict[str, Any]:
        return {"pagination": {"first": 50, "cursor": chat("threads")}, "filter": {"userId": chat("users")}}

    def one(thread: str) -> tuple[str, Any]:
        return f"/project/thread/{thread}", None

    return {
        ("GET", "/project/thread/{thread_id}"): lambda: one(chat("threads")),
        ("GET", "/project/share/{thread_id}"): lambda: (f"/project/share/{chat('threads')}", None),
        ("GET", "/project/thread/{thread_id}/element/{element_id}"): lambda: (
            f"/project/thread/{chat('threads')}/element/{chat('elements')}", None
        ),
        ("GET", "/project/file/{file_id}"): lambda: (
            f"/project/file/{scene.draw.choice([scene.their_file, str(uuid4())])}?session_id={scene.session()}", None
        ),
        ("GET", "/chat/contents/{object_key:path}"): lambda: (f"/chat/contents/{chat('contents')}", None),
        ("POST", "/project/file"): lambda: (f"/project/file?session_id={theirs}", {"file": ("a.csv", b"a,b\n1,2\n")}),
        ("POST", "/project/threads"): lambda: ("/project/threads", listing()),
        ("POST", "/project/action"): lambda: ("/project/action", action()),
        ("PUT", "/project/element"): lambda: ("/project/element", element()),
        ("DELETE", "/project/element"): lambda: ("/project/element", element()),
        ("PUT", "/project/thread"): lambda: ("/project/thread", {"threadId": chat("threads"), "name": "ours"}),
        ("PUT", "/project/thread/share"): lambda: (
            "/project/thread/share", {"threadId": chat("threads"), "isShared": True}
        ),
        ("DELETE", "/project/thread"): lambda: ("/project/thread", {"threadId": chat("threads")}),
        ("PUT", "/feedback"): lambda: ("/feedback", vote()),
        ("DELETE", "/feedback"): lambda: ("/feedback", {"feedbackId": chat("feedbacks")}),
    }  # fmt: skip


async def over_the_chats_routes(scene: Scene, count: int) -> AsyncIterator[Try]:
    made = routes(scene)
    async with httpx.AsyncClient(base_url=scene.address, timeout=120) as client:
        client.cookies.set("aima_session", scene.ours.cookie)
        for number in range(count):
            (method, _), make = list(made.items())[number % len(made)]
            path, body = make()
            sent = {"files": body} if path.startswith("/project/file?") else {"json": body} if body else {}
            answer = await client.request(method, path, **sent)
            yield f"{method} {path} {body}", answer.text


async def over_sockets(scene: Scene, count: int) -> AsyncIterator[Try]:
    """Their threads and sessions when a socket is opened, their steps and threads in what is then sent on it."""
    for number in range(count):
        thread = scene.chat("threads") if number % 2 else None
        session = scene.their_socket.session_id if number % 3 == 2 else None
        heard: list[str] = []
        try:
            async with chat_socket(scene.address, scene.ours.cookie, thread_id=thread, session_id=session) as socket:
                for event, value in _events(scene):
                    heard += await socket.acknowledged(event, *value)
        except (PermissionError, ConnectionClosed) as refusal:
            heard.append(str(refusal))
        yield f"socket for {thread} {session}", "\n".join(heard)


def _events(scene: Scene) -> list[tuple[str, tuple[Any, ...]]]:
    def message() -> tuple[dict[str, Any]]:
        step: dict[str, Any] = {"id": scene.chat("steps"), "threadId": scene.chat("threads"), "name": "user"}
        step |= {
            "type": "user_message",
            "output": f"/customer {scene.handle('customers')}",
            "createdAt": "2026-01-01T00:00:00Z",
        }
        step |= {"parentId": scene.chat("steps"), "metadata": {"favorite": scene.draw.random() < 0.5}}
        return ({"message": step, "fileReferences": [{"id": scene.their_file}]},)

    return [
        ("connection_successful", ()), ("client_message", message()), ("edit_message", message()),
        ("message_favorite", message()), ("fetch_favorites", ()), ("window_message", (scene.chat("steps"),)),
        ("chat_settings_change", ({"thread": scene.chat("threads")},)), ("stop", ()),
    ]  # fmt: skip


async def over_sql(scene: Scene, count: int) -> AsyncIterator[Try]:
    """Statements of the application's role, bound to our organisation, as us or with their person's name."""
    every = tables(scene.database)
    for _ in range(count):
        table = scene.draw.choice(list(every))
        columns = [column for column in every[table] if is_handle(table, column) or column == "org_id"]
        column = scene.draw.choice(columns)
        own = scene.theirs.handles.get(table)
        value = scene.theirs.org_id if column == "org_id" else scene.draw.choice(own) if own else scene.handle(column)
        where = f'where "{column}"::text = :value and org_id <> cast(:ours as uuid)'
        statement = scene.draw.choice((
            f"select * from {table} {where}", f"select * from {table} order by random() limit 20",
            f"delete from {table} {where} returning *", f"update {table} set org_id = :ours {where} returning *",
            f'update {table} set "{column}" = "{column}" {where} returning *',
            f"select * from {table} {where} for update",
            f"with gone as (delete from {table} where \"{column}\"::text = :value returning *) select * from gone",
            f"insert into {table} (org_id) values (cast(:theirs as uuid)) returning *",
            f"insert into {table} select * from {table} where org_id = cast(:theirs as uuid) returning *",
            f"truncate {table} cascade",
            f"alter table {table} disable row level security", f"drop policy own_organisation on {table}",
        ))  # fmt: skip
        yield f"{statement} {value}", _answer(scene, statement, str(value))


def _answer(scene: Scene, statement: str, value: str) -> str:
    values = {"value": value, "ours": scene.ours.org_id, "theirs": scene.theirs.org_id}
    asked = {name: given for name, given in values.items() if f":{name}" in statement}
    try:
        with scene.database.transaction(scene.ours.org_id) as connection:
            as_person(connection, scene.draw.choice([scene.ours.email, scene.theirs.email]))
            done = connection.execute(text(statement), asked)
            return repr(done.all()) if done.returns_rows else statement.split()[0] + " was done"
    except DatabaseError as refusal:
        return str(refusal.orig)


DOORS: dict[Callable[[Scene, int], AsyncIterator[Try]], tuple[int, int]] = {  # tries in every run, in the long one
    over_http: (48, 2_400),
    over_mcp: (64, 600),
    over_the_chats_routes: (45, 1_500),
    over_sockets: (4, 60),
    over_sql: (160, 5_440),
}


@pytest.fixture
def sides(database: Database, address: str) -> tuple[Side, Side]:
    """Two new ones for each test: a session that was closed before still writes into its own conversation."""
    both = make_side(database, "quincy"), make_side(database, "zarnich")
    for side in both:
        log_in(address, side)
    return both


@asynccontextmanager
async def at_work(database: Database, address: str, sides: tuple[Side, Side], seed: int) -> AsyncIterator[Scene]:
    """Both sides have asked something and been answered; one has dropped a file and voted."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(chat_socket(address, side.cookie)) for side in sides]
        for side, socket in zip(sides, sockets, strict=True):
            await socket.acknowledged("connection_successful")
            await socket.say(f"/customer {side.mark}-c1")
            await socket.event("task_end")
        ours, theirs = sides
        async with httpx.AsyncClient(base_url=address, cookies={"aima_session": theirs.cookie}, timeout=60) as client:
            files = {"file": (f"{theirs.mark}.csv", f"a\n{theirs.mark}-inside\n".encode())}
            sent = await client.post(f"/project/file?session_id={sockets[1].session_id}", files=files)
            await written(database, theirs, "threads", "steps", "elements", "contents")
            for step in steps_of(database, theirs):
                vote = {"forId": step, "value": 1, "comment": f"{theirs.mark}-comment"}
                body = {"feedback": vote, "sessionId": sockets[1].session_id}
                assert (await client.put("/feedback", json=body)).is_success
        await written(database, theirs, "feedbacks")
        take_stock(database, theirs)
        theirs.secrets |= {f"{theirs.mark}-inside", f"{theirs.mark}-comment"}
        for socket in sockets:
            stack.callback(asyncio.create_task(socket.stay()).cancel)
        yield Scene(database, address, ours, theirs, sockets[0], sockets[1], sent.json()["id"], random.Random(seed))


async def written(database: Database, side: Side, *chat: str) -> None:
    """Wait until the conversation is stored: the page is told that an answer is complete before its last row is."""
    before: dict[str, tuple[int, str | None]] = {}
    async with asyncio.timeout(120):
        while not all(before.get(f"chat.{table}", (0,))[0] for table in chat) or before != digest(database, side):
            before = digest(database, side)
            await asyncio.sleep(0.2)


def steps_of(database: Database, side: Side) -> list[str]:
    with database.transaction(side.org_id) as connection:
        as_person(connection, side.email)
        return [str(step) for step in connection.execute(text('select "id" from chat.steps')).scalars()]


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.slow)])
async def test_nothing_of_another_organisation_is_seen_or_changed(
    database: Database, address: str, sides: tuple[Side, Side], long: bool
) -> None:
    async with at_work(database, address, sides, seed=11 + long) as scene:
        before, leaks, tried = digest(database, scene.theirs), [], 0
        assert all(before[f"chat.{table}"][0] for table in ("threads", "steps", "elements", "feedbacks", "contents"))
        for door, counts in DOORS.items():
            async for what, answer in door(scene, counts[long]):
                tried += 1
                if found := scene.theirs.leaked(answer):
                    leaks.append((door.__name__, what, found))
            assert leaks == []
            after = digest(database, scene.theirs)
            assert {t: (before[t], after[t]) for t in after if before[t] != after[t]} == {}, door.__name__
        assert tried == sum(counts[long] for counts in DOORS.values())


async def test_the_same_tries_of_their_own_are_answered(
    database: Database, address: str, sides: tuple[Side, Side]
) -> None:
    """Or the tries above would prove nothing: at each door its own organisation is told its secrets."""
    async with at_work(database, address, sides, seed=5) as scene:
        assert routes_with_identifiers() <= set(routes(scene))
        before, leaked = digest(database, scene.theirs), scene.theirs.leaked
        scene.ours, scene.our_socket = scene.theirs, scene.their_socket
        for door, counts in DOORS.items():
            if door is over_sockets:
                continue  # a session that is taken up again does not greet anew
            few, many = (door(scene, tries) for tries in (counts[False] // 2, counts[False] * 3))  # by the draw
            told = [what async for what, a in few if leaked(a)] or [what async for what, a in many if leaked(a)]
            assert told, door.__name__
        assert digest(database, scene.theirs) != before


def routes_with_identifiers() -> set[tuple[str, str]]:
    """What chainlit itself answers about threads, elements, files and votes."""
    load_chainlit()
    from chainlit.server import router

    plain = {"/project/translations", "/project/settings"}
    found = [route for route in router.routes if isinstance(route, APIRoute) and route.path not in plain]
    own = [route for route in found if route.path.startswith(("/project/", "/feedback"))]
    return {(method, route.path) for route in own for method in route.methods or ()}
