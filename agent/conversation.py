"""One question in, typed events out: the only thing doors need to know of the agent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from pydantic import Field

from agent.events import AnswerDone, Chart, Event, ProposalMade, Table
from core.identity import Identity

if TYPE_CHECKING:
    from agent.graph import AgentGraph


class Answer(AnswerDone):
    """A whole turn, collected: for the shell and for tests."""

    charts: list[Chart] = Field(default_factory=list, description="Pictures of the results.")
    tables: list[Table] = Field(default_factory=list, description="Rows worth reading one by one.")
    proposals: list[ProposalMade] = Field(default_factory=list, description="Proposals waiting for a person.")


class Conversation:
    """Questions of one organisation's people, each thread with its own memory.

    `graph` comes from `agent.graph.build_graph(model, toolbox, checkpointer)`.
    """

    def __init__(self, graph: AgentGraph) -> None:
        self._graph = graph

    def ask(self, text: str, identity: Identity, thread_id: str) -> AsyncIterator[Event]:
        """The events of one turn. Closing the iterator early cancels the turn."""
        raise NotImplementedError

    async def answer(self, text: str, identity: Identity, thread_id: str) -> Answer:
        """The same turn, collected. A failed turn raises the error of core/errors.py it failed with."""
        raise NotImplementedError
