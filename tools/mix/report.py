"""What each channel brings, by the marketing mix model: the fit that was kept, or a preview until there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from core.errors import NoSuchData
from core.identity import READ
from database.queries import model_runs, organisations
from tools.context import Context
from tools.declaration import Effect, tool
from tools.figures import figure, money, share
from tools.mix.figures import lift_tests, weekly_series
from tools.mix.questions import REPORT
from tools.mix.stored import MODEL, Kept, kept_fit
from tools.results import Arguments, Evidence, ToolResult

if TYPE_CHECKING:
    from analytics.mix.effects import ChannelEffect
    from analytics.mix.interaction import Interaction
    from analytics.mix.posterior import Posterior

WORDS = [
    "brought: sales that would be missing had nothing been spent on the channel, by the model; an estimate from how "
    "sales moved with spend, not a measured effect. Intervals hold 90% of what the data and the model allow.",
    "roi: sales brought per unit spent, on average. next_unit: of one per cent more in the same pattern; below the "
    "average where returns diminish.",
    "verdict: pays or loses where the whole interval of roi lies above or below break even, else unsure.",
    "half_life: weeks until half of a week's effect has come. half_saturation: spend a week at which half of the most "
    "that the channel could bring is reached.",
    "together: sales beyond what two channels bring each alone, by a term for their product; only where weeks that the "
    "model had not seen are predicted better with it by more than the error. roi is of each channel alone.",
]
MUCH, SOME = 0.75, 0.25
RECENT = 13  # weeks that say what is spent now
UNTRIED = ("effective sample size", "coverage of the weeks held out")  # what a preview does not do

Verdict = Literal["pays", "loses", "unsure"]


class MixReportArguments(Arguments):
    """From which return on a channel pays."""

    break_even: float = Field(
        default=1.0,
        ge=0.05,
        le=100,
        description="Sales per unit spent from which a channel pays; or give the margin.",
    )
    margin: float | None = Field(
        default=None, gt=0, le=1, description="Margin on sales: at 0.4 a channel pays from 2.5 in sales per unit spent."
    )

    @property
    def pays_from(self) -> float:
        """Sales per unit spent from which a channel pays."""
        return self.break_even if self.margin is None else round(1 / self.margin, 4)


class MixChannel(BaseModel):
    """One channel over all weeks."""

    channel: str = figure("Channel", "Name of the channel.")
    spend: float = figure("Spend", "Spent in all weeks.", unit="money")
    brought: float = figure("Brought", "Sales it brought.", unit="money")
    brought_low: float = figure("Brought, low", "Lower end of the interval.", unit="money")
    brought_high: float = figure("Brought, high", "Upper end of the interval.", unit="money")
    share_of_sales: float = figure("Share of sales", "What it brought over all sales.", unit="share")
    spend_share: float = figure("Share of spend", "Of what was spent on all channels.", unit="share")
    effect_share: float = figure("Share of effect", "Of what all channels brought.", unit="share")
    roi: float = figure("Sales per unit spent", "On average.", unit="ratio")
    roi_low: float = figure("Sales per unit, low", "Lower end of the interval.", unit="ratio")
    roi_high: float = figure("Sales per unit, high", "Upper end of the interval.", unit="ratio")
    next_unit: float = figure("Sales of the next unit", "Of one per cent more, per unit spent.", unit="ratio")
    next_unit_low: float = figure("Next unit, low", "Lower end of the interval.", unit="ratio")
    next_unit_high: float = figure("Next unit, high", "Upper end of the interval.", unit="ratio")
    verdict: Verdict = figure("Verdict", "pays, loses or unsure.")
    data_say: str = figure("The data say", "How much of what was uncertain they took away: much, something, little.")


class MixParameter(BaseModel):
    """How one channel's effect comes and wears off."""

    channel: str = figure("Channel", "Name of the channel.")
    half_life: float = figure("Half of the effect within", "Weeks.", unit="weeks")
    half_life_low: float = figure("Half-life, low", "Lower end of the interval.", unit="weeks")
    half_life_high: float = figure("Half-life, high", "Upper end of the interval.", unit="weeks")
    retention: float = figure("Carried over", "Part of a week's effect that goes on in the next.", unit="share")
    half_saturation: float = figure("Half saturated at", "Spend a week.", unit="money")
    half_saturation_low: float = figure("Half saturation, low", "Lower end of the interval.", unit="money")
    half_saturation_high: float = figure("Half saturation, high", "Upper end of the interval.", unit="money")
    spend_now: float = figure("Spend a week now", "Mean of the last 13 weeks.", unit="money")
    prior_low: float = figure("ROI before the data, low", "What was thought possible.", unit="ratio")
    prior_high: float = figure("ROI before the data, high", "What was thought possible.", unit="ratio")
    learnt: float = figure("Learnt from the data", "Part of the prior's spread that they took away.", unit="share")


class MixGate(BaseModel):
    """One check of the fit."""

    name: str = figure("Check", "What is checked.")
    verdict: Literal["passed", "caution", "failed"] = figure("Result", "passed, caution or failed.")
    words: str = figure("Found", "What was found.")
    demanded: str = figure("Demanded", "What passes.")


