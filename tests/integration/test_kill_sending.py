"""The program that kills processes while campaigns are sent, a few of its rounds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.kill_sending import Scene, played


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_whoever_is_killed(short_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIMA_SENDER", "")  # what the scene sets is taken back with it
    for name in ("AIMA_MAILGUN_URL", "AIMA_MAILGUN_KEY", "AIMA_MAILGUN_DOMAIN"):
        monkeypatch.setenv(name, "")
    home = short_home / "killed"
    home.mkdir(mode=0o711)
    scene = Scene(home, web=False)
    try:
        rounds = [
            played(scene, service, victim, 300, random.Random(victim))
            for service, victim in (("smtp", "courier"), ("mailgun", "database"))
        ]
    finally:
        scene.stop()
    assert all(one.good for one in rounds), rounds
    assert [one.sent + one.unknown for one in rounds] == [300, 300]
