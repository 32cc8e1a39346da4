"""Experiments that calibrate the marketing mix model: what switching a channel off, or up, measurably changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.errors import FixArguments, NotFound
from core.identity import READ, WRITE
from database.queries import campaign_lifts, mix, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.mix.figures import trials_known
from tools.mix.lift_rows import SE_OF_INTERVAL
from tools.mix.questions import LEAVE_OUT, LIFTS
from tools.mix.trials import CampaignTrial
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

WORDS = [
    "spend, change, lift: money a week. change: by how much spend was moved in the experiment, negative where it was "
    "cut; lift: by how much sales moved, with its standard error.",
    "of a campaign with a control group: what it cost a week over four weeks, and the extra sales of those drawn to be "
    "treated (difference of means, adjusted by the year before); customers it brought besides are not seen.",
]


class SaveLiftTestArguments(Arguments):
    """What an experiment measured."""

    channel: str = Field(min_length=1, max_length=200, description="Channel, as its spend is called.")
    spend: float = Field(ge=0, description="Spend a week before the change, or without it.")
    change: float = Field(description="By how much spend a week was moved; -spend where the channel was switched off.")
    lift: float = Field(description="By how much sales a week moved; negative where they fell.")
    error: float | None = Field(default=None, gt=0, description="Standard error of `lift`; or give low and high.")
    low: float | None = Field(default=None, description="Lower end of the 95% interval of `lift`.")
    high: float | None = Field(default=None, description="Upper end of the 95% interval of `lift`.")
    measured_on: date | None = Field(default=None, description="When the experiment ended.")
    note: str | None = Field(default=None, max_length=500, description="How it was made.")


class LiftTest(BaseModel):
    """One experiment."""

    id: UUID | None = figure("Id", "For taking it away; null: a campaign's, which can be left out.", default=None)
    campaign_id: str | None = figure("Campaign", "The campaign that measured it.", default=None)
    channel: str = figure("Channel", "Channel that was changed.")
    spend: float = figure("Spend a week before", "Spend.", unit="money")
    change: float = figure("Change of spend", "A week.", unit="money")
    lift: float = figure("Change of sales", "A week.", unit="money")
    error: float = figure("Standard error", "Of the change of sales.", unit="money")
    low: float = figure("Change of sales, low", "Lower end of its 95% interval.", unit="money")
    high: float = figure("Change of sales, high", "Upper end of its 95% interval.", unit="money")
    started_on: date | None = figure("From", "When the experiment began.", unit="date")
    measured_on: date | None = figure("Measured on", "When the experiment ended.", unit="date")
    source: str = figure("From where", "Entered by hand, a file, or a campaign with a control group.")
    counts: bool = figure("Counts", "False: a person left it out.", default=True)
    note: str | None = figure("Note", "How it was made.")
    created_by: str | None = figure("Entered by", "Who; null: it was measured by itself.", default=None)
    created_at: datetime | None = figure("Entered", "When.", default=None)


class UnusedTrial(BaseModel):
    """A campaign with a control group that tells the marketing mix nothing."""

    campaign_id: str = figure("Campaign id", "Its id.")
    name: str = figure("Campaign", "Its name.")
    channel: str | None = figure("Channel", "Channel it ran on.")
    reason: str = figure("Why not", "What is missing.")


class SavedLiftTest(ToolResult):
    """The experiment that was kept."""

    lift_test: LiftTest = Field(description="As it was kept.")
    currency: str = Field(description="ISO 4217 code of money.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.lift_test.id)


class ListLiftTestsArguments(Arguments):
    """All of them."""


class LiftTests(ToolResult):
    """Experiments kept, the newest first, then those that campaigns measured."""

    lift_tests: list[LiftTest] = figure("Experiments for the marketing mix", "The newest first.")
    unused: list[UnusedTrial] = figure("Campaigns that tell the mix nothing", "With a control group, and why not.")
    currency: str = Field(description="ISO 4217 code of money.")


class RemoveLiftTestArguments(Arguments):
    """Which: one, or all of a file."""

    lift_test_id: UUID | None = Field(default=None, description="Id of the experiment; or give file.")
    file: str | None = Field(default=None, min_length=1, max_length=200, description="All that came in this file.")


class LeaveOutCampaignLiftArguments(Arguments):
    """Which campaign."""

    campaign_id: str = Field(min_length=1, max_length=200, description="Campaign with a control group.")
    counts: bool = Field(default=False, description="False: left out; true: it counts again.")


class LeftOutCampaignLift(ToolResult):
    """What was decided."""

    campaign_id: str = Field(description="Its id.")
    name: str = Field(description="Its name.")
    counts: bool = Field(description="Whether the next fit is calibrated by it.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return self.campaign_id


class RemovedLiftTest(ToolResult):
    """What was taken away."""

    removed: list[UUID] = Field(description="Their ids.")
    file: str | None = Field(description="The file they had come in.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return self.file or str(self.removed[0])


@tool(
    effect=Effect.READ,
    scope=READ,
    about="experiments for the marketing mix",
    agents=("analytics",),
    basis="record",
    examples=({},),
    questions=(LIFTS,),
    views=(
        table(
            "lift_tests",
            title="Experiments for the marketing mix",
            columns=("channel", "source", "change", "lift", "low", "high", "measured_on", "counts", "note"),
        ),
        table("unused", title="Campaigns that tell the mix nothing", columns=("name", "channel", "reason")),
    ),
    next=("Fit the marketing mix model", "What does each channel bring?"),
)
def list_lift_tests(context: Context, arguments: ListLiftTestsArguments) -> LiftTests:
    """Experiments that calibrate the marketing mix model: entered, from files, and of campaigns with control groups."""
    with context.transaction() as connection:
        rows, currency = mix.lifts(connection), organisations.profile(connection).currency
        trials = trials_known(connection, context.now)
    tests = [*(shown_lift(row) for row in rows), *(_of_campaign(trial) for trial in trials if trial.test)]
    unused = [
        UnusedTrial(campaign_id=t.campaign_id, name=t.name, channel=t.channel, reason=t.reason)
        for t in trials
        if t.reason
    ]
    sources = ["lift_tests", "assignments", "orders"]
    return LiftTests(
        lift_tests=tests,
        unused=unused,
        currency=currency,
        evidence=Evidence(rows=len(tests), as_of=context.now, sources=sources, definitions=WORDS),
    )


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Kept an experiment for the marketing mix",
    agents=("analytics",),
    basis="record",
    examples=({"channel": "paid_search", "spend": 300, "change": -300, "lift": -420, "error": 60},),
    views=(),
    next=("Fit the marketing mix model",),
    recorded=True,
)
def save_lift_test(context: Context, arguments: SaveLiftTestArguments) -> SavedLiftTest:
    """Keep what an experiment measured of a channel; the next fit of the marketing mix model is calibrated by it."""
    error = _error(arguments)
    if arguments.change == 0 or arguments.spend + arguments.change < 0:
        raise FixArguments(
            "An experiment changes spend, and not to below zero: give change other than 0 and at least -spend.",
            field="change",
        )
    with context.transaction() as connection:
        spent, _first, _last = mix.weekly_spend(connection)
        known = sorted({channel for _week, channel in spent})
        if arguments.channel not in known:
            raise NotFound(f"No spend is known of a channel “{arguments.channel}”.", field="channel", valid=known)
        values = arguments.model_dump(include={"channel", "spend", "change", "lift", "measured_on", "note"})
        kept = mix.keep_lift(connection, {**values, "error": error}, context.identity.actor)
        row = next(row for row in mix.lifts(connection) if row.id == kept)
        currency = organisations.profile(connection).currency
    return SavedLiftTest(
        lift_test=shown_lift(row),
        currency=currency,
        evidence=Evidence(rows=1, as_of=context.now, sources=["lift_tests"], definitions=WORDS),
    )


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Took away an experiment of the marketing mix",
    agents=("analytics",),
    basis="record",
    examples=({"lift_test_id": "00000000-0000-0000-0000-000000000000"},),
    views=(),
    next=("Which experiments calibrate the mix model?",),
    recorded=True,
)
def remove_lift_test(context: Context, arguments: RemoveLiftTestArguments) -> RemovedLiftTest:
    """Take an experiment away, or all of a file; fits from then on do without."""
    if (arguments.lift_test_id is None) == (arguments.file is None):
        raise FixArguments("Give lift_test_id for one experiment, or file for all that came in it.", field="file")
    with context.transaction() as connection:
        rows = mix.lifts(connection)
        gone = [
            row.id for row in rows if arguments.lift_test_id in (None, row.id) and arguments.file in (None, row.source)
        ]
        if not gone:
            raise NotFound(
                f"There is no experiment {arguments.lift_test_id or f'of a file “{arguments.file}”'}. list_lift_tests "
                "shows what there is.",
                field="lift_test_id" if arguments.lift_test_id else "file",
                valid=sorted({row.source for row in rows if row.source}) if arguments.file else (),
            )
        for lift_id in gone:
            mix.forget_lift(connection, lift_id)
    return RemovedLiftTest(
        removed=gone,
        file=arguments.file,
        evidence=Evidence(rows=len(gone), as_of=context.now, sources=["lift_tests"]),
    )


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Changed whether a campaign calibrates the marketing mix",
    agents=("analytics",),
    basis="record",
    examples=({"campaign_id": "CMP-RETARGET"}, {"campaign_id": "CMP-RETARGET", "counts": True}),
    questions=(LEAVE_OUT,),
    views=(),
    next=("Which experiments calibrate the mix model?", "Fit the marketing mix model"),
    recorded=True,
)
def leave_out_campaign_lift(context: Context, arguments: LeaveOutCampaignLiftArguments) -> LeftOutCampaignLift:
    """Leave what a campaign measured out of the marketing mix model, or let it count again; from the next fit on."""
    with context.transaction() as connection:
        trials = {trial.campaign_id: trial for trial in trials_known(connection, context.now)}
        if (trial := trials.get(arguments.campaign_id)) is None:
            raise NotFound(
                f"No campaign “{arguments.campaign_id}” with a control group is known.",
                field="campaign_id",
                valid=sorted(trials),
            )
        if arguments.counts and trial.reason:
            raise FixArguments(f"“{trial.name}” tells the marketing mix nothing: {trial.reason}.", field="campaign_id")
        if arguments.counts:
            campaign_lifts.let_in(connection, trial.campaign_id)
        else:
            campaign_lifts.keep_out(connection, trial.campaign_id, context.identity.actor)
    return LeftOutCampaignLift(
        campaign_id=trial.campaign_id, name=trial.name, counts=arguments.counts,
        evidence=Evidence(rows=1, as_of=context.now, sources=["campaigns"]),
    )  # fmt: skip


def _error(arguments: SaveLiftTestArguments) -> float:
    """The standard error, from the interval where that was given."""
    if arguments.error is not None:
        return arguments.error
    if arguments.low is None or arguments.high is None or not arguments.low < arguments.high:
        raise FixArguments(
            "How sure the experiment is has to be known: give error (the standard error of lift), or low and high (its "
            "95% interval, low below high).",
            field="error",
        )
    return (arguments.high - arguments.low) / (2 * SE_OF_INTERVAL)


def shown_lift(row: mix.LiftRow | Any) -> LiftTest:
    """An experiment as it is kept, with its 95% interval."""
    amounts = {name: money(getattr(row, name)) or 0.0 for name in ("spend", "change", "lift", "error")}
    return LiftTest(
        id=row.id, channel=row.channel, started_on=row.started_on, measured_on=row.measured_on, note=row.note,
        source=row.source or "entered by hand", created_by=row.created_by, created_at=row.created_at,
        **_interval(float(row.lift), float(row.error)), **amounts,
    )  # fmt: skip


def _of_campaign(trial: CampaignTrial) -> LiftTest:
    test = trial.test
    assert test is not None  # noqa: S101 - the caller looked
    amounts = {name: money(getattr(test, name)) or 0.0 for name in ("spend", "change", "lift", "error")}
    return LiftTest(
        campaign_id=trial.campaign_id, channel=test.channel, started_on=trial.started_on,
        measured_on=trial.last_day, source=test.name, counts=not trial.kept_out, note=None,
        **_interval(test.lift, test.error), **amounts,
    )  # fmt: skip


def _interval(lift: float, error: float) -> dict[str, float]:
    reach = SE_OF_INTERVAL * error
    return {"low": money(lift - reach) or 0.0, "high": money(lift + reach) or 0.0}
