"""What is kept of a connection so that nobody else can read it: its settings, and the page it has to go on with.

A page is sealed too, for it may be a link that the vendor has put a credential into.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from connectors.sources.contract import Source, SourceSettings
from connectors.sources.cursors import Position
from connectors.sources.discovery import source
from core.secrets import Vault
from database.queries.connections import ConnectionRow

__all__ = ["Seal"]


class Seal:
    """The seal of one connection of one organisation."""

    def __init__(self, vault: Vault, org_id: UUID, connection_id: UUID) -> None:
        self._vault, self._place = vault, f"{org_id}/{connection_id}"

    def settings(self, settings: SourceSettings) -> bytes:
        """Settings as they are stored."""
        return self._vault.seal(json.dumps(settings.plain()), self._place)

    def opened(self, row: ConnectionRow) -> tuple[Source[Any], SourceSettings]:
        """The source of a connection and its settings in clear; AskPerson where they cannot be read."""
        found = source(row.source)
        return found, found.configured(json.loads(self._vault.open(row.settings, self._place)))

    def position(self, position: Position) -> dict[str, Any]:
        """A position as it is stored (JSON)."""
        kept = position.model_dump(mode="json", exclude_none=True)
        if position.page is not None:
            kept["page"] = base64.b64encode(self._vault.seal(json.dumps(position.page), self._place)).decode()
        return kept

    def opened_position(self, kept: Mapping[str, Any]) -> Position:
        """A position as it was; AskPerson where it cannot be read."""
        if "page" not in kept:
            return Position.model_validate(kept)
        page = json.loads(self._vault.open(base64.b64decode(kept["page"]), self._place))
        return Position.model_validate({**kept, "page": page})
