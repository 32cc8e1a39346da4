"""The campaigns that were sent, newest first or by a figure: opens, clicks, unsubscribes, orders and revenue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import organisations
from database.queries.campaign_results import SentCampaign, sent_campaigns
from tools.campaign_results.called import named
from tools.campaign_results.questions import CAMPAIGN_RESULTS
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

__all__ = ["CampaignResult", "CampaignResults", "CampaignResultsArguments", "Order", "campaign_results"]

Order = Literal[
    "newest", "sent", "opened", "clicked", "open_rate", "click_rate", "click_to_open_rate", "bounce_rate",
    "unsubscribe_rate", "orders", "revenue",
]  # fmt: skip
DEFINITIONS = [
    "open_rate, click_rate, bounce_rate, unsubscribe_rate: opens, clicks, bounces and unsubscribes over messages sent, "
    "at most 1. click_to_open_rate: clicks over opens. Programs open mail too: clicks are the surer sign.",
    "orders, revenue: of campaigns from here, orders whose last message before was theirs; of imported ones what their "
    "platform reports. Neither is what the campaign caused: that takes a control group.",
]
COLUMNS = (
    "name", "channel", "sent_at", "sent", "open_rate", "click_rate", "click_to_open_rate", "unsubscribe_rate", "orders",
    "revenue", "control",
)  # fmt: skip


class CampaignResultsArguments(Arguments):
    """Which campaigns, and in which order."""

    last: int | None = Field(default=None, ge=1, le=500, description="Only so many of the newest; absent: all.")
    names: list[str] = Field(
        default_factory=list,
        max_length=8,
        description="By number or words of the name: 'mailing 12', 'spring sale'.",
    )
    channel: Literal["email", "sms", "whatsapp"] | None = Field(default=None, description="Only those of this channel.")
    start: date | None = Field(default=None, description="Only those sent from this day on.")
    end: date | None = Field(default=None, description="Only those sent up to this day.")
    order_by: Order = Field(default="newest", description="newest, or a figure; unknown ones come last.")
    descending: bool = Field(default=True, description="Newest, or largest, first.")
    control_group: bool | None = Field(default=None, description="Only those with (true) or without one (false).")
    limit: int = Field(default=10, ge=1, le=500, description="At most so many rows.")


class CampaignResult(BaseModel):
    """One campaign."""

    campaign_id: str = Field(description="Its id.")
    name: str = figure("Campaign", "Its name.")
    channel: str | None = figure("Channel", "Channel of its messages.")
    sent_at: datetime = figure("Sent", "When its first message went out.", unit="instant")
    sent: int = figure("Messages", "Messages that went out.", unit="messages")
    opened: int | None = figure("Opens", "Times opened.", unit="count")
    clicked: int | None = figure("Clicks", "Times clicked.", unit="count")
    open_rate: float | None = figure("Opened", "Opens over messages sent.", unit="share")
    click_rate: float | None = figure("Clicked", "Clicks over messages sent.", unit="share")
    click_to_open_rate: float | None = figure("Clicks per open", "Clicks over opens.", unit="share")
    bounce_rate: float | None = figure("Bounced", "Bounces over messages sent.", unit="share")
    unsubscribe_rate: float | None = figure("Unsubscribed", "Unsubscribes over messages sent.", unit="share")
    orders: float | None = figure("Orders", "Credited to it here, or reported.", unit="orders")
    revenue: float | None = figure("Revenue", "Of these orders.", unit="money")
    control: str = figure("Control group", "Whether customers were kept back at random.")


class CampaignResults(ToolResult):
    """Campaigns that were sent."""

    total: int = figure("Campaigns", "Campaigns of those asked for.", unit="campaigns")
    currency: str = Field(description="ISO 4217 code of money.")
    campaigns: list[CampaignResult] = Field(description="In the order asked for, up to the limit.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what came of the campaigns",
    agents=("content", "reporting", "analytics"),
    basis="measured",
    examples=({}, {"last": 5, "order_by": "open_rate"}),
    questions=(CAMPAIGN_RESULTS,),
    views=(table("campaigns", title="Campaigns that were sent", columns=COLUMNS, total="total"),),
    next=("Which campaigns work?", "Which campaigns are running?"),
)
def campaign_results(context: Context, arguments: CampaignResultsArguments) -> CampaignResults:
    """What came of the campaigns that were sent: opens, clicks, unsubscribes, orders and revenue, side by side."""
    with context.transaction() as connection:
        profile = organisations.profile(connection)
        first, until = (_begin(day, profile.time_zone) for day in (arguments.start, _after(arguments.end)))
        found = sent_campaigns(connection, arguments.channel, first, until)
    if arguments.control_group is not None:
        found = [one for one in found if one.with_control == arguments.control_group]
    if arguments.names:
        found = named(found, arguments.names)
    if not found:
        raise NoSuchData("No campaign of those was sent to anybody, as far as the data tell.", field="start")
    chosen = found[: arguments.last] if arguments.last else found
    opens = any(one.opened for one in found)
    rows = _ordered([_row(one, opens=opens) for one in chosen], arguments)
    return CampaignResults(
        total=len(rows),
        campaigns=rows[: arguments.limit],
        currency=profile.currency,
        evidence=Evidence(
            rows=sum(one.sent for one in chosen),
            as_of=context.now,
            sources=["campaigns", "campaign_daily", "events"],
            definitions=DEFINITIONS,
        ),
    )


def _after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def _begin(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None


def _row(one: SentCampaign, *, opens: bool) -> CampaignResult:
    opened = one.opened if opens else None  # none at all: they are not loaded
    return CampaignResult(
        campaign_id=one.id,
        name=one.name,
        channel=one.channel,
        sent_at=one.sent_at,
        sent=one.sent,
        opened=opened,
        clicked=one.clicked,
        open_rate=_rate(opened, one.sent),
        click_rate=_rate(one.clicked, one.sent),
        click_to_open_rate=_rate(one.clicked, opened),
        bounce_rate=_rate(one.bounced, one.sent),
        unsubscribe_rate=_rate(one.unsubscribed, one.sent),
        orders=float(one.orders) if one.orders is not None else None,
        revenue=money(one.revenue) if one.revenue is not None else None,
        control="yes" if one.with_control else "no",
    )


def _rate(part: int | None, whole: int | None) -> float | None:
    return share(min(1.0, part / whole)) if part is not None and whole else None


def _ordered(rows: Sequence[CampaignResult], arguments: CampaignResultsArguments) -> list[CampaignResult]:
    if arguments.order_by == "newest":
        return list(rows) if arguments.descending else list(reversed(rows))
    known = [row for row in rows if getattr(row, arguments.order_by) is not None]
    known.sort(key=lambda row: getattr(row, arguments.order_by), reverse=arguments.descending)
    return known + [row for row in rows if getattr(row, arguments.order_by) is None]
