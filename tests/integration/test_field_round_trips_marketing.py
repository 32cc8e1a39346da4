"""People, advertising, events and catalogues written as their tools export them, and imported, are what they were."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from database.engine import Database
from tests.integration.field_shops import FieldShop
from tests.integration.taking_back import snapshot, taken_back
from tests.vendors import contacts, marketing
from tests.vendors.marketing import CAMPAIGNS, AdDay
from tests.vendors.shop import GOODS, Person, people, rates, worth


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> FieldShop:
    """A shop that has told its currency."""
    return FieldShop(database, tmp_path, currency="EUR")


Consents = dict[str, bool | None]


def consents(shop: FieldShop) -> Consents:
    query = "select lower(email) as who, consent_email from customer_facts"
    return {row["who"]: row["consent_email"] for row in shop.rows(query)}


def suppressed(shop: FieldShop) -> dict[str, str]:
    return {row["address"]: row["reason"] for row in shop.rows("select address, reason from suppressions")}


def what_shopify_knows(one: Person) -> bool | None:
    return bool(one.agrees)


def what_klaviyo_knows(one: Person) -> bool | None:
    return bool(one.agrees)


def what_mailchimp_knows(one: Person) -> bool | None:
    return True if one.agrees else False if one.gone else None


def what_hubspot_knows(one: Person) -> bool | None:
    return one.agrees


Files = dict[str, str]
LISTS: dict[str, tuple[Callable[[Sequence[Person]], Files], Callable[[Person], bool | None]]] = {
    "shopify": (lambda some: {"customers_export.csv": contacts.shopify_customers(some)}, what_shopify_knows),
    "klaviyo": (lambda some: {"profiles.csv": contacts.klaviyo(some)}, what_klaviyo_knows),
    "mailchimp": (contacts.mailchimp, what_mailchimp_knows),
    "hubspot": (lambda some: {"all-contacts.csv": contacts.hubspot(some)}, what_hubspot_knows),
}


def comes_out(shop: FieldShop, name: str, seed: int) -> None:
    write, knows = LISTS[name]
    some = people(random.Random(seed), 15)
    files = [shop.write(text, file) for file, text in write(some).items()]
    random.Random(seed).shuffle(files)
    for file in files:
        report = shop.bring(file)
        assert report.mapping.preset
        assert (report.rejected, report.accepted) == (0, report.read)
    assert consents(shop) == {one.email: knows(one) for one in some}
    names = {row["external_id"]: (row["name"], row["phone"]) for row in shop.rows("select * from customer_facts")}
    assert sorted(names.values()) == sorted((one.name, one.phone) for one in some)
    for file in files:
        again = shop.bring(file, compare=True)
        assert (again.inserted, again.updated) == (0, 0)
    for _ in range(2 * len(files)):
        taken_back(shop)
    assert not any(snapshot(shop).values())


@pytest.mark.parametrize("name", LISTS)
def test_people_come_out_as_they_were(shop: FieldShop, name: str) -> None:
    comes_out(shop, name, 5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 40))
@pytest.mark.parametrize("name", LISTS)
def test_many_lists_of_people(shop: FieldShop, name: str, seed: int) -> None:
    comes_out(shop, name, seed)


def test_who_left_gets_nothing_whatever_another_list_says(shop: FieldShop) -> None:
    some = people(random.Random(8), 20)
    files = contacts.mailchimp(some) | {"profiles.csv": contacts.klaviyo(some)}
    shop.bring(*(shop.write(text, file) for file, text in files.items()))
    gone = {one.email: one.gone for one in some if one.gone}
    assert gone.items() <= suppressed(shop).items()
    assert {who for who, agrees in consents(shop).items() if agrees} == {one.email for one in some if one.agrees}


ADS: dict[str, tuple[Callable[[list[AdDay], str], str], str]] = {
    "meta": (marketing.meta, "csv"),
    "meta_german": (marketing.meta_german, "csv"),
    "google": (marketing.google, "csv"),
    "google_german": (marketing.google_german, "tsv"),
    "tiktok": (marketing.tiktok, "csv"),
    "ga4_cost": (marketing.ga4_cost, "csv"),
}
WHOLE = {"start": "2024-04-01", "end": "2024-06-30"}


def spent(shop: FieldShop) -> dict[str, Decimal]:
    names = {"spend": "spend", "impressions": "impressions", "clicks": "clicks", "conversions": "conversions",
             "revenue": "revenue"}  # fmt: skip
    sums = ", ".join(f"coalesce(sum({column}), 0) as {name}" for name, column in names.items())
    (row,) = shop.rows(f"select {sums} from channel_spend")
    return {name: Decimal(row[name]) for name in names}


def truth(days: list[AdDay], rate: Callable[[AdDay], Decimal]) -> dict[str, Decimal]:
    return {
        "spend": sum((round(one.cost * rate(one), 4) for one in days), Decimal(0)),
        "impressions": Decimal(sum(one.impressions for one in days)),
        "clicks": Decimal(sum(one.clicks for one in days)),
        "conversions": sum((one.conversions for one in days), Decimal(0)),
        "revenue": sum((round(one.revenue * rate(one), 4) for one in days), Decimal(0)),
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", ADS)
def test_what_advertising_cost_comes_out_as_it_was(shop: FieldShop, name: str, seed: int) -> None:
    (write, ending), days = ADS[name], marketing.ad_days(seed)
    file = shop.write(write(days, "EUR"), f"report.{ending}")
    report = shop.bring(file)
    assert report.mapping.preset
    assert report.rejected == 0
    assert spent(shop) == truth(days, lambda _day: Decimal(1))
    assert shop.figure("spend", **WHOLE) == sum(one.cost for one in days)
    if name != "ga4_cost":
        by_campaign = Counter[str]()
        for one in days:
            by_campaign[CAMPAIGNS[one.campaign]] += one.cost  # type: ignore[assignment]
        rows = shop.rows(
            "select c.name, sum(d.cost) as cost from campaign_daily d join campaigns c using (campaign_id) group by 1"
        )
        assert {row["name"]: row["cost"] for row in rows} == by_campaign
    again = shop.bring(file, compare=True)
    assert (again.inserted, again.updated) == (0, 0)
    taken_back(shop)
    taken_back(shop)
    assert not any(snapshot(shop).values())


@pytest.mark.parametrize("when", ["before", "never"])
@pytest.mark.parametrize("name", [name for name in ADS if name != "ga4_cost"])
def test_advertising_paid_in_another_currency(shop: FieldShop, name: str, when: str) -> None:
    (write, ending), days = ADS[name], marketing.ad_days(7)
    if when == "before":
        shop.bring(shop.write(rates(), "rates.csv"))
    shop.bring(shop.write(write(days, "USD"), f"report.{ending}"))
    rated = days if when == "before" else []
    from datetime import datetime

    def rate(one: AdDay) -> Decimal:
        return worth("USD", datetime.combine(one.day, datetime.min.time())) or Decimal(0)

    assert spent(shop) == truth(rated, rate)
    assert "USD" in shop.said()


@pytest.mark.parametrize("write", [marketing.posthog, marketing.segment])
def test_events_come_out_as_they_were(shop: FieldShop, write: Callable[[list[marketing.Event]], str]) -> None:
    listed = marketing.events(4)
    file = shop.write(write(listed), "events.csv")
    report = shop.bring(file)
    assert (bool(report.mapping.preset), report.rejected) == (True, 0)
    query = "select c.external_id as who, e.kind, e.occurred_at from events e join customers c on c.id = e.customer_id"
    got = Counter(
        (r["who"], r["kind"], f"{r['occurred_at']:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z") for r in shop.rows(query)
    )
    assert got == Counter((e.user or e.anonymous, e.kind, e.at) for e in listed)
    again = shop.bring(file, compare=True)
    assert (again.inserted, again.updated) == (0, 0)
    taken_back(shop)
    taken_back(shop)
    assert not any(snapshot(shop).values())


def test_products_come_out_as_they_were(shop: FieldShop) -> None:
    report = shop.bring(shop.write(marketing.shopify_products(GOODS), "products_export.csv"))
    assert report.rejected == 0
    rows = shop.rows("select sku, name, category, price from products")
    assert {row["sku"]: (row["name"], row["category"], row["price"]) for row in rows} == {
        f"{sku}-{size}": (name, "Kitchen", price + n)
        for sku, (name, price) in GOODS.items()
        for n, size in enumerate(("S", "L"))
    }
    taken_back(shop)
    assert not any(snapshot(shop).values())


def test_campaigns_come_out_as_they_were(shop: FieldShop) -> None:
    shop.bring(shop.write(marketing.mailchimp_campaigns(), "campaigns.csv"))
    rows = shop.rows("select name, channel, started_at from campaigns order by 1")
    assert [(r["name"], r["channel"], f"{r['started_at']:%Y-%m-%d %H:%M}") for r in rows] == [
        ("Spring", "email", "2024-03-01 10:00"),
        ("Summer", "email", "2024-06-13 16:30"),
    ]
