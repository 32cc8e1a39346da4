"""Journeys for the tests of attribution: the public PathData, and small random ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from analytics.attribution.journeys import Journeys, journeys_of_paths


def path_data(folder: Path) -> Journeys:
    """ChannelAttribution's PathData: 10,000 paths over 12 channels, with conversions, value and failures."""
    with (folder / "attribution_paths" / "PathData.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    counts = (
        [float(row[name]) for row in rows] for name in ("total_conversions", "total_conversion_value", "total_null")
    )
    return journeys_of_paths([row["path"].split(" > ") for row in rows], *counts)


def random_journeys(seed: int, *, journeys: int = 60, channels: int = 5, longest: int = 6) -> Journeys:
    """Journeys whose names hold what others separate names with, counts from 0, and ages."""
    rng = np.random.default_rng(seed)
    names = [f"a > b{number}" if number % 2 else f"c|d{number}" for number in range(channels)]
    lengths = rng.integers(1, longest + 1, journeys)
    paths = [[names[code] for code in rng.integers(0, channels, length)] for length in lengths]
    ages = [sorted(rng.uniform(0, 30, length), reverse=True) for length in lengths]
    won, lost = rng.integers(0, 4, journeys), rng.integers(0, 5, journeys)
    return journeys_of_paths(paths, won, won * rng.uniform(1, 90, journeys), lost, ages)
