"""`aima channel`: whom each channel's messages come from and who carries them; set, checked, tried, reset.

A credential is never an argument, which everybody on the machine could read in the list of processes: it is asked for
without an echo, or read from standard input, one a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import FixArguments

if TYPE_CHECKING:
    from cli.session import Session
    from connectors.channels.contract import Provider
    from core.identity import Identity
    from tools.channels.view import AccountView

channel = typer.Typer(
    help="Whom your messages come from and who carries them, channel by channel.", add_completion=False
)

INSTALLATION = "installation"
Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]
Name = Annotated[str, typer.Argument(help="Which channel; `aima channel list` shows them.")]
To = Annotated[str, typer.Option(help="Your own address: one that somebody here logs in with.")]


@channel.callback(invoke_without_command=True)
def accounts(context: typer.Context) -> None:
    """Whom your messages come from and who carries them, channel by channel."""
    if context.invoked_subcommand is None:
        list_()


@channel.command("list")
def list_(org: Org = None, home: Home = None) -> None:
    """Show each channel's account, and who could carry its messages, with the settings they want."""
    from tools.campaigns.hooks import reports_to

    with _at_work(org, home) as (session, identity):
        for view in _views(session, identity):
            typer.echo(f"{view.channel.name}: {view.says}")
            _show_set(view)
            for provider in view.carriers:
                _show_provider(provider, reports_to(session.settings, provider, identity.org_id))


@channel.command("set")
def set_(
    name: Name,
    provider: Annotated[
        str | None, typer.Option(help=f"Who carries the messages; '{INSTALLATION}': whom the environment names.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="setting=value, as often as needed; no credentials.")
    ] = None,
    sender: Annotated[str | None, typer.Option("--from", help="Such as 'Your Shop <news@your-shop.com>'.")] = None,
    reply_to: Annotated[str | None, typer.Option(help="Where answers to emails go.")] = None,
    footer: Annotated[Path | None, typer.Option(help="File with the text at the end of each message.")] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """Change an account; what is not said stays. Credentials are asked for, and kept encrypted."""
    from tools.channels.change import Given, change_account

    with _at_work(org, home) as (session, identity):
        view = next((one for one in _views(session, identity) if one.channel.name == name), None)
        if view is None:
            raise FixArguments(f"There is no channel '{name}'.", field="name", valid=_names(session, identity))
        chosen = view.provider if provider is None else "" if provider == INSTALLATION else provider
        values = dict(view.filled) if chosen == view.provider else {}
        found = next((one for one in view.carriers if one.name == chosen), None)
        if found is not None and (provider or settings):
            values |= _plain(found, settings or []) | _secrets(found, view.secrets if chosen == view.provider else ())
        given = Given(
            provider=chosen or None,
            values=values,
            sender=view.sender if sender is None else sender,
            reply_to=view.reply_to if reply_to is None else reply_to,
            footer=view.footer if footer is None else footer.read_text(encoding="utf-8"),
        )
        change_account(session.database, identity, session.settings, name, given)
        says = next(one.says for one in _views(session, identity) if one.channel.name == name)
    typer.echo(f"{name}: {says}\nIt holds for what is proposed from now on.")


@channel.command("check")
def check(name: Name, to: To, org: Org = None, home: Home = None) -> None:
    """Ask the provider whether it would take your messages; nothing is sent."""
    from tools.channels.check import check_account

    with _at_work(org, home) as (session, identity):
        typer.echo(check_account(session.database, identity, session.settings, name, to=to))


@channel.command("domain")
def domain(name: Name = "email", org: Org = None, home: Home = None) -> None:
    """Ask the DNS whether receivers know the domain that messages come from: SPF, DKIM, DMARC."""
    from tools.channels.domain import check_domain

    with _at_work(org, home) as (session, identity):
        for note in check_domain(session.database, identity, session.settings, name):
            typer.echo(f"{note.grade:<5}{note.subject}: {note.words}")


@channel.command("test")
def try_out(name: Name, to: To, org: Org = None, home: Home = None) -> None:
    """Send yourself a test message."""
    from core.clock import utc_now
    from tools.campaigns.trial import try_channel

    with _at_work(org, home) as (session, identity):
        typer.echo(try_channel(session.database, identity, session.settings, name, utc_now(), to=to))


@channel.command("reset")
def reset(name: Name, org: Org = None, home: Home = None) -> None:
    """Forget an account with its credentials: messages go as the environment says again."""
    from tools.channels.change import reset_account

    with _at_work(org, home) as (session, identity):
        gone = reset_account(session.database, identity, name)
    typer.echo(f"{name} is as the environment says again." if gone else f"{name} had nothing of its own.")


@contextmanager
def _at_work(org: str | None, home: Path | None) -> Iterator[tuple[Session, Identity]]:
    from cli.session import opened, organisation, shell_identity

    with opened(home) as session:
        yield session, shell_identity(organisation(session.database, org))


def _views(session: Session, identity: Identity) -> list[AccountView]:
    from tools.channels.view import accounts_of

    return accounts_of(session.database, identity, session.settings)


def _names(session: Session, identity: Identity) -> list[str]:
    return [view.channel.name for view in _views(session, identity)]


def _show_set(view: AccountView) -> None:
    own: Mapping[str, str] = {
        "from": view.sender,
        "answers to": view.reply_to,
        "at the end": view.footer.replace("\n", " / "),
        **view.filled,
        **dict.fromkeys(view.secrets, "(set)"),
        "last changed by": view.changed_by,
    }
    for name, value in own.items():
        if value:
            typer.echo(f"  {name}: {value}")


def _show_provider(provider: Provider, reports_to: str) -> None:
    from tools.channels.form import fields_of

    typer.echo(f"  can be sent by {provider.name}: {provider.title}")
    if provider.webhook is not None:
        typer.echo(f"    its webhooks lead to: {reports_to or 'nowhere, until AIMA_PUBLIC_URL is set'}")
    for field in [] if provider.dry else fields_of(provider.settings):
        marks = ", ".join(word for word, on in (("required", field.required), ("secret", field.kind == "secret")) if on)
        choices = f" ({', '.join(value for value, _words in field.choices)})" if field.choices else ""
        typer.echo(f"    {field.name}{f' ({marks})' if marks else ''}: {field.hint or field.label}{choices}")


def _plain(provider: Provider, pairs: Sequence[str]) -> dict[str, str]:
    from tools.channels.form import fields_of

    kinds = {field.name: field.kind for field in fields_of(provider.settings)}
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in kinds:
            raise FixArguments("Write --set setting=value.", field="set", valid=list(kinds))
        if kinds[name] == "secret":
            raise FixArguments(f"'{name}' is a credential, which others could read here. It is asked for.", field="set")
        given[name] = value
    return given


def _secrets(provider: Provider, stored: Sequence[str]) -> dict[str, str]:
    """The provider's credentials, from whoever sits at the terminal or standard input; empty: as it is stored."""
    from cli.connecting import asked
    from tools.channels.form import fields_of

    wanted = [field for field in fields_of(provider.settings) if field.kind == "secret"]
    return {
        field.name: value
        for field in wanted
        if (value := asked(field.label, "empty: as it is" if field.name in stored else field.hint or field.name))
    }
