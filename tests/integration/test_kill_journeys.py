"""The program that kills processes while journeys and campaigns run, two of its rounds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.kill_journeys import Scene, played


@pytest.mark.slow
def test_nobody_is_lost_whoever_is_killed(short_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIMA_SENDER", "")  # what the scene sets is taken back with it
    home = short_home / "killed"
    home.mkdir(mode=0o711)
    scene = Scene(home)
    try:
        rounds = [played(scene, victim, 200, random.Random(victim), latest_s=4.0) for victim in ("worker", "database")]
    finally:
        scene.stop()
    assert all(one.good for one in rounds), rounds
    assert [one.entries for one in rounds] == [600, 600]
