"""`aima import`: a file into the organisation, with a preview, progress and an account of every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from core.errors import AimaError, FixArguments, NoSuchData

if TYPE_CHECKING:
    from core.identity import Identity
    from database.engine import Database
    from tools.imports.intake import ImportProgress
    from tools.imports.report import ImportPreview, ImportResult, Loaded

Currency = Annotated[
    str | None, typer.Option(help="Your currency, such as EUR; told once. What is in others needs rates.")
]
Compare = Annotated[bool, typer.Option("--compare", help="Compare every row, also of a file known from before.")]
Rejects = Annotated[Path | None, typer.Option(help="Where rejected rows go; FILE.rejects.csv here if unset.")]
Files = Annotated[
    list[Path] | None, typer.Argument(help="CSV, TSV, Excel, OpenDocument, JSON or Parquet; also packed.")
]
Again = Annotated[
    bool, typer.Option("--again", help="Undo the last import of a file of this name first, and read it anew.")
]
Undo = Annotated[str | None, typer.Option(help="Take an import back whole: its number, the name of its file, or last.")]
TimeZone = Annotated[str | None, typer.Option(help="Where your days are cut, such as Europe/Berlin.")]
Columns = Annotated[
    list[str] | None, typer.Option("--map", help="field=column, as often as needed; `field=` drops a field.")
]
Dates = Annotated[str | None, typer.Option(help="dmy or mdy, where no date in the file decides.")]
Statuses = Annotated[
    list[str] | None,
    typer.Option("--status", help="word=sale (or refund, void, pending), for a status that is not known; remembered."),
]
Decimals = Annotated[str | None, typer.Option(help="comma or point, where no number in the file decides.")]
Sheet = Annotated[
    str | None, typer.Option(help="Which sheet of a workbook, file of an archive, list of a JSON document.")
]


def import_(
    files: Files = None,
    kind: Annotated[str | None, typer.Option(help="What the file holds, where it does not show.")] = None,
    columns: Columns = None,
    dates: Dates = None,
    decimal: Decimals = None,
    status: Statuses = None,
    sheet: Sheet = None,
    currency: Currency = None,
    time_zone: TimeZone = None,
    rejects: Rejects = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show mapping and first rows; write nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check every row; write nothing.")] = False,
    compare: Compare = False,
    again: Again = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what was imported, the newest first.")] = False,
    show: Annotated[int | None, typer.Option(help="Show the import with this number: what it did and decided.")] = None,
    undo: Undo = None,
    scores: Annotated[bool, typer.Option(help="Compute the scores anew after a change.")] = True,
    org: Annotated[str | None, typer.Option(help="Organisation; your own one if unset, never the demo.")] = None,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Import files of orders, refunds, customers, events, touches, paths, campaigns, spend, mentions, products, rates.

    Columns are found by their names and values (--preview). Importing a file twice changes nothing; --undo undoes it.
    """
    from cli.session import opened, shell_identity
    from cli.untold import tell

    reading = reading_of(kind, columns, dates, decimal, status, sheet)
    writing = {"rejects": rejects, "dry_run": dry_run, "compare": compare, "again": again}
    with opened(home) as session:
        identity = shell_identity(receiving_organisation(session.database, org))
        if look_back(session.database, identity, listed=listed, show=show, undo=undo, scores=scores):
            return
        tell(session.database, identity, currency, time_zone)
        if preview:
            preview_all(session.database, identity, _given(files), reading)
        else:
            import_all(session.database, identity, _given(files), reading | writing, scores=scores)


def reading_of(
    kind: str | None,
    columns: list[str] | None,
    dates: str | None,
    decimal: str | None,
    status: list[str] | None,
    sheet: str | None,
) -> dict[str, Any]:
    """How files are to be read, as the options say."""
    given = {"overrides": parse_overrides(columns or []), "statuses": parse_overrides(status or [], "status")}
    marks = {"dates": parse_dates(dates), "decimal": parse_decimal(decimal)}
    return {"kind": kind, "sheet": sheet, **given, **marks}


