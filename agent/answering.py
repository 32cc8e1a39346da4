"""Writing the answer: streamed piece by piece, each piece checked before anybody sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage

from agent.numbers import Allowed, pieces, unsupported
from agent.transcript import ROLE, exchange, question_message, recent
from prompts import render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.state import State

__all__ = ["Written", "allowed_figures", "write_answer"]

WITHHELD = "_(A sentence was withheld: it held a figure that no tool result of this turn contains.)_"


@dataclass(slots=True)
class Written:
    """The text as shown, and the figures that were refused."""

    text: str = ""
    withheld: list[str] = field(default_factory=list)


def allowed_figures(state: State) -> Allowed:
    """What the answer's figures may be: results, arguments and errors of this turn, the briefing, the question."""
    found = [[f["arguments"], f["result"], f["error"]] for f in state["findings"]]
    briefed = [m.artifact for m in state["briefing"] if m.type == "tool"]
    return Allowed.of(state["question"], *found, *briefed)


async def write_answer(model: BaseChatModel, state: State, tell: Callable[[str], None]) -> Written:
    """Write, check and tell the answer. One corrected attempt follows the first wrong figure; after that, a sentence
    with a wrong figure is left out and the text says so."""
    allowed = allowed_figures(state)
    written = Written()
    refused = await _tell(_direct(state) or _stream(model, _opening(state)), allowed, tell, written, stop=True)
    if refused and not state.get("direct"):
        correction = render("correction", figures=refused, shown=written.text)
        again = HumanMessage(correction, additional_kwargs={ROLE: "correction"})
        await _tell(_stream(model, [*_opening(state), again]), allowed, tell, written, stop=False)
    elif refused:
        written.withheld += refused
    if written.withheld:
        _say(f"\n\n{WITHHELD}" if written.text else WITHHELD, tell, written)
    return written


async def _tell(
    source: AsyncIterator[str], allowed: Allowed, tell: Callable[[str], None], written: Written, *, stop: bool
) -> list[str]:
    """Pass on pieces without unsupported figures; with `stop`, end at the first other one and return its figures."""
    waiting = ""
    async for text in _with_end(source):
        done, waiting = pieces(waiting + text) if text is not None else ([waiting], "")
        for piece in done:
            bad = unsupported(piece, allowed)
            if bad and stop:
                return bad
            if bad:
                written.withheld += bad
            elif piece:
                _say(piece, tell, written)
    return []


async def _with_end(source: AsyncIterator[str]) -> AsyncIterator[str | None]:
    async for text in source:
        yield text
    yield None


async def _stream(model: BaseChatModel, messages: list[AnyMessage]) -> AsyncIterator[str]:
    async with aclosing(model.astream(messages)) as stream:  # type: ignore[type-var]
        async for chunk in stream:
            if chunk.text:
                yield chunk.text


def _direct(state: State) -> AsyncIterator[str] | None:
    text = state.get("direct")
    return _once(text) if text else None


async def _once(text: str) -> AsyncIterator[str]:
    yield text


def _say(text: str, tell: Callable[[str], None], written: Written) -> None:
    written.text += text
    tell(text)


def _opening(state: State) -> list[AnyMessage]:
    said: Sequence[AnyMessage] = [AIMessage(note["text"], name=note["agent"]) for note in state["notes"]]
    return [
        SystemMessage(render("answer")),
        *recent(state["messages"]),
        question_message(state["question"]),
        *exchange(state["findings"]),
        *said,
    ]
