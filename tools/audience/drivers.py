"""What drives a score, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["driver_words"]


def driver_words(drivers: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """The drivers of a score in words, strongest first."""
    return [str(driver.get("words") or driver["feature"]) for driver in drivers or ()]