def _given(files: Sequence[Path] | None) -> Sequence[Path]:
    if not files:
        raise FixArguments("Name a file to import, or --list, --show or --undo.", field="files")
    return files


def look_back(
    database: Database, identity: Identity, *, listed: bool, show: int | None, undo: str | None, scores: bool
) -> bool:
    """List what was imported, show one import, or take one back; whether one of them was asked for."""
    if undo is not None:
        take_back(database, identity, undo, scores=scores)
    elif listed or show is not None:
        show_imports(database, identity, show)
    return listed or show is not None or undo is not None


def import_all(
    database: Database, identity: Identity, files: Sequence[Path], how: dict[str, Any], *, scores: bool
) -> None:
    """Import files one after the other; of several, one that cannot be read is told of and keeps no other back."""
    from tools.imports.load import import_file

    if len(files) > 1 and how["rejects"] is not None:
        raise FixArguments("Several files cannot share a file of rejects.", field="rejects")
    done: list[Loaded] = []
    for file in files:
        try:
            with progress_bar(file) as bar:
                result = import_file(database, identity, file, **how, on_progress=bar)
        except AimaError as error:
            if len(files) == 1:
                raise
            typer.echo(f"{file}: {error.message}", err=True)
            continue
        show_result(result)
        done.append(result)
    if scores:
        score(database, identity, together(done))
    if missing := len(files) - len(done):
        raise FixArguments(f"{missing} of {len(files)} files were not imported; the others were.", field="files")


def preview_all(database: Database, identity: Identity, files: Sequence[Path], how: dict[str, Any]) -> None:
    """Show what the import of each file would do."""
    from tools.imports.preview import preview_file

    for file in files:
        show_preview(preview_file(database, identity, file, **how))


def take_back(database: Database, identity: Identity, which: str, *, scores: bool) -> None:
    """Undo an import and say what that did."""
    from tools.imports.undo import undo_named
    from tools.imports.wording import undone_words

    undone = undo_named(database, identity, which)
    say(undone_words(undone.file, undone.removed, undone.again))
    if scores:
        score(database, identity, undone)


def show_imports(database: Database, identity: Identity, number: int | None) -> None:
    """What was imported, or one import with its decisions."""
    from tools.imports.list import ImportList, ListImportsArguments, imported
    from tools.imports.wording import listed
    from tools.outcome import Outcome
    from tools.results import Evidence

    arguments = ListImportsArguments(number=number)
    with database.transaction(identity.org_id) as connection:
        total, found = imported(connection, arguments)
    result = ImportList(total=total, imports=found, evidence=Evidence(rows=total))
    say(listed(Outcome(arguments, result)))


def together(changed: Sequence[Loaded]) -> Loaded:
    """What several loads changed, as one."""
    from tools.imports.report import Loaded, TableChange

    tables: dict[str, TableChange] = {}
    for one in changed:
        for name, change in one.tables.items():
            tables[name] = tables[name] + change if name in tables else change
    touched = [one.touched for one in changed]
    every = None if None in touched else sorted({who for some in touched for who in some or ()})
    return Loaded(tables=tables, touched=every)


def say(words: str) -> None:
    """Print text as it is written for the chat, without its marks."""
    typer.echo(re.sub(r"\*\*|`", "", words).replace("\n\n", "\n"))


def parse_overrides(pairs: Sequence[str], option: str = "map") -> dict[str, str]:
    """`field=column` (`word=meaning`) to a mapping; FixArguments for a word without the equals sign."""
    found = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field.strip():
            form = "field=column" if option == "map" else "word=meaning"
            raise FixArguments(f"'{pair}' is not of the form {form}.", field=option)
        found[field.strip()] = column.strip()
    return found


