"""What became of own campaigns day by day, against a plain count of the same happenings in Python."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from core.identity import Identity
from database.engine import Database
from tests.campaign_scene import CATALOGUE, context
from tests.conftest import make_organisation, person
from tests.integration.reporting import apply, event
from tests.integration.test_outbox import run
from tools.campaigns.deliveries import BOUGHT_WITHIN
from tools.campaigns.jobs import RefreshCampaignDaysArguments, refresh_campaign_days
from tools.declaration import Work

ZONE = ZoneInfo("America/New_York")
START = datetime(2026, 10, 28, tzinfo=UTC)  # clocks are changed there on 1 November
NOW = START + timedelta(days=25)
KINDS = ("delivered", "opened", "clicked", "bounced", "unsubscribed")


@pytest.fixture
def organisation(database: Database) -> UUID:
    org_id = make_organisation(database, time_zone=str(ZONE))
    run(database, org_id, "select ensure_month_partitions('orders', '2026-10-01', '2026-12-31')")
    return org_id


def put_campaign(database: Database, org_id: UUID, *, own: bool = True) -> str:
    name = str(uuid4())
    values = {"id": name, "proposal": name if own else None, "start": START}
    made = """insert into campaigns (campaign_id, name, status, started_at, proposal_id)
              values (:id, :id, 'completed', :start, :proposal)"""
    run(database, org_id, made, **values)
    return name


def put_message(
    database: Database, org_id: UUID, campaign: str, customer: int, at: datetime, *, provider: str = "sendgrid",
    status: str = "sent",
) -> UUID:  # fmt: skip
    made = """insert into messages (campaign_id, customer_id, channel, address, status, due_at, sent_at, provider)
              values (:campaign, :customer, 'email', :address, :status, :at, :at, :provider) returning id"""
    values = {"campaign": campaign, "customer": customer, "address": f"c{customer}@example.com", "at": at}
    found: UUID = run(database, org_id, made, provider=provider, status=status, **values)
    return found


def put_order(database: Database, org_id: UUID, customer: int, at: datetime, revenue: int, kind: str = "sale") -> None:
    made = (
        "insert into orders (order_id, ordered_at, customer_id, kind, revenue) values (:id, :at, :c, :kind, :revenue)"
    )
    run(database, org_id, made, id=uuid4().hex, at=at, c=customer, kind=kind, revenue=revenue)


def refresh(database: Database, org_id: UUID) -> Any:
    work = Work(database, person(org_id), NOW, lambda _share, _what: None)
    return refresh_campaign_days.function(work, RefreshCampaignDaysArguments())


def kept(database: Database, org_id: UUID) -> dict[tuple[str, date], dict[str, int]]:
    query = text("select * from campaign_daily where sent is not null")
    with database.transaction(org_id) as connection:
        rows = connection.execute(query).mappings().all()
    names = ("sent", *KINDS, "bought", "bought_revenue")
    return {(row["campaign_id"], row["day"]): {name: int(row[name]) for name in names} for row in rows}


def test_days_are_counted_as_they_happened(database: Database, organisation: UUID, identity: Identity) -> None:
    draw = random.Random(7)
    campaigns = [put_campaign(database, organisation) for _ in range(3)]
    truth: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    sent: dict[int, list[tuple[datetime, str]]] = defaultdict(list)

    def happened(campaign: str, at: datetime, what: str, number: int = 1) -> None:
        truth[campaign, at.astimezone(ZONE).date()][what] += number

    for customer in range(1, 25):
        for campaign in draw.sample(campaigns, draw.randint(0, 3)):
            at = START + timedelta(minutes=draw.randrange(14 * 1440))
            message = put_message(database, organisation, campaign, customer, at)
            sent[customer].append((at, campaign))
            happened(campaign, at, "sent")
            first: dict[str, datetime] = {}
            told = draw.choice(((), ("bounced",), ("delivered",), ("delivered", "opened", "opened"),
                                ("opened", "clicked", "delivered"), ("delivered", "unsubscribed")))  # fmt: skip
            for kind in told:
                when = at + timedelta(minutes=draw.randrange(1, 4_000))
                apply(database, organisation, event(kind, message, when))
                first[kind] = min(first.get(kind, when), when)
            if "bounced" in first:
                happened(campaign, first["bounced"], "bounced")
            elif first:
                arrived = [when for kind, when in first.items() if kind in ("delivered", "opened", "clicked")]
                happened(campaign, min(arrived), "delivered")
                if seen := [when for kind, when in first.items() if kind in ("opened", "clicked")]:
                    happened(campaign, min(seen), "opened")
                for kind in ("clicked", "unsubscribed"):
                    if kind in first:
                        happened(campaign, first[kind], kind)
        for _ in range(draw.randint(0, 4)):
            at, revenue = START + timedelta(minutes=draw.randrange(22 * 1440)), draw.randrange(1, 99)
            put_order(database, organisation, customer, at, revenue)
            before = [one for one in sent[customer] if one[0] < at <= one[0] + BOUGHT_WITHIN]
            if before:
                happened(max(before)[1], at, "bought")
                happened(max(before)[1], at, "bought_revenue", revenue)
    names = ("sent", *KINDS, "bought", "bought_revenue")
    expected = {place: {name: counts[name] for name in names} for place, counts in truth.items()}
    assert refresh(database, organisation) == {"campaigns": 3, "days": len(expected)}
    assert kept(database, organisation) == expected
    assert sum(day["bought"] for day in expected.values()) > 5
    refresh(database, organisation)
    assert kept(database, organisation) == expected


def test_status_shows_them_as_they_are_now(database: Database, organisation: UUID, identity: Identity) -> None:
    campaign = put_campaign(database, organisation)
    put = """insert into proposals (id, kind, title, payload, content_hash, created_by)
             values (:id, 'campaign', 'x', '{"provider": "sendgrid"}', 'x', 'x')"""
    run(database, organisation, put, id=campaign)
    decided = """insert into approvals (proposal_id, decision, content_hash, decided_by, user_id)
                 values (:id, 'approved', 'x', 'x', :user)"""
    run(database, organisation, decided, id=campaign, user=uuid4())
    for customer, status in ((1, "sent"), (2, "sent"), (3, "skipped")):
        put_message(database, organisation, campaign, customer, START, status=status)
    put_order(database, organisation, 1, START + timedelta(days=2), 40)
    put_order(database, organisation, 1, START + timedelta(days=2, hours=1), -40, kind="refund")
    put_order(database, organisation, 2, START - timedelta(hours=1), 40)  # before it
    put_order(database, organisation, 2, START + BOUGHT_WITHIN + timedelta(seconds=1), 40)  # too late
    put_order(database, organisation, 3, START + timedelta(days=1), 40)  # got nothing
    status: Any = CATALOGUE.call("campaign_status", {"campaign_id": campaign}, context(database, identity))
    assert [(day.day.isoformat(), day.sent, day.bought, day.bought_revenue) for day in status.days] == [
        ("2026-10-27", 2, 0, 0.0), ("2026-10-29", 0, 1, 40.0),
    ]  # fmt: skip
    assert (status.deliveries.orders, status.deliveries.revenue) == (1, 40.0)


def test_the_sandbox_counts_for_nothing_and_advertising_stays_what_it_is(
    database: Database, organisation: UUID, identity: Identity
) -> None:
    sandboxed, own, ads = (put_campaign(database, organisation, own=mine) for mine in (True, True, False))
    add = "insert into campaign_daily (campaign_id, day, clicks, cost) values (:id, '2026-10-28', 9, 5)"
    run(database, organisation, add, id=ads)
    put_message(database, organisation, sandboxed, 1, START + timedelta(hours=9), provider="sandbox")
    put_message(database, organisation, own, 1, START)
    put_order(database, organisation, 1, START + timedelta(days=1), 40)
    assert refresh(database, organisation)["campaigns"] == 1
    days = kept(database, organisation)
    assert {campaign for campaign, _ in days} == {own}  # the order is not the sandbox's, though that was later
    assert sum(day["bought"] for day in days.values()) == 1
    covered = "insert into data_coverage (table_name, rows, updated_at) values ('campaign_daily', 1, now())"
    run(database, organisation, covered)
    asked = {"metrics": ["clicks", "spend"], "dimensions": ["campaign"], "start": "2026-10-01", "end": "2026-11-30"}
    found: Any = CATALOGUE.call("query_metrics", asked, context(database, identity, now=NOW))
    assert [[row[0], *map(float, row[1:])] for row in found.rows] == [[ads, 9.0, 5.0]]


def test_days_are_of_one_organisation(database: Database, organisation: UUID) -> None:
    campaign = put_campaign(database, organisation)
    put_message(database, organisation, campaign, 1, START)
    other = make_organisation(database)
    put_order(database, other, 1, START + timedelta(days=1), 40)
    assert refresh(database, other) == {"campaigns": 0, "days": 0}
    refresh(database, organisation)
    assert [day["bought"] for day in kept(database, organisation).values()] == [0]
