"""`aima ask`: the chat's answers in the shell."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import typer

if TYPE_CHECKING:
    from agent.conversation import Answer
    from cli.session import Session


def ask(
    questions: Annotated[list[str], typer.Argument(help="One or more questions; several are one conversation.")],
    as_json: Annotated[bool, typer.Option("--json", help="Answers with evidence, charts and tables as JSON.")] = False,
    org: Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")] = None,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Ask in your own words; the answer, and nothing else, goes to standard output."""
    from cli.session import opened, organisation

    with opened(home) as session:
        org_id = organisation(session.database, org)
        for question, answer in asyncio.run(_converse(session, org_id, questions)):
            _print(question, answer, as_json=as_json, several=len(questions) > 1)


async def _converse(session: Session, org_id: UUID, questions: list[str]) -> list[tuple[str, Answer]]:
    from cli.session import shell_identity
    from cli.wiring import open_conversation

    thread = f"shell-{uuid4()}"
    async with open_conversation(session.runtime, session.settings) as conversation:
        return [(q, await conversation.answer(q, shell_identity(org_id), thread)) for q in questions]


def _print(question: str, answer: Answer, *, as_json: bool, several: bool) -> None:
    if as_json:
        form: dict[str, Any] = {"question": question, **answer.model_dump(mode="json")}
        typer.echo(json.dumps(form, ensure_ascii=False))
        return
    typer.echo(answer.text)
    if several:
        typer.echo("")
