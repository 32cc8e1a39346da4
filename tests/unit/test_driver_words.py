"""Drivers of a score that are amounts are told as money."""

from __future__ import annotations

import pytest

from tools.audience.drivers import driver_words


@pytest.mark.parametrize(
    ("feature", "value", "words", "told"),
    [
        ("monetary_value", 3120.4, "spent 3120 so far", "spent €3,120 so far"),
        ("avg_item_price", 12.64, "pays 12.6 a unit on average", "pays €12.64 a unit on average"),
        ("revenue_30d", 30.0, "spent 30 in the last 30 days", "spent €30 in the last 30 days"),
        ("orders_30d", 3.0, "3 orders in the last 30 days", "3 orders in the last 30 days"),
    ],
)
def test_amounts_that_drive_a_score_are_money(feature: str, value: float, words: str, told: str) -> None:
    assert driver_words([{"feature": feature, "value": value, "words": words}], "EUR") == [told]
