"""Files dropped into the chat: shown as they would be read, imported when a person says so, with an account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import chainlit as cl

from agent.events import Column, Table
from chat.asking import chosen
from chat.corrections import answered, as_correction, corrected
from chat.lift_tests import lift_tests_dropped
from chat.own_shop import offer_own_shop
from chat.parts import installed
from chat.showing import notes_element, send_in_order, table_element
from core.clock import utc_now
from core.errors import FixArguments
from core.identity import Identity

if TYPE_CHECKING:
    from tools.imports.intake import ImportProgress
    from tools.imports.report import ImportPreview, ImportResult

__all__ = ["follow_scores", "import_dropped"]

REFRESH_S = 0.5
FIRST_QUESTIONS = ("What was our revenue by month?", "Who are our best customers?", "/dashboard", "/segments")


async def import_dropped(path: Path, name: str, identity: Identity, *, is_demo: bool) -> None:
    """Preview, ask, import, account for every row, and have the scores computed anew."""
    named = await asyncio.to_thread(_named, path, name)
    if await lift_tests_dropped(named, name, identity, is_demo=is_demo):
        return
    if is_demo:
        await _preview(named, identity, {}, correction=lambda _option: "")
        await offer_own_shop(identity)
        return
    reading = await _agreed(named, name, identity)
    if reading is None:
        return
    from tools.imports.scores_after import job_after

    result = await _import(named, identity, reading)
    await _account(result)
    job = await asyncio.to_thread(job_after, installed().runtime.database, identity, result, utc_now())
    if job is not None:
        job_id = await asyncio.to_thread(installed().runtime.enqueue, identity, *job)
        await follow_scores(identity, job_id)
    await _go_on()


async def _go_on() -> None:
    """What can be done now that data are in."""
    elements = [notes_element([], is_demo=False, suggestions=FIRST_QUESTIONS)]
    await send_in_order("**Your data are ready.** See how they look, or describe your first segment:", elements)


async def _agreed(path: Path, name: str, identity: Identity) -> dict[str, Any] | None:
    """How a person wants the file to be read, having seen what that would do; None: not at all."""
    reading: dict[str, Any] = {}
    before: dict[str, Any] | None = None  # the reading that a correction was made to
    while True:
        try:
            preview = await _preview(path, identity, reading)
        except FixArguments as problem:
            if (more := await answered(problem, identity)) is not None:
                reading = {**reading, **more}
                continue
            if before is None:
                raise
            await cl.Message(content=problem.message).send()
            reading, before = before, None
            continue
        decision = await _ask(preview)
        if decision == "import":
            return reading
        if decision == "cancel":
            await cl.Message(content=f"{name} was not imported.").send()
            return None
        reading, before = await corrected(reading, identity), reading


def _named(path: Path, name: str) -> Path:
    """The upload under its own name: its ending says what it is, and the account names it."""
    target = path.with_name(f"{path.stem}.d") / Path(name).name
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        target.hardlink_to(path)
    return target


async def _preview(
    path: Path, identity: Identity, reading: dict[str, Any], correction: Callable[[str], str] = as_correction
) -> ImportPreview:
    from tools.imports.preview import preview_file
    from tools.imports.wording import preview_words

    database = installed().runtime.database
    preview = await asyncio.to_thread(partial(preview_file, database, identity, path, **reading))
    mapping = preview.mapping
    words = f"{preview_words(preview, correction)}\n\nTimes without a zone are {preview.time_zone}."
    columns = [
        Column(name=name, title=f"{name} ← {mapping.columns.get(name, '')}".rstrip(" ←")) for name in _fields(preview)
    ]
    rows = [[None if row[c.name] is None else str(row[c.name]) for c in columns] for row in preview.rows]
    table = Table(title="First rows, as they would be written", columns=columns, rows=rows, total_rows=len(rows))
    await cl.Message(content=words, elements=[table_element(table)]).send()
    return preview


def _fields(preview: ImportPreview) -> list[str]:
    return list(preview.rows[0]) if preview.rows else []


async def _ask(preview: ImportPreview) -> str:
    question = f"Import it as {preview.mapping.kind.replace('_', ' ')}?"
    return await chosen(question, {"import": "Import", "correct": "Correct", "cancel": "Cancel"}) or "cancel"


async def _import(path: Path, identity: Identity, reading: dict[str, Any]) -> ImportResult:
    from tools.imports.load import import_file

    message = cl.Message(content="Reading…")
    await message.send()
    latest: list[ImportProgress] = []

    def tell(progress: ImportProgress) -> None:
        latest[:] = [progress]

    rejects = path.with_name(f"{path.name}.rejects.csv")
    database = installed().runtime.database
    work = partial(import_file, database, identity, path, **reading, on_progress=tell, rejects=rejects)
    running = asyncio.create_task(asyncio.to_thread(work))
    await _watch(running, message, lambda: _words(latest[0]) if latest else "Reading…")
    await message.remove()
    return await running


async def _watch(running: asyncio.Task[Any], message: cl.Message, words: Callable[[], str]) -> None:
    while not running.done():
        await asyncio.wait([running], timeout=REFRESH_S)
        message.content = words()
        await message.update()


def _words(progress: ImportProgress) -> str:
    return f"{progress.phase.capitalize()}: {progress.rows:,} rows, {progress.share:.0%} of the file."


async def _account(result: ImportResult) -> None:
    from tools.imports.wording import import_words

    words = import_words(result, lambda _option: "")  # there is nothing to correct any more, but to take back
    lines = [words, f"It took {result.seconds:.1f} s ({result.rows_per_second:,.0f} rows/s)."]
    elements = []
    if result.rejects_path is not None:
        lines.append("The rejected rows, each with its reason, are in the file below.")
        elements = [cl.File(name=result.rejects_path.name, path=str(result.rejects_path), display="inline")]
    if result.number is not None:
        lines.append(f"This is import {result.number}: `/undo {result.number}` takes it back.")
    await cl.Message(content="\n\n".join(lines), elements=elements).send()


async def follow_scores(identity: Identity, job_id: UUID | str) -> None:
    """Show how far the scores are that are computed in the background."""
    message = cl.Message(content="Computing scores…")
    await message.send()
    while True:
        status = await installed().call("job_status", {"job_id": str(job_id)}, identity)
        message.content = f"Computing scores: {status['progress']:.0%}. {(status['detail'] or '').capitalize()}".strip()
        if status["status"] in ("succeeded", "failed"):
            break
        await message.update()
        await asyncio.sleep(REFRESH_S)
    message.content = "Scores are up to date." if status["status"] == "succeeded" else f"Scores: {status['error']}"
    await message.update()
