"""The commands that start, stop and look at the process tree: `up`, `down`, `status`, `doctor`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from cli.environment import settings_for
from core.errors import GiveUp, RetryLater

if TYPE_CHECKING:
    from cli.engines import Engines
    from cli.state import RunState
    from core.settings import Settings

__all__ = ["doctor", "down", "status", "up"]

DETACHED_START_S, DETACHED_STOP_S = 900.0, 120.0

HomeOption = Annotated[
    Path | None, typer.Option(help="Data folder. Default: AIMA_HOME, else a folder of the system's.")
]


def up(
    home: HomeOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. Default: AIMA_HOST, else 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port of chat, MCP and health. Default: AIMA_PORT, else 8000.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Have the demo shop there: invented customers to try things on.")
    ] = False,
    detach: Annotated[
        bool, typer.Option("--detach", "-d", help="Run in the background; return when it is running.")
    ] = False,
) -> None:
    """Start everything: database, broker, worker, schedule, chat. Ctrl-C stops it all.

    When it is running already, says where, and ends with 0.
    """
    from cli.state import RunState

    settings = settings_for(home, host, port)
    live = RunState.live(settings.home)
    if live is not None and live.stage == "running":
        typer.echo(f"AIMA is running already at {live.address} (process {live.supervisor.pid}).")
    elif detach:
        _up_detached(settings, with_demo=demo)
    else:
        _up(settings, with_demo=demo)


def _up(settings: Settings, *, with_demo: bool) -> None:
    from cli.children import aima_children
    from cli.supervisor import AlreadyRunning, Supervisor

    try:
        prepare = partial(_prepare, settings, with_demo)
        Supervisor(settings, aima_children, migrate=_migrate, prepare=prepare, report=typer.echo).run()
    except AlreadyRunning as running:
        typer.echo(str(running))


def _migrate(owner_url: str) -> None:
    from cli.wiring import bring_up_to_date

    bring_up_to_date(owner_url)


def _prepare(settings: Settings, with_demo: bool, engines: Engines) -> None:
    """See to an organisation, a first login, the demo shop and fresh scores; say the logins that still hold."""
    from cli import shops
    from cli.wiring import build_runtime, settings_with

    runtime = build_runtime(settings_with(settings, engines))
    shops.prepare(runtime.database, settings.home, with_demo=with_demo, report=typer.echo)
    asked = shops.ask_for_scores(runtime)
    for address, password in shops.still_valid(runtime.database, settings.home):
        typer.echo(f"Log in as {address} with the password {password}")
    Thread(target=shops.follow, args=(runtime, asked, typer.echo), name="scores", daemon=True).start()


def _up_detached(settings: Settings, *, with_demo: bool) -> None:
    """Run `aima up` in a session of its own; return when it runs, GiveUp with its words when it ends instead."""
    from cli.engines.folders import write_private

    settings.home.mkdir(parents=True, exist_ok=True)
    log = settings.home / f"up.{os.getpid()}.log"  # of its own: two may be started at once, and one of them ends
    options = ["--home", str(settings.home), "--host", settings.host, "--port", str(settings.port)]
    options.append("--demo" if with_demo else "--no-demo")
    write_private(log, "")  # it may hold a first password
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "cli.main", "up", *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    state = _await_running(settings.home, process)
    said = log.read_text(errors="replace").strip()
    if state is None:
        log.unlink()
        if process.returncode:
            raise GiveUp(f"`aima up` ended with status {process.returncode}:\n{said}")
        typer.echo(f"{said}\n`aima status` says how it is.")
        return
    log.replace(settings.home / "up.log")
    typer.echo(said)
    typer.echo(f"It is process {state.supervisor.pid}, in the background; `aima down` stops it.")
    process.returncode = 0  # it lives on; Popen must not warn that nobody waited for it


def _await_running(home: Path, process: subprocess.Popen[bytes]) -> RunState | None:
    """The state once the process runs; None when it has ended."""
    from cli.state import RunState

    deadline = time.monotonic() + DETACHED_START_S
    while process.poll() is None:
        state = RunState.live(home)
        if state is not None and state.stage == "running" and state.supervisor.pid == process.pid:
            return state
        if time.monotonic() > deadline:
            raise RetryLater("AIMA is still starting in the background; look again with `aima status`.")
        time.sleep(0.1)
    return None


def down(home: HomeOption = None) -> None:
    """Stop everything that `aima up` started, and wait until it has stopped."""
    from cli.state import RunState, end_survivors

    folder = settings_for(home).home
    state = RunState.live(folder)
    if state is None:
        left = end_survivors(folder)
        typer.echo(f"AIMA was not running; ended {left} processes it had left." if left else "AIMA is not running.")
        return
    os.kill(state.supervisor.pid, signal.SIGTERM)
    deadline = time.monotonic() + DETACHED_STOP_S
    while state.supervisor.alive():
        if time.monotonic() > deadline:
            raise RetryLater(f"Process {state.supervisor.pid} is still stopping after {DETACHED_STOP_S:.0f} s.")
        time.sleep(0.05)
    typer.echo("AIMA has stopped.")


def status(
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
) -> None:
    """Say what runs, where and how it is. Ends with 0 when everything runs, 1 when not."""
    from cli.state import RunState

    folder = settings_for(home).home
    state = RunState.live(folder)
    healthy = state is not None and state.stage == "running" and all(_runs(state, name) for name in state.parts)
    if as_json:
        import json

        typer.echo(json.dumps(_as_record(state)))
    elif state is None:
        typer.echo(f"AIMA is not running (data folder {folder}).")
    else:
        _print_state(state)
    raise typer.Exit(0 if healthy else 1)


def _runs(state: RunState, name: str) -> bool:
    part = state.parts[name]
    return part.condition == "healthy" and part.process is not None and part.process.alive()


def _as_record(state: RunState | None) -> dict[str, object]:
    if state is None:
        return {"running": False}
    parts = {
        name: {
            "condition": part.condition,
            "pid": part.process.pid if part.process else None,
            "alive": bool(part.process and part.process.alive()),
            "restarts": part.restarts,
        }
        for name, part in state.parts.items()
    }
    about = {"stage": state.stage, "address": state.address, "pid": state.supervisor.pid}
    return {"running": True, **about, "parts": parts}


def _print_state(state: RunState) -> None:
    typer.echo(f"AIMA is {state.stage} at {state.address} (process {state.supervisor.pid})")
    for name, part in state.parts.items():
        pid = f"process {part.process.pid}" if part.process else "no process"
        gone = "" if part.process is None or part.process.alive() else ", ended just now"
        restarts = f", restarted {part.restarts} times" if part.restarts else ""
        typer.echo(f"  {name:<10} {part.condition}{gone} ({pid}{restarts})")


def doctor(home: HomeOption = None) -> None:
    """Check this machine and this installation; say what to do about what is wrong. Ends with 1 when a check fails."""
    from cli.doctor import checks

    marks = {
        "ok": ("ok  ", typer.colors.GREEN),
        "warn": ("warn", typer.colors.YELLOW),
        "fail": ("fail", typer.colors.RED),
    }
    failed = False
    for finding in checks(settings_for(home)):
        mark, colour = marks[finding.grade]
        typer.echo(f"{typer.style(mark, fg=colour)}  {finding.subject}: {finding.words}")
        failed = failed or finding.grade == "fail"
    raise typer.Exit(1 if failed else 0)
