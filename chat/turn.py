"""One question on the screen: the conversation's events become steps, streamed text, charts, tables and cards."""

from __future__ import annotations

import json
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
from chat.figures import figure_element
from chat.parts import installed
from chat.showing import notes_element, table_element
from chat.tables import buttons_of
from core.errors import RetryLater
from core.identity import PROPOSE, Identity

__all__ = ["run_turn", "without_sources"]

LONGEST_RESULT = 6_000
SOURCE = "_Source: "


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
        before = len(without_sources(self._text))
        self._text += piece
        if fresh := without_sources(self._text)[before:]:
            await self._message().stream_token(fresh)

    def _message(self) -> cl.Message:
        """The answer's message, made with its first word: the page puts messages in the order of their making."""
        self._answer = self._answer or cl.Message(content="")
        return self._answer

    async def _plan(self, plan: PlanMade) -> None:
        lines = [f"{number}. **{step.agent}** {step.task}" for number, step in enumerate(plan.steps, 1)]
        async with cl.Step(name="Plan", type="undefined", show_input=False) as step:
            step.output = "\n".join(lines)

    async def _finish(self, event: StepFinished) -> None:
        step = self._steps.pop(event.id, None) or await start_step(event.tool, event.arguments)
        await finish_step(
            step, event.arguments, rows=event.rows, took_ms=event.took_ms, result=event.result, error=event.error
        )

    async def _done(self, answer: AnswerDone) -> None:
        evidence = [line.model_dump(mode="json") for line in answer.evidence]
        notes = notes_element(evidence, is_demo=self._is_demo, answer=answer)
        message = self._message()
        message.content = without_sources(answer.text)
        await message.send()
        for element in (*self._elements, notes):
            await element.send(for_id=message.id)
        for proposal in self._proposals:
            await send_card(proposal, self._identity)


def without_sources(text: str) -> str:
    """The text without its lines of sources, also half-written ones: on the screen the notes below tell them."""
    lines = text.split("\n")
    kept = [line for line in lines[:-1] if not line.startswith(SOURCE)]
    if not (lines[-1].startswith(SOURCE) or (lines[-1] and SOURCE.startswith(lines[-1]))):
        kept.append(lines[-1])
    return "\n".join(kept).rstrip()


async def start_step(tool: str, arguments: dict[str, Any]) -> cl.Step:
    """A tool call, visible from its start."""
    run = cl.context.current_run
    step = cl.Step(name=tool.replace("_", " "), type="tool", show_input="json", parent_id=run.id if run else None)
    step.start, step.input = utc_now(), _pretty(arguments)
    await step.send()
    return step


async def finish_step(
    step: cl.Step,
    arguments: dict[str, Any],
    *,
    rows: int | None,
    took_ms: float,
    result: dict[str, Any] | None,
    error: str | None,
) -> None:
    """Its end: rows, time, and the result or what was wrong."""
    step.end, step.input, step.is_error = utc_now(), _pretty(arguments), error is not None
    head = f"{rows:,} rows · {took_ms:,.0f} ms" if rows is not None else f"{took_ms:,.0f} ms"
    body = _pretty({k: v for k, v in (result or {}).items() if k != "evidence"})
    shown = body if len(body) <= LONGEST_RESULT else body[:LONGEST_RESULT] + "\n… (cut here for display)"
    step.output = f"{head}\n\n{error}" if error else f"{head}\n\n```json\n{shown}\n```"
    await step.update()


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str)
