"""`aima mailbox`: what the sandbox delivered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def mailbox(
    limit: Annotated[int, typer.Option(help="How many, newest first.")] = 20,
    recipient: Annotated[str | None, typer.Option(help="Only this address.")] = None,
    org: Annotated[str | None, typer.Option(help="Organisation; the only one there is otherwise.")] = None,
    home: Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")] = None,
) -> None:
    """Show the messages in the sandbox mailbox, where everything goes until an SMTP server is configured."""
    from cli.session import opened, organisation, shell_identity

    arguments = {"limit": limit} | ({"recipient": recipient} if recipient else {})
    with opened(home) as session:
        org_id = organisation(session.database, org)
        result = session.runtime.call("mailbox", arguments, shell_identity(org_id)).model_dump(mode="json")
    table = Table("Delivered", "To", "Subject", title=f"{result['total']:,} messages in the sandbox mailbox")
    for message in result["messages"]:
        table.add_row(message["delivered_at"][:19], message["recipient"], message["subject"] or "")
    Console(markup=False).print(table)
