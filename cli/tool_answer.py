"""A tool called at the shell, its answer said in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

__all__ = ["say_answer"]


def say_answer(tool: str, told: Mapping[str, Any], org: str | None, home: Path | None) -> None:
    """Call `tool` as whoever administers this installation, and say what it answers."""
    from cli.session import opened, organisation, shell_identity

    with opened(home) as session:
        result = session.runtime.call(tool, told, shell_identity(organisation(session.database, org)))
        catalogue = session.runtime.catalogue
        outcome = catalogue.outcome(tool, result.evidence.arguments, result.model_dump(mode="json"))
    typer.echo(catalogue.get(tool).worded(outcome).replace("**", ""))
