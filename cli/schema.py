"""`aima db`: the database's schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

db = typer.Typer(help="The database's schema.", no_args_is_help=True, add_completion=False)
Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]


@db.command("upgrade")
def upgrade(home: Home = None) -> None:
    """Bring the schema to the newest revision (`aima up` does this by itself)."""
    from cli.engines import running_engines
    from cli.environment import settings_for
    from cli.wiring import bring_up_to_date
    from database import migrate

    settings = settings_for(home)
    with running_engines(settings.home, settings=settings, broker=False) as engines:
        before = migrate.current(engines.owner_url)
        bring_up_to_date(engines.owner_url)
    newest = migrate.head()
    typer.echo(f"Already at {newest}." if before == newest else f"Upgraded from {before or 'nothing'} to {newest}.")


@db.command("status")
def status(home: Home = None) -> None:
    """Show the schema's revision and the newest one."""
    from cli.engines import running_engines
    from cli.environment import settings_for
    from database import migrate

    settings = settings_for(home)
    with running_engines(settings.home, settings=settings, broker=False) as engines:
        typer.echo(f"at {migrate.current(engines.owner_url) or 'nothing'}, newest {migrate.head()}")
