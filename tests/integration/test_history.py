"""The chat's memory: what is stored can be read back, by its owner only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core.errors import NotAllowed, NotFound
from core.identity import ROLE_SCOPES, Identity
from database.engine import Database
from tests.conftest import make_organisation
from tests.integration import accounts
from tests.screen import load_chainlit
from tools.people.members import remove_user

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


@dataclass(frozen=True)
class Someone:
    """A person with an account."""

    org_id: UUID
    email: str


@pytest.fixture
def someone(database: Database, organisation: UUID) -> Callable[[], Someone]:
    """A maker of people of one organisation."""

    def make(org_id: UUID = organisation) -> Someone:
        return Someone(org_id, accounts.someone(database, org_id))

    return make


async def at_the_screen(history: History, who: Someone, thread_id: str | None = None) -> PersistedUser:
    """What follows is of this person's session."""
    metadata = {"org_id": str(who.org_id)}
    init_http_context(user=User(identifier=who.email, metadata=metadata))
    user = await history.create_user(User(identifier=who.email, metadata=metadata))
    assert user is not None
    init_http_context(thread_id=thread_id, user=user)
    return user


async def thread_of(history: History, who: Someone) -> str:
    """A new conversation, whose session is at hand."""
    thread_id = str(uuid4())
    user = await at_the_screen(history, who, thread_id)
    await history.update_thread(thread_id, name="A question", user_id=user.id, metadata={"a": 1})
    return thread_id


