"""What came of the campaigns that were sent: those from here by their messages, others by their events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import text

from core.errors import NoSuchData
from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, add_customers, addresses, context, launched
from tests.integration.test_outbox import courier, run
from tools.campaigns.jobs import RefreshCampaignDaysArguments, refresh_campaign_days
from tools.catalogue import catalogue
from tools.declaration import Work
from tools.imports.load import load_frames
from tools.outcome import Outcome


def results(database: Database, identity: Identity, **arguments: Any) -> Any:
    return CATALOGUE.call("campaign_results", arguments, context(database, identity))


def events(campaign: str, day: datetime, sent: int, opened: int, clicked: int, left: int = 0) -> list[dict[str, Any]]:
    kinds = ["email_sent"] * sent + ["email_open"] * opened + ["email_click"] * clicked + ["email_unsubscribe"] * left
    return [
        {
            "event_id": f"{campaign}-{n}",
            "occurred_at": day + timedelta(minutes=n),
            "customer_id": f"C{n}",
            "kind": kind,
            "campaign_id": campaign,
        }
        for n, kind in enumerate(kinds)
    ]


@pytest.fixture
def three(database: Database, identity: Identity) -> None:
    """Three mailings: in March, in April with few opens, in May with many; one advertisement that sent nothing."""
    rows = [
        *events("M-3", datetime(2026, 3, 2, 9, tzinfo=UTC), 50, 20, 5),
        *events("M-4", datetime(2026, 4, 2, 9, tzinfo=UTC), 40, 4, 1, 2),
        *events("M-5", datetime(2026, 5, 31, 23, 30, tzinfo=UTC), 10, 9, 3),
    ]
    names = {"campaign_id": ["M-3", "M-4", "M-5", "ADS"], "name": ["March", "April", "May", "Ads"]}
    load_frames(
        database,
        identity,
        [("campaigns", pl.DataFrame(names)), ("events", pl.DataFrame(rows))],
        now=datetime(2026, 6, 15, 12, tzinfo=UTC),
        name="mailings",
    )


@pytest.mark.usefixtures("three")
def test_the_newest_come_first_and_each_rate_is_over_what_was_sent(database: Database, identity: Identity) -> None:
    found = results(database, identity)
    assert [one.name for one in found.campaigns] == ["May", "April", "March"]
    april = found.campaigns[1]
    assert (april.sent, april.opened, april.clicked) == (40, 4, 1)
    assert (april.open_rate, april.click_rate, april.unsubscribe_rate) == (0.1, 0.025, 0.05)
    assert april.click_to_open_rate == 0.25
    assert april.revenue is None, "nothing is known of it"


@pytest.mark.usefixtures("three")
def test_so_many_of_the_newest_are_ranked_and_no_others(database: Database, identity: Identity) -> None:
    found = results(database, identity, last=2, order_by="open_rate", descending=False)
    assert [one.name for one in found.campaigns] == ["April", "May"]
    assert [one.name for one in results(database, identity, order_by="open_rate").campaigns] == [
        "May",
        "March",
        "April",
    ]
    ranked = results(database, identity, order_by="revenue")
    assert [one.name for one in ranked.campaigns] == ["May", "April", "March"], "unknown ones stay as they were"


@pytest.mark.usefixtures("three")
def test_a_control_group_is_customers_kept_back_and_not_those_written_to(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    drawn = "insert into assignments (campaign_id, customer_id, arm) values (:id, 1, :arm)"
    with database.transaction(organisation) as connection:
        for campaign, arm in (("M-3", "treated"), ("M-5", "control")):
            connection.execute(text(drawn), {"id": campaign, "arm": arm})
    assert [one.name for one in results(database, identity, control_group=True).campaigns] == ["May"]
    assert [one.name for one in results(database, identity, control_group=False).campaigns] == ["April", "March"]


@pytest.mark.usefixtures("three")
def test_days_are_those_of_the_shops_clock(database: Database, identity: Identity) -> None:
    names = [one.name for one in results(database, identity, start="2026-04-01", end="2026-05-31").campaigns]
    assert names == ["May", "April"]
    with pytest.raises(NoSuchData, match="No campaign of those was sent"):
        results(database, identity, start="2026-06-01")


def test_one_sent_from_here_is_counted_by_its_messages(
    database: Database, organisation: UUID, identity: Identity, now: datetime
) -> None:
    add_customers(database, organisation, addresses(3))
    campaign = launched(database, identity, name="Win back").campaign_id
    with pytest.raises(NoSuchData):
        results(database, identity)
    assert courier(database, organisation).run()["sent"] == 3
    [one] = results(database, identity).campaigns
    assert (one.campaign_id, one.name, one.sent) == (campaign, "Win back", 3)
    assert (one.open_rate, one.click_rate) == (None, None), "nobody opens what stays on this machine"
    run(database, organisation, "update messages set provider = 'sendgrid', sent_at = :at", at=now)
    work = Work(database, identity, now + timedelta(days=5), lambda _share, _what: None)
    refresh_campaign_days.function(work, RefreshCampaignDaysArguments())
    [one] = results(database, identity).campaigns
    assert (one.campaign_id, one.sent, one.click_rate) == (campaign, 3, 0.0)


@pytest.mark.usefixtures("three")
def test_the_words_tell_one_by_itself_and_several_by_the_first(database: Database, identity: Identity) -> None:
    tool = catalogue().get("campaign_results")

    def words(**arguments: Any) -> str:
        return tool.worded(Outcome(tool.arguments(**arguments), results(database, identity, **arguments)))

    assert words(last=1).startswith("**“May”** went out on 31 May 2026: 10 messages, 90.0% opened (9)")
    assert "**April** has the lowest open rate of the last 2 campaigns: **10.0%**" in words(
        last=2, order_by="open_rate", descending=False
    )
    assert "No revenue of them is known." in words(order_by="revenue")


@pytest.mark.usefixtures("three")
def test_campaigns_are_found_by_words_of_their_names(database: Database, identity: Identity) -> None:
    assert [one.name for one in results(database, identity, names=["march"]).campaigns] == ["March"]
    both = results(database, identity, names=["March", "may"], order_by="open_rate")
    assert [one.name for one in both.campaigns] == ["May", "March"]
    with pytest.raises(NoSuchData, match="called “mar”"):
        results(database, identity, names=["may", "mar"])


def test_other_organisations_campaigns_stay_theirs(database: Database, identity: Identity, three: None) -> None:
    from tests.conftest import make_organisation, person

    with pytest.raises(NoSuchData):
        results(database, person(make_organisation(database)))
