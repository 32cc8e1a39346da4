"""`aima user` and `aima key`: who may log in, and what other programs may do."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from core.calendar import Calendar
from core.clock import utc_now

if TYPE_CHECKING:
    from core.identity import Identity
    from database.engine import Database

user = typer.Typer(help="People who can log in to the chat.", no_args_is_help=True, add_completion=False)
key = typer.Typer(
    help="Keys with which other programs use AIMA over MCP and HTTP.", no_args_is_help=True, add_completion=False
)

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]


Whose = Annotated[str, typer.Argument(help="Address the person logs in with.")]


@contextmanager
def _administering(home: Path | None, org: str | None) -> Iterator[tuple[Database, Identity]]:
    """The database, and this shell as an administrator of the organisation."""
    from cli.session import opened, organisation, shell_identity

    with opened(home) as session:
        yield session.database, shell_identity(organisation(session.database, org))


def _calendar(database: Database, identity: Identity) -> Calendar:
    from tools.people.settings import settings_of

    return Calendar(settings_of(database, identity).time_zone)


def _time(at: datetime | None, calendar: Calendar) -> str:
    return f"{calendar.local(at):%Y-%m-%d %H:%M}" if at else ""


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
    """Show the accounts, and when each was last seen."""
    from tools.people.members import list_users

    with _administering(home, org) as (database, administrator):
        rows = list_users(database, administrator)
        calendar = _calendar(database, administrator)
    table = Table("Email", "Name", "Role", "State", "Last seen")
    for row in rows:
        state = "disabled" if row.disabled_at else "active"
        table.add_row(row.email, row.name or "", row.role, state, _time(row.seen_at, calendar))
    Console(markup=False).print(table)


@user.command("disable")
def user_disable(email: Whose, org: Org = None, home: Home = None) -> None:
    """Shut somebody out at once: logins end, keys open nothing; what they made stays."""
    from tools.people.members import disable_user

    with _administering(home, org) as (database, administrator):
        disable_user(database, administrator, email)
    typer.echo(f"{email} is shut out. `aima user enable {email}` lets them in again.")


@user.command("enable")
def user_enable(email: Whose, org: Org = None, home: Home = None) -> None:
    """Let somebody in again who was shut out."""
    from tools.people.members import enable_user

    with _administering(home, org) as (database, administrator):
        enable_user(database, administrator, email)
    typer.echo(f"{email} can log in again.")


@user.command("role")
def user_role(
    email: Whose,
    role: Annotated[str, typer.Argument(help="admin, manager, analyst or viewer.")],
    org: Org = None,
    home: Home = None,
) -> None:
    """Change what somebody may do."""
    from tools.people.members import set_role

    with _administering(home, org) as (database, administrator):
        set_role(database, administrator, email, role)
    typer.echo(f"{email} is {'an' if role.startswith('a') else 'a'} {role} now.")


@user.command("remove")
def user_remove(
    email: Whose,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    org: Org = None,
    home: Home = None,
) -> None:
    """Delete an account with its logins, keys and conversations. What the person decided stays on record."""
    from tools.people.members import remove_user

    if not yes:
        typer.confirm(f"Delete the account of {email} with all its conversations and keys?", abort=True)
    with _administering(home, org) as (database, administrator):
        remove_user(database, administrator, email)
    typer.echo(f"The account of {email} is deleted.")


@user.command("sessions")
def user_sessions(
    email: Annotated[str | None, typer.Argument(help="Whose logins; everybody's otherwise.")] = None,
    end: Annotated[str | None, typer.Option(help="End this one, by its first characters.")] = None,
    end_all: Annotated[bool, typer.Option("--end-all", help="End every login of that person.")] = False,
    org: Org = None,
    home: Home = None,
) -> None:
    """Show who is logged in from where, or end logins."""
    from tools.people import sessions

    with _administering(home, org) as (database, administrator):
        if end_all:
            if email is None:
                raise typer.BadParameter("Say whose logins to end.")
            typer.echo(f"Logins ended: {sessions.end_sessions(database, administrator, email=email)}.")
            return
        found = sessions.list_sessions(database, administrator, email=email)
        if end is not None:
            sessions.end_session(database, administrator, _one(end, [row.id for row in found]))
            typer.echo("That login is ended.")
            return
        calendar = _calendar(database, administrator)
    table = Table("Login", "Email", "From", "Browser", "Since", "Last seen", "Until")
    for row in found:
        times = (_time(at, calendar) for at in (row.created_at, row.seen_at, row.expires_at))
        table.add_row(str(row.id)[:8], row.email, row.source, row.device or "", *times)
    Console(markup=False).print(table)


def _one(begins_with: str, ids: Sequence[UUID]) -> UUID:
    """The one id that begins so."""
    from core.errors import FixArguments, NotFound

    found = [id_ for id_ in ids if str(id_).startswith(begins_with.strip().lower())]
    if not found:
        raise NotFound(f"No login in force begins with '{begins_with}'.")
    if len(found) > 1:
        raise FixArguments("More than one login begins so.", field="end", valid=[str(id_) for id_ in found])
    return found[0]


@key.command("add")
def key_add(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    email: Annotated[str, typer.Option("--for", help="Whose rights bound it.")],
    scope: Annotated[list[str], typer.Option(help="read, write, propose; repeat for more.")] = ["read"],  # noqa: B006
    expires: Annotated[str | None, typer.Option(help="Until when: 90d, or a day such as 2027-01-31.")] = None,
    home: Home = None,
) -> None:
    """Make a key and show it, this once."""
    from cli.session import opened
    from tools.people import accounts as people

    with opened(home) as session:
        owner = people.person_of(session.database, email, door="cli")
        until = _end_of(expires, _calendar(session.database, owner)) if expires else None
        made = people.add_key(session.database, owner, name=name, scopes=scope, expires_at=until)
    typer.echo(made)


def _end_of(given: str, calendar: Calendar) -> datetime:
    """The instant a key ends that is to last `90d`, or until the end of a day."""
    from core.errors import FixArguments

    now = utc_now()
    if days := re.fullmatch(r"(\d{1,4}) ?d(ays?)?", given.strip()):
        until = now + timedelta(days=int(days[1]))
    else:
        try:
            until = calendar.end(date.fromisoformat(given.strip()))
        except (ValueError, OverflowError):
            raise FixArguments(
                f"'{given}' is no time: say 90d, or a day such as 2027-01-31.", field="expires"
            ) from None
    if until <= now:
        raise FixArguments(f"'{given}' is over already.", field="expires")
    return until


@key.command("list")
def key_list(org: Org = None, home: Home = None) -> None:
    """Show the keys in force by their first characters."""
    from database.queries import people

    with _administering(home, org) as (database, administrator):
        with database.transaction(administrator.org_id) as connection:
            rows = people.keys(connection)
        calendar = _calendar(database, administrator)
    table = Table("Name", "Begins with", "Scopes", "Of", "Made", "Until", "Last used")
    for row in rows:
        times = (_time(at, calendar) for at in (row.created_at, row.expires_at, row.last_used_at))
        table.add_row(row.name, row.prefix, ", ".join(row.scopes), row.owner or "", *times)
    Console(markup=False).print(table)


@key.command("revoke")
def key_revoke(
    prefix: Annotated[str, typer.Argument(help="First characters, as many as tell it from the others.")],
    org: Org = None,
    home: Home = None,
) -> None:
    """Make a key worthless at once."""
    from tools.people.accounts import revoke_key

    with _administering(home, org) as (database, administrator):
        name = revoke_key(database, administrator.org_id, prefix, by=administrator)
    typer.echo(f"The key '{name}' is revoked.")