class MixTogether(BaseModel):
    """Two channels that bring more, or less, together than each alone; told where weeks not seen bear it."""

    first: str = figure("Channel", "Name of the one.")
    second: str = figure("With", "Name of the other.")
    brought: float = figure("Brought together", "Sales beyond what each brings alone.", unit="money")
    brought_low: float = figure("Together, low", "Lower end of the interval.", unit="money")
    brought_high: float = figure("Together, high", "Upper end of the interval.", unit="money")
    gain: float = figure("Better predicted", "Log score on the weeks held out, against without it.")
    error: float = figure("Error of that", "Its standard error.")


class MixReport(ToolResult):
    """What each channel brings."""

    preview: bool = Field(description="True: a quick approximation; no fit has been kept yet, no advice rests on it.")
    verdict: Literal["passed", "caution", "failed"] = figure("Checks", "The worst of the checks.")
    channels: list[MixChannel] = figure("What each channel brings", "Most brought first.")
    together: MixTogether | None = figure("Two channels together", "Only where the data bear it.", default=None)
    brought: float = figure("Brought by advertising", "Sales through all channels.", unit="money")
    brought_share: float = figure("Share of sales", "Brought by advertising, of all sales.", unit="share")
    baseline: float = figure("Sales without advertising", "What would have come anyway.", unit="money")
    baseline_low: float = figure("Without advertising, low", "Lower end of the interval.", unit="money")
    baseline_high: float = figure("Without advertising, high", "Upper end of the interval.", unit="money")
    sales: float = figure("Sales", "All sales of these weeks.", unit="money")
    parameters: list[MixParameter] = figure("How effects come and wear off", "By channel.")
    gates: list[MixGate] = figure("Checks of the model", "Each with what is demanded.")
    findings: list[str] = figure("About the data", "What makes them doubtful.")
    moved: list[str] = figure("Moved since the fit before", "Channels outside their earlier interval.")
    shape: str = figure("Model", "Adstock and saturation.")
    weeks: int = figure("Weeks", "Whole weeks with spend and orders.", unit="weeks")
    first_week: date = figure("From", "First day of the first week.", unit="date")
    last_week: date = figure("To the week of", "First day of the last week.", unit="date")
    coverage: float | None = figure("Weeks predicted", "Of those held out, inside the 90% interval.", unit="share")
    error: float | None = figure("Mean error", "On the weeks held out, of sales.", unit="share")
    lift_tests: int = figure("Experiments used", "That calibrated it.", unit="experiments")
    calibrated_by: list[str] = figure("Experiments", "Each by its channel and where it comes from.")
    break_even: float = Field(description="Sales per unit spent from which a channel pays.")
    fitted_at: datetime | None = figure("Fitted", "When; null: a preview.")
    currency: str = Field(description="ISO 4217 code of money.")


@tool(
    effect=Effect.READ,
    scope=READ,
    about="what each channel brings",
    agents=("analytics", "optimiser", "reporting"),
    basis="prediction",
    examples=({}, {"margin": 0.4}),
    questions=(REPORT,),
    next=("How should I split the budget?", "Show the response curves", "Fit the marketing mix model"),
)
def mix_report(context: Context, arguments: MixReportArguments) -> MixReport:
    """What each channel brings by the marketing mix model: sales, return, next unit, carryover, checks of the model."""
    from analytics.mix.effects import channel_effects

    with context.transaction() as connection:
        profile = organisations.profile(connection)
        kept = kept_fit(connection)
        posterior, about = _of(kept) if kept else _preview(connection, context.now)
        as_of = kept.run.as_of if kept else about["end"]
    effects = channel_effects(posterior, break_even=arguments.pays_from)
    return _report(posterior, effects, about, arguments.pays_from, profile.currency, as_of)


def _of(kept: Kept) -> tuple[Posterior, dict[str, Any]]:
    said = {"gates": kept.gates, "findings": kept.findings, "holdout": kept.holdout, "tests": kept.lifts}
    said["pair"] = kept.interaction if kept.interaction and kept.interaction.used else None
    moved = list((kept.run.backtest or {}).get("moved", []))
    return kept.posterior, {**said, "moved": moved, "at": kept.run.created_at or kept.run.as_of}


def _preview(connection: Connection, now: datetime) -> tuple[Posterior, dict[str, Any]]:
    """A fit by approximation, in a second; NoSuchData with the reason where the data cannot bear a fit."""
    import dataclasses

    from analytics.mix.fit import preview_mix

    series, end = weekly_series(connection, now)
    tests = lift_tests(connection, now)
    result = preview_mix(series, lifts=tests)
    if result.fit is None:
        run = model_runs.latest(connection, MODEL)
        again = " The last fit was refused for this." if run and run.status == "not_enough_data" else ""
        raise NoSuchData(f"What channels bring cannot be told yet. {result.refusal}{again}")
    gates = [dataclasses.asdict(gate) for gate in result.fit.health.gates if gate.name not in UNTRIED]
    findings = [finding.words for finding in result.findings]
    about = {"gates": gates, "findings": findings, "holdout": {}, "tests": result.fit.lifts, "moved": []}
    return result.fit.posterior, {**about, "pair": None, "at": None, "end": end}