def parse_dates(order: str | None) -> Literal["dmy", "mdy"] | None:
    """The order of day and month, checked."""
    if order is None or order == "dmy" or order == "mdy":
        return order  # type: ignore[return-value]
    raise FixArguments(f"There is no date order '{order}'.", field="dates", valid=("dmy", "mdy"))


def parse_decimal(mark: str | None) -> Literal["comma", "point"] | None:
    """The decimal mark, checked."""
    if mark is None or mark == "comma" or mark == "point":
        return mark  # type: ignore[return-value]
    raise FixArguments(f"There is no decimal mark '{mark}'.", field="decimal", valid=("comma", "point"))


def receiving_organisation(database: Database, slug: str | None) -> UUID:
    """Where a file goes: the organisation named, else the only own one, made now if there is none; never the demo."""
    from cli.session import DEFAULT_SLUG, DEMO_SLUG, organisation
    from database.queries import organisations
    from tools.people.accounts import ensure_organisation

    if slug is not None:
        return organisation(database, slug)
    with database.before_login() as connection:
        own = {name for _, name in organisations.served(connection)} - {DEMO_SLUG}
    return organisation(database, None) if own else ensure_organisation(database, DEFAULT_SLUG, name="My shop")


def score(database: Database, identity: Identity, result: Loaded) -> None:
    """Compute the scores that changed; too little data for one is told, and no failure of the load."""
    from cli.shops import score_now
    from core.clock import utc_now
    from tools.imports.scores_after import SOME, job_after
    from tools.scoring.customers import refresh_customers

    now = utc_now()
    job = job_after(database, identity, result, now)
    if job is None:
        return
    try:
        if job[0] == SOME:
            done = refresh_customers(database, identity, job[1]["customers"], now)
            typer.echo(f"Scores of the {done.customers:,} customers in it are up to date.")
            return
        typer.echo("Computing scores:")
        score_now(database, identity.org_id, typer.echo)
    except NoSuchData as error:
        typer.echo(f"  {error.message}")


@contextmanager
def progress_bar(file: Path) -> Iterator[Callable[[ImportProgress], None]]:
    """A bar on standard error with rows, rows a second and time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    parts = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows, {task.fields[rate]:,.0f}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"reading {file.name}", total=1.0, rows=0, rate=0.0)

        def show(progress: ImportProgress) -> None:
            reading = progress.phase == "reading"
            elapsed = bar.tasks[0].elapsed or 0.0
            if reading and elapsed:
                bar.update(task, rate=progress.rows / elapsed)
            total = 1.0 if reading else None
            bar.update(task, description=progress.phase, total=total, completed=progress.share, rows=progress.rows)

        yield show


def show_preview(preview: ImportPreview) -> None:
    """What would happen, the mapping, and the first rows as they would be written."""
    from rich.console import Console
    from rich.table import Table

    from tools.imports.wording import preview_words

    say(preview_words(preview))
    console = Console(markup=False)
    console.print(f"Times without a zone are {preview.time_zone}.")
    first = preview.rows[:2]
    table = Table("field", "column of the file", *(f"line {row.get('line', '')}" for row in first))
    made = first[0] if first else {}
    for field in dict.fromkeys((*preview.mapping.columns, *made)):
        values = ["" if row.get(field) is None else str(row[field]) for row in first]
        if field != "line" and (field in preview.mapping.columns or any(values)):
            table.add_row(field, preview.mapping.columns.get(field, ""), *values)
    console.print(table)
    console.print("Correct it with --map field=column; nothing has been written.")


def show_result(result: ImportResult) -> None:
    """The account: its figures, every row, what happened in each table, what was decided, how fast."""
    from tools.imports.wording import import_words

    say(import_words(result))
    typer.echo(f"{result.seconds:.1f} s, {result.rows_per_second:,.0f} rows/s")
    if result.rejects_path is not None:
        typer.echo(f"Rejected rows, with the reason: {result.rejects_path}")
    if result.number is not None:
        typer.echo(f"This is import {result.number}; `aima import --undo {result.number}` takes it back.")
