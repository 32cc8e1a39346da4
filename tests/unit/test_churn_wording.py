# ruff: noqa: E501  (a table of sentences)
"""Drivers of churn scores in words: a sentence for every feature, with its figure, for the known and the unknown."""

from __future__ import annotations

import polars as pl
import pytest

from analytics.churn.wording import SENTENCES, driver_sentences
from analytics.features.dictionary import NUMBER_NAMES


def sentence(feature: str, value: float | None, direction: str = "raises") -> str:
    frame = pl.DataFrame(
        {"feature": [feature], "value": [value], "direction": [direction]}, schema_overrides={"value": pl.Float64}
    )
    return str(frame.select(driver_sentences()).item())


def test_every_feature_of_the_model_has_a_sentence() -> None:
    assert {"days_to_limit", *NUMBER_NAMES} == set(SENTENCES)
    assert all(words.count("{}") == 1 and "{" not in unknown for words, _, unknown in SENTENCES.values())


@pytest.mark.parametrize("feature", SENTENCES)
@pytest.mark.parametrize("value", [None, 0.0, 1.0, -0.04, 12.345, 1e7])
def test_no_sentence_has_a_gap(feature: str, value: float | None) -> None:
    said = sentence(feature, value)
    assert said.endswith("(raises the risk)")
    assert "_" not in said
    assert "  " not in said
    assert "{" not in said
    assert " 1 days" not in said
    assert "-0" not in said


@pytest.mark.parametrize(
    ("feature", "value", "direction", "said"),
    [
        ("days_to_limit", 10.11, "raises", "would count as having left after 10 more days without an order (raises the risk)"),
        ("days_to_limit", 1.2, "raises", "would count as having left after 1 more day without an order (raises the risk)"),
        ("days_to_limit", 0.2, "raises", "would count as having left after less than a day more without an order (raises the risk)"),
        ("discounted_order_share", 0.3333, "lowers", "33% of their orders had a discount (lowers the risk)"),
        ("email_open_rate", None, "raises", "was sent no emails (raises the risk)"),
        ("orders_90d", 1.0, "lowers", "1 order in the last 90 days (lowers the risk)"),
        ("overdue_ratio", 1.86, "raises", "silent for 1.9 times their usual gap (raises the risk)"),
        ("something_new", 2.5, "raises", "something new: 2.5 (raises the risk)"),
    ],
)  # fmt: skip
def test_sentences(feature: str, value: float | None, direction: str, said: str) -> None:
    assert sentence(feature, value, direction) == said
