"""What advertising, web tools and catalogues export: ads by day, events, products, campaigns sent."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.vendors.shop import Row, as_csv

__all__ = [
    "AdDay", "Event", "ad_days", "events", "ga4_cost", "google", "google_german", "mailchimp_campaigns", "meta",
    "meta_german", "posthog", "segment", "shopify_products", "tiktok",
]  # fmt: skip

CAMPAIGNS = {"11": "Brand", "12": "Spring, sale", "13": "Total looks"}


@dataclass(frozen=True)
class AdDay:
    """A day of a campaign."""

    day: date
    campaign: str
    impressions: int
    clicks: int
    conversions: Decimal
    cost: Decimal
    revenue: Decimal


def ad_days(seed: int) -> list[AdDay]:
    draw, found = random.Random(seed), []
    for campaign in CAMPAIGNS:
        for n in range(draw.randint(2, 20)):
            shown = draw.randint(500, 90_000)
            found.append(AdDay(
                date(2024, 4, 20) + timedelta(days=n), campaign, shown, draw.randint(0, shown // 10),
                Decimal(draw.randint(0, 40)) / 2, Decimal(draw.randint(0, 400_000)) / 100,
                Decimal(draw.randint(0, 900_000)) / 100,
            ))  # fmt: skip
    return found


def meta(days: list[AdDay], code: str = "EUR") -> str:
    """A line of totals first, without a campaign; conversions whole."""

    def rows() -> Iterator[Row]:
        for one in [_sum(days), *days]:
            yield {
                "Campaign name": CAMPAIGNS.get(one.campaign, ""), "Day": one.day if one.campaign else "",
                "Campaign delivery": "active", "Reach": one.impressions // 2, "Impressions": one.impressions,
                "Frequency": "2.0", "Result indicator": "actions:purchase", "Purchases": one.conversions,
                f"Amount spent ({code})": one.cost, f"Cost per purchase ({code})": "1.00",
                "Link clicks": one.clicks, "CTR (all)": "1.1", "Purchases conversion value": one.revenue,
                "Reporting starts": one.day if one.campaign else "2024-04-01",
                "Reporting ends": one.day if one.campaign else "2024-05-31",
            }  # fmt: skip

    return as_csv(rows())


def meta_german(days: list[AdDay], code: str = "EUR") -> str:
    def rows() -> Iterator[Row]:
        for one in [_sum(days), *days]:
            yield {
                "Kampagnenname": CAMPAIGNS.get(one.campaign, ""), "Tag": one.day if one.campaign else "",
                "Auslieferung der Kampagne": "active", "Reichweite": one.impressions // 2,
                "Impressionen": one.impressions, "Käufe": one.conversions, f"Ausgegebener Betrag ({code})": one.cost,
                "Link-Klicks": one.clicks, "Conversion-Wert für Käufe": one.revenue,
                "Berichtsstart": one.day if one.campaign else "2024-04-01",
                "Berichtsende": one.day if one.campaign else "2024-05-31",
            }  # fmt: skip

    return as_csv(rows())


def google(days: list[AdDay], code: str = "EUR") -> str:
    """Two lines above the header; grouped numbers, shares with a percent sign, lines of totals below."""

    def rows() -> Iterator[Row]:
        for one in days:
            yield {"Day": one.day, "Campaign status": "Enabled", "Campaign": CAMPAIGNS[one.campaign],
                   "Currency code": code} | _figures(one)  # fmt: skip
        for total in ("Total: Campaigns", "Total: Account", "Total: Search"):
            yield {"Day": " --", "Campaign status": total, "Campaign": " --", "Currency code": code} | _figures(
                _sum(days)
            )

    def _figures(one: AdDay) -> dict[str, object]:
        return {"Clicks": f"{one.clicks:,}", "Impr.": f"{one.impressions:,}", "CTR": "9.10%", "Avg. CPC": "0.31",
                "Cost": f"{one.cost:,.2f}", "Conversions": f"{one.conversions:,.2f}", "Conv. rate": "1.21%",
                "Conv. value": f"{one.revenue:,.2f}"}  # fmt: skip

    return "Campaign performance\nApril 20, 2024 - May 31, 2024\n" + as_csv(rows())


def google_german(days: list[AdDay], code: str = "EUR") -> str:
    """Tabs, and numbers as in German."""

    def german(number: Decimal | int, form: str) -> str:
        return format(number, form).translate(str.maketrans(",.", ".,"))

    def rows() -> Iterator[Row]:
        for one in [*days, _sum(days)]:
            known = bool(one.campaign)
            yield {
                "Tag": one.day if known else "", "Kampagne": CAMPAIGNS.get(one.campaign, "Gesamt: Konto"),
                "Währungscode": code, "Klicks": german(one.clicks, ","), "Impressionen": german(one.impressions, ","),
                "CTR": "9,10 %", "Kosten": german(one.cost, ",.2f"), "Conversions": german(one.conversions, ",.2f"),
                "Conv.-Wert": german(one.revenue, ",.2f"),
            }  # fmt: skip

    return "Kampagnenbericht\n20. April 2024 - 31. Mai 2024\n" + as_csv(rows(), "\t")


def tiktok(days: list[AdDay], code: str = "EUR") -> str:
    """A last line that counts the results."""

    def rows() -> Iterator[Row]:
        for one in [*days, _sum(days)]:
            name = CAMPAIGNS.get(one.campaign, f"Total of {len(days)} results")
            yield {
                "Campaign name": name, "By Day": one.day if one.campaign else "-", "Currency": code, "Cost": one.cost,
                "CPC (destination)": "0.10", "Impressions": one.impressions, "Clicks (destination)": one.clicks,
                "Total complete payment": one.conversions, "Total complete payment value": one.revenue,
            }  # fmt: skip

    return as_csv(rows())


def ga4_cost(days: list[AdDay], code: str = "EUR") -> str:
    """Comment lines, and a row that sums up all."""
    del code
    names = ("Date", "Session source / medium", "Ads cost", "Ads clicks", "Ads impressions", "Key events",
             "Total revenue", "")  # fmt: skip

    def rows() -> Iterator[Row]:
        for one in [_sum(days), *days]:
            where = ("", "") if not one.campaign else (f"{one.day:%Y%m%d}", f"google / {CAMPAIGNS[one.campaign]}")
            figures = (one.cost, one.clicks, one.impressions, one.conversions, one.revenue)
            yield dict(zip(names, (*where, *figures, "" if one.campaign else "Grand total"), strict=True))

    return "# ------\n# Advertising\n# 20240420-20240531\n# ------\n\n" + as_csv(rows())


def _sum(days: list[AdDay]) -> AdDay:
    def total(name: str) -> Decimal:
        return sum((Decimal(getattr(one, name)) for one in days), Decimal(0))

    return AdDay(
        date(2024, 4, 1), "", int(total("impressions")), int(total("clicks")), total("conversions"), total("cost"),
        total("revenue"),
    )  # fmt: skip


@dataclass(frozen=True)
class Event:
    number: str
    anonymous: str
    user: str
    kind: str
    at: str


def events(seed: int) -> list[Event]:
    draw = random.Random(seed)
    return [
        Event(
            f"m{n}", f"a{draw.randint(1, 5)}", draw.choice(("", f"u{draw.randint(1, 5)}")),
            draw.choice(("$pageview", "Product Viewed", "purchase")),
            f"2024-05-0{draw.randint(1, 9)}T10:00:0{n % 10}.{n:03}Z",
        )
        for n in range(draw.randint(5, 60))
    ]  # fmt: skip


def posthog(listed: list[Event]) -> str:
    return as_csv(
        {"uuid": e.number, "event": e.kind, "properties": '{"$lib": "web", "n": 1}', "timestamp": e.at, "team_id": 2,
         "distinct_id": e.user or e.anonymous, "elements_chain": "", "created_at": e.at}
        for e in listed
    )  # fmt: skip


def segment(listed: list[Event]) -> str:
    return as_csv(
        {"message_id": e.number, "anonymous_id": e.anonymous, "user_id": e.user,
         "event": e.kind.lower().replace(" ", "_"), "event_text": e.kind,
         "original_timestamp": e.at, "sent_at": e.at, "received_at": e.at, "timestamp": e.at,
         "context_ip": "10.0.0.1", "context_page_url": "https://x.test/?a=1,2"}
        for e in listed
    )  # fmt: skip


def shopify_products(prices: dict[str, tuple[str, Decimal]]) -> str:
    """Variants below their product, and rows that only hold one more picture."""

    def rows() -> Iterator[Row]:
        for sku, (name, price) in prices.items():
            for n, size in enumerate(("S", "L")):
                yield {"Handle": sku.lower(), "Title": "" if n else name,
                       "Body (HTML)": "" if n else "<p>Good, new</p>", "Vendor": "" if n else "Us",
                       "Type": "" if n else "Kitchen", "Option1 Value": size,
                       "Variant SKU": f"{sku}-{size}", "Variant Price": price + n, "Image Src": ""}  # fmt: skip
            yield {"Handle": sku.lower(), "Image Src": "https://x.test/2.jpg"}

    return as_csv(rows())


def mailchimp_campaigns() -> str:
    return as_csv(
        {"Title": title, "Subject": f"{title} is here", "List": "All", "Send Date": sent, "Send Weekday": "Friday",
         "Total Recipients": "1,000", "Successful Deliveries": 990, "Soft Bounces": 5, "Unique Opens": 300,
         "Open Rate": "30.30%", "Unique Clicks": 50, "Click Rate": "5.05%", "Unsubscribes": 3, "Revenue": "$500.00"}
        for title, sent in (("Spring", "Mar 1, 2024 10:00 am"), ("Summer", "Jun 13, 2024 4:30 pm"))
    )  # fmt: skip
