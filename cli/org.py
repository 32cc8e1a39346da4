"""`aima org`: what an organisation has told of itself, and telling it: currency, time zone, weeks, years, dates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.conventions import FORMATS
from core.errors import FixArguments

org = typer.Typer(
    help="What your figures are in: currency, time zone, weeks, fiscal years, dates.", add_completion=False
)

NOTHING_TOLD = "Tell --currency, --time-zone, --name, --week-start, --fiscal-year or --formats."
Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]


@org.callback(invoke_without_command=True)
def settings(context: typer.Context) -> None:
    """What your figures are in: currency, time zone, weeks, fiscal years, dates."""
    if context.invoked_subcommand is None:
        show()


@org.command("show")
def show(org: Org = None, home: Home = None) -> None:
    """Show the settings, and which of them nobody has told yet."""
    from cli.session import opened, organisation, shell_identity
    from tools.people.settings import settings_of

    with opened(home) as session:
        profile = settings_of(session.database, shell_identity(organisation(session.database, org)))
    untold = " (assumed: nobody has told it)"
    typer.echo(f"{profile.name} ({profile.slug})")
    typer.echo(f"  currency: {profile.currency or 'not known'}{untold if 'currency' in profile.assumed else ''}")
    typer.echo(f"  time zone: {profile.time_zone}{untold if 'time_zone' in profile.assumed else ''}")
    typer.echo(f"  weeks begin on: {profile.week_starts.capitalize()}")
    typer.echo(f"  fiscal year begins on (month-day): {profile.fiscal_year_starts or 'not told'}")
    typer.echo(f"  dates are written: {FORMATS[profile.formats or 'en-GB']}{'' if profile.formats else ' (not told)'}")


@org.command("set")
def set_(
    currency: Annotated[str | None, typer.Option(help="ISO code of the currency of every figure, such as EUR.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Where days are cut, such as Europe/Berlin.")] = None,
    name: Annotated[str | None, typer.Option(help="What your organisation is called.")] = None,
    week_start: Annotated[str | None, typer.Option(help="The day weeks begin with: monday, sunday, saturday.")] = None,
    fiscal_year: Annotated[str | None, typer.Option(help="First day of the fiscal year, such as 04-01.")] = None,
    formats: Annotated[
        str | None, typer.Option(help="How dates are written and read: en-GB (31 December), en-US, en-CA (ISO).")
    ] = None,
    relabel: Annotated[
        bool, typer.Option("--relabel", help="The amounts loaded so far always were in this currency.")
    ] = False,
    org: Org = None,
    home: Home = None,
) -> None:
    """Tell your currency, time zone and conventions; what is loaded is worked out again.

    A currency that was told before is another one's successor: what was charged stays, and is converted by the rates
    that you have imported.
    """
    from cli.session import opened, organisation, shell_identity
    from tools.imports.clocks import read_elsewhere
    from tools.people.settings import Told, change_settings

    told = Told(
        currency=currency, time_zone=time_zone, name=name, week_start=week_start, fiscal_year=fiscal_year,
        formats=formats,
    )  # fmt: skip
    if not any(told.values()):
        raise FixArguments(NOTHING_TOLD, field="currency")
    with opened(home) as session:
        identity = shell_identity(organisation(session.database, org))
        counts = change_settings(session.database, identity, relabel=relabel, **told)
        with session.database.transaction(identity.org_id) as connection:
            elsewhere = read_elsewhere(connection) if time_zone else ""
    typer.echo("Told." + (f" {counts.updated:,} orders count otherwise now." if currency and counts.updated else ""))
    if elsewhere:
        typer.echo(f"{elsewhere} (aima import FILE --again does both.)")
    if counts.updated:
        typer.echo("Scores are brought up to date by the worker, or by `aima import` next time.")
