"""Steps of time along an axis are written as days and months, not as computers keep them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.screen import load_chainlit
from tests.unit.offline_scene import CATALOGUE
from tools.views import Chart, shown

load_chainlit()

from chat.figures import drawing  # noqa: E402 - chainlit reads the environment when imported

NOTHING: dict[str, Any] = {"rows": [], "count": 2}
MONTH = {"orders": 1, "revenue": 5.0, "visits": 0, "opens": 0, "emails": 0, "clicks": 0}


@pytest.mark.parametrize(
    ("tool", "result", "steps"),
    [
        (
            "next_purchase",
            NOTHING | {"by_day": [{"day": "2026-12-07", "customers": 2}, {"day": "2026-12-08", "customers": 0}]},
            ["7 Dec 2026", "8 Dec 2026"],
        ),
        (
            "customer_history",
            {"customer": "C1", "entries": [], "currency": "GBP"}
            | {"months": [{"month": "2026-11", **MONTH}, {"month": "2026-12", **MONTH}]},
            ["Nov 2026", "Dec 2026"],
        ),
    ],
)
def test_steps_of_time_are_words(tool: str, result: dict[str, Any], steps: list[str]) -> None:
    outcome = CATALOGUE.outcome(
        tool, {"customer": "C1"} if "customer" in result else {}, result | {"evidence": {"rows": 9}}
    )
    (chart,) = [one for one in shown(CATALOGUE.get(tool), outcome) if isinstance(one, Chart) and one.shape == "line"]
    assert drawing(chart)["x"] == steps
