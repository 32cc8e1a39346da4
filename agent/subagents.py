"""The sub-agents: each a prompt, its own tools, and one small loop of model and tool calls."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolCall
from langchain_core.tools import BaseTool, StructuredTool

from agent.briefing import as_of
from agent.events import Event, StepFinished, StepStarted
from agent.replies import as_meant
from agent.shortlist import constrained, known_names, nearest
from agent.state import Finding, Note, Task
from agent.transcript import exchange, question_message, recent, refused, task_message
from core.errors import AimaError, FixArguments, GiveUp
from prompts import render
from tools.catalogue import Catalogue
from tools.declaration import SubAgent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.toolbox import Toolbox, ToolSpec

__all__ = ["Worker"]

_ROUNDS = 8
_FAILURES = 4  # wrong calls a step may make before it has to stop
_NO_REPLY = "Your reply was empty. Call the tool that does the task, with one JSON object of arguments."


@dataclass(frozen=True, slots=True)
class Worker:
    """One sub-agent. `tell` receives the events of its calls."""

    name: SubAgent
    model: BaseChatModel
    toolbox: Toolbox
    catalogue: Catalogue

    async def work(self, task: Task, thread_id: str, tell: Callable[[Event], None]) -> tuple[list[Finding], list[Note]]:
        """Do the task: call tools until the model has what it needs. Returns findings and what it said."""
        specs = [s for s in await self.toolbox.list_tools() if self._may_call(s.name)]
        model = self.model.bind_tools(self._offered(specs, task))
        messages, names = self._opening(task), {spec.name for spec in specs}
        findings: list[Finding] = []
        failures = 0
        for _ in range(_ROUNDS):
            reply = as_meant(await model.ainvoke(messages), names)
            if wrong := refused(reply):
                messages += wrong
                failures += 1
            elif not reply.tool_calls and (reply.text or findings or failures or not self._is_small()):
                return _settled(findings), self._noted(task, reply)
            elif not reply.tool_calls:
                messages.append(task_message(_NO_REPLY))
                failures += 1
            calls = [await self._call(c, specs, task, thread_id, tell) for c in reply.tool_calls]
            made = list({f["id"]: f for f in calls}.values())  # the same call twice is one
            findings += made
            messages += exchange(made)
            failures += sum(f["error"] is not None for f in made)
            if failures >= _FAILURES:
                break
        return _settled(findings), []

    def _offered(self, specs: Sequence[ToolSpec], task: Task) -> list[BaseTool]:
        """The tools a model is shown, with their schemas: all of them, or for a small model those near its task."""
        if not self._is_small():
            return [_bound(spec, spec.input_schema) for spec in specs]
        used = {finding["tool"] for finding in task["findings"]}
        wanted = f"{task['question']} {task['step'].task}"
        near = nearest(specs, wanted, self.catalogue, most=self._most_tools(), used=used)
        names = known_names(task["briefing"])
        return [_bound(spec, constrained(spec.input_schema, names)) for spec in near]

    def _is_small(self) -> bool:
        """A model that is helped: offered few tools, and asked again when it says nothing at all."""
        return self._most_tools() > 0

    def _most_tools(self) -> int:
        return int(getattr(self.model, "few_tools", 0))

    def _may_call(self, tool: str) -> bool:
        declared = self.catalogue.tools.get(tool)
        return declared is not None and self.name in declared.agents

    def _opening(self, task: Task) -> list[AnyMessage]:
        return [
            SystemMessage(render(self.name, as_of=as_of(task["briefing"]))),
            *task["briefing"],
            *recent(task["messages"]),
            question_message(task["question"]),
            *exchange(task["findings"]),
            task_message(task["step"].task),
        ]

    def _noted(self, task: Task, reply: AIMessage) -> list[Note]:
        text = reply.text.strip()
        return [{"step": task["step"].id, "agent": self.name, "text": text}] if text else []

    async def _call(
        self,
        call: ToolCall,
        specs: Sequence[ToolSpec],
        task: Task,
        thread_id: str,
        tell: Callable[[Event], None],
    ) -> Finding:
        name, arguments = call["name"], call["args"]
        finding = _finding(_call_id(task, name, arguments), task["step"].id, self.name, name, arguments)
        tell(StepStarted(id=finding["id"], agent=self.name, tool=name, arguments=arguments))
        begun = time.perf_counter()
        try:
            _known(name, specs)
            result = await self.toolbox.call(name, arguments, thread_id=thread_id, call_id=finding["id"])
            finding["result"] = result
            finding["arguments"] = result.get("evidence", {}).get("arguments") or arguments
        except AimaError as error:
            finding["error"], finding["error_code"] = error.message, error.code
        tell(_finished(finding, (time.perf_counter() - begun) * 1000))
        return finding


def _finding(call_id: str, step: str, agent: str, tool: str, arguments: dict[str, Any]) -> Finding:
    return {
        "id": call_id, "step": step, "agent": agent, "tool": tool, "arguments": arguments,
        "result": None, "error": None, "error_code": None,
    }  # fmt: skip


def _call_id(task: Task, tool: str, arguments: Mapping[str, Any]) -> str:
    """The same call of the same turn has the same id, also when a turn is run again after a crash."""
    said = json.dumps([task["question"], task["step"].id, tool, arguments], sort_keys=True, default=str)
    return f"call_{task['turn']}_{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _known(name: str, specs: Sequence[ToolSpec]) -> None:
    names = sorted(s.name for s in specs)
    if name not in names:
        raise FixArguments(f"There is no tool '{name}' here.", field="tool", valid=names)


def _finished(finding: Finding, took_ms: float) -> StepFinished:
    result = finding["result"]
    return StepFinished(
        id=finding["id"],
        agent=finding["agent"],
        tool=finding["tool"],
        arguments=finding["arguments"],
        rows=None if result is None else result.get("evidence", {}).get("rows"),
        took_ms=round(took_ms, 1),
        error=finding["error"],
        result=result,
    )


def _settled(findings: list[Finding]) -> list[Finding]:
    """Findings without wrong calls that were put right, and without doubles."""
    answered = {f["tool"] for f in findings if f["result"] is not None}
    kept: dict[str, Finding] = {}
    for finding in findings:
        passing = finding["error_code"] in (FixArguments.code, "not_found") and finding["tool"] in answered
        unknown = finding["error"] is not None and "There is no tool" in finding["error"]
        if not passing and not (unknown and answered):
            kept[finding["id"]] = finding
    return list(kept.values())


def _bound(spec: ToolSpec, schema: Mapping[str, Any]) -> BaseTool:
    async def unreachable(**_: Any) -> str:
        raise GiveUp("Tools are run by the sub-agent's loop.")

    return StructuredTool(name=spec.name, description=spec.description, args_schema=dict(schema), coroutine=unreachable)