def _report(
    posterior: Posterior,
    effects: Sequence[ChannelEffect],
    about: Mapping[str, Any],
    break_even: float,
    currency: str,
    as_of: datetime,
) -> MixReport:
    series = posterior.design.series
    total = float(series.sales.sum())
    ranked = sorted(effects, key=lambda effect: -effect.contribution.mean)
    now = dict(zip(series.channels, series.last(RECENT), strict=True))
    return MixReport(
        preview=about["at"] is None,
        verdict=_worst(about["gates"]),
        channels=[_channel(effect, total) for effect in ranked],
        together=_together(posterior, about["pair"]),
        **_sales(*_baseline(posterior, about["pair"]), total),
        parameters=[_parameter(effect, float(now[effect.channel])) for effect in ranked],
        gates=[MixGate(**{name: gate[name] for name in MixGate.model_fields}) for gate in about["gates"]],
        findings=about["findings"],
        moved=about["moved"],
        shape=posterior.design.shape.in_words(series.channels),
        weeks=len(series.weeks),
        first_week=series.weeks[0],
        last_week=series.weeks[-1],
        coverage=share(about["holdout"].get("coverage")),
        error=share(about["holdout"].get("error")),
        lift_tests=len(about["tests"]),
        calibrated_by=[f"{test.channel}: {test.name or 'an experiment'}" for test in about["tests"]],
        break_even=break_even,
        fitted_at=about["at"],
        currency=currency,
        evidence=Evidence(
            rows=len(series.weeks), as_of=as_of, sources=["orders", "channel_spend", "model_runs"], definitions=WORDS
        ),
    )


def _worst(gates: Sequence[Mapping[str, Any]]) -> Literal["passed", "caution", "failed"]:
    verdicts = {gate["verdict"] for gate in gates}
    return "failed" if "failed" in verdicts else "caution" if "caution" in verdicts else "passed"


def _sales(baseline: float, low: float, high: float, total: float) -> dict[str, float]:
    return {
        "brought": _money(total - baseline), "brought_share": round(1 - baseline / total, 6), "sales": _money(total),
        "baseline": _money(baseline), "baseline_low": _money(low), "baseline_high": _money(high),
    }  # fmt: skip


def _baseline(posterior: Posterior, pair: Interaction | None) -> tuple[float, float, float]:
    """Sales that no channel brought, alone or with another: mean, low, high."""
    import numpy as np

    from analytics.mix.interaction import together

    series = posterior.design.series
    media = posterior.curves.contributions(series.spend).sum(axis=(1, 2))
    if pair is not None:
        media = media + together(posterior, pair.name)
    rest = float(series.sales.sum()) - media
    return float(rest.mean()), float(np.quantile(rest, 0.05)), float(np.quantile(rest, 0.95))


def _together(posterior: Posterior, pair: Interaction | None) -> MixTogether | None:
    from analytics.mix.effects import interval
    from analytics.mix.interaction import together

    if pair is None or pair.gain is None or pair.error is None:
        return None
    brought = interval(together(posterior, pair.name))
    return MixTogether(
        first=pair.first, second=pair.second, brought=_money(brought.mean), brought_low=_money(brought.low),
        brought_high=_money(brought.high), gain=round(pair.gain, 2), error=round(pair.error, 2),
    )  # fmt: skip


def _channel(effect: ChannelEffect, sales: float) -> MixChannel:
    said = "much" if effect.learnt >= MUCH else "something" if effect.learnt >= SOME else "next to nothing"
    return MixChannel(
        channel=effect.channel,
        spend=_money(effect.spend),
        brought=_money(effect.contribution.mean),
        brought_low=_money(effect.contribution.low),
        brought_high=_money(effect.contribution.high),
        share_of_sales=round(effect.contribution.mean / sales, 6),
        spend_share=round(effect.spend_share, 6),
        effect_share=round(effect.effect_share.mean, 6),
        roi=round(effect.roi.mean, 4),
        roi_low=round(effect.roi.low, 4),
        roi_high=round(effect.roi.high, 4),
        next_unit=round(effect.marginal_roi.mean, 4),
        next_unit_low=round(effect.marginal_roi.low, 4),
        next_unit_high=round(effect.marginal_roi.high, 4),
        verdict=effect.verdict,
        data_say=said,
    )


def _parameter(effect: ChannelEffect, now: float) -> MixParameter:
    return MixParameter(
        channel=effect.channel,
        half_life=round(effect.half_life.mean, 2),
        half_life_low=round(effect.half_life.low, 2),
        half_life_high=round(effect.half_life.high, 2),
        retention=round(effect.retention.mean, 4),
        half_saturation=_money(effect.half_saturation.mean),
        half_saturation_low=_money(effect.half_saturation.low),
        half_saturation_high=_money(effect.half_saturation.high),
        spend_now=_money(now),
        prior_low=round(effect.prior.low, 4),
        prior_high=round(effect.prior.high, 4),
        learnt=round(effect.learnt, 4),
    )


def _money(value: float) -> float:
    return money(value) or 0.0
