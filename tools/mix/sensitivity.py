"""How much the marketing mix rests on choices that could have been made otherwise; checked after every fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter

from core.errors import NoSuchData
from core.identity import READ, WRITE, Identity
from database.engine import Database
from database.queries import model_runs, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure
from tools.mix.questions import SENSITIVITY
from tools.mix.stored import Kept, kept_fit, some_fit
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.mix.sampler import Sampling
    from analytics.mix.sensitivity import Move, Sensitivity

CHECK = "mix_sensitivity"
JOB = "check_mix"
WORDS = [
    "Each variant is the same model fitted again with one choice changed: a control left out; no, a smoother or a "
    "finer yearly season; a prior of what spend brings twice as wide; no experiments.",
    "moved_by: of the ROI's mean, against the same model unchanged. holds: the mean stays in the 90% interval of the "
    "unchanged model, or the move may be chance of the draws. chance: standard error of the move by the draws.",
]
NOT_CHECKED = (
    "How sensitive the newest fit is has not been checked yet. It is checked by itself after each fit, which takes a "
    "minute or two; ask to check it again (check_mix_sensitivity) where that was missed."
)


class MixSensitivityArguments(Arguments):
    """Of the newest fit."""


class CheckMixSensitivityArguments(Arguments):
    """Of the newest fit."""


class MixVariant(BaseModel):
    """One channel under one other choice."""

    channel: str = figure("Channel", "Name of the channel.")
    variant: str = figure("Fitted", "What was done otherwise.")
    roi: float = figure("Sales per unit spent", "On average.", unit="ratio")
    roi_low: float = figure("Sales per unit, low", "Lower end of the interval.", unit="ratio")
    roi_high: float = figure("Sales per unit, high", "Upper end of the interval.", unit="ratio")
    moved_by: float = figure("Moved by", "Against the model as it is.", unit="ratio")
    chance: float = figure("Of that by chance", "Standard error by the draws.", unit="ratio")
    holds: bool = figure("Holds", "Stays within the interval of the model as it is.")
    verdict: Literal["pays", "loses", "unsure"] = figure("Verdict", "From 1 in sales per unit spent.")
    settled: bool = figure("Chains agree", "False: this short fit says nothing.")


class MixStands(BaseModel):
    """One channel as the model stands, and what it depends on."""

    channel: str = figure("Channel", "Name of the channel.")
    roi: float = figure("Sales per unit spent", "As the model is.", unit="ratio")
    roi_low: float = figure("Sales per unit, low", "Lower end of the interval.", unit="ratio")
    roi_high: float = figure("Sales per unit, high", "Upper end of the interval.", unit="ratio")
    lowest: float = figure("Lowest of the variants", "Mean.", unit="ratio")
    highest: float = figure("Highest of the variants", "Mean.", unit="ratio")
    verdict: Literal["pays", "loses", "unsure"] = figure("Verdict", "As the model is, from 1 in sales per unit spent.")
    depends_on: list[str] = figure("Depends on", "Variants under which it leaves its interval.")
    turns_under: list[str] = figure("Verdict turns", "Variants under which the verdict is another.")


class MixSensitivity(ToolResult):
    """What holds whatever is chosen, and what does not."""

    channels: list[MixStands] = figure("What each channel depends on", "The largest move first.")
    variants: list[MixVariant] = figure("Sales per unit spent by variant", "Channel by channel.")
    not_tried: list[str] = figure("Not tried", "And why.")
    choices: int = figure("Other choices", "That were tried.", unit="choices")
    fits: int = figure("Fits", "Short ones, for this.", unit="fits")
    draws: int = figure("Draws of each", "Over all chains.", unit="draws")
    fitted_at: datetime = figure("Of the fit of", "When the model was fitted.")
    currency: str = Field(description="ISO 4217 code of money.")


class CheckMixSensitivity(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")


class MixChecked(BaseModel):
    """What a check came to; mix_sensitivity shows it."""

    fits: int
    held: int
    moved: int


@tool(
    effect=Effect.READ,
    scope=READ,
    about="how sensitive the marketing mix model is",
    agents=("analytics", "reporting"),
    basis="prediction",
    examples=({},),
    questions=(SENSITIVITY,),
    next=("What does each channel bring?", "Which experiments calibrate the mix model?"),
)
def mix_sensitivity(context: Context, arguments: MixSensitivityArguments) -> MixSensitivity:
    """How the ROI of each channel moves when a control is dropped, the season changed, or the prior made wider."""
    with context.transaction() as connection:
        kept, state = some_fit(connection), model_runs.state_of(connection, CHECK)
        run = model_runs.latest(connection, CHECK)
        currency = organisations.profile(connection).currency
    if state is None or run is None or state.state["fit"] != _mark(kept):
        raise NoSuchData(NOT_CHECKED)
    from analytics.mix.sensitivity import Sensitivity

    found = TypeAdapter(Sensitivity).validate_python(state.state["found"])
    return MixSensitivity(
        channels=_standing(found),
        variants=[_variant(move) for channel in found.base for move in found.moves if move.channel == channel],
        not_tried=found.left_out,
        choices=found.fits - 1,
        fits=found.fits,
        draws=found.draws,
        fitted_at=kept.run.created_at or kept.run.as_of,
        currency=currency,
        evidence=Evidence(
            rows=run.rows, as_of=run.as_of, sources=["orders", "channel_spend", "model_runs"], definitions=WORDS
        ),
    )


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Started the check of the marketing mix model",
    agents=("analytics",),
    basis="record",
    examples=({},),
    views=(),
    next=("How far is the job?", "How sensitive is the mix model?"),
)
def check_mix_sensitivity(context: Context, arguments: CheckMixSensitivityArguments) -> CheckMixSensitivity:
    """Check in the background how sensitive the newest marketing mix fit is: about ten short fits, a minute or two."""
    with context.transaction() as connection:
        some_fit(connection)
    return CheckMixSensitivity(
        job_id=context.enqueue(context.identity, JOB, {}), evidence=Evidence(rows=0, as_of=context.now)
    )


def check_and_keep(
    database: Database, identity: Identity, progress: Callable[[float, str], None], *, how: Sampling | None = None
) -> MixChecked:
    """Check the newest fit, and keep what was found; nothing to do where there is no fit."""
    from analytics.mix.sensitivity import SHORT, Sensitivity, checked

    with database.transaction(identity.org_id) as connection:
        kept = kept_fit(connection)
    if kept is None:
        return MixChecked(fits=0, held=0, moved=0)
    found = checked(kept.posterior, kept.lifts, how=how or SHORT, progress=progress)
    state = {"fit": _mark(kept), "found": TypeAdapter(Sensitivity).dump_python(found, mode="json")}
    moved = sum(bool(found.depends(channel)) for channel in found.base)
    run = model_runs.Run(
        CHECK, "ok", kept.run.as_of, kept.run.rows, champion=kept.run.champion,
        reason=f"{len(found.base) - moved} of {len(found.base)} channels hold under all {found.fits - 1} variants",
        parameters={"draws": found.draws, "fits": found.fits},
    )  # fmt: skip
    with database.transaction(identity.org_id) as connection:
        model_runs.keep(connection, run, state)
    progress(1.0, run.reason or "")
    return MixChecked(fits=found.fits, held=len(found.base) - moved, moved=moved)


def _mark(kept: Kept) -> str:
    """Which fit it is."""
    return (kept.run.created_at or kept.run.as_of).isoformat()


def _standing(found: Sensitivity) -> list[MixStands]:
    """Every channel, what moved most first."""
    from analytics.mix.effects import verdict_of

    standing = []
    for channel, roi in found.base.items():
        means = [move.roi.mean for move in found.moves if move.channel == channel and move.settled] or [roi.mean]
        depends = [move.variant.words for move in found.depends(channel)]
        verdict = verdict_of(roi)
        turns = [m.variant.words for m in found.moves if m.channel == channel and m.settled and m.verdict != verdict]
        standing.append(
            MixStands(
                channel=channel, roi=round(roi.mean, 4), roi_low=round(roi.low, 4), roi_high=round(roi.high, 4),
                lowest=round(min(means), 4), highest=round(max(means), 4), verdict=verdict,
                depends_on=depends, turns_under=turns,
            )
        )  # fmt: skip
    return sorted(standing, key=lambda one: (not one.depends_on, not one.turns_under, one.lowest - one.highest))


def _variant(move: Move) -> MixVariant:
    return MixVariant(
        channel=move.channel, variant=move.variant.words, roi=round(move.roi.mean, 4), roi_low=round(move.roi.low, 4),
        roi_high=round(move.roi.high, 4), moved_by=round(move.moved_by, 4), chance=round(move.chance, 4),
        holds=move.inside or not move.settled, verdict=move.verdict, settled=move.settled,
    )  # fmt: skip
