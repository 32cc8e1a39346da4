"""The chat's memory: what is stored can be read back, by its owner only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, get_type_hints
from uuid import uuid4

import pytest

from core.errors import NotAllowed
from database.engine import Database
from database.queries import chat
from tests.screen import load_chainlit

load_chainlit()

from chainlit.context import init_http_context  # noqa: E402 - chainlit reads the environment when imported
from chainlit.element import CustomElement, ElementDict  # noqa: E402
from chainlit.step import StepDict  # noqa: E402
from chainlit.types import Feedback, PageInfo, Pagination, ThreadFilter  # noqa: E402
from chainlit.user import PersistedUser, User  # noqa: E402

from chat.history import CONTENTS, History  # noqa: E402


@pytest.fixture
async def history(database: Database) -> AsyncIterator[History]:
    layer = History(database)
    yield layer
    await layer.close()


async def signed_in(history: History) -> PersistedUser:
    """A person of the chat, with a session at hand."""
    user = await history.create_user(User(identifier=f"{uuid4()}@example.com"))
    assert user is not None
    return user


async def thread_of(history: History, user: PersistedUser) -> str:
    thread_id = str(uuid4())
    init_http_context(thread_id=thread_id, user=user)
    await history.update_thread(thread_id, name="A question", user_id=user.id, metadata={"a": 1})
    return thread_id


def whole_step(thread_id: str) -> StepDict:
    """A step with every field there is."""
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "threadId": thread_id,
        "parentId": str(uuid4()),
        "name": "churn_table",
        "type": "tool",
        "command": "churn",
        "modes": {"m": "fast"},
        "streaming": False,
        "waitForAnswer": False,
        "isError": False,
        "metadata": {"rows": 3},
        "tags": ["a"],
        "input": "{}",
        "output": "3 rows",
        "createdAt": "2026-01-01T00:00:00Z",
        "start": "2026-01-01T00:00:00Z",
        "end": "2026-01-01T00:00:01Z",
        "generation": {},
        "showInput": "json",
        "defaultOpen": False,
        "autoCollapse": True,
        "language": "json",
        "icon": "users",
    }
    assert set(values) == set(get_type_hints(StepDict)) - {"feedback"}, "chainlit's steps have other fields now"
    return StepDict(**values)  # type: ignore[typeddict-item]


async def test_a_stored_thread_can_be_read_back(history: History, database: Database) -> None:
    user = await signed_in(history)
    thread_id = await thread_of(history, user)
    step = whole_step(thread_id)
    modes = step.pop("modes")  # the layer has no way to write a mapping there
    assert modes
    await history.create_step(dict(step))  # type: ignore[arg-type]
    element = CustomElement(name="PlanCard", props={"proposal": {"id": "p1"}}, thread_id=thread_id)
    element.for_id = step["id"]
    await history.create_element(element)
    await history.upsert_feedback(Feedback(forId=step["id"], value=1, threadId=thread_id, comment="good"))

    thread = await history.get_thread(thread_id)
    assert thread is not None
    assert (thread["name"], thread["userIdentifier"], thread["metadata"]) == ("A question", user.identifier, {"a": 1})
    (stored,) = thread["steps"]
    assert (stored["name"], stored["input"], stored["output"]) == ("churn_table", "{}", "3 rows")
    assert stored["feedback"] is not None
    assert stored["feedback"]["comment"] == "good"
    (shown,) = thread["elements"] or []
    assert (shown["props"], shown["forId"]) == ({"proposal": {"id": "p1"}}, step["id"])
    assert str(shown["url"]).startswith(f"{CONTENTS}/{user.id}/")
    with database.before_login() as connection:
        kept = chat.find(connection, str(shown["objectKey"]), user.identifier)
        assert kept is not None
        assert kept.data == b'{"proposal": {"id": "p1"}}'
        assert chat.find(connection, str(shown["objectKey"]), "somebody@example.com") is None


async def test_every_conversation_has_a_name_and_can_be_searched(history: History) -> None:
    user = await signed_in(history)
    began = {
        "What was our revenue?": "What was our revenue?",
        "/customer C0000466": "Customer C0000466",
        "/customers  Berlin": "Customers: Berlin",
        "/dashboard": "Dashboard",
        "a" * 200: "a" * 79 + "…",
        "": "What was asked",
    }
    for first_words in began:
        thread_id = str(uuid4())
        init_http_context(thread_id=thread_id, user=user)
        await history.update_thread(thread_id, name=first_words, user_id=user.id)
        for kind, words in (("assistant_message", None), ("user_message", "What was asked")):
            step = {"id": str(uuid4()), "threadId": thread_id, "name": "x", "type": kind, "output": words}
            await history.create_step(step | {"streaming": False})  # type: ignore[arg-type]
    everything = Pagination(first=50)
    listed = await history.list_threads(everything, ThreadFilter(userId=user.id))
    assert {thread["name"] for thread in listed.data} == set(began.values())
    found = await history.list_threads(everything, ThreadFilter(userId=user.id, search="was ASKED"))
    assert len(found.data) == len(began), "a search passes over steps that say nothing"


async def test_an_element_has_a_column_for_every_field(database: Database) -> None:
    from sqlalchemy import text

    with database.before_login() as connection:
        found = connection.execute(
            text(
                "select column_name from information_schema.columns"
                " where table_schema = 'chat' and table_name = 'elements'"
            )
        )
        columns = set(found.scalars())
    assert set(get_type_hints(ElementDict)) - {"path"} <= columns


async def test_threads_are_listed_for_their_owner_only(history: History) -> None:
    user, other = await signed_in(history), await signed_in(history)
    thread_id = await thread_of(history, user)
    listed = await history.list_threads(Pagination(first=10), ThreadFilter(userId=user.id))
    assert [thread["id"] for thread in listed.data] == [thread_id]
    assert isinstance(listed.pageInfo, PageInfo)
    assert (await history.list_threads(Pagination(first=10), ThreadFilter(userId=other.id))).data == []
    assert await history.get_thread_author(thread_id) == user.identifier


async def test_nobody_puts_an_element_into_somebody_elses_thread(history: History) -> None:
    user, other = await signed_in(history), await signed_in(history)
    thread_id = await thread_of(history, user)
    card = CustomElement(name="PlanCard", props={"shown": "true"}, thread_id=thread_id)
    card.for_id = str(uuid4())
    await history.create_element(card)

    own = await thread_of(history, other)
    intruder = CustomElement(name="PlanCard", props={"shown": "false"}, thread_id=thread_id)
    moved = CustomElement(id=card.id, name="PlanCard", props={"shown": "false"}, thread_id=own)
    for forged in (intruder, moved):
        forged.for_id = str(uuid4())
        with pytest.raises(NotAllowed):
            await history.create_element(forged)
    thread = await history.get_thread(thread_id)
    assert thread is not None
    assert [element["props"] for element in thread["elements"] or []] == [{"shown": "true"}]


async def test_a_deleted_thread_leaves_nothing(history: History, database: Database) -> None:
    user = await signed_in(history)
    thread_id = await thread_of(history, user)
    card = CustomElement(name="PlanCard", props={"a": 1}, thread_id=thread_id)
    card.for_id = str(uuid4())
    await history.create_element(card)
    thread = await history.get_thread(thread_id)
    assert thread is not None
    key = str((thread["elements"] or [])[0]["objectKey"])
    await history.delete_thread(thread_id)
    assert not await history.get_thread(thread_id)
    with database.before_login() as connection:
        assert chat.delete(connection, key) is False
