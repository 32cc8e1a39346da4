"""`aima model`: which language model answers, which model servers run on this machine, and the choice of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.endpoints import LOCAL_SERVERS, OFFLINE, local_model
from core.errors import FixArguments

if TYPE_CHECKING:
    from connectors.model_servers import FoundServer

model = typer.Typer(
    help="The language model that answers; without one AIMA answers offline.",
    no_args_is_help=True,
    add_completion=False,
)

Home = Annotated[Path | None, typer.Option(help="Data folder; AIMA_HOME or the default otherwise.")]


@model.command("list")
def model_list(home: Home = None) -> None:
    """Show what answers now, and the models of servers on this machine (Ollama, LM Studio, llama.cpp, vLLM)."""
    from cli.environment import settings_for
    from connectors.model_servers import find_servers

    settings = settings_for(home)
    typer.echo(f"In use: {settings.model if settings.uses_llm else 'the built-in offline model'}")
    found = find_servers()
    for server in found:
        typer.echo(f"{server.server.title} (port {server.server.port}):")
        for name in server.names():
            typer.echo(f"  {name}")
    typer.echo("`aima model use NAME` uses one." if found else "No model server answers on this machine.")


@model.command("use")
def model_use(
    name: Annotated[str, typer.Argument(help="SERVER:MODEL as `aima model list` shows it, or offline.")],
    home: Home = None,
) -> None:
    """Use a model of a server on this machine, or the offline model; kept in the data folder's settings.env."""
    import os

    from cli.engines.folders import EngineFolders, write_private
    from cli.environment import settings_for
    from core.settings import HOME_FILE

    chosen = name if name == OFFLINE else _chosen(name)
    folders = EngineFolders(settings_for(home).home)
    folders.prepare()
    write_private(folders.home / HOME_FILE, f"AIMA_MODEL={chosen}\n")
    typer.echo(f"AIMA will answer with {'the offline model' if chosen == OFFLINE else chosen}.")
    if os.environ.get("AIMA_MODEL", chosen) != chosen:
        typer.echo(f"But AIMA_MODEL is {os.environ['AIMA_MODEL']} in this environment, which wins: unset it.", err=True)
    typer.echo("If AIMA is running, restart it: `aima down`, then `aima up -d`.")


def _chosen(name: str) -> str:
    """The model that `name` means, among those that are there. FixArguments, with what there is, when it is none."""
    from connectors.model_servers import FoundServer, find_servers, models_of

    wanted = local_model(name)
    server = wanted.server if wanted else LOCAL_SERVERS.get(name)
    if server is None:
        raise FixArguments(
            f"'{name}' names no model of a server on this machine. For another endpoint set OPENAI_BASE_URL, "
            "OPENAI_API_KEY and AIMA_MODEL.",
            valid=[n for found in find_servers() for n in found.names()] + [OFFLINE],
        )
    models = models_of(server)
    if models is None:
        raise FixArguments(f"{server.title} does not answer on port {server.port}: start it first.")
    return _among(FoundServer(server, models), wanted.model if wanted else "")


def _among(found: FoundServer, wanted: str) -> str:
    there = [model for model in found.models if wanted in (model, model.removesuffix(":latest"))]
    if not wanted and len(found.models) == 1:
        there = list(found.models)
    if len(there) != 1:
        raise FixArguments(f"{found.server.title} has no model '{wanted}'.", valid=list(found.names()))
    return f"{found.server.name}:{there[0]}"
