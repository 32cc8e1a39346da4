"""Figures as results carry them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tools.figures import cell, figure, money


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Decimal("9747747.9340"), "money", 9747747.93),
        (Decimal("100.0050"), "money", 100.01),
        (Decimal("-100.0050"), "money", -100.01),
        (Decimal("5"), "money", 5.0),
        (Decimal("5.0000"), "units", 5),
        (235.44444, "days", 235.44),
        (0.123456789, "share", 0.123457),
        (math.nan, "share", None),
        (math.inf, "money", None),
        (Decimal("NaN"), "money", None),
        (-0.0, "money", 0.0),
        (None, "orders", None),
    ],
)
def test_numbers_by_their_unit(value: Any, unit: str, shown: Any) -> None:
    assert figure(value, unit) == shown
    assert type(figure(value, unit)) is type(shown)


def test_other_cells_stay_what_they_are() -> None:
    assert cell(True) is True
    assert cell("x") == "x"
    assert cell(None) is None
    assert cell(datetime(2011, 12, 9, tzinfo=UTC)) == "2011-12-09T00:00:00+00:00"
    assert str(money(-0.001)) == "0.0"
