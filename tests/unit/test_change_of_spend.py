"""A change of spend: nothing changed is nothing, a held change comes to the lasting response, parts add up."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from analytics.budget.ahead import Ahead
from analytics.budget.change import Change, change_of_spend, with_change
from analytics.budget.response import Response
from analytics.mix.effects import Interval
from analytics.mix.posterior import Curves
from core.errors import FixArguments

DRAWS = 40
SPREAD = np.exp(0.1 * np.random.default_rng(2).standard_normal((DRAWS, 3)))
CURVES = Curves(
    np.full((DRAWS, 3), 0.5), np.ones((DRAWS, 3)), np.array([0.5, 0.9, 0.7]) * SPREAD, np.ones((DRAWS, 3)),
    np.array([300.0, 500.0, 200.0]) * SPREAD[::-1], np.full(3, 100.0), (False, False, True), (True, True, False), 6,
)  # fmt: skip
SPEND = np.column_stack([np.full(26, 60.0), 20 + 40.0 * (np.arange(26) % 2), np.zeros(26)])
WEEKS = [date(2026, 1, 5) + timedelta(days=7 * w) for w in range(26)]
END = WEEKS[-1] + timedelta(days=7)  # the first day that is not known
AHEAD = Ahead.of(CURVES, SPEND, recent=10)


def changed(level: list[float], begins: date = END, weeks: int = 30) -> Change:
    until = END + timedelta(days=7 * weeks - 1)
    return change_of_spend(AHEAD, SPEND, WEEKS, np.array(level), recent=10, begins=begins, until=until)


def test_as_much_as_now_changes_nothing() -> None:
    same = changed([60.0, 40.0, 0.0])
    assert np.abs(same.sales).max() < 1e-9
    assert np.abs(same.spent(END, END + timedelta(days=30))).max() < 1e-9


def test_a_change_held_for_long_comes_to_the_response_of_the_budget() -> None:
    twice = changed([120.0, 40.0, 0.0])
    response = Response.of(CURVES, SPEND, recent=10)
    lasting = response.sales(np.array([120.0, 40.0, 0.0])) - response.sales(np.array([60.0, 40.0, 0.0]))
    found = twice.sales[:, 15:25].mean(axis=1)  # one round of the pattern, the beginning over
    assert found == pytest.approx(lasting, rel=1e-9, abs=1e-9)
    assert (twice.sales[:, 0, 0] < found[:, 0]).all(), "the effect builds up"
    assert np.abs(twice.sales[:, :, 1:]).max() < 1e-9, "other channels stay as they are"


def test_days_add_up_and_those_before_it_begins_count_nothing() -> None:
    begins = END + timedelta(days=10)  # a Thursday
    less = changed([0.0, 40.0, 50.0], begins)
    whole = less.between(END, END + timedelta(days=69))
    halves = less.between(END, END + timedelta(days=24)) + less.between(
        END + timedelta(days=25), END + timedelta(days=69)
    )
    assert whole == pytest.approx(halves)
    assert whole == pytest.approx(less.sales[:, :10].sum(axis=1))
    assert np.abs(less.between(END, begins - timedelta(days=1))).max() == 0
    assert less.spent(END, END + timedelta(days=69)) == pytest.approx(np.array([-60.0, 0.0, 50.0]) * 60 / 7)
    assert (whole[:, 0] < 0).all()
    assert (whole[:, 2] > 0).all(), "a channel that was still begins evenly"
    total = less.total(END, END + timedelta(days=69))
    assert total.mean == pytest.approx(whole.sum(axis=1).mean())


def test_a_change_begins_after_what_is_known() -> None:
    for begins in (END - timedelta(days=1), END + timedelta(days=500)):
        with pytest.raises(FixArguments, match="can begin between 2026-07-06 and"):
            changed([60.0, 40.0, 0.0], begins)


def test_a_forecast_and_a_change_that_miss_independently() -> None:
    both = with_change(100.0, (70.0, 150.0), Interval(20.0, -20.0, 140.0))
    assert (both.mean, both.low, both.high) == pytest.approx((120.0, 70.0, 250.0))
    sure = with_change(100.0, (70.0, 150.0), Interval(0.0, 0.0, 0.0))
    assert (sure.mean, sure.low, sure.high) == pytest.approx((100.0, 70.0, 150.0))
    assert with_change(10.0, (0.0, 30.0), Interval(-50.0, -60.0, -40.0)).mean == 0.0
