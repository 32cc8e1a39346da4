"""The offline chat model: plays planner, sub-agent and writer in the graph, by what it has been given to work with."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import BaseTool
from pydantic import ConfigDict

from agent.offline.reading import Reader, Reading
from agent.offline.scene import scene_of
from agent.offline.writing import write
from agent.transcript import role_of
from tools.catalogue import Catalogue

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForLLMRun
    from langchain_core.runnables import Runnable

__all__ = ["OfflineChatModel"]

_PLAN = "make_plan"


class OfflineChatModel(BaseChatModel):
    """No network, no key, no randomness: the same messages give the same reply.

    With the tool make_plan bound it plans; with other tools bound it calls them; with none it writes the answer.
    """

    tools: tuple[str, ...] = ()
    reader: Reader
    own_words: ClassVar[bool] = True  # see agent/answering.py
    reads_product_words: bool = True

    @classmethod
    def of(cls, catalogue: Catalogue) -> OfflineChatModel:
        """The model that knows the capabilities of `catalogue`."""
        return cls(reader=Reader(catalogue))

    model_config = ConfigDict(arbitrary_types_allowed=True)

    @property
    def _llm_type(self) -> str:
        return "aima-offline"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """The same model, knowing the names of `tools`."""
        return self.model_copy(update={"tools": tuple(_name(tool) for tool in tools)})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        seen: list[AnyMessage] = list(messages)  # type: ignore[arg-type]
        if _PLAN in self.tools:
            reply = _plan(seen, self.reader)
        elif self.tools:
            reply = _work(seen, self.tools, self.reader)
        else:
            reply = AIMessage(_answer(seen, self.reader.catalogue))
        return ChatResult(generations=[ChatGeneration(message=reply)])


def _plan(messages: list[AnyMessage], reader: Reader) -> AIMessage:
    """A plan with one step a clause; clauses that only need words are put into words at once."""
    question = _last(messages, "question")
    scene = scene_of(messages[:question], reader.catalogue)
    readings = reader.read_question(str(messages[question].content), scene)
    steps: list[dict[str, Any]] = []
    for reading in readings:
        before = [step["id"] for step in steps] if reading.refers else []
        for agent in reading.agents:
            steps.append(_step(f"s{len(steps) + 1}", agent, reading.clause, before))
    if not steps:
        return AIMessage("\n\n".join(dict.fromkeys(r.said for r in readings if r.said)))
    for reading in readings:  # a clause that gets words beside clauses that get figures: a sub-agent says them
        if reading.said and not reading.small:
            steps.append(_step(f"s{len(steps) + 1}", "research", reading.clause, []))
    return _called([(_PLAN, {"steps": steps})])


def _step(identifier: str, agent: str, task: str, before: list[str]) -> dict[str, Any]:
    return {"id": identifier, "agent": agent, "task": task, "depends_on": before}


def _work(messages: list[AnyMessage], tools: tuple[str, ...], reader: Reader) -> AIMessage:
    """The calls the task asks for, once; then what is to be said beside their answers."""
    task = _last(messages, "task")
    planned = _planned(messages, task, reader)
    if planned is not None and planned.said is not None:
        reading = planned
    else:  # with the results of the steps before, which a clause may point to
        reading = reader.read_clause(str(messages[task].content), scene_of(messages[: task + 1], reader.catalogue))
    if any(isinstance(m, ToolMessage) for m in messages[task + 1 :]):
        return AIMessage(planned.note if planned else reading.note)
    if reading.said is not None:
        return AIMessage(reading.said)
    return _called([(call.tool, call.arguments) for call in reading.calls if call.tool in tools])


def _planned(messages: list[AnyMessage], task: int, reader: Reader) -> Reading | None:
    """The reading that the plan had of this clause, made without the results of the steps before it."""
    question = _last(messages, "question")
    readings = reader.read_question(str(messages[question].content), scene_of(messages[:question], reader.catalogue))
    return next((r for r in readings if r.clause == str(messages[task].content)), None)


def _answer(messages: list[AnyMessage], catalogue: Catalogue) -> str:
    """The answer to the last question, written from the results after it; nothing to add to a refused sentence."""
    if role_of(messages[-1]) == "correction":
        return ""
    question = _last(messages, "question")
    return write(str(messages[question].content), messages[question + 1 :], catalogue)


def _last(messages: list[AnyMessage], role: str) -> int:
    return max(at for at, message in enumerate(messages) if role_of(message) == role)


def _called(calls: list[tuple[str, dict[str, Any]]]) -> AIMessage:
    made = [
        {"name": name, "args": arguments, "id": f"call_{at}_{_digest(arguments)}", "type": "tool_call"}
        for at, (name, arguments) in enumerate(calls)
    ]
    return AIMessage("", tool_calls=made)


def _digest(arguments: dict[str, Any]) -> str:
    import hashlib

    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _name(tool: Any) -> str:
    if isinstance(tool, BaseTool):
        return tool.name
    if isinstance(tool, dict):
        return str(tool.get("function", tool).get("name", ""))
    return str(getattr(tool, "__name__", tool))
