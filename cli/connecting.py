"""`aima connect`, `disconnect`, `connections`, `sync`: sources outside, and what is new in them.

A credential is never an argument, which everybody on the machine could read in the list of processes: it is asked for
without an echo, or read from standard input (one a line) or the environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import AimaError, FixArguments

if TYPE_CHECKING:
    from connectors.sources.contract import Source
    from tools.connections.account import SyncResult

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; your own one if unset, never the demo.")]


def connect(
    source: Annotated[str, typer.Argument(help="Which source; `aima connections` lists them.")],
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="setting=value, as often as needed; no credentials.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call the connection; the source's name if unset.")] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """Connect a source: its customers, orders, campaigns … come in now and then every half hour.

    Credentials are asked for without an echo; without a terminal they are read from standard input, one a line, or
    from the environment, as AIMA_<SOURCE>_<SETTING>. They are checked, then kept encrypted.
    """
    from cli.importing import receiving_organisation
    from cli.session import opened, shell_identity
    from connectors.sources.discovery import source as source_of

    found = source_of(source)
    given = plain_settings(found, settings or []) | credentials(found, os.environ)
    with opened(home) as session:
        identity = shell_identity(receiving_organisation(session.database, org))
        arguments = {"source": source, "name": name, "settings": given}
        made: Any = session.runtime.call("connect_source", arguments, identity)
    typer.echo(f"{made.connection} is connected. The first sync waits for the workers (`aima up`); or run `aima sync`.")


def disconnect(
    connection: Annotated[str, typer.Argument(help="Name of the connection.")], org: Org = None, home: Home = None
) -> None:
    """Forget a connection and its credential. What it has brought stays."""
    from cli.importing import receiving_organisation
    from cli.session import opened, shell_identity

    with opened(home) as session:
        identity = shell_identity(receiving_organisation(session.database, org))
        gone: Any = session.runtime.call("disconnect_source", {"connection": connection}, identity)
    typer.echo(f"{gone.connection} is disconnected. What it has brought stays.")


def connections(org: Org = None, home: Home = None) -> None:
    """List what is connected: state, last sync, last error; and the sources that can be, with their settings."""
    from cli.importing import receiving_organisation
    from cli.session import opened, shell_identity

    with opened(home) as session:
        identity = shell_identity(receiving_organisation(session.database, org))
        result: Any = session.runtime.call("list_connections", {}, identity)
        outcome = session.runtime.catalogue.outcome("list_connections", {}, result.model_dump(mode="json"))
        typer.echo(session.runtime.catalogue.get("list_connections").worded(outcome).replace("**", ""))
    typer.echo("\nSources:" if result.sources else "\nNo source but files is installed.")
    for source in result.sources:
        typer.echo(f"  {source.name}: {source.title}")
        for setting in source.settings:
            marks = ", ".join(word for word, on in (("required", setting.required), ("secret", setting.secret)) if on)
            typer.echo(f"    {setting.name}{f' ({marks})' if marks else ''}: {setting.meaning}")


def sync(
    connection: Annotated[str | None, typer.Argument(help="Name of the connection; all of them if unset.")] = None,
    scores: Annotated[bool, typer.Option(help="Compute the scores anew after a change.")] = True,
    org: Org = None,
    home: Home = None,
) -> None:
    """Bring in what is new from connected sources, here and now. The workers do it every half hour."""
    from cli.importing import receiving_organisation, score
    from cli.session import opened, shell_identity
    from core.clock import utc_now
    from core.secrets import Vault
    from database.queries import connections as queries
    from tools.connections.run import sync as run

    with opened(home) as session:
        identity = shell_identity(receiving_organisation(session.database, org))
        with session.database.transaction(identity.org_id) as transaction:
            names = [connection] if connection else [row.name for row in queries.every(transaction)]
        if not names:
            raise FixArguments("Nothing is connected: `aima connections` lists what can be.", field="connection")
        how: dict[str, Any] = {"vault": Vault.of(session.settings), "ask_scores": False, "longest_s": float("inf")}
        failed: AimaError | None = None
        for name in names:
            try:
                result = run(session.database, identity, name, now=utc_now(), **how)
            except AimaError as error:
                typer.secho(f"{name}: {error.message}", fg=typer.colors.RED, err=True)
                failed = error
                continue
            show(result)
            if scores:
                score(session.database, identity, result)
    if failed is not None:
        raise typer.Exit(failed.exit_code)


def plain_settings(source: Source[Any], pairs: Sequence[str]) -> dict[str, str]:
    """`setting=value` words to settings; FixArguments for another form, or a credential."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise FixArguments("Write --set setting=value.", field="set", valid=list(source.settings.model_fields))
        if name in source.settings.secrets():
            raise FixArguments(f"'{name}' is a credential, which others could read here. It is asked for.", field="set")
        given[name] = value
    return given


def credentials(source: Source[Any], environment: Mapping[str, str]) -> dict[str, str]:
    """The source's credentials, from the environment, standard input, or whoever sits at the terminal."""
    given: dict[str, str] = {}
    for name, field in source.settings.model_fields.items():
        if name not in source.settings.secrets():
            continue
        value = environment.get(f"AIMA_{source.name}_{name}".upper()) or asked(name, field.description or "")
        if value:
            given[name] = value
    return given


def show(result: SyncResult) -> None:
    """The account: what was read, and what happened in each table."""
    typer.echo(f"{result.connection}: {result.records:,} records read, {result.left_out:,} rows left out.")
    for table, change in result.tables.items():
        typer.echo(
            f"  {table}: {change.inserted:,} inserted, {change.updated:,} updated, {change.unchanged:,} unchanged"
        )
    for problem in result.problems:
        typer.echo(f"  left out: {problem}")


def asked(name: str, meaning: str) -> str:
    """A credential: asked for without an echo, or without a terminal the next line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(typer.prompt(f"{name} ({meaning})", hide_input=True, default="", show_default=False))
