"""What marketing did in a period: email campaigns, and advertising by channel."""

from __future__ import annotations

from pydantic import BaseModel

from language.cells import value_name
from tools.dashboard.headlines import Asked
from tools.figures import Cell, figure
from tools.metrics.volume import LEAST

__all__ = ["AdChannel", "EmailCampaign", "advertising", "email_campaigns"]

MOST = 6


class EmailCampaign(BaseModel):
    """The emails of one campaign in the period."""

    name: str = figure("Campaign", "Its name.")
    emails_sent: int = figure("Sent", "Emails sent in the period.", unit="messages")
    open_rate: float | None = figure("Opened", "Opens over emails sent; null: too few sent.", unit="share")
    click_rate: float | None = figure("Clicked", "Clicks over emails sent; null: too few sent.", unit="share")


class AdChannel(BaseModel):
    """Advertising on one channel in the period."""

    name: str = figure("Channel", "Its name.")
    spend: float = figure("Spend", "Money spent.", unit="money")
    revenue: float | None = figure("Revenue they report", "Revenue the platform credits itself with.", unit="money")
    roas: float | None = figure("Return on ad spend", "That revenue over spend.", unit="ratio")


def email_campaigns(asked: Asked) -> list[EmailCampaign]:
    """Campaigns with most emails sent."""
    found = asked.query(["emails_sent", "open_rate", "click_rate"], asked.days, dimensions=["campaign"], limit=MOST + 1)
    rows = found.rows if found else []
    return [
        EmailCampaign(
            name=str(name), emails_sent=int(sent), open_rate=_rate(opened, sent), click_rate=_rate(clicked, sent)
        )
        for name, sent, opened, clicked in rows
        if name is not None and isinstance(sent, int | float) and sent > 0
    ][:MOST]


def advertising(asked: Asked, *, has_revenue: bool) -> list[AdChannel]:
    """Channels with most spend."""
    names = ["spend", "channel_revenue", "roas"] if has_revenue else ["spend"]
    found = asked.query(names, asked.days, dimensions=["spend_channel"], limit=MOST)
    return [
        AdChannel(
            name=value_name("spend_channel", row[0]),
            spend=_number(row[1]) or 0.0,
            revenue=_number(row[2]) if has_revenue else None,
            roas=_number(row[3]) if has_revenue else None,
        )
        for row in (found.rows if found else [])
        if row[0] is not None
    ]


def _rate(value: Cell, over: float) -> float | None:
    return _number(value) if over >= LEAST else None


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None
