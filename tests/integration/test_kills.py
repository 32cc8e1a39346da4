"""kill -9 during imports and scoring leaves whole work or none; what was cut off is simply done again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.kills import Scene, played
from database.engine import Database


@pytest.mark.parametrize(("rounds", "rows"), [(2, 4_000), pytest.param(12, 20_000, marks=pytest.mark.slow)])
def test_a_killed_import_or_scoring_leaves_nothing_half_done(
    database: Database, tmp_path: Path, rounds: int, rows: int
) -> None:
    found = played(Scene(database, tmp_path), rounds, rows, random.Random(rounds))
    wrong = {what: count for what, count in found.items() if what[1] not in ("rounds", "cut off")}
    assert wrong == {}
    for work in ("import", "scoring"):
        assert found[work, "rounds"] == rounds / 2
        assert found[work, "cut off"] > 0 or rounds == 2, "work that has ended cannot be cut off"
