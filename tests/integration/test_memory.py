"""What the agent remembers is under row-level security: one organisation never meets the memory of another."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from langgraph.checkpoint.base import empty_checkpoint
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from agent.memory import open_memory
from cli.engines import Engines
from core.errors import NotAllowed
from core.identity import acting_as
from database.engine import Database
from tests.conftest import make_organisation, person

TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")


def thread(org_id: UUID) -> Any:
    return {"configurable": {"thread_id": f"{org_id}:{uuid4()}", "checkpoint_ns": ""}}


async def test_an_organisation_remembers_its_own_threads_alone(engines: Engines, database: Database) -> None:
    ours, theirs = make_organisation(database), make_organisation(database)
    own = thread(ours)
    async with open_memory(engines.app_url) as memory:
        with acting_as(person(ours)):
            checkpoint = empty_checkpoint()
            checkpoint["channel_values"], checkpoint["channel_versions"] = {"said": ["a secret"]}, {"said": "1"}
            saved = await memory.aput(own, checkpoint, {}, {"said": "1"})
            await memory.aput_writes(saved, [("said", ["another"])], "task")
            found = await memory.aget_tuple(own)
            assert found is not None
            assert found.checkpoint["channel_values"] == {"said": ["a secret"]}
        with acting_as(person(theirs)):
            assert await memory.aget_tuple(own) is None
            assert [one async for one in memory.alist(None)] == []
            with pytest.raises(InsufficientPrivilege, match="row-level security"):
                await memory.aput(own, empty_checkpoint(), {}, {})
            await memory.adelete_thread(own["configurable"]["thread_id"])
        with acting_as(person(ours)):
            assert await memory.aget_tuple(own) is not None
        with pytest.raises(NotAllowed):
            await memory.aget_tuple(own)
    for table in TABLES:
        with database.transaction(ours) as connection:
            assert connection.execute(text(f"select count(*) from checkpoints.{table}")).scalar() == 1, table
        for other in (theirs, None):
            with database.transaction(other) if other else database.before_login() as connection:
                assert connection.execute(text(f"select count(*) from checkpoints.{table}")).scalar() == 0, table


@pytest.mark.parametrize(
    "statement",
    [
        "alter table checkpoints.checkpoints disable row level security",
        "alter table checkpoints.checkpoints no force row level security",
        "drop policy own_rows on checkpoints.checkpoints",
        "create table checkpoints.more (a int)",
        "alter table chat.threads disable row level security",
        "select * from login_tries",
        "update login_tries set failures = 0",
    ],
)
def test_the_application_cannot_lift_it(database: Database, organisation: UUID, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"must be owner|permission denied"),
        database.transaction(organisation) as connection,
    ):
        connection.execute(text(statement))
