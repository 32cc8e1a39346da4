"""`aima sending`: when messages go out, how many a person gets, whether opens and clicks are followed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.errors import FixArguments

sending = typer.Typer(
    help="When messages go out, how many a person gets, whether opens and clicks are followed.", add_completion=False
)

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]


@sending.callback(invoke_without_command=True)
def rules(context: typer.Context) -> None:
    """When messages go out, how many a person gets, whether opens and clicks are followed."""
    if context.invoked_subcommand is None:
        show()


@sending.command("show")
def show(org: Org = None, home: Home = None) -> None:
    """Show the rules."""
    from cli.session import opened, organisation, shell_identity
    from tools.campaigns.second_person import approval_rules_in_words, approval_rules_of
    from tools.channels.rules import rules_in_words, rules_of

    with opened(home) as session:
        identity = shell_identity(organisation(session.database, org))
        found = rules_of(session.database, identity)
        second = approval_rules_of(session.database, identity)
    typer.echo("\n".join([*rules_in_words(found), approval_rules_in_words(*second)]))


@sending.command("set")
def set_(
    quiet: Annotated[
        str | None, typer.Option(help="Hours in which messages wait, by each customer's clocks: 21:00-08:00, or off.")
    ] = None,
    most: Annotated[
        str | None, typer.Option(help="At most so many messages in so many days for one person: 3/7, or off.")
    ] = None,
    follow: Annotated[
        bool | None, typer.Option("--follow/--no-follow", help="Follow opens and clicks in emails by AIMA's own links.")
    ] = None,
    second_audience: Annotated[
        str | None, typer.Option(help="Two people approve campaigns with more recipients than this: 5000, or off.")
    ] = None,
    second_budget: Annotated[
        str | None, typer.Option(help="Two people approve campaigns that may give away more than this: 1000, or off.")
    ] = None,
    org: Org = None,
    home: Home = None,
) -> None:
    """Change the rules; what is not said stays. They hold for all that has not been sent yet."""
    from cli.session import opened, organisation, shell_identity
    from core.clock import utc_now
    from tools.campaigns.second_person import approval_rules_in_words, approval_rules_of, change_approval_rules
    from tools.channels.rules import change_rules, rules_in_words

    if {quiet, most, follow, second_audience, second_budget} == {None}:
        raise FixArguments("Say --quiet, --most, --follow, --second-audience or --second-budget.", field="quiet")
    with opened(home) as session:
        identity = shell_identity(organisation(session.database, org))
        kept = change_rules(
            session.database, identity, session.settings, utc_now(), quiet=quiet, most=most, follows=follow
        )
        if second_audience is not None or second_budget is not None:
            change_approval_rules(session.database, identity, audience=second_audience, budget=second_budget)
        second = approval_rules_of(session.database, identity)
    typer.echo("\n".join([*rules_in_words(kept), approval_rules_in_words(*second)]))
