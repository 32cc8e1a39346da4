"""The marketing mix in words: what it comes to first, then how sure that is and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from language.cells import value_name
from language.format import bullets, count, money, percent
from tools.declaration import answers
from tools.mix.curves import MixCurves, MixCurvesArguments, mix_curves
from tools.mix.fit import FitMix, FitMixArguments, fit_mix
from tools.mix.lifts import (
    LiftTests,
    ListLiftTestsArguments,
    RemovedLiftTest,
    RemoveLiftTestArguments,
    SavedLiftTest,
    SaveLiftTestArguments,
    list_lift_tests,
    remove_lift_test,
    save_lift_test,
)
from tools.mix.report import MixChannel, MixReport, MixReportArguments, mix_report
from tools.outcome import Outcome

__all__ = ["called", "what_next"]

PREVIEW = (
    "This is a **preview** by a quick approximation. No advice on the budget rests on it: ask to fit the marketing mix "
    "model, which takes a minute or two."
)


def called(channel: str) -> str:
    """A channel as people call it: "Paid search"."""
    return value_name("spend_channel", channel)


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
    parts = [head, bullets(lines), what_next(result)]
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
    interval = f"{channel.roi_low:.2f} to {channel.roi_high:.2f}"
    little = "; the data say next to nothing about it" if channel.data_say.startswith("next") else ""
    return (
        f"**{called(channel.channel)}** brought {money(channel.brought, currency)} for "
        f"{money(channel.spend, currency)}: {channel.roi:.2f} per unit spent (90% interval {interval}, "
        f"{channel.verdict}), the next unit {channel.next_unit:.2f}{little}"
    )


def what_next(result: MixReport) -> str:
    """What follows from the verdicts."""
    pays = [c for c in result.channels if c.verdict == "pays" and c.next_unit_low > result.break_even]
    loses = [c.channel for c in result.channels if c.verdict == "loses"]
    unsure = [c.channel for c in result.channels if c.verdict == "unsure"]
    said = []
    if pays:
        names = _listed([c.channel for c in sorted(pays, key=lambda c: -c.next_unit)])
        said.append(f"Even the next unit pays on {names}: there is room for more.")
    if loses:
        said.append(f"{_listed(loses)} did not bring back what was spent: spend less there, or find out why.")
    if unsure:
        pay = "pays" if len(unsure) == 1 else "pay"
        said.append(
            f"It is open whether {_listed(unsure)} {pay}: an experiment (switched off somewhere for some weeks) tells."
        )
    return " ".join(said)


def _listed(channels: Sequence[str]) -> str:
    names = [called(channel) for channel in channels]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@answers(mix_curves)
def curves(outcome: Outcome[MixCurvesArguments, MixCurves]) -> str:
    """What the next unit brings on each channel, the best first."""
    result, currency = outcome.result, outcome.currency
    ranked = sorted(result.curves, key=lambda curve: -curve.next_unit)
    lines = [
        f"**{called(curve.channel)}** at {money(curve.today, currency)} a week: next unit {curve.next_unit:.2f}"
        for curve in ranked
    ]
    best = ranked[0]
    head = (
        f"**The next unit of spend brings most on {called(best.channel)}: about {best.next_unit:.2f} in sales.**"
        if len(ranked) > 1
        else f"**One more unit on {called(best.channel)} brings about {best.next_unit:.2f} in sales.**"
    )
    return f"{head} Where a curve flattens, more spend brings little.\n\n{bullets(lines)}"


@answers(fit_mix)
def fitting(outcome: Outcome[FitMixArguments, FitMix]) -> str:
    """The job that was started."""
    return (
        f"**The marketing mix model is being fitted to {count(outcome.result.weeks)} weeks.** It runs in the "
        "background for a minute or two; ask “how far is the job?”."
    )


@answers(list_lift_tests)
def lifts(outcome: Outcome[ListLiftTestsArguments, LiftTests]) -> str:
    """The experiments, or how to enter one."""
    tests, currency = outcome.result.lift_tests, outcome.currency
    if not tests:
        return (
            "**No experiment calibrates the marketing mix model yet.** One on a channel (switched off, or turned up, "
            "in some places for some weeks) tells more than years of history: save_lift_test takes channel, spend "
            "a week, its change, and the measured change of sales with its standard error."
        )
    lines = [
        f"**{called(test.channel)}**: spend {money(test.change, currency)} a week from {money(test.spend, currency)} "
        f"changed sales by {money(test.lift, currency)} a week (standard error {money(test.error, currency)})"
        for test in tests
    ]
    return f"**{count(len(tests))} experiments calibrate the marketing mix model.**\n\n{bullets(lines)}"


@answers(save_lift_test)
def saved(outcome: Outcome[SaveLiftTestArguments, SavedLiftTest]) -> str:
    """What was kept, and that it counts from the next fit."""
    test = outcome.result.lift_test
    return (
        f"**The experiment on {called(test.channel)} is kept.** The next fit of the marketing mix model is calibrated "
        "by it; ask to fit it."
    )


@answers(remove_lift_test)
def removed(_outcome: Outcome[RemoveLiftTestArguments, RemovedLiftTest]) -> str:
    """That it is gone."""
    return "**The experiment is taken away.** The next fit of the marketing mix model does without it."
