"""Asking: every request a conversation of its own with the agent, in process; the last answer is judged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from evals.judge import Expected, Said, Verdict, judge
from evals.request import Request

if TYPE_CHECKING:
    from agent.conversation import Answer, Conversation
    from cli.session import Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request, what came of it, and how long each of its answers took."""

    request: Request
    verdict: Verdict
    text: str
    seconds: Sequence[float]
    tables: Sequence[Any] = field(default=(), repr=False)
    tools: Sequence[str] = ()


async def ask_all(
    session: Session,
    organisations: Mapping[str, UUID],
    requests: Sequence[tuple[Request, Expected]],
    *,
    at_once: int = 1,
) -> list[Outcome]:
    """The outcomes, in the order of the requests; `at_once` conversations side by side."""
    from cli.wiring import open_conversation

    gate = asyncio.Semaphore(at_once)
    async with open_conversation(session.runtime, session.settings) as conversation:

        async def one(request: Request, expected: Expected) -> Outcome:
            async with gate:
                return await _outcome(conversation, organisations[request.shop], request, expected)

        return list(await asyncio.gather(*(one(*pair) for pair in requests)))


async def _outcome(conversation: Conversation, org_id: UUID, request: Request, expected: Expected) -> Outcome:
    from cli.session import shell_identity
    from core.errors import AimaError, AskPerson, GiveUp, RetryLater

    identity, thread = shell_identity(org_id), f"evals-{uuid4()}"
    seconds: list[float] = []
    answer: Answer | None = None
    for turn in request.turns:
        began = time.perf_counter()
        try:
            answer = await conversation.answer(turn, identity, thread)
        except (
            GiveUp,
            RetryLater,
            AskPerson,
        ) as error:  # an endpoint that is away, or refuses the key, refuses nothing
            return Outcome(request, "failed", f"{type(error).__name__}: {error.message}", seconds)
        except AimaError as error:
            answer = None
            refusal = error.message
        except Exception as error:  # noqa: BLE001 - a defect of one answer must not end the run; it is counted
            return Outcome(request, "failed", f"{type(error).__name__}: {error}", seconds)
        seconds.append(time.perf_counter() - began)
    if answer is None:
        return Outcome(request, judge(request, Said(refusal), expected), refusal, seconds)
    said = _said(answer)
    tools = [line.tool for line in answer.evidence]
    return Outcome(request, judge(request, said, expected), answer.text, seconds, answer.tables, tools)


def _said(answer: Answer) -> Said:
    return Said(
        answer.text,
        tables=answer.tables,
        sourced=bool(answer.evidence),
        proposals=len(answer.proposals),
    )
