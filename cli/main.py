"""The `aima` command: which commands there are, and the one place where their errors become words and exit codes.

Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 a person has to act, 4 try again later, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from cli.disk import disk_trouble_in_words
from core.errors import AimaError, FixArguments
from core.storable import unfit

__all__ = ["app", "main"]

# name → (module:attribute, one line for `aima --help`). The module is imported only when its command is used; the
# attribute is a function for a command, a typer.Typer for a group of commands.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("cli.processes:up", "Start everything: database, broker, worker, schedule, chat."),
    "down": ("cli.processes:down", "Stop everything that `aima up` started."),
    "status": ("cli.processes:status", "Say what runs, where and how it is."),
    "demo": ("cli.shops:demo", "Build the demo shop, with known truths."),
    "import": ("cli.importing:import_", "Load customers, orders, events, campaigns, spend or mentions from a file."),
    "people": ("cli.merging:people", "Customers who may be one person: make them one, or part them."),
    "person": ("cli.person:person", "Hand out everything held about a customer, or erase it."),
    "connect": ("cli.connecting:connect", "Connect a source: a shop, ads, a mail tool."),
    "disconnect": ("cli.connecting:disconnect", "Forget a connection and its credential."),
    "connections": ("cli.connecting:connections", "List what is connected, and what can be."),
    "sync": ("cli.connecting:sync", "Bring in what is new from connected sources."),
    "channel": ("cli.channels:channel", "Whom messages come from and who carries them; check and try it."),
    "campaign": ("cli.campaigns:campaign", "Campaigns and where each stands: pause, resume, end, archive."),
    "offer": ("cli.offers:offer", "Offers that campaigns can give, and their voucher codes."),
    "sending": ("cli.sending:sending", "When messages go out, how many a person gets, whether links are followed."),
    "notices": ("cli.notices:notices", "Tell Slack or Teams that something waits in AIMA."),
    "ask": ("cli.asking:ask", "Ask in your own words; the answer comes with its evidence."),
    "mailbox": ("cli.mailbox:mailbox", "Show what the sandbox mailbox holds."),
    "mcp": ("cli.serving:mcp", "Serve the tools to an assistant over stdio."),
    "org": ("cli.org:org", "What your figures are in: currency, time zone, weeks, fiscal years, dates."),
    "user": ("cli.accounts:user", "People who can log in to the chat."),
    "key": ("cli.accounts:key", "Keys with which other programs use AIMA."),
    "model": ("cli.modelling:model", "The language model that answers; servers on this machine."),
    "db": ("cli.schema:db", "The database's schema."),
    "doctor": ("cli.processes:doctor", "Check this machine and this installation."),
}


class LazyCommands(TyperGroup):
    """A group whose commands come from COMMANDS, each imported on first use."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, imported in full; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        return _load(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands from the table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


def _load(name: str) -> Any:
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        command = typer.main.get_command(found)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


app = typer.Typer(
    name="aima",
    cls=LazyCommands,
    help="AIMA: an AI marketing analyst and operator on your own machine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich alone costs more than the rest of `aima --help`
    pretty_exceptions_enable=False,
)


@app.callback()
def _root() -> None:
    """AIMA: an AI marketing analyst and operator on your own machine."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _check_text(given)
        with disk_trouble_in_words():
            app(args=given, prog_name="aima")
    except AimaError as error:
        typer.secho(error.message, fg=typer.colors.RED, err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


def _check_text(arguments: Sequence[str]) -> None:
    """Octets that are no UTF-8 reach Python as halves of characters, which no database and no answer can hold."""
    for number, argument in enumerate(arguments, 1):
        if found := unfit(argument):
            raise FixArguments(
                f"Argument {number} {found.why}: it is no UTF-8 text. Rename the file, or write it anew."
            )


if __name__ == "__main__":
    main()
