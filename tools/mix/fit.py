"""Fitting the marketing mix model, in the background; each fit is a model run."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import WRITE, Identity
from database.engine import Database
from database.queries import model_runs
from tools.context import Context
from tools.declaration import Effect, tool
from tools.mix.figures import lift_tests, weekly_series
from tools.mix.questions import FIT
from tools.mix.stored import MODEL, kept_fit, stability_of, state_of
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.mix.fit import Fit, MixResult
    from analytics.mix.sampler import Sampling

USED_FOR = ["what each channel brings", "advice on the budget"]


class FitMixArguments(Arguments):
    """How it is fitted; nothing has to be given."""

    held_out_weeks: int = Field(
        default=13, ge=8, le=26, description="Weeks at the end that the model must predict without having seen them."
    )
    adstock: Literal["auto", "geometric", "delayed"] = Field(
        default="auto", description="How effects carry over; auto: delayed for the channels whose data ask for it."
    )
    saturation: Literal["auto", "hill", "logistic"] = Field(
        default="auto", description="Form of diminishing returns; auto: the one that predicts better."
    )
    use_lift_tests: bool = Field(default=True, description="Calibrate with the experiments that were kept.")
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Seed of the chains.")


class FitMix(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")
    weeks: int = Field(description="Whole weeks with spend and orders.")


class MixFitted(BaseModel):
    """What a run found; mix_report shows it."""

    as_of: datetime
    weeks: int
    status: str
    reason: str | None


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Started the fit of the marketing mix model",
    agents=("analytics",),
    basis="record",
    examples=({}, {"saturation": "logistic"}),
    questions=(FIT,),
    views=(),
    next=("How far is the job?", "What does each channel bring?"),
)
def fit_mix(context: Context, arguments: FitMixArguments) -> FitMix:
    """Fit the marketing mix model to weekly sales and spend in the background (a minute or two).

    Chooses adstock and saturation, predicts the last weeks without having seen them, fits all weeks by NUTS, and judges
    the fit by gates. Refused with the reason where the data cannot bear it. mix_report shows the result.
    """
    with context.transaction() as connection:
        series, _end = weekly_series(connection, context.now)  # what is missing is said at once, not by the job
    job_id = context.enqueue(context.identity, "fit_mix", arguments.model_dump())
    weeks = len(series.weeks)
    return FitMix(job_id=job_id, weeks=weeks, evidence=Evidence(rows=weeks, as_of=context.now, sources=_SOURCES))


_SOURCES = ["orders", "channel_spend"]


def fit_and_keep(
    database: Database,
    identity: Identity,
    now: datetime,
    progress: Callable[[float, str], None],
    arguments: FitMixArguments,
    *,
    sampling: Sampling | None = None,
) -> MixFitted:
    """Fit, and keep the run with what it takes to say everything about it again."""
    from analytics.mix import fit
    from analytics.mix.sampler import Sampling

    progress(0.0, "reading orders and spend")
    with database.transaction(identity.org_id) as connection:
        series, end = weekly_series(connection, now)
        tests = lift_tests(connection, now) if arguments.use_lift_tests else []
        before, earlier = model_runs.latest(connection, MODEL), kept_fit(connection)
    result = fit.fit_mix(
        series,
        lifts=tests,
        adstock=arguments.adstock,
        curve=arguments.saturation,
        held_out=arguments.held_out_weeks,
        sampling=sampling or Sampling(seed=arguments.seed),
        progress=progress,
    )
    run, state = _run(end, len(series.weeks), result, before, arguments)
    if result.fit is not None and state is not None and earlier is not None:
        state["stability"] = stability_of(earlier, result.fit)
    with database.transaction(identity.org_id) as connection:
        model_runs.keep(connection, run, state)
    progress(1.0, run.reason or run.status)
    return MixFitted(as_of=run.as_of, weeks=run.rows, status=run.status, reason=run.reason)


def _run(
    end: datetime, weeks: int, result: MixResult, before: model_runs.Run | None, arguments: FitMixArguments
) -> tuple[model_runs.Run, dict[str, Any] | None]:
    if result.fit is None:
        found = [dataclasses.asdict(finding) for finding in result.findings]
        refused = model_runs.Run(
            MODEL, "not_enough_data", end, weeks, reason=result.refusal, parameters={"findings": found}
        )
        return refused, None
    fit = result.fit
    failed = [gate.words for gate in fit.health.failed]
    shape, channels = fit.posterior.design.shape, fit.posterior.design.series.channels
    run = model_runs.Run(
        model=MODEL,
        status="rejected" if failed else "ok",
        as_of=end,
        rows=weeks,
        champion=shape.in_words(channels),
        reason=" ".join(failed) or _verdict(fit),
        candidates=fit.candidates,
        parameters={**arguments.model_dump(), "lift_tests": len(fit.lifts), "used_for": [] if failed else USED_FOR},
        backtest={
            "coverage": fit.holdout.coverage,
            "error": fit.holdout.error,
            "error_of_the_simplest_rule": fit.holdout.naive_error,
            "roi": {effect.channel: [effect.roi.mean, effect.roi.low, effect.roi.high] for effect in fit.effects},
            "moved": _moved(fit, before),
            "interaction": _pair(fit),
        },
    )
    return run, state_of(fit, [finding.words for finding in result.findings])


def _verdict(fit: Fit) -> str:
    said = "All checks passed" if fit.health.verdict == "passed" else "No check failed; some call for caution"
    holdout = fit.holdout
    return (
        f"{said}. Of {holdout.weeks} weeks it had not seen, {holdout.coverage:.0%} lay inside their 90% interval; its "
        f"mean error was {holdout.error:.1%} of sales, that of the simplest rule {holdout.naive_error:.1%}"
    )


def _pair(fit: Fit) -> dict[str, Any] | None:
    """The pair of channels that was looked at most closely, and whether it is used."""
    pair = fit.interaction
    if pair is None:
        return None
    return {"pair": pair.name, "p": pair.p_value, "gain": pair.gain, "error": pair.error, "used": pair.used}


def _moved(fit: Fit, before: model_runs.Run | None) -> list[str]:
    """Channels whose ROI now lies outside the interval that the fit before gave it: what a refresh has upset."""
    earlier = (before.backtest or {}).get("roi", {}) if before else {}
    said = []
    for effect in fit.effects:
        if (known := earlier.get(effect.channel)) and not known[1] <= effect.roi.mean <= known[2]:
            said.append(f"{effect.channel}: ROI {effect.roi.mean:.2f}, before {known[0]:.2f}")
    return said
