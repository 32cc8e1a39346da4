"""Writing the answer: streamed piece by piece, each piece checked before anybody sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage

from agent.claims import Deeds
from agent.numbers import Allowed, pieces, unsupported
from agent.offline.writing import write as in_words
from agent.replies import without_thinking
from agent.transcript import ROLE, exchange, question_message, recent
from core.storable import storable
from language.markdown import own_links
from prompts import render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from agent.state import State
    from tools.catalogue import Catalogue

__all__ = ["Written", "allowed_figures", "write_answer"]

WITHHELD = "_(A sentence was withheld: it held a figure that no tool result of this turn contains.)_"
NOT_DONE = "_(A sentence was withheld: it said that something was done, and no tool result of this turn shows it.)_"
SILENT = "I have no answer to that: the language model said nothing. Ask again, or in other words."


@dataclass(slots=True)
class Written:
    """The text as shown, and the figures and claims of action that were refused."""

    text: str = ""
    figures: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    silent: bool = False

    @property
    def withheld(self) -> list[str]:
        """Everything that was refused."""
        return list(dict.fromkeys([*self.figures, *self.claims]))

    def note(self) -> str:
        """What the reader is told about it; empty when nothing was refused."""
        return "\n\n".join([WITHHELD] * bool(self.figures) + [NOT_DONE] * bool(self.claims))


@dataclass(frozen=True, slots=True)
class Checks:
    """What a piece of text must pass before it is shown."""

    allowed: Allowed
    deeds: Deeds

    def refused(self, piece: str) -> tuple[list[str], list[str]]:
        """The figures no result holds, and the claims of action no result bears out."""
        return unsupported(piece, self.allowed), self.deeds.unborne(piece)


def allowed_figures(state: State, *, own_words: bool = False) -> Allowed:
    """What the answer's figures may be: results, arguments and errors of this turn, the briefing, the question.

    `own_words`: what the model says beside results are fixed texts of AIMA's own, whose examples hold figures.
    """
    found = [[f["arguments"], f["result"], f["error"]] for f in state["findings"]]
    briefed = [m.artifact for m in state["briefing"] if m.type == "tool"]
    own = [state.get("direct") or "", *(note["text"] for note in state["notes"])] if own_words else []
    return Allowed.of(state["question"], *found, *briefed, *own)


async def write_answer(
    model: BaseChatModel, state: State, catalogue: Catalogue, tell: Callable[[str], None]
) -> Written:
    """Write, check and tell the answer. One corrected attempt follows the first sentence that is refused; after that,
    such a sentence is left out and the text says so. A model that writes nothing is spoken for by the tools' own words.
    """
    own_words = getattr(model, "own_words", False) is True
    checks = Checks(allowed_figures(state, own_words=own_words), Deeds.of(state["findings"], catalogue))
    written = Written()
    figures, claims = await _tell(_direct(state) or _stream(model, _opening(state)), checks, tell, written, stop=True)
    if (figures or claims) and not state.get("direct"):
        correction = render("correction", figures=figures, claims=claims, shown=written.text)
        again = HumanMessage(correction, additional_kwargs={ROLE: "correction"})
        await _tell(_stream(model, [*_opening(state), again]), checks, tell, written, stop=False)
    else:
        written.figures += figures
        written.claims += claims
    if not written.text.strip() and any(finding["result"] is not None for finding in state["findings"]):
        words = in_words(state["question"], exchange(state["findings"]), catalogue)
        await _tell(_once(words), checks, tell, written, stop=False)
    if not written.text.strip() and not written.withheld:
        written.silent = True
        _say(SILENT, tell, written)
    if note := written.note():
        _say(f"\n\n{note}" if written.text else note, tell, written)
    return written


async def _tell(
    source: AsyncIterator[str], checks: Checks, tell: Callable[[str], None], written: Written, *, stop: bool
) -> tuple[list[str], list[str]]:
    """Pass on the pieces that pass; with `stop`, end at the first other one and return what was refused of it."""
    waiting = ""
    async for text in _with_end(source):
        done, waiting = pieces(waiting + text) if text is not None else ([waiting], "")
        for piece in done:
            figures, claims = checks.refused(piece)
            if (figures or claims) and stop:
                return figures, claims
            written.figures += figures
            written.claims += claims
            if piece and not (figures or claims):
                _say(piece, tell, written)
    return [], []


async def _with_end(source: AsyncIterator[str]) -> AsyncIterator[str | None]:
    async for text in source:
        yield text
    yield None


async def _stream(model: BaseChatModel, messages: list[AnyMessage]) -> AsyncIterator[str]:
    async with aclosing(model.astream(messages)) as stream:  # type: ignore[type-var]
        async for text in without_thinking(storable(chunk.text) async for chunk in stream):
            if text:
                yield text


def _direct(state: State) -> AsyncIterator[str] | None:
    text = state.get("direct")
    return _once(text) if text else None


async def _once(text: str) -> AsyncIterator[str]:
    yield text


def _say(text: str, tell: Callable[[str], None], written: Written) -> None:
    shown = own_links(text)  # whoever wrote it: a model repeats what it read
    written.text += shown
    tell(shown)


def _opening(state: State) -> list[AnyMessage]:
    said: Sequence[AnyMessage] = [AIMessage(note["text"], name=note["agent"]) for note in state["notes"]]
    return [
        SystemMessage(render("answer")),
        *recent(state["messages"]),
        question_message(state["question"]),
        *exchange(state["findings"]),
        *said,
    ]
