"""Advertising: reports of campaigns by day from Meta, Google and TikTok."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.files.columns import constant
from connectors.files.preset import LeftOut, Part, Preset

Columns = Mapping[str, str | tuple[str, ...]]
_CURRENCY = ("Currency", "Currency code", "Account currency", "Währung", "Währungscode")
_TOTALS = "Rows that add up others were left out."


def _parts(
    day: str | tuple[str, ...], campaign: tuple[str, ...], name: tuple[str, ...], figures: Columns
) -> tuple[Part, ...]:
    """A report by campaign and day: campaigns, what each did a day, and what the network cost a day."""
    spent = {("spend" if field == "cost" else field): column for field, column in figures.items()}
    return (
        Part("campaign_daily", {"campaign_id": campaign, "day": day, "currency": _CURRENCY, **figures}),
        Part("campaigns", {"campaign_id": campaign, "name": name, "channel": "network", "kind": "medium"}),
        Part("spend", {"day": day, "channel": "network", "currency": _CURRENCY, **spent}),
    )


PRESETS = (
    Preset(
        name="meta_ads",
        title="Meta ads report",
        source="Meta Ads Manager → Export table data (break down by day)",
        marks=(
            "Campaign name|Kampagnenname",
            "Amount spent*|Ausgegebener Betrag*",
            "Reporting starts|Berichtsstart|Day|Tag",
        ),
        parts=_parts(
            ("Day", "Tag", "Reporting starts", "Berichtsstart"),
            ("Campaign name", "Kampagnenname"),
            ("Campaign name", "Kampagnenname"),
            {
                "impressions": ("Impressions", "Impressionen"),
                "clicks": ("Link clicks", "Link-Klicks", "Clicks (all)", "Klicks (alle)"),
                "conversions": ("Purchases", "Website purchases", "Käufe", "Results", "Ergebnisse"),
                "cost": ("Amount spent*", "Ausgegebener Betrag*"),
                "revenue": ("Purchases conversion value", "Website purchases conversion value", "Conversion-Wert*"),
            },
        ),
        derived={"network": constant("Meta"), "medium": constant("ads")},
        leave_out=(
            LeftOut("Campaign name", r"^$", _TOTALS),
            LeftOut("Kampagnenname", r"^$", _TOTALS),
        ),
        span=("Reporting starts", "Reporting ends"),
        unread="Reach, frequency, budget, delivery, cost per result.",
    ),
    Preset(
        name="google_ads",
        title="Google Ads report",
        source="Google Ads → Campaigns → Download (segment by day)",
        marks=("Campaign|Kampagne", "Cost|Kosten", "Impr.|Impressions|Impressionen", "Clicks|Klicks", "Day|Date|Tag"),
        parts=_parts(
            ("Day", "Date", "Tag"),
            ("Campaign ID", "Kampagnen-ID", "Campaign", "Kampagne"),
            ("Campaign", "Kampagne"),
            {
                "impressions": ("Impr.", "Impressions", "Impressionen"),
                "clicks": ("Clicks", "Klicks"),
                "conversions": "Conversions",
                "cost": ("Cost", "Kosten"),
                "revenue": ("Conv. value", "Total conv. value", "Conversion value", "Conv.-Wert"),
            },
        ),
        derived={"network": constant("Google Ads"), "medium": constant("ads")},
        leave_out=(
            LeftOut("Campaign", r"^$", _TOTALS),
            LeftOut("Kampagne", r"^$", _TOTALS),
            *(LeftOut(day, r"\d", _TOTALS, unless=True) for day in ("Day", "Date", "Tag")),
        ),
        unread="CTR, average CPC, campaign status, budget.",
    ),
    Preset(
        name="tiktok_ads",
        title="TikTok ads report",
        source="TikTok Ads Manager → Campaign → Export (by day)",
        marks=("Campaign name", "Cost|Total Cost", "By Day|Stat Time Day|Date", "Impressions"),
        parts=_parts(
            ("By Day", "Stat Time Day", "Date"),
            ("Campaign ID", "Campaign name"),
            ("Campaign name",),
            {
                "impressions": "Impressions",
                "clicks": ("Clicks (destination)", "Clicks", "Clicks (all)"),
                "conversions": ("Conversions", "Total complete payment", "Result", "Results"),
                "cost": ("Cost", "Total Cost"),
                "revenue": ("Total complete payment value", "Total purchase value", "Conversion value"),
            },
        ),
        derived={"network": constant("TikTok"), "medium": constant("ads")},
        leave_out=(
            LeftOut("Campaign name", r"^$", _TOTALS),
            *(LeftOut(day, r"\d", _TOTALS, unless=True) for day in ("By Day", "Stat Time Day", "Date")),
        ),
        unread="Reach, video views, CPC, CPM, budget.",
    ),
)
