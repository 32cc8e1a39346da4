"""Exports of vendors, read as the shops mean them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import FixArguments
from tests.integration.field_shops import FieldShop, case, shop

__all__ = ["shop"]


def test_shopify_orders_of_several_lines(shop: FieldShop) -> None:
    report = shop.bring(case("01-shopify-multiline") / "orders_export.csv")
    assert (report.read, report.accepted, report.rejected) == (6, 6, 0)
    assert (shop.figure("revenue"), shop.figure("orders")) == (Decimal("220.50"), 3)
    assert shop.figures("units", "product") == {"Pen": 4, "Mug": 3, "Bag": 1, "Lamp": 1}
    assert [row["name"] for row in shop.rows("select name from customers order by 1")] == ["Ava Ash", "Ben Birch"]
    again = shop.bring(case("01-shopify-multiline") / "orders_export.csv", compare=True)
    assert (again.inserted, again.updated) == (0, 0)


def test_shopify_orders_that_never_were_paid(shop: FieldShop) -> None:
    shop.bring(case("03-shopify-cancelled") / "orders_export.csv")
    assert shop.figure("revenue") == Decimal("100.00")
    told = {d.said.split("”")[0].strip("“"): (d.rows, d.amount) for d in shop.reports[-1].decisions}
    assert told["pending"] == (1, 60)
    assert told["cancelled"] == (1, 40)


def test_shopify_customers(shop: FieldShop) -> None:
    shop.bring(case("60-shopify-customers-export") / "customers_export.csv")
    rows = shop.rows("select external_id, consent_email from customer_facts order by 1")
    assert [(row["external_id"], row["consent_email"]) for row in rows] == [
        ("6501", True), ("6502", False), ("6503", False)
    ]  # fmt: skip


def test_shopify_partial_refunds_stay_sales(shop: FieldShop) -> None:
    shop.bring(case("02-shopify-partial-refund") / "orders_export.csv")
    assert shop.figure("orders") == 3


def test_paypal_activity(shop: FieldShop) -> None:
    report = shop.bring(case("06-paypal-activity") / "paypal.csv")
    assert shop.figure("revenue") == Decimal("1560.00")
    assert [r["external_id"] for r in shop.rows("select external_id from customers order by 1")] == [
        "ava@example.com", "ben@example.com", "cy@example.com"
    ]  # fmt: skip
    told = [(d.rows, d.amount) for d in report.decisions if d.about == "rows"]
    assert sorted(told) == [(1, Decimal("-100.00")), (1, Decimal("-4000.00"))] or sorted(told, key=str) == told
    assert (report.read, report.accepted) == (6, 6)
    assert "balance" in shop.said()


def test_paypal_in_german(shop: FieldShop) -> None:
    shop.bring(case("07-paypal-german") / "paypal_de.csv")
    assert shop.figure("revenue") == Decimal("1299.90")


def test_amazon_lines_hold_line_totals(shop: FieldShop) -> None:
    report = shop.bring(case("39-amazon-all-orders") / "amazon.txt")
    assert (shop.figure("revenue"), shop.figure("units"), shop.figure("orders")) == (Decimal("70.00"), 5, 2)
    assert (report.read, report.rejected) == (3, 0)
    assert shop.figures("units", "product") == {"Mug": 3, "Pen": 2}


def test_square_items(shop: FieldShop) -> None:
    shop.bring(case("40-square-items") / "items.csv")
    assert (shop.figure("revenue"), shop.figure("orders")) == (Decimal("1258.50"), 2)
    assert shop.figures("revenue", "product") == {
        "Latte": Decimal("4.5"), "Bagel": 4, "Beans 1kg": 1250
    }  # fmt: skip


def test_meta_ads(shop: FieldShop) -> None:
    report = shop.bring(case("20-meta-ads-export") / "meta.csv")
    assert (report.read, report.rejected) == (3, 0)
    assert shop.figure("spend", start="2024-04-01", end="2024-04-30") == Decimal("90.00")
    assert shop.figures("roas", "campaign")["Spring A"] == Decimal("6.395349")


def test_a_mailchimp_report_says_that_its_results_are_not_read(shop: FieldShop) -> None:
    shop.bring(case("63-mailchimp-campaign-report") / "campaigns.csv")
    assert "results are not" in shop.said()
    assert len(shop.rows("select from campaigns")) == 2


def test_a_german_customer_list_is_no_list_of_campaigns(shop: FieldShop) -> None:
    with pytest.raises(FixArguments):
        shop.bring(shop.write("Name;Datum;Summe\nAva Ash;14.07.2024;12,50\nBen Birch;15.07.2024;3,20\n"))


SAMPLES = {
    "google_ads": (
        "Campaign,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"
        "Brand,2024-05-01,EUR,10.50,100,7,1.50,40.00\nBrand,2024-05-02,EUR,4.50,90,5,0.00,0.00\n",
        {"campaigns": 1, "campaign_daily": 2, "channel_spend": 2},
    ),
    "tiktok_ads": (
        "Campaign name,By Day,Cost,Impressions,Clicks (destination),Conversions\n"
        "Spark,2024-05-01,20.25,1000,30,2\nTotal of 1 results,-,20.25,1000,30,2\n",
        {"campaigns": 1, "campaign_daily": 1, "channel_spend": 1},
    ),
    "posthog_events": (
        "uuid,event,distinct_id,timestamp,properties\nu1,$pageview,p1,2024-05-01T10:00:00Z,{}\n"
        "u2,purchase,p1,2024-05-01T11:00:00Z,{}\n",
        {"customers": 1, "events": 2},
    ),
    "segment_events": (
        "message_id,anonymous_id,user_id,event,timestamp\nm1,a1,,Viewed,2024-05-01T10:00:00Z\n"
        "m2,a1,u9,Bought,2024-05-01T11:00:00Z\n",
        {"customers": 2, "events": 2},
    ),
    "ga4_transactions": (
        "Transaction ID,Date,Purchase revenue\nT1,20240501,10.50\nT2,20240502,4.00\n",
        {"customers": 0, "orders": 2},
    ),
    "hubspot_contacts": (
        "Record ID,First Name,Last Name,Email,Create Date\n1,A,B,a@x.test,2024-01-02\n2,C,D,c@x.test,2024-01-03\n",
        {"customers": 2},
    ),
    "shopify_products": (
        "Handle,Title,Variant SKU,Variant Price,Type\nmug,Mug,MUG-S,10.00,Kitchen\nmug,,MUG-L,12.00,\nmug,,,,\n",
        {"products": 2},
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_of_an_export_becomes_its_tables(shop: FieldShop, name: str) -> None:
    text, tables = SAMPLES[name]
    report = shop.bring(shop.write(text, f"{name}.csv"))
    assert (report.mapping.preset, report.rejected) == (name, 0)
    assert {table: change.inserted for table, change in report.tables.items()} == tables


def test_magentos_grid_is_read_in_the_currency_of_the_shop(shop: FieldShop) -> None:
    """Totals stand in two currencies, what was refunded in that of the customer alone."""
    shop.bring(
        shop.write(
            "ID,Purchase Point,Purchase Date,Grand Total (Base),Grand Total (Purchased),Status,Customer Email,Subtotal,"
            "Shipping and Handling,Total Refunded\n"
            "1,Main,2024-02-01 10:00:00,100.0000,110.0000,complete,a@x.test,100.0000,0.0000,\n"
            "2,Main,2024-02-02 10:00:00,50.0000,55.0000,complete,b@x.test,50.0000,0.0000,11.0000\n"
            "3,Main,2024-02-03 10:00:00,20.0000,20.0000,complete,b@x.test,20.0000,0.0000,5.0000\n"
        )
    )
    assert (shop.figure("revenue"), shop.figure("refunds")) == (Decimal("155.00"), Decimal("15.00"))
    assert "base currency" in shop.said()


NEVER = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,EUID\n"


def test_members_who_never_subscribed_agree_to_nothing(shop: FieldShop) -> None:
    """Their file has the columns of the subscribed ones."""
    rows = "a@x.test,A,2,,,e1\nb@x.test,B,2,2024-01-01 10:00:00,,e2\n"
    shop.bring(shop.write(NEVER + rows, "nonsubscribed_members_export_1a2b.csv"))
    assert not shop.rows("select from consents where granted")
    assert "never subscribed" in shop.said()
    shop.bring(shop.write(NEVER + rows, "some_members.csv"))
    assert [row["granted"] for row in shop.rows("select granted from consents")] == [True]


def test_purchases_without_a_number_and_totals_are_left_out_of_ga4(shop: FieldShop) -> None:
    report = shop.bring(
        shop.write(
            "# Report\n\nTransaction ID,Date,Purchase revenue,\n,,34.50,Grand total\n"
            "T1,20240501,10.50,\n(not set),20240501,20.00,\nT2,20240502,4.00,\n"
        )
    )
    assert (report.read, report.rejected) == (4, 0)
    assert (shop.figure("revenue"), shop.figure("orders")) == (Decimal("14.50"), 2)
    told = {(d.rows, d.amount) for d in report.decisions if "left out" in d.said and d.rows}
    assert told == {(1, Decimal("34.50")), (1, Decimal("20.00"))}
