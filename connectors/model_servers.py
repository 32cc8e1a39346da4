"""Model servers that run on this machine: found by asking their usual loopback ports which models they have.

Nothing is started, downloaded or chosen by looking. A port where something else answers is passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from core.endpoints import LOCAL_SERVERS, LocalServer

__all__ = ["FoundServer", "find_servers", "models_of"]

PATIENCE = httpx.Timeout(1.0, connect=0.4)
MOST_BYTES = 1_000_000
MODEL = re.compile(r"[\w.:/@+-]{1,120}")  # what is shown on a page and written to a file: names, and nothing else
NO_CHAT = re.compile(r"embed|rerank|whisper|\bclip\b|\btts\b", re.I)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered, and the models it can chat with."""

    server: LocalServer
    models: tuple[str, ...]

    def names(self) -> Iterator[str]:
        """The models as AIMA_MODEL takes them."""
        return (f"{self.server.name}:{model}" for model in self.models)


def find_servers() -> list[FoundServer]:
    """Every server that answers, side by side and in at most a second or so; servers without a model are left out."""
    servers = list(LOCAL_SERVERS.values())
    with ThreadPoolExecutor(len(servers)) as pool:
        answers = list(pool.map(models_of, servers))
    return [FoundServer(s, models) for s, models in zip(servers, answers, strict=True) if models]


def models_of(server: LocalServer) -> tuple[str, ...] | None:
    """The models `server` can chat with; None when no model server answers there."""
    try:
        # No proxy of the environment's and no redirect: the question is for this machine and goes nowhere else.
        with (
            httpx.Client(trust_env=False, timeout=PATIENCE) as client,
            client.stream("GET", f"{server.address}/models") as response,
        ):
            listed = _read(response) if response.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError):
        return None
    return _models(listed)


def _read(response: httpx.Response) -> Any:
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise ValueError("more than a list of models")
    return json.loads(body)


def _models(listed: Any) -> tuple[str, ...] | None:
    if not isinstance(listed, dict) or listed.get("object") != "list":
        return None
    entries = listed.get("data") or []
    if not isinstance(entries, list):
        return None
    names = [entry["id"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    return tuple(name for name in names if MODEL.fullmatch(name) and not NO_CHAT.search(name))
