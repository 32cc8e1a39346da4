"""A campaign's time is one of the shop's clocks, also over the nights when they are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import Calendar
from core.errors import FixArguments
from database.engine import Database
from language.scene import scene_of_data
from tests.campaign_scene import CATALOGUE, CONTENT, add_customers, addresses, context
from tests.conftest import make_organisation, person
from tests.integration.test_outbox import courier, run
from tests.unit.offline_scene import read_question
from tools.campaigns.schedule import start_of

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def propose(database: Database, org_id: UUID, now: datetime, **told: Any) -> Any:
    arguments = CONTENT | {"holdout_share": 0} | told
    result: Any = CATALOGUE.call("propose_campaign", arguments, context(database, person(org_id), now=now))
    return result.proposal


@pytest.mark.parametrize(
    ("zone", "evening", "told", "instant"),
    [
        ("Europe/Berlin", "2026-03-28T18:00", "2026-03-29T09:00", "2026-03-29T07:00Z"),
        ("Europe/Berlin", "2026-10-24T18:00", "2026-10-25T09:00", "2026-10-25T08:00Z"),
        ("America/New_York", "2026-03-07T18:00", "2026-03-08T09:00", "2026-03-08T13:00Z"),
        ("America/New_York", "2026-10-31T18:00", "2026-11-01T09:00", "2026-11-01T14:00Z"),
        ("Australia/Sydney", "2026-10-03T18:00", "2026-10-04T09:00", "2026-10-03T22:00Z"),
        ("Asia/Kolkata", "2026-03-28T18:00", "2026-03-29T09:00", "2026-03-29T03:30Z"),
    ],
)
def test_tomorrow_at_nine_is_nine_over_both_changes(
    database: Database, zone: str, evening: str, told: str, instant: str
) -> None:
    org_id = make_organisation(database, time_zone=zone)
    add_customers(database, org_id, addresses(2))
    now = datetime.fromisoformat(evening).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    at = datetime.fromisoformat(instant)
    proposal = propose(database, org_id, now, send_at=told)
    assert proposal.send_at.isoformat()[:16] == told  # shown as it was told
    shown = {"proposal_id": str(proposal.id), "content_hash": proposal.content_hash}
    approved: Any = CATALOGUE.call("approve_proposal", shown, context(database, person(org_id), now=now))
    assert (approved.status, approved.send_at) == ("scheduled", at)
    assert run(database, org_id, "select distinct due_at from messages") == at
    for when, sent in ((at - timedelta(minutes=1), 0), (at, 2)):
        assert courier(database, org_id, clock=lambda when=when: when).run()["sent"] == sent  # type: ignore[misc]


@pytest.mark.parametrize(
    ("evening", "instant"),
    [("2026-03-28T17:00Z", "2026-03-29T07:00Z"), ("2026-10-24T22:30Z", "2026-10-26T08:00Z")],  # there it is the 25th
)
def test_tomorrow_is_that_of_the_shop_in_words_too(database: Database, evening: str, instant: str) -> None:
    org_id = make_organisation(database, time_zone="Europe/Berlin")
    add_customers(database, org_id, addresses(1))
    now = datetime.fromisoformat(evening)
    data = CATALOGUE.call("describe_data", {}, context(database, person(org_id), now=now))
    scene = scene_of_data(data.model_dump(mode="json"))
    (reading,) = read_question("send an email to all customers tomorrow at 9", scene)
    (call,) = reading.calls
    result: Any = CATALOGUE.call(call.tool, call.arguments, context(database, person(org_id), now=now))
    assert result.proposal.send_at == datetime.fromisoformat(instant)


def test_a_time_that_clocks_skip_is_refused_and_one_that_comes_twice_is_said(database: Database) -> None:
    org_id = make_organisation(database, time_zone="Europe/Berlin")
    add_customers(database, org_id, addresses(1))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(FixArguments, match=r"never show 02:30 on 2026-03-29.*Take 01:30 or 03:30"):
        propose(database, org_id, now, send_at="2026-03-29T02:30")
    twice = propose(database, org_id, now, send_at="2026-10-25T02:30")
    assert twice.send_at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert any("comes twice" in warning for warning in twice.warnings)
    with pytest.raises(FixArguments, match="in the past"):
        propose(database, org_id, now, send_at="2026-03-01T00:30")  # it is one o'clock in Berlin
    aware = propose(database, org_id, now, send_at="2026-03-29T09:00:00+01:00")
    assert aware.send_at == datetime(2026, 3, 29, 8, tzinfo=UTC)  # told with its distance, it is what it says


def test_a_change_of_something_else_keeps_the_time(database: Database) -> None:
    org_id = make_organisation(database, time_zone="Europe/Berlin")
    add_customers(database, org_id, addresses(1))
    now = datetime(2026, 10, 24, 12, tzinfo=UTC)
    proposal = propose(database, org_id, now, send_at="2026-10-26T09:00")
    for change in ({"subject": "Another"}, {"send_at": "2026-10-26T09:00"}, {"send_at": "2026-10-25T02:15"}):
        told = {"proposal_id": str(proposal.id)} | change
        result: Any = CATALOGUE.call("revise_proposal", told, context(database, person(org_id), now=now))
        expected = change.get("send_at", "2026-10-26T09:00")
        assert result.proposal.send_at.isoformat()[:16] == expected
        proposal = result.proposal


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 730 * 1440).map(lambda minutes: datetime.fromisoformat("2026-01-01") + timedelta(minutes=minutes)),
    st.sampled_from(("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "UTC")),
)
def test_clocks_show_what_was_told(told: datetime, zone: str) -> None:
    """Whatever is accepted is shown by the zone's clocks at that instant, and at no earlier one."""
    calendar, middle = Calendar(zone), told.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    near = [middle + timedelta(minutes=30 * step) for step in range(-6, 7)]
    shown = [at for at in near if calendar.local(at).replace(tzinfo=None) == told]
    try:
        at, _ = start_of(told, calendar, LONG_AGO)
    except FixArguments:
        assert not shown
    else:
        assert calendar.local(at).replace(tzinfo=None) == told
        assert at == min(shown)
