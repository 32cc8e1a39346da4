"""The marketing mix in words: what it comes to first, then how sure that is and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from core.money import SYMBOLS
from language.cells import value_name
from language.format import bullets, count, money, percent
from tools.declaration import answers
from tools.mix.curves import MixCurves, MixCurvesArguments, mix_curves
from tools.mix.fit import FitMix, FitMixArguments, fit_mix
from tools.mix.report import MixChannel, MixReport, MixReportArguments, MixTogether, mix_report
from tools.outcome import Outcome

__all__ = ["called", "listed", "unit_of", "what_next"]

PREVIEW = (
    "This is a **preview** by a quick approximation. No advice on the budget rests on it: ask to fit the marketing mix "
    "model, which takes a minute or two."
)


def called(channel: str) -> str:
    """A channel as people call it: "Paid search"."""
    return value_name("spend_channel", channel)


def unit_of(currency: str) -> str:
    """What one unit of spend is called: "$", "SEK"."""
    return SYMBOLS.get(currency, currency) or "unit"


@answers(mix_report)
def report(outcome: Outcome[MixReportArguments, MixReport]) -> str:
    """What advertising brought, the best and the doubtful channels, and what follows."""
    result, currency = outcome.result, outcome.currency
    head = (
        f"**About {percent(result.brought_share)} of sales ({money(result.brought, currency)} of "
        f"{money(result.sales, currency)} in {count(result.weeks)} weeks) came through advertising, by the "
        f"marketing mix model**; {money(result.baseline, currency)} would have come anyway (90% interval "
        f"{money(result.baseline_low, currency)} to {money(result.baseline_high, currency)})."
    )
    lines = [_channel(channel, currency) for channel in result.channels]
    parts = [head, bullets(lines), what_next(result, currency)]
    if result.together:
        parts.append(_together(result.together, currency))
    if result.calibrated_by:
        what = "experiment" if result.lift_tests == 1 else "experiments"
        parts.append(f"Calibrated by {count(result.lift_tests)} {what} ({'; '.join(result.calibrated_by)}).")
    if result.preview:
        parts.append(PREVIEW)
    elif result.verdict == "failed":
        failed = " ".join(gate.words for gate in result.gates if gate.verdict == "failed")
        parts.append(f"**The model failed its checks, so no advice on the budget is given.** {failed}")
    cautions = [gate.words for gate in result.gates if gate.verdict == "caution"]
    doubts = list(dict.fromkeys([*cautions, *result.findings]))
    if doubts:
        parts.append(f"Read it with caution:\n\n{bullets(doubts)}")
    if result.moved:
        parts.append(f"Moved since the fit before:\n\n{bullets(result.moved)}")
    return "\n\n".join(parts)


def _channel(channel: MixChannel, currency: str) -> str:
    unit = unit_of(currency)
    interval = f"{money(channel.roi_low, currency)} to {money(channel.roi_high, currency)}"
    little = "; the data say next to nothing about it" if channel.data_say.startswith("next") else ""
    return (
        f"**{called(channel.channel)}** brought {money(channel.brought, currency)} for "
        f"{money(channel.spend, currency)}: {money(channel.roi, currency)} per {unit} spent (90% interval {interval}, "
        f"{channel.verdict}), {money(channel.next_unit, currency)} for the next {unit}{little}"
    )


def _together(pair: MixTogether, currency: str) -> str:
    """What two channels do beyond each alone."""
    names, less = f"{called(pair.first)} and {called(pair.second)}", pair.brought < 0
    what = "take from each other" if less else "work together"
    return (
        f"**{names} {what}**: beyond each alone they brought {money(pair.brought, currency)} (90% interval "
        f"{money(pair.brought_low, currency)} to {money(pair.brought_high, currency)}); weeks the model had not seen "
        "are predicted better with that, by more than the error. The budget's split counts each channel alone: "
        f"{'avoid' if less else 'prefer'} weeks in which both run."
    )


def what_next(result: MixReport, currency: str) -> str:
    """What follows from the verdicts."""
    pays = [c for c in result.channels if c.verdict == "pays" and c.next_unit_low > result.break_even]
    loses = [c.channel for c in result.channels if c.verdict == "loses"]
    unsure = [c.channel for c in result.channels if c.verdict == "unsure"]
    said = []
    if pays:
        names = listed([c.channel for c in sorted(pays, key=lambda c: -c.next_unit)])
        said.append(f"Even the next {unit_of(currency)} pays on {names}: there is room for more.")
    if loses:
        said.append(f"{listed(loses)} did not bring back what was spent: spend less there, or find out why.")
    if unsure:
        pay = "pays" if len(unsure) == 1 else "pay"
        said.append(
            f"It is open whether {listed(unsure)} {pay}: an experiment (switched off somewhere for some weeks) tells."
        )
    return " ".join(said)


def listed(channels: Sequence[str]) -> str:
    """Channels in a sentence."""
    names = [called(channel) for channel in channels]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@answers(mix_curves)
def curves(outcome: Outcome[MixCurvesArguments, MixCurves]) -> str:
    """What the next unit brings on each channel, the best first."""
    result, currency = outcome.result, outcome.currency
    ranked, unit = sorted(result.curves, key=lambda curve: -curve.next_unit), unit_of(currency)
    lines = [
        f"**{called(curve.channel)}** at {money(curve.today, currency)} a week: "
        f"{money(curve.next_unit, currency)} for the next {unit}"
        for curve in ranked
    ]
    best = ranked[0]
    brings = f"about {money(best.next_unit, currency)} in sales"
    head = (
        f"**The next {unit} of spend brings most on {called(best.channel)}: {brings}.**"
        if len(ranked) > 1
        else f"**One more {unit} on {called(best.channel)} brings {brings}.**"
    )
    return f"{head} Where a curve flattens, more spend brings little.\n\n{bullets(lines)}"


@answers(fit_mix)
def fitting(outcome: Outcome[FitMixArguments, FitMix]) -> str:
    """The job that was started."""
    return (
        f"**The marketing mix model is being fitted to {count(outcome.result.weeks)} weeks.** It runs in the "
        "background for a minute or two; ask “how far is the job?”."
    )
