"""`aima user` and `aima key`: who may log in, and what other programs may do."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from core.calendar import Calendar

user = typer.Typer(help="People who can log in to the chat.", no_args_is_help=True, add_completion=False)
key = typer.Typer(
    help="Keys with which other programs use AIMA over MCP and HTTP.", no_args_is_help=True, add_completion=False
)

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]


@user.command("add")
def user_add(
    email: Annotated[str, typer.Argument(help="Address to log in with.")],
    role: Annotated[str, typer.Option(help="admin, manager, analyst or viewer.")] = "manager",
    name: Annotated[str | None, typer.Option(help="Name shown in the chat.")] = None,
    password: Annotated[
        str | None,
        typer.Option(help="At least 10 characters; one is made and shown otherwise.", envvar="AIMA_PASSWORD"),
    ] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """Make an account."""
    from cli.session import opened, organisation
    from tools.people import accounts as people

    given = password or secrets.token_urlsafe(12)
    with opened(home) as session:
        people.add_user(
            session.database, organisation(session.database, org), email=email, password=given, role=role, name=name
        )
    typer.echo(f"{email} can log in as {role}." + ("" if password else f" Password: {given}"))


@user.command("password")
def user_password(
    email: Annotated[str, typer.Argument(help="Whose password.")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="AIMA_PASSWORD")
    ],
    org: Org = None,
    home: Home = None,
) -> None:
    """Set a new password."""
    from cli.session import opened, organisation
    from tools.people import accounts as people

    with opened(home) as session:
        people.change_password(session.database, organisation(session.database, org), email=email, password=password)
    typer.echo(f"The password of {email} is changed.")


@user.command("list")
def user_list(org: Org = None, home: Home = None) -> None:
    """Show the accounts."""
    from cli.session import opened, organisation
    from database.queries import people

    with opened(home) as session:
        org_id = organisation(session.database, org)
        with session.database.transaction(org_id) as connection:
            rows = people.users(connection)
    table = Table("Email", "Name", "Role", "State")
    for row in rows:
        table.add_row(row.email, row.name or "", row.role, "disabled" if row.disabled_at else "active")
    Console().print(table)


@key.command("add")
def key_add(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    email: Annotated[str, typer.Option("--for", help="Whose rights bound it.")],
    scope: Annotated[list[str], typer.Option(help="read, write, propose; repeat for more.")] = ["read"],  # noqa: B006
    home: Home = None,
) -> None:
    """Make a key and show it, this once."""
    from cli.session import opened
    from tools.people import accounts as people

    with opened(home) as session:
        owner = people.person_of(session.database, email, door="cli")
        made = people.add_key(session.database, owner, name=name, scopes=scope)
    typer.echo(made)


@key.command("list")
def key_list(org: Org = None, home: Home = None) -> None:
    """Show the keys in force by their first characters."""
    from cli.session import opened, organisation
    from database.queries import organisations, people

    with opened(home) as session, session.database.transaction(organisation(session.database, org)) as connection:
        rows = people.keys(connection)
        calendar = Calendar(organisations.profile(connection).time_zone)
    table = Table("Name", "Begins with", "Scopes", "Made")
    for name, prefix, scopes, made in rows:
        table.add_row(name, prefix, ", ".join(scopes), f"{calendar.local(made):%Y-%m-%d %H:%M}")
    Console().print(table)


@key.command("revoke")
def key_revoke(
    prefix: Annotated[str, typer.Argument(help="First characters, as `aima key list` shows them.")],
    org: Org = None,
    home: Home = None,
) -> None:
    """Make a key worthless at once."""
    from cli.session import opened, organisation
    from core.errors import NotFound
    from database.queries import people

    with opened(home) as session, session.database.transaction(organisation(session.database, org)) as connection:
        if not people.revoke_key(connection, prefix):
            raise NotFound(f"No key in force begins with '{prefix}'.")
    typer.echo("Revoked.")