def whole_step(thread_id: str) -> StepDict:
    """A step with every field there is but modes, a mapping that the layer has no way to write."""
    values: dict[str, Any] = {
        "id": str(uuid4()),
        "threadId": thread_id,
        "parentId": str(uuid4()),
        "name": "churn_table",
        "type": "tool",
        "command": "churn",
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
    assert set(values) == set(get_type_hints(StepDict)) - {"feedback", "modes"}, (
        "chainlit's steps have other fields now"
    )
    return StepDict(**values)  # type: ignore[typeddict-item]


def card_in(thread_id: str, *, for_id: str = "", **more: Any) -> CustomElement:
    card = CustomElement(name="PlanCard", thread_id=thread_id, **more)
    card.for_id = for_id or str(uuid4())
    return card


async def test_a_stored_thread_can_be_read_back(history: History, someone: Callable[[], Someone]) -> None:
    who = someone()
    thread_id = await thread_of(history, who)
    step = whole_step(thread_id)
    await history.create_step(step)
    await history.create_element(card_in(thread_id, for_id=step["id"], props={"proposal": {"id": "p1"}}))
    await history.upsert_feedback(Feedback(forId=step["id"], value=1, comment="good"))

    thread = await history.get_thread(thread_id)
    assert thread is not None
    assert (thread["name"], thread["userIdentifier"], thread["metadata"]) == ("A question", who.email, {"a": 1})
    (stored,) = thread["steps"]
    assert (stored["name"], stored["input"], stored["output"]) == ("churn_table", "{}", "3 rows")
    assert stored["feedback"] is not None
    assert stored["feedback"]["comment"] == "good"
    (shown,) = thread["elements"] or []
    assert (shown["props"], shown["forId"]) == ({"proposal": {"id": "p1"}}, step["id"])
    assert await history.get_element(thread_id, shown["id"]) == shown
    assert str(shown["url"]).startswith(f"{CONTENTS}/{thread['userId']}/")
    kept = history.contents.find(str(shown["objectKey"]))
    assert kept is not None
    assert kept.data == b'{"proposal": {"id": "p1"}}'
    await at_the_screen(history, someone())
    assert history.contents.find(str(shown["objectKey"])) is None


async def test_a_thread_is_renamed_and_keeps_its_person(history: History, someone: Callable[[], Someone]) -> None:
    """As chainlit does it, without saying whose it is."""
    who = someone()
    thread_id = await thread_of(history, who)
    await history.update_thread(thread_id, metadata={"b": 2})
    await history.update_thread(thread_id, name="Another name")
    thread = await history.get_thread(thread_id)
    assert thread is not None
    assert (thread["name"], thread["metadata"]) == ("Another name", {"a": 1, "b": 2})
    assert await history.get_thread_author(thread_id) == who.email


async def test_every_conversation_has_a_name_and_can_be_searched(
    history: History, someone: Callable[[], Someone]
) -> None:
    user = await at_the_screen(history, someone())
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
    with database.before_login() as connection:
        found = connection.execute(
            text(
                "select column_name from information_schema.columns"
                " where table_schema = 'chat' and table_name = 'elements'"
            )
        )
        columns = set(found.scalars())
    assert set(get_type_hints(ElementDict)) - {"path"} <= columns


async def test_threads_are_listed_for_their_owner_only(history: History, someone: Callable[[], Someone]) -> None:
    who = someone()
    thread_id = await thread_of(history, who)
    user = await at_the_screen(history, who)
    listed = await history.list_threads(Pagination(first=10), ThreadFilter(userId=user.id))
    assert [thread["id"] for thread in listed.data] == [thread_id]
    assert isinstance(listed.pageInfo, PageInfo)
    assert await history.get_thread_author(thread_id) == who.email
    await at_the_screen(history, someone())
    assert (await history.list_threads(Pagination(first=10), ThreadFilter(userId=user.id))).data == []
    assert await history.get_thread_author(thread_id) == ""


async def test_the_first_line_of_a_thread_makes_it_its_writers(
    history: History, someone: Callable[[], Someone]
) -> None:
    """The page's first message and the thread's first row are written at once, in either order."""
    who, thread_id = someone(), str(uuid4())
    await at_the_screen(history, who, thread_id)
    step = whole_step(thread_id)
    await history.create_step(step)
    assert await history.get_thread_author(thread_id) == who.email


@pytest.mark.parametrize("same_organisation", [True, False])
async def test_nobody_reads_or_changes_somebody_elses_conversation(
    history: History, someone: Callable[..., Someone], database: Database, same_organisation: bool
) -> None:
    """Each method of the data layer with each id of a victim, as every route of chainlit's would pass it on."""
    victim = someone()
    thread_id = await thread_of(history, victim)
    step = whole_step(thread_id)
    await history.create_step(step)
    card = card_in(thread_id, for_id=step["id"], props={"shown": "true"})
    await history.create_element(card)
    feedback_id = await history.upsert_feedback(Feedback(forId=step["id"], value=1))
    before = await history.get_thread(thread_id)
    content = history.contents.find(str((before or {})["elements"][0]["objectKey"]))  # type: ignore[index]
    assert content is not None

    thief = someone() if same_organisation else someone(make_organisation(database))
    own = await thread_of(history, thief)
    assert not (await history.get_thread(thread_id) or {}).get("steps")
    assert await history.get_step(step["id"]) is None
    attempts: dict[str, Awaitable[Any]] = {
        "create_step": history.create_step(whole_step(own) | {"id": step["id"]}),  # type: ignore[arg-type]
        "update_step": history.update_step(whole_step(own) | {"id": step["id"]}),  # type: ignore[arg-type]
        "step into the thread": history.create_step(whole_step(thread_id)),
        "delete_step": history.delete_step(step["id"]),
        "create_element": history.create_element(card_in(thread_id, props={"shown": "false"})),
        "move the element": history.create_element(card_in(own, id=card.id, props={"shown": "false"})),
        "delete_element": history.delete_element(card.id, own),
        "upsert_feedback": history.upsert_feedback(Feedback(forId=step["id"], value=0)),
        "change feedback": history.upsert_feedback(Feedback(forId=str(uuid4()), id=feedback_id, value=0)),
        "delete_feedback": history.delete_feedback(feedback_id),
        "rename": history.update_thread(thread_id, name="mine"),
        "take over": history.update_thread(thread_id, user_id=(await at_the_screen(history, thief)).id),
        "delete_thread": history.delete_thread(thread_id),
        "get_element": history.get_element(thread_id, card.id),
    }
    done = [name for name, attempt in attempts.items() if not await refused(attempt)]
    assert done == []
    await at_the_screen(history, victim)
    assert await history.get_thread(thread_id) == before
    assert history.contents.find(str((before or {})["elements"][0]["objectKey"])) == content  # type: ignore[index]


async def refused(attempt: Awaitable[Any]) -> bool:
    try:
        await attempt
    except (NotAllowed, NotFound):
        return True
    return False


async def test_the_database_holds_even_where_the_chat_would_not(
    history: History, someone: Callable[[], Someone], database: Database
) -> None:
    """The statements themselves, without a check before them: they find nothing and change nothing."""
    victim = someone()
    thread_id = await thread_of(history, victim)
    step = whole_step(thread_id)
    await history.create_step(step)
    before = await history.get_thread(thread_id)
    await thread_of(history, someone())
    for table, column in (("steps", "id"), ("steps", "threadId"), ("threads", "id"), ("users", "identifier")):
        value = {"id": step["id"], "threadId": thread_id, "identifier": victim.email}[column]
        value = thread_id if table == "threads" else value
        for act in ("delete from {}", "update {} set \"metadata\" = '{{}}'"):
            assert await history.execute_sql(f'{act.format(table)} where "{column}" = :v', {"v": value}) == 0
        assert await history.execute_sql(f'select * from {table} where "{column}" = :v', {"v": value}) == []
    await at_the_screen(history, victim)
    assert await history.get_thread(thread_id) == before
    with database.before_login() as connection:
        for table in ("users", "threads", "steps", "elements", "feedbacks", "contents"):
            assert connection.execute(text(f"select count(*) from chat.{table}")).scalar() == 0, table


async def test_a_deleted_thread_leaves_nothing(history: History, someone: Callable[[], Someone]) -> None:
    thread_id = await thread_of(history, someone())
    await history.create_element(card_in(thread_id, props={"a": 1}))
    thread = await history.get_thread(thread_id)
    assert thread is not None
    key = str((thread["elements"] or [])[0]["objectKey"])
    await history.delete_thread(thread_id)
    assert not await history.get_thread(thread_id)
    assert await history.contents.delete_file(key) is False


def remember(database: Database, org_id: UUID, *threads: str) -> None:
    """What the agent keeps of a turn of each."""
    with database.transaction(org_id) as connection:
        for thread in threads:
            connection.execute(
                text(
                    "insert into checkpoints.checkpoints (thread_id, checkpoint_id, checkpoint)"
                    " values (:thread, '1', '{}')"
                ),
                {"thread": f"{org_id}:{thread}"},
            )


def remembered(database: Database, org_id: UUID) -> set[str]:
    with database.transaction(org_id) as connection:
        found = connection.execute(text("select split_part(thread_id, ':', 2) from checkpoints.checkpoints"))
        return set(found.scalars())


async def test_a_deleted_conversation_is_forgotten_by_the_agent_too(
    history: History, someone: Callable[[], Someone], database: Database
) -> None:
    """One that is deleted, those of an account that is; nobody else's, and none of the shell."""
    who, colleague = someone(), someone()
    others, first, second = await thread_of(history, colleague), await thread_of(history, who), str(uuid4())
    await history.update_thread(second, name="Another")
    remember(database, who.org_id, others, first, second, "of the shell")
    with pytest.raises(NotAllowed):
        await history.delete_thread(others)
    await history.delete_thread(first)
    assert remembered(database, who.org_id) == {others, second, "of the shell"}
    admin = Identity(who.org_id, "shell", ROLE_SCOPES["admin"], "cli", person=True)
    remove_user(database, admin, who.email)
    assert remembered(database, who.org_id) == {others, "of the shell"}


async def test_whatever_is_pasted_is_kept(history: History, someone: Callable[[], Someone]) -> None:
    thread_id = await thread_of(history, someone())
    for output in ("[" * 100_000 + "\\u0000", '{"a": "\\u0000"}', "a\0b"):
        step = whole_step(thread_id) | {"id": str(uuid4()), "output": output}
        await history.create_step(step)  # type: ignore[arg-type]
    thread = await history.get_thread(thread_id)
    assert thread is not None
    assert sorted(len(str(one["output"])) for one in thread["steps"]) == [2, 9, 100_006]
