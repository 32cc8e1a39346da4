"""What a clause says of a change of spend: which channel, how much; one that nobody knows is never taken for all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from language.scene import Call, Scene
from language.slots import read_slots
from tools.forecast.questions import forecast, planned

SCENE = Scene(
    last_day=date(2026, 11, 28),
    values={"spend_channel": ["display", "email", "paid_search", "paid_social", "video"], "channel": ["email"]},
)
NEXT_MONTH = {"start": "2026-12-01", "end": "2026-12-31"}


def on(channel: str, **amount: float) -> dict[str, Any]:
    return {"changes": [{**amount, "channel": channel}]}


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("what will revenue be next month if we spend 20% more on search", on("paid_search", change=0.2) | NEXT_MONTH),
        ("revenue next month if we spend 20 % more on search", on("paid_search", change=0.2) | NEXT_MONTH),
        ("revenue next month with 10% less video spend", on("video", change=-0.1) | NEXT_MONTH),
        ("what happens to revenue next month if we double paid social", on("paid_social", change=1.0) | NEXT_MONTH),
        ("sales next month if we stop display", on("display", change=-1.0) | NEXT_MONTH),
        ("sales next month if we pause video", on("video", change=-1.0) | NEXT_MONTH),
        ("what if we cut social by half next month", on("paid_social", change=-0.5) | NEXT_MONTH),
        (
            "how much revenue would 5,000 more a month on search bring next month",
            on("paid_search", extra=5000.0) | {"per": "month"} | NEXT_MONTH,
        ),
        (
            "what will turnover be if we spend 3000 a month on email ads",
            on("email", spend=3000.0) | {"per": "month"},
        ),
        ("expected revenue if ad spend goes up 15%", {"total_change": 0.15}),
        ("how would revenue change with 30% less ad spend", {"total_change": -0.3}),
        ("revenue next month if we spend 20% more", {"total_change": 0.2} | NEXT_MONTH),
        ("cut all channels by 10%, revenue next month", {"total_change": -0.1} | NEXT_MONTH),
        (
            "revenue next month if we spend 20% more on search and 10% less on video",
            {"changes": [{"change": 0.2, "channel": "paid_search"}, {"change": -0.1, "channel": "video"}]} | NEXT_MONTH,
        ),
        ("what would revenue be with the planned budget", {}),
        ("revenue next month with the approved budget", NEXT_MONTH),
        # Nobody knows these: the tool refuses them by name, and does not change everything instead.
        ("what do we lose in sales next month if we switch off tv ads", on("tv", change=-1.0) | NEXT_MONTH),
        ("revenue next month if we raise facebook spend by 25%", on("facebook", change=0.25) | NEXT_MONTH),
        ("revenue next month with 20% more on tiktok", on("tiktok", change=0.2) | NEXT_MONTH),
    ],
)
def test_changes_of_spend(said: str, arguments: dict[str, Any]) -> None:
    found = planned(read_slots(said, SCENE), SCENE)
    assert isinstance(found, list)
    assert found == [Call("planned_forecast", arguments)]


def test_without_a_change_it_is_asked_which() -> None:
    found = planned(read_slots("forecast with another spend", SCENE), SCENE)
    assert isinstance(found, str)
    assert "20% more" in found
    orders = planned(read_slots("how many orders next month if we spend 20% more on search", SCENE), SCENE)
    assert isinstance(orders, str)
    assert "revenue only, not of orders" in orders


def test_a_forecast_that_names_a_change_of_spend_is_one_with_it() -> None:
    (call,) = forecast(read_slots("forecast revenue next month with 20% more on search", SCENE), SCENE)  # type: ignore[union-attr,misc]
    assert call.tool == "planned_forecast"
    (plain,) = forecast(read_slots("forecast revenue next month", SCENE), SCENE)  # type: ignore[union-attr,misc]
    assert plain.tool == "forecast"
