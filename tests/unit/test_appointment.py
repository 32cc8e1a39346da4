"""A day and a time of day said with a campaign are the shop's clocks'; what is not clear is not guessed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.offline_scene import read_question, scene
from tools.campaigns.appointment import appointed

SATURDAY = datetime(2026, 3, 28, 18, 30, tzinfo=ZoneInfo("Europe/Berlin"))  # the night when clocks go forward


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("tomorrow at 9", "2026-03-29T09:00"),
        ("at 9 tomorrow", "2026-03-29T09:00"),
        ("tomorrow at 9am", "2026-03-29T09:00"),
        ("tomorrow at 5 pm", "2026-03-29T17:00"),
        ("tomorrow at 12 am", "2026-03-29T00:00"),
        ("today at 20:15", "2026-03-28T20:15"),
        ("on monday at 10:30", "2026-03-30T10:30"),
        ("next saturday at noon", "2026-04-04T12:00"),  # not today
        ("on sunday at 18.45", "2026-03-29T18:45"),
        ("tomorrow at 6", None),  # which half of the day?
        ("tomorrow at 06:00", "2026-03-29T06:00"),
        ("tomorrow at 25", None),
        ("tomorrow at 13 pm", None),
        ("tomorrow", None),
        ("at 9", None),
        ("tomorrow at 9:75", None),
        ("tomorrow at 100 people", None),
    ],
)
def test_what_is_meant(words: str, at: str | None) -> None:
    found = appointed(words, SATURDAY)
    assert (found and found.isoformat(timespec="minutes")) == at
    assert appointed(words, None) is None


@pytest.mark.parametrize(
    "question",
    [
        "Send an email to Champions tomorrow at 9",
        "draft a campaign to the champions, tomorrow at 9 am",
        "schedule an email to the champions for tomorrow at 9",
    ],
)
def test_a_draft_has_its_time(question: str) -> None:
    told = scene()
    told.now = SATURDAY
    (reading,) = read_question(question, told)
    (call,) = reading.calls
    assert (call.arguments["segment"], call.arguments["send_at"]) == ("Champions", "2026-03-29T09:00")
    assert not reading.note


@pytest.mark.parametrize(
    "question",
    [
        "send an email to all customers tomorrow at 9", "email everybody tomorrow at 9",
        "write an sms to all our customers for tomorrow at 9",
    ],
)  # fmt: skip
def test_a_time_is_no_part_of_whom(question: str) -> None:
    told = scene()
    told.now = SATURDAY
    (reading,) = read_question(question, told)
    (call,) = reading.calls
    assert call.arguments["rule"]["field"] in ("consent_email", "consent_sms")
    assert call.arguments["send_at"] == "2026-03-29T09:00"
