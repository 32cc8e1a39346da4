"""`aima import`: a file into the organisation, with a preview, progress and an account of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from core.errors import FixArguments, NoSuchData

if TYPE_CHECKING:
    from core.decisions import Decision
    from core.identity import Identity
    from database.engine import Database
    from tools.imports.intake import ImportProgress
    from tools.imports.load import ImportPreview, ImportResult, Loaded

Currency = Annotated[
    str | None, typer.Option(help="Your currency, such as EUR; told once. What is in others needs rates.")
]
Compare = Annotated[bool, typer.Option("--compare", help="Compare every row, also of a file known from before.")]
Rejects = Annotated[Path | None, typer.Option(help="Where rejected rows go; FILE.rejects.csv here if unset.")]
TimeZone = Annotated[str | None, typer.Option(help="Where your days are cut, such as Europe/Berlin.")]
Columns = Annotated[
    list[str] | None, typer.Option("--map", help="field=column, as often as needed; `field=` drops a field.")
]
Dates = Annotated[str | None, typer.Option(help="dmy or mdy, where no date in the file decides.")]
Decimals = Annotated[str | None, typer.Option(help="comma or point, where no number in the file decides.")]
Sheet = Annotated[
    str | None, typer.Option(help="Which sheet of a workbook, file of an archive, list of a JSON document.")
]


def import_(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, Excel, JSON or Parquet; also gzipped or zipped.")],
    kind: Annotated[str | None, typer.Option(help="What the file holds, where it does not show.")] = None,
    columns: Columns = None,
    dates: Dates = None,
    decimal: Decimals = None,
    sheet: Sheet = None,
    currency: Currency = None,
    time_zone: TimeZone = None,
    rejects: Rejects = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show mapping and first rows; write nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check every row; write nothing.")] = False,
    compare: Compare = False,
    scores: Annotated[bool, typer.Option(help="Compute the scores anew after a change.")] = True,
    org: Annotated[str | None, typer.Option(help="Organisation; your own one if unset, never the demo.")] = None,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Import a file of orders, refunds, customers, events, campaigns, spend, mentions, products or exchange rates.

    Columns are found by their names and values; --preview shows how. Importing a file twice changes nothing.
    """
    from cli.session import opened, shell_identity
    from cli.untold import tell
    from tools.imports.load import import_file, preview_file

    reading: dict[str, Any] = {"kind": kind, "overrides": parse_overrides(columns or []), "dates": parse_dates(dates)}
    reading |= {"decimal": parse_decimal(decimal), "sheet": sheet}
    with opened(home) as session:
        org_id = receiving_organisation(session.database, org)
        identity = shell_identity(org_id)
        tell(session.database, identity, currency, time_zone)
        if preview:
            show_preview(preview_file(session.database, identity, file, **reading))
            return
        with progress_bar(file) as bar:
            reading |= {"rejects": rejects, "dry_run": dry_run, "compare": compare, "on_progress": bar}
            result = import_file(session.database, identity, file, **reading)
        show_result(result)
        if scores:
            score(session.database, identity, result)


def parse_overrides(pairs: Sequence[str]) -> dict[str, str]:
    """`field=column` words to a mapping; FixArguments for a word without the equals sign."""
    found = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field.strip():
            raise FixArguments(f"'{pair}' is not of the form field=column.", field="map")
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
    from tools.scoring.after_import import SOME, job_after
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
        TextColumn("{task.description}"),
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
    """The mapping and the first rows as they would be written."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    kept = " (a mapping confirmed before)" if preview.saved else ""
    console.print(f"{preview.file} holds {preview.mapping.kind}{kept}; times without a zone are {preview.time_zone}.")
    mapping = Table("field", "column of the file")
    for field, column in preview.mapping.columns.items():
        mapping.add_row(field, column)
    console.print(mapping)
    if preview.mapping.unused:
        console.print(f"Not read: {', '.join(preview.mapping.unused)}.")
    rows = Table(*(preview.rows[0] if preview.rows else ()))
    for row in preview.rows:
        rows.add_row(*("" if value is None else str(value) for value in row.values()))
    console.print(rows)
    for problem in preview.problems:
        console.print(f"Would be rejected: {problem}")
    show_decisions(preview.decisions)
    console.print("Correct it with --map field=column; nothing has been written.")


def show_decisions(decisions: Sequence[Decision]) -> None:
    """What was decided about the file; the doubtful ones first, with the way to decide otherwise."""
    for decision in sorted(decisions, key=lambda d: not d.doubtful):
        amount = "" if decision.amount is None else f", {decision.amount:,.2f}"
        rows = f" ({decision.rows:,} rows{amount})" if decision.rows else ""
        otherwise = f" Otherwise: {decision.instead}" if decision.instead else ""
        typer.echo(f"  {'?' if decision.doubtful else '-'} {decision.said}{rows}{otherwise}")


def show_result(result: ImportResult) -> None:
    """The account: every row, what happened in each table, how fast."""
    written = " Nothing was written (--dry-run)." if result.dry_run else ""
    typer.echo(
        f"{result.file} ({result.kind}): {result.read:,} rows read = {result.accepted:,} accepted"
        f" + {result.rejected:,} rejected.{written}"
    )
    for table, change in result.tables.items():
        typer.echo(
            f"  {table}: {change.inserted:,} inserted, {change.updated:,} updated, {change.unchanged:,} unchanged"
        )
    show_decisions(result.decisions)
    if result.known:
        typer.echo("This very file was imported before, and nothing has changed since (--compare looks at every row).")
    typer.echo(f"{result.seconds:.1f} s, {result.rows_per_second:,.0f} rows/s")
    if result.rejects_path is not None:
        typer.echo(f"Rejected rows, with the reason: {result.rejects_path}")
