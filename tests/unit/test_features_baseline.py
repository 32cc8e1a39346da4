"""The pandas baseline of the benchmarks computes the very features it is timed against."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from analytics.features.compute import compute_features
from analytics.features.dictionary import NAMES
from benchmarks.features import AS_OF as BENCHMARK_AS_OF
from benchmarks.features import differing, generate
from benchmarks.pandas_features import by_pandas
from tests.unit.feature_frames import AS_OF, Frames, no_rows, random_frames


def differences(frames: Frames, zone: str = "UTC", as_of: datetime = AS_OF) -> list[str]:
    ours = compute_features(*frames, as_of=as_of, time_zone=zone)
    return differing(ours, by_pandas(*(frame.to_pandas() for frame in frames), as_of=as_of, time_zone=zone))


@pytest.mark.parametrize("seed", [1, 2])
def test_on_the_frames_of_the_benchmark(seed: int) -> None:
    assert differences(generate(300, 3_000, 3_000, seed), as_of=BENCHMARK_AS_OF) == []


@pytest.mark.parametrize(("seed", "zone"), [(1, "UTC"), (2, "Europe/London"), (3, "Asia/Kolkata")])
def test_on_refunds_zeros_unknown_codes_and_events_alone(seed: int, zone: str) -> None:
    frames = random_frames(seed, customers=300, orders=3_000)
    assert differences(frames, zone) == []
    assert differences(frames, zone, AS_OF - timedelta(days=200)) == []


def test_on_one_order_a_customer_and_on_equal_instants() -> None:
    assert differences(random_frames(12, customers=400, orders=150)) == []
    assert differences(random_frames(11, customers=6, grain_s=43_200), "Europe/London") == []


@pytest.mark.parametrize("keep", range(4))
def test_on_tables_without_rows(keep: int) -> None:
    pairs = zip(random_frames(3), no_rows(), strict=True)
    orders, items, events = (frame if i == keep else empty for i, (frame, empty) in enumerate(pairs))
    assert differences((orders, items, events)) == []


def test_a_difference_in_any_feature_is_named() -> None:
    frames = random_frames(4)
    ours = compute_features(*frames, as_of=AS_OF)
    theirs = by_pandas(*(frame.to_pandas() for frame in frames), as_of=AS_OF)
    for name in NAMES:
        row = ours[name].is_not_null().arg_max()
        moved = pl.when(pl.int_range(pl.len()) == row)
        assert differing(ours.with_columns(moved.then(pl.col(name) + 1).otherwise(pl.col(name))), theirs) == [name]
        assert differing(ours.with_columns(moved.then(None).otherwise(pl.col(name)).alias(name)), theirs) == [name]
