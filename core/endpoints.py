"""Where a language model is reached: an address of one's own, or a model server on this machine by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["LOCAL_SERVERS", "OFFLINE", "LocalModel", "LocalServer", "local_model"]

OFFLINE: Final = "offline"


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A program that serves models on the loopback port it takes when nobody says otherwise."""

    name: str
    title: str
    port: int

    @property
    def address(self) -> str:
        """Its OpenAI-compatible address; nothing outside this machine is ever behind it."""
        return f"http://127.0.0.1:{self.port}/v1"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model of such a server."""

    server: LocalServer
    model: str


LOCAL_SERVERS: Final[dict[str, LocalServer]] = {
    server.name: server
    for server in (
        LocalServer("ollama", "Ollama", 11434),
        LocalServer("lmstudio", "LM Studio", 1234),
        LocalServer("llamacpp", "llama.cpp", 8080),
        LocalServer("vllm", "vLLM", 8000),
    )
}


def local_model(name: str) -> LocalModel | None:
    """The model that SERVER:MODEL names, such as ollama:qwen3:8b; None for the name of any other model."""
    server, colon, model = name.partition(":")
    return LocalModel(LOCAL_SERVERS[server], model) if colon and model and server in LOCAL_SERVERS else None
