"""Every campaign once, whoever sent it: launched from here, by a journey, or brought by a file or a source."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, add_customers, addresses, context, launched
from tests.integration.test_outbox import courier, run
from tests.journey_scene import EVERYONE, did, round_at, started
from tools.campaigns.jobs import RefreshCampaignDaysArguments, refresh_campaign_days
from tools.catalogue import catalogue
from tools.declaration import Work
from tools.imports.load import import_file, load_frames
from tools.outcome import Outcome

MAILCHIMP = (
    "Title,Subject,List,Send Date,Send Weekday,Total Recipients,Successful Deliveries,Total Bounces,Unique Opens\n"
    "May news,Hello,All,2026-05-02 09:00:00,Saturday,100,99,1,50\n"
)
META = "campaign_id,name,channel,start_date,budget,status\nADS-1,Spring ads,paid_social,2026-04-01,500,active\n"


def listed(database: Database, identity: Identity, **arguments: Any) -> Any:
    return CATALOGUE.call("list_campaigns", arguments, context(database, identity))


@pytest.fixture
def everything(
    database: Database, organisation: UUID, identity: Identity, now: datetime, tmp_path: Path
) -> dict[str, Any]:
    """Two campaigns of files, one of a source, one launched from here, and a journey of two messages."""
    for name, words in (("mailchimp.csv", MAILCHIMP), ("ads.csv", META)):
        (tmp_path / name).write_text(words)
        import_file(database, identity, tmp_path / name, now=now)
    days = {"campaign_id": ["ADS-1", "KL-1"], "day": [date(2026, 4, 2)] * 2, "clicks": [9, 4], "cost": [5.0, 0.0],
            "conversions": [3.0, 1.0], "revenue": [60.0, 20.0]}  # fmt: skip
    source = pl.DataFrame({"campaign_id": ["KL-1"], "name": ["Klaviyo news"], "channel": ["email"]})
    load_frames(database, identity, [("campaigns", source), ("campaign_daily", pl.DataFrame(days))], now=now, name="Kl")
    add_customers(database, organisation, addresses(3))
    campaign = launched(database, identity, name="Win back").campaign_id
    journey = started(database, identity, EVERYONE, now)
    round_at(database, organisation, now + timedelta(minutes=1))
    round_at(database, organisation, now + timedelta(days=2))
    return {"campaign": campaign, "journey": str(journey)}


def test_each_is_named_once_with_where_it_comes_from(
    database: Database, identity: Identity, everything: dict[str, Any]
) -> None:
    found = listed(database, identity)
    assert {(one.name, one.origin, one.from_here) for one in found.campaigns} == {
        ("May news", "imported from mailchimp.csv (Mailchimp campaign report)", "imported"),
        ("Spring ads", "imported from ads.csv", "imported"),
        ("Klaviyo news", "imported from Kl", "imported"),
        ("Win back", "sent by AIMA", "here"),
        ("Everyone", "sent by a journey", "journey"),
    }
    assert (found.total, found.sent_here, found.of_journeys, found.imported) == (5, 1, 1, 3)
    journey = next(one for one in found.campaigns if one.from_here == "journey")
    assert (journey.campaign_id, journey.messages, journey.steps) == (everything["journey"], 6, [])
    ads = next(one for one in found.campaigns if one.name == "Spring ads")
    assert (ads.clicks, ads.orders, ads.revenue, ads.messages, ads.done) == (9, 3.0, 60.0, None, None)


def test_only_some_of_them(database: Database, identity: Identity, everything: dict[str, Any]) -> None:
    for origin, names in (("here", {"Win back"}), ("journey", {"Everyone"})):
        found = listed(database, identity, origin=origin)
        assert ({one.name for one in found.campaigns}, found.total) == (names, 1)
    active = {one.name for one in listed(database, identity, status="active").campaigns}
    assert active == {"Win back", "Everyone", "Spring ads"}
    assert listed(database, identity, limit=2).total == 5
    assert len(listed(database, identity, limit=2).campaigns) == 2


def test_what_journeys_send_has_days_and_orders_count_once(
    database: Database, organisation: UUID, identity: Identity, everything: dict[str, Any], now: datetime
) -> None:
    sent = courier(database, organisation).run()
    assert sent["sent"] == 9
    run(database, organisation, "update messages set provider = 'sendgrid', sent_at = :at", at=now + timedelta(days=2))
    later = "update messages set sent_at = :at where campaign_id = :own"
    run(database, organisation, later, at=now + timedelta(days=3), own=everything["campaign"])
    customer = run(database, organisation, "select min(customer_id) from messages")
    did(database, organisation, customer, "order", now + timedelta(days=2, hours=5))
    did(database, organisation, customer, "order", now + timedelta(days=4))
    work = Work(database, identity, now + timedelta(days=5), lambda _share, _what: None)
    refresh_campaign_days.function(work, RefreshCampaignDaysArguments())
    reported = "insert into campaign_daily (campaign_id, day, conversions, revenue) values (:id, '2020-01-01', 50, 900)"
    run(database, organisation, reported, id=everything["campaign"])  # what a platform says of a campaign from here
    found = {one.name: one for one in listed(database, identity).campaigns}
    assert (found["Everyone"].orders, found["Everyone"].revenue) == (1.0, 10.0)
    assert (found["Win back"].orders, found["Win back"].revenue) == (1.0, 10.0)
    assert (found["Spring ads"].orders, found["Klaviyo news"].orders) == (3.0, 1.0)
    with database.transaction(organisation) as connection:
        days = connection.execute(text("select count(*), sum(sent) from campaign_daily where sent is not null")).one()
    assert days.sum == 9
    refresh_campaign_days.function(work, RefreshCampaignDaysArguments())
    assert {one.name: one.orders for one in listed(database, identity).campaigns} == {
        name: one.orders for name, one in found.items()
    }, "counted again it is the same"


def test_the_answer_says_how_many_come_from_where(
    database: Database, identity: Identity, everything: dict[str, Any]
) -> None:
    tool = catalogue().get("list_campaigns")
    words = tool.worded(Outcome(tool.arguments(), listed(database, identity)))
    assert words.startswith("**5 campaigns: 1 sent by AIMA, 1 sent by journeys, 3 imported.**")
    assert "**May news** (imported from mailchimp.csv (Mailchimp campaign report)): completed" in words
    only = tool.worded(Outcome(tool.arguments(origin="here"), listed(database, identity, origin="here")))
    assert only.startswith("**1 campaign launched from here.**")


def test_none_of_another_organisation(database: Database, identity: Identity, everything: dict[str, Any]) -> None:
    from tests.conftest import make_organisation, person

    other = person(make_organisation(database))
    assert listed(database, other).total == 0
    assert "There are no campaigns imported" in catalogue().get("list_campaigns").worded(
        Outcome(catalogue().get("list_campaigns").arguments(origin="imported"), listed(database, other))
    )
