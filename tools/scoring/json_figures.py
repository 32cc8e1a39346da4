"""Results of models as JSON holds them: no frames, no NaN, instants in ISO form."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

__all__ = ["plain", "records"]


def plain(result: Any) -> dict[str, Any]:
    """The fields of a dataclass that are numbers, words or instants."""
    values = {f.name: getattr(result, f.name) for f in dataclasses.fields(result)}
    return {name: _json(value) for name, value in values.items() if _is_plain(value)}


def records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame of figures."""
    return [{name: _json(value) for name, value in row.items()} for row in frame.to_dicts()]


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | datetime)


def _json(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, datetime) else value
