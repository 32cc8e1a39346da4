"""Figures as results carry them: plain JSON numbers with a title and a unit that travel in the schema."""

from __future__ import annotations

import math
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import BaseModel, Field
from pydantic_core import PydanticUndefined

__all__ = ["Cell", "Column", "cell", "change", "figure", "growth", "money", "rounded", "share", "unit_of"]

Cell = bool | int | float | str | None


class Column(BaseModel):
    """One column of a table of results."""

    name: str = Field(description="Name of the metric, dimension or field; 'time' for time buckets.")
    unit: str = Field(default="", description="money, orders, share (0-1), date, text …")
    title: str = Field(default="", description="Heading for people.")


def figure(title: str, description: str, *, unit: str = "", default: Any = PydanticUndefined, **more: Any) -> Any:
    """A field of a result, with the heading people read and its unit; both travel in the JSON schema.

    `unit` is money (in the result's `currency`), share (0-1), customers, orders, days, text …; `more` goes to
    pydantic's Field.
    """
    return Field(
        default, title=title, description=description, json_schema_extra={"unit": unit} if unit else None, **more
    )


def unit_of(model: type[BaseModel], name: str) -> str:
    """The unit declared for a field of a result; empty without one."""
    extra = model.model_fields[name].json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def money(value: Any) -> float | None:
    """An amount rounded to the cent (sums are exact before this)."""
    return _rounded(value, 2)


def share(value: Any) -> float | None:
    """A share or probability, to six decimals."""
    return _rounded(value, 6)


def growth(now: Cell, before: Cell) -> float | None:
    """Now over before, less 1; None where one is not known, or before is not above 0."""
    if not isinstance(now, int | float) or not isinstance(before, int | float) or before <= 0:
        return None
    return share(now / before - 1)


def change(now: Cell, before: Cell, unit: str) -> float | None:
    """How far a figure moved: its growth; of a share the difference, which is said in points."""
    if unit != "share":
        return growth(now, before)
    known = isinstance(now, int | float) and isinstance(before, int | float)
    return share(now - before) if known else None  # type: ignore[operator]


def rounded(value: Any, unit: str) -> int | float | None:
    """A number in its unit: money to the cent, days to a hundredth, others to six decimals; whole ones as integers."""
    number = _rounded(value, 2 if unit in ("money", "days") else 6)
    return int(number) if number is not None and unit != "money" and number.is_integer() else number


def cell(value: Any, unit: str = "text") -> Cell:
    """Any value of a row: numbers by their unit, times as ISO text, several words with commas, the rest as it is."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value.isoformat() if isinstance(value, datetime) else rounded(value, unit)


def _rounded(value: Any, digits: int) -> float | None:
    if value is None:
        return None
    if isinstance(value, Decimal):  # rounded exactly, half a cent away from zero as the database does
        value = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP) if value.is_finite() else math.nan
    number = round(float(value), digits)
    return number + 0.0 if math.isfinite(number) else None  # + 0.0: never "-0.0"
