"""One question in, typed events out: the only thing doors need to know of the agent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING, Any, cast

from pydantic import Field

from agent.events import AnswerDone, Chart, Event, Failed, ProposalCard, Table
from agent.models import translated
from agent.transcript import role_of
from core.conventions import Conventions, following
from core.errors import AimaError, FixArguments, GiveUp, error_of
from core.identity import Identity, acting_as
from core.storable import unfit

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from agent.graph import AgentGraph

__all__ = ["Answer", "Conversation"]

_STEPS_LIMIT = 60
_LONGEST_QUESTION = 4_000


class Answer(AnswerDone):
    """A whole turn, collected: for the shell and for tests."""

    charts: list[Chart] = Field(default_factory=list, description="Pictures of the results.")
    tables: list[Table] = Field(default_factory=list, description="Rows worth reading one by one.")
    proposals: list[ProposalCard] = Field(default_factory=list, description="Proposals waiting for a person.")


class Conversation:
    """Questions of one organisation's people, each thread with its own memory.

    `graph` comes from `agent.graph.build_graph(model, toolbox, checkpointer)`; `conventions` tells how the
    organisation of somebody who asks counts weeks and years and writes dates.
    """

    def __init__(self, graph: AgentGraph, conventions: Callable[[Identity], Conventions] | None = None) -> None:
        self._graph = graph
        self._conventions = conventions or (lambda _identity: Conventions())

    async def ask(self, text: str, identity: Identity, thread_id: str) -> AsyncGenerator[Event, None]:
        """The events of one turn. Closing the iterator early cancels the turn."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        # A task of its own: the identity is bound for the turn alone, whatever task reads the events.
        turn = asyncio.create_task(self._run(text, identity, thread_id, queue))
        try:
            while (event := await queue.get()) is not None:
                yield event
            await turn
        finally:
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)

    async def answer(self, text: str, identity: Identity, thread_id: str) -> Answer:
        """The same turn, collected. A failed turn raises the error of core/errors.py it failed with."""
        done: AnswerDone | None = None
        charts: list[Chart] = []
        tables: list[Table] = []
        proposals: list[ProposalCard] = []
        async for event in self.ask(text, identity, thread_id):
            match event:
                case Chart():
                    charts.append(event)
                case Table():
                    tables.append(event)
                case ProposalCard():
                    proposals.append(event)
                case AnswerDone():
                    done = event
                case Failed():
                    raise error_of(event.code, event.message)
        if done is None:
            raise GiveUp("The conversation ended without an answer.")
        return Answer(**done.model_dump(exclude={"kind"}), charts=charts, tables=tables, proposals=proposals)

    async def _run(self, text: str, identity: Identity, thread_id: str, queue: asyncio.Queue[Event | None]) -> None:
        try:
            with acting_as(identity), following(await asyncio.to_thread(self._conventions, identity)):
                await self._turn(_asked(text), _config(identity, thread_id), queue)
        except AimaError as error:
            queue.put_nowait(Failed(code=error.code, message=error.message))
        except Exception as error:
            known = translated(error)
            if known is None:
                raise
            queue.put_nowait(Failed(code=known.code, message=known.message))
        finally:
            queue.put_nowait(None)

    async def _turn(self, text: str, config: RunnableConfig, queue: asyncio.Queue[Event | None]) -> None:
        before = 0
        if self._graph.checkpointer:
            state = await self._graph.aget_state(config)
            before = sum(role_of(message) == "question" for message in state.values.get("messages", []))
        begin: Any = {"question": text, "turn": before + 1}
        async for event in self._graph.astream(begin, config, stream_mode="custom"):
            queue.put_nowait(cast("Event", event))


def _asked(text: str) -> str:
    text = text.strip()
    if not text:
        raise FixArguments("The question is empty.")
    if found := unfit(text):
        raise FixArguments(f"The question {found.why}.")
    if len(text) > _LONGEST_QUESTION:
        raise FixArguments(f"The question is longer than {_LONGEST_QUESTION} characters: shorten it or attach a file.")
    return text


def _config(identity: Identity, thread_id: str) -> RunnableConfig:
    # Threads are kept per organisation: an id that another organisation uses leads nowhere.
    return {
        "configurable": {"thread_id": f"{identity.org_id}:{thread_id}", "conversation_id": thread_id},
        "recursion_limit": _STEPS_LIMIT,
    }
