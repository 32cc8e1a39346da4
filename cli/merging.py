"""`aima people`: customers who may be one person, made one or parted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import FixArguments

if TYPE_CHECKING:
    from core.identity import Identity
    from database.engine import Database

__all__ = ["people"]

Merge = Annotated[
    tuple[str, str] | None, typer.Option(help="Make one of two customers, by number or address.", metavar="A B")
]


def people(
    merge: Merge = None,
    part: Annotated[str | None, typer.Option(help="Take back the last merge of this customer.", metavar="A")] = None,
    limit: Annotated[int, typer.Option(help="Pairs shown at most.")] = 20,
    org: Annotated[str | None, typer.Option(help="Organisation; your own one if unset, never the demo.")] = None,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Show customers who may be one person; say that two are one (--merge), or that one is two (--part)."""
    from cli.importing import receiving_organisation, say, score
    from cli.session import opened, shell_identity
    from tools.identity.merging import merge_named, part_named
    from tools.identity.wording import merged_words, parted_words

    if merge and part:
        raise FixArguments("Merge or part, one at a time.", field="merge")
    with opened(home) as session:
        identity = shell_identity(receiving_organisation(session.database, org))
        if merge:
            merged = merge_named(session.database, identity, *merge)
            say(merged_words(merged.customer, merged.was))
            score(session.database, identity, merged)
        elif part:
            parted = part_named(session.database, identity, part)
            say(parted_words(parted.customer, parted.again))
            score(session.database, identity, parted)
        else:
            show_pairs(session.database, identity, limit)


def show_pairs(database: Database, identity: Identity, limit: int) -> None:
    """Customers who may be one person, and those who were made one."""
    from database.queries import identities

    with database.transaction(identity.org_id) as connection:
        pairs, total = identities.doubtful(connection, limit), identities.count_doubtful(connection)
        merges = identities.merges(connection, limit)
    typer.echo(f"{total:,} pairs of customers may be one person each." if total else "No two look like one person.")
    for pair in pairs:
        typer.echo(f"  {pair.first}  {pair.second}  {pair.why}")
    for merge in (one for one in merges if not one.parted):
        typer.echo(f"  {merge.gone} became a part of {merge.kept} ({merge.rule})")
    if pairs:
        typer.echo("Make two of them one: aima people --merge A B")
