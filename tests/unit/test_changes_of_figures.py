"""How far a figure moved."""

from __future__ import annotations

import pytest

from tools.figures import change


@pytest.mark.parametrize(
    ("now", "before", "unit", "moved"),
    [(6.0, 8.0, "money", -0.25), (0.3, 0.2, "share", 0.1), (5, 0, "orders", None), (5, None, "orders", None),
     (0.3, 0.0, "share", 0.3), (5.0, -2.0, "money", None), (0, 4, "orders", -1.0)],
)  # fmt: skip
def test_a_share_moves_by_points_and_all_else_by_its_growth(
    now: float, before: float | None, unit: str, moved: float | None
) -> None:
    assert change(now, before, unit) == (None if moved is None else pytest.approx(moved))
