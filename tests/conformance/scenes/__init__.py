"""Worlds to put providers of channels before: one file a provider, with a class that ends in Scene."""

from __future__ import annotations

import socket

from connectors.channels.contract import Provider, ProviderSettings, Transport
from tests.conformance.apis import Fault, reply


class Scene:
    """A provider at work, what arrived there, and addresses and settings with which it fails; None: it cannot.

    `secrets` must stand in no error and no representation; `key` is the setting that holds the one it logs in with.
    `sender_refused`: how it says once that it knows no such sender. `finds`: its logs name what it took. `any_answer`:
    a 2xx is a receipt, whatever it says.
    """

    refused: str | None = None
    postponed: str | None = None
    silent: str | None = None
    secrets: tuple[str, ...] = ()
    key = ""
    sender_refused: tuple[Fault, ...] = ()
    finds = True
    any_answer = False

    def __init__(self, provider: Provider, settings: ProviderSettings) -> None:
        self.provider, self.settings = provider, settings

    def open(self) -> Transport:
        """A transport of its own for each test."""
        return self.provider.open(self.settings)

    def address(self, name: str) -> str:
        """An address that is fine."""
        return name

    def arrived(self) -> list[tuple[str, str]] | None:
        """Address and text of what was delivered; None where the provider keeps nothing that can be seen."""
        return None

    def away(self) -> ProviderSettings | None:
        """Settings that lead to nobody."""
        return None

    def refusal(self, words: str) -> Fault:
        """It refuses a message in these words."""
        return reply(400, {"message": words, "errors": [{"message": words}], "code": 21211})

    def stop(self) -> None:
        """Give back what the scene holds."""


def nobody() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
