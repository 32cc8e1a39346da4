"""Engines for a block of code: those that run already, or ones started for the block and stopped after it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cli.engines.ownership import HomeOwner, OwnedHome
from cli.engines.part import Part
from cli.engines.postgres import EmbeddedPostgres
from cli.engines.valkey import EmbeddedValkey
from core.errors import RetryLater

if TYPE_CHECKING:
    from core.settings import Settings

__all__ = ["Engines", "running_engines"]

GUEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Engines:
    """Where the database and the broker are. The URLs hold passwords and stay out of logs."""

    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    broker_url: str = field(repr=False)
    redis_url: str = field(repr=False)


@contextmanager
def running_engines(
    home: Path, *, settings: Settings | None = None, broker: bool = True, wait_s: float = GUEST_WAIT_S
) -> Iterator[Engines]:
    """PostgreSQL and Valkey of the data folder `home` for the length of a block.

    Joins a running `aima up` (or another command's engines); starts them otherwise, and stops them when the last
    command has left. With `settings`, a DATABASE_URL or BROKER_URL there replaces the embedded engine.
    `broker=False` starts no Valkey (the broker URLs are then only good beside a running `aima up`).
    RetryLater when the folder's owner neither serves nor leaves within `wait_s` seconds.
    """
    postgres, valkey = EmbeddedPostgres(home), EmbeddedValkey(home)
    wanted: list[Part] = []
    if settings is None or settings.database_url is None:
        wanted.append(postgres)
    if broker and (settings is None or settings.broker_url is None):
        wanted.append(valkey)
    with _present(OwnedHome(home), wanted, wait_s):
        yield engine_urls(postgres, valkey, settings)


def engine_urls(postgres: EmbeddedPostgres, valkey: EmbeddedValkey, settings: Settings | None) -> Engines:
    """The URLs of the settings where they are set, those of the embedded engines otherwise."""
    owner = settings.database_url.get_secret_value() if settings and settings.database_url else None
    app = settings.app_database_url.get_secret_value() if settings and settings.app_database_url else None
    broker = settings.broker_url.get_secret_value() if settings and settings.broker_url else None
    return Engines(
        owner_url=owner or postgres.owner_url,
        app_url=app or owner or postgres.app_url,
        broker_url=broker or valkey.url,
        redis_url=broker or valkey.redis_url,
    )


@contextmanager
def _present(owned: OwnedHome, wanted: list[Part], wait_s: float) -> Iterator[None]:
    """Own the folder and run `wanted`, or be a guest of who does."""
    if not wanted:
        yield
        return
    owner = _join(owned, wait_s)
    if owner is None:
        with _owned(owned, wanted, wait_s):
            yield
        return
    try:
        if missing := [engine.name for engine in wanted if engine.name not in owner.engines]:
            raise RetryLater(f"The command that uses {owned.folders.home} runs without {' and '.join(missing)}.")
        yield
    finally:
        owned.leave_as_guest()


def _join(owned: OwnedHome, wait_s: float) -> HomeOwner | None:
    """The owner whose guest we now are; None when we have become the owner."""
    deadline = time.monotonic() + wait_s
    while not owned.take():
        if owner := owned.enter_as_guest():
            return owner
        if time.monotonic() > deadline:
            raise RetryLater(f"The engines in {owned.folders.home} are being started or stopped.", retry_after_s=5)
        time.sleep(0.05)
    return None


@contextmanager
def _owned(owned: OwnedHome, wanted: list[Part], wait_s: float) -> Iterator[None]:
    """Start the engines side by side; stop them when we and all guests are done."""
    try:
        for engine in wanted:
            engine.spawn()
        for engine in wanted:
            engine.wait_ready()
        ids = {engine.name: found for engine in wanted if (found := engine.id())}
        owned.announce("command", ids)
        try:
            yield
        finally:
            owned.wait_for_guests(wait_s)
    finally:
        for engine in reversed(wanted):
            engine.stop()
        owned.release()
