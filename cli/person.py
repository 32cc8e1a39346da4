"""`aima person`: everything held about a customer handed out, or erased with a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import FixArguments

if TYPE_CHECKING:
    from cli.session import Session
    from core.identity import Identity
    from tools.privacy.erase import ErasurePreview

person = typer.Typer(
    help="A customer's own rights: hand out what is held about them, or erase it.",
    no_args_is_help=True,
    add_completion=False,
)

Who = Annotated[str, typer.Argument(help="Number, address or name of the customer.")]
Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]


@contextmanager
def _administering(home: Path | None, org: str | None) -> Iterator[tuple[Session, Identity]]:
    from cli.session import opened, organisation, shell_identity

    with opened(home) as session:
        yield session, shell_identity(organisation(session.database, org))


@person.command("export")
def export(
    who: Who,
    to: Annotated[Path | None, typer.Option(help="File to write; person-NUMBER.zip here otherwise.")] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """Write everything held about a customer to a zip file: JSON, CSV and a README."""
    from tools.privacy.export import export_person

    with _administering(home, org) as (session, identity):
        archive = export_person(session.database, identity, who)
    path = to or Path(archive.file_name)
    if path.exists():
        raise FixArguments(f"'{path}' is there already: say another with --to.", field="to")
    path.touch(mode=0o600)
    path.write_bytes(archive.data)
    typer.echo(f"{sum(archive.rows.values()):,} rows of {len(archive.rows)} kinds: {path}")


@person.command("erase")
def erase(
    who: Who,
    confirm: Annotated[
        str | None, typer.Option(help="The customer's number, typed beforehand: nothing is asked then.")
    ] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """Erase a customer: shows what would go, asks for the number, and prints the certificate."""
    from tools.privacy.certificate import certificate_words
    from tools.privacy.erase import erase as erase_person
    from tools.privacy.erase import preview

    with _administering(home, org) as (session, identity):
        if confirm is None:
            shown = preview(session.database, identity, who, session.settings)
            _show(shown)
            who, confirm = shown.customer, typer.prompt("Type the customer's number to erase them for good")
        row = erase_person(session.database, identity, who, confirm, session.settings)
    typer.echo(certificate_words(row))


@person.command("erasures")
def erasures(
    number: Annotated[str | None, typer.Argument(help="Show this certificate, by its first characters.")] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """List the certificates of erasures, or show one."""
    from tools.privacy.certificate import certificate_words
    from tools.privacy.erase import certificate_of, certificates

    with _administering(home, org) as (session, identity):
        if number is not None:
            typer.echo(certificate_words(certificate_of(session.database, identity, number)))
            return
        rows = certificates(session.database, identity)
    for row in rows:
        typer.echo(f"{row.id}  {row.erased_at:%Y-%m-%d %H:%M} UTC  by {row.erased_by}")
    if not rows:
        typer.echo("Nobody has been erased.")


@person.command("readmit")
def readmit(who: Who, org: Org = None, home: Home = None) -> None:
    """Let somebody who was erased, and is a customer again, be loaded from files and sources."""
    from tools.privacy.erase import readmit as readmit_person

    with _administering(home, org) as (session, identity):
        readmit_person(session.database, identity, who)
    typer.echo(
        "Rows that go by that number or address are loaded again from now on. Nobody is written to again by that."
    )


def _show(shown: ErasurePreview) -> None:
    from tools.privacy.certificate import place_words

    typer.echo(f"Customer {shown.customer}{f', {shown.name}' if shown.name else ''}. Erasing them takes away:")
    for place, rows in shown.places.items():
        typer.echo(f"  {place_words(place, rows)}")
    for title, lines in (("What stays, and why", shown.kept), ("Out of reach from here", shown.elsewhere)):
        typer.echo(f"{title}:")
        for line in lines:
            typer.echo(f"  {line}")
