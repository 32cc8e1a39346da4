"""Contributions that go against what a feature does are not told as reasons."""

from __future__ import annotations

import numpy as np

from analytics.churn.sense import KEEPS, LOSES, sensible, usual_values
from analytics.churn.wording import SENTENCES

NAMES = ["revenue_365d", "recency_days", "weekend_share"]


def test_only_reasons_that_work_that_way_are_told() -> None:
    usual = np.array([300.0, 40.0, 0.3])
    values = np.array([[3120.0, 7.0, 0.9], [20.0, 90.0, 0.0], [20.0, 90.0, 0.9], [np.nan, np.nan, np.nan]])
    given = np.array([[0.4, 0.3, 0.2], [0.4, 0.3, 0.2], [-0.4, -0.3, -0.2], [0.4, 0.3, 0.2]])
    told = sensible(given, values, usual, NAMES)
    assert told[0].tolist() == [0, 0, 0.2], "much spent and a recent order raise no risk"
    assert told[1].tolist() == [0.4, 0.3, 0.2], "little spent and long silence do"
    assert told[2].tolist() == [0, 0, -0.2], "and they lower none"
    assert told[3].tolist() == given[3].tolist(), "what is not known is left as it is"


def test_usual_values_are_medians_of_what_is_known() -> None:
    found = usual_values(np.array([[1.0, np.nan], [np.nan, np.nan], [5.0, np.nan], [9.0, np.nan]]))
    assert found[0] == 5
    assert np.isnan(found[1])


def test_every_feature_with_a_way_has_a_sentence() -> None:
    assert not KEEPS & LOSES
    assert set(SENTENCES) >= KEEPS | LOSES
