"""The graph of one turn: brief → plan → sub-agents, step after step → answer with its check → remember."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from langchain_core.runnables import RunnableConfig
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, Send

from agent.answering import write_answer
from agent.briefing import Briefings
from agent.events import AnswerDone, PlanMade, PlannedStep, Token
from agent.evidence import confidence, evidence, evidence_text
from agent.planner import DUTIES, plan_turn
from agent.state import Finding, State, Task
from agent.subagents import Worker
from agent.transcript import remembered
from language.markdown import own_links
from tools.catalogue import Catalogue
from tools.drawn_as import as_asked
from tools.outcome import Outcome
from tools.views import shown

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

    from agent.toolbox import Toolbox

    AgentGraph: TypeAlias = CompiledStateGraph[State, None, State, State]

__all__ = ["build_graph", "offered", "outcomes_of", "suggestions"]

MOST_SUGGESTIONS = 3
MOST_OFFERED = 8
_LONGEST_OFFER = 90
# "Ask “…” or “…”", "Say for example “…”": what stands in quotes after such a word is offered, not repeated
_OFFERING = re.compile(
    r"(?:\b[Aa]sk|\b[Ss]ay|\b[Tt]ry|\bfor example)\b[^“.?!\n]{0,40}(“[^”]+”(?:(?:,| or|, or| and) “[^”]+”)*)"
)


def build_graph(
    model: BaseChatModel,
    toolbox: Toolbox,
    catalogue: Catalogue,
    checkpointer: BaseCheckpointSaver[Any] | None = None,
) -> AgentGraph:
    """Compile the graph. Without a checkpointer every turn stands alone.

    `toolbox` is the way to the tools (over MCP); `catalogue` says how each is worded, shown and followed up.
    """
    # a model that reads without a language model has to know the shop's words beforehand
    briefings = Briefings(toolbox, product_words=getattr(model, "reads_product_words", False))
    nodes = _Nodes(model, briefings, catalogue)
    graph = StateGraph(State)
    graph.add_node("brief", nodes.brief)
    graph.add_node("plan", nodes.plan, destinations=(*DUTIES, "answer"))
    for name in DUTIES:
        graph.add_node(name, _sub_agent(Worker(name, model, toolbox, catalogue)), input_schema=Task)
        graph.add_edge(name, "dispatch")
    graph.add_node("dispatch", _dispatch, destinations=(*DUTIES, "answer"))
    graph.add_node("answer", nodes.answer)
    graph.add_edge(START, "brief")
    graph.add_edge("brief", "plan")
    graph.add_edge("answer", END)
    return graph.compile(checkpointer=checkpointer)


@dataclass(frozen=True, slots=True)
class _Nodes:
    model: BaseChatModel
    briefings: Briefings
    catalogue: Catalogue

    async def brief(self, state: State) -> dict[str, Any]:
        """Begin a turn: forget the last one's findings, learn what data there is."""
        told = await self.briefings.tell()
        return {"briefing": told, "findings": None, "notes": None, "done": None, "plan": [], "direct": None}

    async def plan(self, state: State) -> Command[Any]:
        """Plan the turn and start every step that waits for nothing."""
        planned = await plan_turn(self.model, state)
        if isinstance(planned, str):
            get_stream_writer()(PlanMade(steps=[]))
            return Command(update={"direct": planned}, goto="answer")
        get_stream_writer()(PlanMade(steps=planned.steps))
        plan = [step.model_dump() for step in planned.steps]
        return Command(update={"plan": plan}, goto=_ready({**state, "plan": plan, "done": [], "findings": []}))

    async def answer(self, state: State) -> dict[str, Any]:
        """Show results, write the checked answer, add its sources, remember the turn."""
        tell = get_stream_writer()
        outcomes = outcomes_of(state["findings"], state["question"], self.catalogue)
        for name, outcome in outcomes:
            for item in shown(self.catalogue.get(name), outcome):
                tell(as_asked(item, state["question"]))
        written = await write_answer(self.model, state, self.catalogue, lambda text: tell(Token(text=text)))
        lines = evidence(state["findings"])
        text = written.text
        if lines:
            sources = ("\n\n" if text else "") + own_links(evidence_text(lines))
            tell(Token(text=sources))
            text += sources
        tell(
            AnswerDone(
                text=text,
                evidence=lines,
                confidence="low"
                if written.withheld or written.silent
                else confidence(state["findings"], self.catalogue),
                withheld=written.withheld,
                suggestions=suggestions(outcomes, self.catalogue) or offered(written.text),
            )
        )
        kept = remembered(state["question"], state["findings"], written.text)
        return {"answer": text, "messages": kept, "briefing": []}


def outcomes_of(
    findings: Sequence[Finding], question: str, catalogue: Catalogue
) -> list[tuple[str, Outcome[Any, Any]]]:
    """The calls that succeeded, typed, in their order."""
    return [
        (f["tool"], catalogue.outcome(f["tool"], f["arguments"], f["result"], question=question))
        for f in findings
        if f["result"] is not None
    ]


def suggestions(outcomes: Sequence[tuple[str, Outcome[Any, Any]]], catalogue: Catalogue) -> list[str]:
    """Up to three questions that could follow, ready to send."""
    said = [text for name, outcome in outcomes for text in catalogue.get(name).follow_ups(outcome)]
    return list(dict.fromkeys(said))[:MOST_SUGGESTIONS]


def offered(text: str) -> list[str]:
    """The questions that an answer without figures offers, listed ("- “…”") or within a sentence ("Ask “…”")."""
    listed = re.findall(r"(?m)^- (?:\w[\w ]*: )?“(.+)”$", text)
    within = [said for sentence in _OFFERING.findall(text) for said in re.findall(r"“([^”]+)”", sentence)]
    whole = (said[:1].upper() + said[1:] for said in [*listed, *within] if len(said) <= _LONGEST_OFFER)
    return list(dict.fromkeys(whole))[:MOST_OFFERED]


def _sub_agent(agent: Worker) -> Any:
    async def node(task: Task, config: RunnableConfig) -> dict[str, Any]:
        thread_id = str(config.get("configurable", {}).get("conversation_id", ""))
        findings, notes = await agent.work(task, thread_id, get_stream_writer())
        return {"findings": findings, "notes": notes, "done": [task["step"].id]}

    return node


async def _dispatch(state: State) -> Command[Any]:
    """After a round of steps: start those that waited for them, or write the answer."""
    return Command(goto=_ready(state) or "answer")


def _ready(state: State) -> list[Send]:
    done = set(state["done"])
    steps = [PlannedStep.model_validate(step) for step in state["plan"]]
    waiting = [s for s in steps if s.id not in done and done.issuperset(s.depends_on)]
    return [Send(step.agent, _task(state, step)) for step in waiting]


def _task(state: State, step: PlannedStep) -> Task:
    before = set(step.depends_on)
    findings: list[Finding] = [f for f in state["findings"] if f["step"] in before]
    return {
        "step": step,
        "question": state["question"],
        "turn": state["turn"],
        "briefing": state["briefing"],
        "messages": state["messages"],
        "findings": findings,
    }
