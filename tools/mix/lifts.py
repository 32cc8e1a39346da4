"""Experiments that calibrate the marketing mix model: what switching a channel off, or up, measurably changed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from core.errors import FixArguments, NotFound
from core.identity import READ, WRITE
from database.queries import mix, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money
from tools.mix.questions import LIFTS
from tools.results import Arguments, Evidence, ToolResult
from tools.views import table

WORDS = [
    "spend, change, lift: money a week. change: by how much spend was moved in the experiment, negative where it was "
    "cut; lift: by how much sales moved, with its standard error.",
]
SE_OF_INTERVAL = 1.96


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

    id: UUID = figure("Id", "For taking it away.")
    channel: str = figure("Channel", "Channel that was changed.")
    spend: float = figure("Spend a week before", "Spend.", unit="money")
    change: float = figure("Change of spend", "A week.", unit="money")
    lift: float = figure("Change of sales", "A week.", unit="money")
    error: float = figure("Standard error", "Of the change of sales.", unit="money")
    measured_on: date | None = figure("Measured on", "When the experiment ended.", unit="date")
    note: str | None = figure("Note", "How it was made.")
    created_by: str = figure("Entered by", "Who.")
    created_at: datetime = figure("Entered", "When.")


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
    """Experiments kept, the newest first."""

    lift_tests: list[LiftTest] = figure("Experiments for the marketing mix", "The newest first.")
    currency: str = Field(description="ISO 4217 code of money.")


class RemoveLiftTestArguments(Arguments):
    """Which."""

    lift_test_id: UUID = Field(description="Id of the experiment.")


class RemovedLiftTest(ToolResult):
    """What was taken away."""

    lift_test_id: UUID = Field(description="Its id.")

    @property
    def audit_subject(self) -> str:
        """What the audit log files this under."""
        return str(self.lift_test_id)


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
            columns=("channel", "spend", "change", "lift", "error", "measured_on", "note", "created_by"),
        ),
    ),
    next=("Fit the marketing mix model", "What does each channel bring?"),
)
def list_lift_tests(context: Context, arguments: ListLiftTestsArguments) -> LiftTests:
    """Experiments that calibrate the marketing mix model: channel, change of spend, measured change of sales."""
    with context.transaction() as connection:
        rows, currency = mix.lifts(connection), organisations.profile(connection).currency
    return LiftTests(
        lift_tests=[_shown(row) for row in rows],
        currency=currency,
        evidence=Evidence(rows=len(rows), as_of=context.now, sources=["lift_tests"], definitions=WORDS),
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
        lift_test=_shown(row),
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
    """Take an experiment away; fits from then on do without it."""
    with context.transaction() as connection:
        mix.forget_lift(connection, arguments.lift_test_id)
    return RemovedLiftTest(
        lift_test_id=arguments.lift_test_id, evidence=Evidence(rows=1, as_of=context.now, sources=["lift_tests"])
    )


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


def _shown(row: mix.LiftRow) -> LiftTest:
    amounts = {name: money(getattr(row, name)) or 0.0 for name in ("spend", "change", "lift", "error")}
    return LiftTest(
        id=row.id, channel=row.channel, measured_on=row.measured_on, note=row.note, created_by=row.created_by,
        created_at=row.created_at, **amounts,
    )  # fmt: skip
