"""What an administrator does on a customer's page: hand out what is held about them, or erase it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from chat.managing import managed
from chat.parts import installed
from core.identity import Identity
from tools.privacy.certificate import certificate_words, place_words
from tools.privacy.erase import certificates, erase, preview
from tools.privacy.export import export_person

__all__ = ["erase_person", "erasures_of", "export_customer", "preview_erasure"]


@managed
def export_customer(asked: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Everything held about the customer, as the page saves it."""
    archive = export_person(installed().runtime.database, identity, str(asked.get("customer", "")))
    return {"file": archive.file_name, "data": b64encode(archive.data).decode(), "rows": sum(archive.rows.values())}


@managed
def preview_erasure(asked: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """What erasing the customer would do."""
    runtime = installed().runtime
    shown = preview(runtime.database, identity, str(asked.get("customer", "")), runtime.settings)
    return {
        "typed": shown.typed,
        "places": [place_words(place, rows) for place, rows in shown.places.items()],
        "kept": list(shown.kept),
        "elsewhere": list(shown.elsewhere),
    }


@managed
def erase_person(asked: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """Erase the customer whose number was typed. This very conversation names them, so it is gone as well."""
    runtime = installed().runtime
    customer, typed = str(asked.get("customer", "")), str(asked.get("typed", ""))
    row = erase(runtime.database, identity, customer, typed, runtime.settings)
    return {"number": str(row.id), "certificate": certificate_words(row)}


def erasures_of(identity: Identity) -> list[dict[str, str]]:
    """The certificates, as the settings page lists them."""
    return [
        {
            "number": str(row.id),
            "said": f"{row.erased_at:%Y-%m-%d %H:%M} UTC, by {row.erased_by}",
            "certificate": certificate_words(row),
        }
        for row in certificates(installed().runtime.database, identity)
    ]
