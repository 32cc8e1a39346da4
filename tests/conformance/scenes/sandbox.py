"""The sandbox: the courier keeps what it takes."""

from __future__ import annotations

from pathlib import Path

from connectors.channels.contract import ProviderSettings
from connectors.channels.sandbox import PROVIDER
from tests.conformance.scenes import Scene


class SandboxScene(Scene):
    """Nothing to see, nothing that fails."""

    def __init__(self, _folder: Path) -> None:
        super().__init__(PROVIDER, ProviderSettings())

    def address(self, name: str) -> str:
        """It is tried with e-mails."""
        return f"{name}@example.com"
