"""`aima campaign`: where campaigns stand, and their steps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.tool_answer import say_answer

campaign = typer.Typer(help="Campaigns and where each stands: pause, resume, end, archive.", add_completion=False)

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]
Org = Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")]
Name = Annotated[str, typer.Argument(help="The campaign: its id, its name, or words of its name.")]
Note = Annotated[str | None, typer.Option(help="Why, for its history.")]


@campaign.callback(invoke_without_command=True)
def campaigns(context: typer.Context) -> None:
    """Campaigns and where each stands: pause, resume, end, archive."""
    if context.invoked_subcommand is None:
        list_()


@campaign.command("list")
def list_(org: Org = None, home: Home = None) -> None:
    """Show the campaigns: launched from here, sent by journeys, imported."""
    say_answer("list_campaigns", {}, org, home)


@campaign.command("pause")
def pause(name: Name, note: Note = None, org: Org = None, home: Home = None) -> None:
    """Let nothing more of a campaign go out, until it is resumed."""
    say_answer("pause_campaign", _told(name, note), org, home)


@campaign.command("resume")
def resume(name: Name, note: Note = None, org: Org = None, home: Home = None) -> None:
    """Let a paused campaign go on."""
    say_answer("resume_campaign", _told(name, note), org, home)


@campaign.command("end")
def end(name: Name, note: Note = None, org: Org = None, home: Home = None) -> None:
    """End a campaign; what has not gone out never will."""
    say_answer("end_campaign", _told(name, note), org, home)


@campaign.command("archive")
def archive(name: Name, note: Note = None, org: Org = None, home: Home = None) -> None:
    """Put a campaign that is over out of the lists."""
    say_answer("archive_campaign", _told(name, note), org, home)


def _told(name: str, note: str | None) -> dict[str, str]:
    return {"campaign": name} | ({"note": note} if note else {})
