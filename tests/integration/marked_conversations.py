"""Conversations that name the marked person, in the chat and in what the agent remembers, and some that do not."""

from __future__ import annotations

import gzip
from typing import Any
from uuid import uuid4

from agent.conversation import Conversation
from agent.memory import open_memory
from mcp_server.server import build_server
from mcp_server.toolbox import InProcessToolbox
from tests.integration.marked_person import CUSTOMERS, NUMBER, Scene
from tests.screen import load_chainlit
from tests.unit.fake_toolbox import offline_graph
from tools.catalogue import catalogue
from tools.runtime import Runtime

load_chainlit()

from chainlit.context import init_http_context  # noqa: E402 - chainlit reads the environment when imported
from chainlit.element import CustomElement, File  # noqa: E402
from chainlit.types import Feedback  # noqa: E402
from chainlit.user import User  # noqa: E402

from chat.history import History  # noqa: E402

__all__ = ["converse", "threads_of"]

NAMING = "Quaxmarkel is cross, zzchatmark was all they got"
FEEDBACK = "zzfeedbackmark: that is Zebulonix Quaxmarkel's brother"


async def converse(scene: Scene) -> dict[str, str]:
    """Threads of the administrator by what is in them; only `harmless` and `file` are to stay."""
    history = History(scene.database)
    metadata = {"org_id": str(scene.org_id)}
    user = User(identifier=scene.identity.actor, metadata=metadata)
    init_http_context(user=user)
    known = await history.create_user(user)
    assert known is not None
    threads = {}
    for kind in ("named", "table", "feedback", "file", "harmless"):
        threads[kind] = str(uuid4())
        init_http_context(thread_id=threads[kind], user=known)
        await history.update_thread(threads[kind], name=f"About {kind}", user_id=known.id)
        step = str(uuid4())
        await history.create_step(_step(threads[kind], step, NAMING if kind == "named" else "How many mugs?"))
        await _attach(history, kind, threads[kind], step)
    await history.close()
    await _ask(scene, threads["named"], str(uuid4()))
    return threads


def threads_of(scene: Scene) -> set[str]:
    """The threads there are of the administrator."""
    with scene.database.transaction(scene.org_id) as connection:
        connection.exec_driver_sql("select set_config('app.person', %s, true)", (scene.identity.actor,))
        return {str(row[0]) for row in connection.exec_driver_sql('select "id" from chat.threads')}


def _step(thread: str, step: str, said: str) -> Any:
    return {
        "id": step, "threadId": thread, "parentId": None, "name": "user", "type": "user_message", "streaming": False,
        "input": "", "output": said, "createdAt": "2026-06-01T00:00:00Z", "metadata": {}, "isError": False,
    }  # fmt: skip


async def _attach(history: History, kind: str, thread: str, step: str) -> None:
    if kind == "table":
        table = CustomElement(name="DataTable", thread_id=thread, props={"rows": [["Zebulonix Quaxmarkel", 2]]})
        table.for_id = step
        await history.create_element(table)
    elif kind == "file":
        file = File(name="people.csv.gz", thread_id=thread, content=gzip.compress(CUSTOMERS.encode()))
        file.for_id = step
        await history.create_element(file)
    elif kind == "feedback":
        await history.upsert_feedback(Feedback(forId=step, value=0, threadId=thread, comment=FEEDBACK))


async def _ask(scene: Scene, *threads: str) -> None:
    """The same question in a conversation of the chat, and in one that is in no chat, as at the shell."""
    toolbox = InProcessToolbox(build_server(Runtime(catalogue(), scene.database, lambda *_: uuid4())))
    async with open_memory(scene.engines.app_url) as memory:
        conversation = Conversation(offline_graph(toolbox, memory))
        for thread in threads:
            answer = await conversation.answer(f"Tell me about customer {NUMBER}", scene.identity, thread)
            assert NUMBER in answer.text
