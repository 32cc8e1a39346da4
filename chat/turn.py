"""One question on the screen: the conversation's events become steps, streamed text, charts, tables and cards."""

from __future__ import annotations

import json
import re
from contextlib import aclosing
from typing import Any

import chainlit as cl
from chainlit.element import Element
from chainlit.utils import utc_now

from agent.events import (
    AnswerDone,
    Chart,
    Event,
    Failed,
    PlanMade,
    ProposalCard,
    StepFinished,
    StepStarted,
    Table,
    Token,
)
from chat.cards import send_card
from chat.downloads import FILES, download_element
from chat.figures import figure_element
from chat.parts import installed
from chat.showing import notes_element, table_element
from chat.tables import buttons_of
from core.errors import RetryLater
from core.identity import PROPOSE, Identity
from tools.steps import asked_with, step_words

__all__ = ["as_shown", "run_turn"]

LONGEST_RESULT = 6_000
SOURCE, OFFERED = "_Source: ", "- “"
OFFER = re.compile(r"- “.+”")
OTHER = "Trying something that is not there"


async def run_turn(text: str, identity: Identity, *, is_demo: bool) -> None:
    """Put `text` to the conversation of this thread and show what comes back."""
    parts = installed()
    if parts.conversation is None:
        raise RetryLater("The conversation is still starting; ask again in a moment.", retry_after_s=2)
    turn = Turn(identity, is_demo=is_demo)
    async with aclosing(parts.conversation.ask(text, identity, cl.context.session.thread_id)) as events:
        async for event in events:
            await turn.show(event)


class Turn:
    """What has been shown of one turn so far."""

    def __init__(self, identity: Identity, *, is_demo: bool) -> None:
        self._identity, self._is_demo = identity, is_demo
        self._answer: cl.Message | None = None
        self._text = ""
        self._steps: dict[str, cl.Step] = {}
        self._elements: list[Element] = []
        self._proposals: list[dict[str, Any]] = []

    async def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case PlanMade() if event.steps:
                await self._plan(event)
            case StepStarted():
                self._steps[event.id] = await start_step(event.tool, event.arguments)
            case StepFinished():
                await self._finish(event)
            case Chart():
                self._elements.append(figure_element(event))
            case Table():
                buttons = buttons_of(event, may_propose=PROPOSE in self._identity.scopes)
                self._elements.append(table_element(event, buttons))
            case ProposalCard():
                self._proposals.append(event.proposal)
            case Token():
                await self._stream(event.text)
            case AnswerDone():
                await self._done(event)
            case Failed():
                await cl.ErrorMessage(content=event.message).send()

    async def _stream(self, piece: str) -> None:
        before = len(as_shown(self._text))
        self._text += piece
        if fresh := as_shown(self._text)[before:]:
            await self._message().stream_token(fresh)

    def _message(self) -> cl.Message:
        """The answer's message, made with its first word: the page puts messages in the order of their making."""
        self._answer = self._answer or cl.Message(content="")
        return self._answer

    async def _plan(self, plan: PlanMade) -> None:
        """Name the steps where there are several: one alone says itself what it does."""
        if len(plan.steps) < 2:
            return
        lines = [f"{number}. {step.task}" for number, step in enumerate(plan.steps, 1)]
        async with cl.Step(name=f"Made a plan of {len(plan.steps)} steps", type="tool", show_input=False) as step:
            step.output = "\n".join(lines)

    async def _finish(self, event: StepFinished) -> None:
        step = self._steps.pop(event.id, None) or await start_step(event.tool, event.arguments)
        if event.tool in FILES and event.error is None:
            self._elements.append(download_element(event.tool, event.arguments))
        await finish_step(step, event)

    async def _done(self, answer: AnswerDone) -> None:
        evidence = [line.model_dump(mode="json") for line in answer.evidence]
        notes = notes_element(evidence, is_demo=self._is_demo, answer=answer)
        message = self._message()
        message.content = as_shown(f"{answer.text}\n")
        await message.send()
        for element in (*self._elements, notes):
            await element.send(for_id=message.id)
        for proposal in self._proposals:
            await send_card(proposal, self._identity)


def as_shown(text: str) -> str:
    """The text without its lines of sources and of questions it offers, also half-written ones: notes below tell the
    first, and buttons are made of the second. End it with a line break once it is whole.
    """
    lines = text.split("\n")
    kept = [line for line in lines[:-1] if not line.startswith(SOURCE) and not OFFER.fullmatch(line)]
    last = lines[-1]
    if not any(last.startswith(begin) or (last and begin.startswith(last)) for begin in (SOURCE, OFFERED)):
        kept.append(last)
    return "\n".join(kept).rstrip()


async def start_step(tool: str, arguments: dict[str, Any]) -> cl.Step:
    """A tool call, visible from its start."""
    run = cl.context.current_run
    words = step_words(installed().runtime.catalogue.get(tool), arguments, done=False) if _is_known(tool) else OTHER
    step = cl.Step(name=words, type="tool", show_input=False, parent_id=run.id if run else None)
    step.start = utc_now()
    await step.send()
    return step


async def finish_step(step: cl.Step, event: StepFinished) -> None:
    """Its end: what it was asked with and what came back in words; call and result as data in a step inside it."""
    step.end, step.is_error = utc_now(), event.error is not None
    rows = "" if event.rows is None else f" · {event.rows:,} {'row' if event.rows == 1 else 'rows'}"
    asked: list[tuple[str, str]] = []
    if _is_known(event.tool):
        tool = installed().runtime.catalogue.get(event.tool)
        step.name = step_words(tool, event.arguments) + rows
        asked = asked_with(tool, event.arguments)
    lines = [f"- **{title}**: {words}" for title, words in asked]
    step.output = "\n".join([*lines, event.error or f"- **Took**: {event.took_ms:,.0f} ms"])
    await step.update()
    if event.result is not None:
        await _details(step, event)


async def _details(above: cl.Step, event: StepFinished) -> None:
    step = cl.Step(name="Details", type="tool", show_input=False, parent_id=above.id)
    data = {name: value for name, value in (event.result or {}).items() if name != "evidence"}
    body = _pretty({"tool": event.tool, "arguments": event.arguments, "result": data})
    shown = body if len(body) <= LONGEST_RESULT else body[:LONGEST_RESULT] + "\n… (cut here for display)"
    step.start = step.end = utc_now()
    step.output = f"```json\n{shown}\n```"
    await step.send()


def _is_known(tool: str) -> bool:
    """A model may call what does not exist."""
    return installed().offers(tool)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str)
