"""What the newest fit of the marketing mix changed against the one before, over the weeks that both know."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from core.errors import NoSuchData
from core.identity import READ
from database.queries import budget_plans, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.mix.questions import CHANGES
from tools.mix.stored import some_fit
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.mix.stability import ChannelChange, Restated

MOST_RESTATED = 50
PLANS = 20
WORDS = [
    "Both fits are taken over the weeks that both know, each with the figures it was fitted to.",
    "stable: the new mean of ROI is at most a quarter of the earlier 90% interval's width away; within: further, but "
    "inside that interval; beyond: outside it. agree: the two intervals overlap.",
    "restated: a week's sales or spend that differ by more than 0.1% from what the earlier fit saw.",
]
FIRST = (
    "There is no earlier fit to compare with: what changed can be said after the next one (monthly by itself, or when "
    "you ask to fit the marketing mix model)."
)

Moved = Literal["stable", "within", "beyond"]


class MixChangesArguments(Arguments):
    """Of the newest fit against the one before."""


class MixChange(BaseModel):
    """One channel before and after, over the same weeks."""

    channel: str = figure("Channel", "Name of the channel.")
    roi_before: float = figure("Sales per unit spent before", "By the earlier fit.", unit="ratio")
    before_low: float = figure("Before, low", "Lower end of the interval.", unit="ratio")
    before_high: float = figure("Before, high", "Upper end of the interval.", unit="ratio")
    roi_after: float = figure("Sales per unit spent now", "By the newest fit.", unit="ratio")
    after_low: float = figure("Now, low", "Lower end of the interval.", unit="ratio")
    after_high: float = figure("Now, high", "Upper end of the interval.", unit="ratio")
    brought_before: float = figure("Brought before", "Sales in these weeks, by the earlier fit.", unit="money")
    brought_after: float = figure("Brought now", "Sales in these weeks, by the newest fit.", unit="money")
    agree: bool = figure("Intervals agree", "They overlap.")
    verdict: Moved = figure("Verdict", "stable, within its range, or beyond it.")


class RestatedWeek(BaseModel):
    """A past figure that is another than before."""

    week: date = figure("Week of", "Its first day.", unit="date")
    what: str = figure("Figure", "sales, or a channel's spend.")
    before: float = figure("Before", "As the earlier fit saw it.", unit="money")
    after: float = figure("Now", "As it is known now.", unit="money")


class MixChanges(ToolResult):
    """What a fit anew has changed."""

    verdict: Moved = figure("Verdict", "The worst of the channels.")
    channels: list[MixChange] = figure("Before and now", "What moved most first.")
    weeks: int = figure("Weeks in common", "That both fits know.", unit="weeks")
    first_week: date = figure("From", "First day of the first of them.", unit="date")
    last_week: date = figure("To the week of", "First day of the last of them.", unit="date")
    weeks_added: int = figure("Weeks added", "Since the earlier fit.", unit="weeks")
    weeks_gone: int = figure("Weeks gone", "That only the earlier fit had.", unit="weeks")
    restated: list[RestatedWeek] = figure("Figures stated anew", "In weeks that both know; at most 50.")
    restated_total: int = figure("Figures stated anew", "All of them.", unit="figures")
    channels_added: list[str] = figure("New channels", "That only the newest fit has.")
    channels_gone: list[str] = figure("Channels gone", "That only the earlier fit had.")
    plans: list[str] = figure("Budgets that rest on the earlier fit", "Waiting or approved.")
    fitted_at: datetime = figure("Fitted", "When the newest fit was made.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what changed since the last fit of the marketing mix model",
    agents=("analytics", "reporting"),
    basis="prediction",
    examples=({},),
    questions=(CHANGES,),
    next=("What does each channel bring?", "How sensitive is the mix model?"),
)
def mix_changes(context: Context, arguments: MixChangesArguments) -> MixChanges:
    """What changed since the fit before: ROI and contribution per channel over the same weeks, data, budgets."""
    with context.transaction() as connection:
        kept = some_fit(connection)
        currency = organisations.profile(connection).currency
        _total, plans = budget_plans.listed(connection, None, PLANS)
    if (found := kept.stability) is None:
        raise NoSuchData(FIRST)
    at = kept.run.created_at or kept.run.as_of
    earlier = [p.title for p in plans if p.status in ("pending", "approved") and p.created_at < at]
    return MixChanges(
        verdict=found.verdict,
        channels=[_change(one) for one in sorted(found.channels, key=_size)],
        weeks=found.weeks,
        first_week=found.first,
        last_week=found.last,
        weeks_added=found.data.weeks_added,
        weeks_gone=found.data.weeks_gone,
        restated=[_restated(one) for one in found.data.restated[:MOST_RESTATED]],
        restated_total=len(found.data.restated),
        channels_added=found.data.channels_added,
        channels_gone=found.data.channels_gone,
        plans=earlier,
        fitted_at=at,
        currency=currency,
        evidence=Evidence(
            rows=found.weeks, as_of=kept.run.as_of, sources=["orders", "channel_spend", "model_runs", "budget_plans"],
            definitions=WORDS,
        ),
    )  # fmt: skip


def _size(one: ChannelChange) -> float:
    """Less the further it moved, in widths of its earlier interval."""
    width = max(one.roi_before.high - one.roi_before.low, 1e-12)
    return -abs(one.roi_after.mean - one.roi_before.mean) / width


def _change(one: ChannelChange) -> MixChange:
    before, after = one.roi_before, one.roi_after
    return MixChange(
        channel=one.channel, roi_before=round(before.mean, 4), before_low=round(before.low, 4),
        before_high=round(before.high, 4), roi_after=round(after.mean, 4), after_low=round(after.low, 4),
        after_high=round(after.high, 4), brought_before=money(one.brought_before.mean) or 0.0,
        brought_after=money(one.brought_after.mean) or 0.0, agree=one.agree, verdict=one.verdict,
    )  # fmt: skip


def _restated(one: Restated) -> RestatedWeek:
    return RestatedWeek(week=one.week, what=one.what, before=money(one.before) or 0.0, after=money(one.after) or 0.0)
