"""`aima notices`: Slack and Teams are told that something waits in AIMA."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

notices = typer.Typer(help="Tell Slack or Teams that something waits in AIMA.", add_completion=False)

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]
Service = Annotated[str, typer.Argument(help="slack or teams.")]


@notices.callback(invoke_without_command=True)
def targets(context: typer.Context) -> None:
    """Tell Slack or Teams that something waits in AIMA."""
    if context.invoked_subcommand is None:
        show()


@notices.command("show")
def show(org: Org = None, home: Home = None) -> None:
    """Show who is told; addresses are never shown."""
    from cli.session import opened, organisation, shell_identity
    from tools.notices.targets import targets_in_words, targets_of

    with opened(home) as session:
        found = targets_of(session.database, shell_identity(organisation(session.database, org)))
    typer.echo("\n".join(targets_in_words(found)))


@notices.command("set")
def set_(
    service: Service,
    address: Annotated[str, typer.Argument(help="Its incoming webhook; asked for where it is not said.")] = "",
    org: Org = None,
    home: Home = None,
) -> None:
    """Tell a service from now on, by its incoming webhook. The address is a key: it is kept encrypted."""
    from cli.session import opened, organisation, shell_identity
    from core.clock import utc_now
    from tools.notices.targets import change_target, targets_in_words, targets_of

    address = address or typer.prompt("Address of its incoming webhook", hide_input=True)
    with opened(home) as session:
        identity = shell_identity(organisation(session.database, org))
        change_target(session.database, identity, session.settings, service, address, utc_now())
        typer.echo("\n".join(targets_in_words(targets_of(session.database, identity))))


@notices.command("remove")
def remove(service: Service, org: Org = None, home: Home = None) -> None:
    """Tell a service nothing any more."""
    from cli.session import opened, organisation, shell_identity
    from tools.notices.targets import remove_target, targets_in_words, targets_of

    with opened(home) as session:
        identity = shell_identity(organisation(session.database, org))
        remove_target(session.database, identity, service)
        typer.echo("\n".join(targets_in_words(targets_of(session.database, identity))))
