"""`aima ask`: the chat's answers in the shell, from the AIMA that runs, or from this process when none does."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import typer

from core.errors import RetryLater, error_of

if TYPE_CHECKING:
    from cli.session import Session

# Events that stand beside the text, and the fields of `agent.conversation.Answer` they are collected in.
BESIDE = {"chart": "charts", "table": "tables", "proposal_card": "proposals"}


def ask(
    questions: Annotated[list[str], typer.Argument(help="One or more questions; several are one conversation.")],
    as_json: Annotated[bool, typer.Option("--json", help="Answers with evidence, charts and tables as JSON.")] = False,
    org: Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")] = None,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Ask in your own words; the answer, and nothing else, goes to standard output.

    A running AIMA answers, in about a second; otherwise this process does, after some seconds of loading.
    """
    from cli.environment import home_of
    from cli.shell_door import NotUp, ShellDoor

    thread = f"shell-{uuid4()}"
    waiting = deque(Shown(question, as_json=as_json, several=len(questions) > 1) for question in questions)
    try:
        door = ShellDoor.find(home_of(home))
        while waiting:
            waiting[0].all_of(door.ask(waiting[0].question, thread, org))
            waiting.popleft()
    except NotUp as why:
        typer.echo(f"Answering in this process: {why} (`aima up -d` makes answers quick).", err=True)
        _ask_here(waiting, thread, org, home)


def _ask_here(answers: Iterable[Shown], thread: str, org: str | None, home: Path | None) -> None:
    import asyncio  # a seventh of a second, which asking a running AIMA does without

    from cli.session import opened, organisation

    with opened(home) as session:
        asyncio.run(_converse(session, organisation(session.database, org), answers, thread))


async def _converse(session: Session, org_id: UUID, answers: Iterable[Shown], thread: str) -> None:
    from cli.session import shell_identity
    from cli.wiring import open_conversation

    async with open_conversation(session.runtime, session.settings) as conversation:
        for answer in answers:
            async for event in conversation.ask(answer.question, shell_identity(org_id), thread):
                answer.add(event.model_dump(mode="json"))
            answer.end()


class Shown:
    """One answer on standard output: word by word as it comes, or whole as JSON."""

    def __init__(self, question: str, *, as_json: bool, several: bool) -> None:
        self.question, self._as_json, self._several = question, as_json, several
        self._form: dict[str, Any] = {}
        self._beside: dict[str, list[Any]] = {name: [] for name in BESIDE.values()}
        self._begun = False

    def all_of(self, events: Iterable[dict[str, Any]]) -> None:
        """Show a whole turn."""
        for event in events:
            self.add(event)
        self.end()

    def add(self, event: dict[str, Any]) -> None:
        """Show one event. A failed turn raises the error it failed with."""
        match event["kind"]:
            case "token" if not self._as_json:
                self._begun = True
                typer.echo(event["text"], nl=False)
            case "failed":
                self._break_line()
                raise error_of(event["code"], event["message"])
            case "answer_done":
                self._form = event
            case kind if kind in BESIDE:
                self._beside[BESIDE[kind]].append(event)

    def end(self) -> None:
        """The end of the turn; RetryLater when it came too early."""
        if not self._form:
            self._break_line()
            raise RetryLater("The answer broke off; ask again.")
        if self._as_json:
            typer.echo(json.dumps({"question": self.question, **self._form, **self._beside}, ensure_ascii=False))
        else:
            typer.echo("\n" if self._several else "")

    def _break_line(self) -> None:
        if self._begun:
            typer.echo("")
