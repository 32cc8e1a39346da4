"""How far the marketing mix holds, in words: under other choices, and against the fit before."""

from __future__ import annotations

from collections.abc import Sequence

from language.format import bullets, count, day, money
from tools.declaration import answers
from tools.mix.changes import MixChange, MixChanges, MixChangesArguments, mix_changes
from tools.mix.sensitivity import (
    CheckMixSensitivity,
    CheckMixSensitivityArguments,
    MixSensitivity,
    MixSensitivityArguments,
    MixStands,
    check_mix_sensitivity,
    mix_sensitivity,
)
from tools.mix.wording import called, listed, unit_of
from tools.outcome import Outcome

__all__ = ["advice", "holds", "what_follows"]

VERDICTS = {"stable": "stable", "within": "moved within its range", "beyond": "**moved beyond it**"}


def holds(result: MixSensitivity) -> str:
    """One sentence: what holds whatever is chosen, and what does not."""
    firm = [one.channel for one in result.channels if not one.depends_on]
    if not result.channels[0].depends_on:
        every = "Every channel holds" if len(firm) > 1 else f"{called(firm[0])} holds"
        return f"{every}: under none of {count(result.choices)} other choices does its return leave its interval."
    depends = [
        f"{called(one.channel)} depends on the choice ({', '.join(one.depends_on)})"
        for one in result.channels
        if one.depends_on
    ]
    said = "; ".join(depends)
    if not firm:
        return f"No channel holds under all choices: {said}."
    return f"{listed(firm)} {'hold' if len(firm) > 1 else 'holds'} whatever is chosen; {said}."


@answers(mix_sensitivity)
def sensitivity(outcome: Outcome[MixSensitivityArguments, MixSensitivity]) -> str:
    """What holds, then each channel, then how exact this is."""
    result, currency = outcome.result, outcome.currency
    lines = [_stands(one, currency) for one in result.channels]
    exact = (
        f"By {count(result.fits)} short fits of {count(result.draws)} draws each: less exact than the model itself; "
        "the table has how much of each move may be chance."
    )
    parts = [f"**{holds(result)}**", bullets(lines), what_follows(result), exact]
    unsettled = sorted({row.variant for row in result.variants if not row.settled})
    if unsettled:
        parts.append(f"Fits that say nothing, since their chains do not agree: {', '.join(unsettled)}.")
    if result.not_tried:
        parts.append(f"Not tried: {'; '.join(result.not_tried)}.")
    return "\n\n".join(parts)


def _stands(one: MixStands, currency: str) -> str:
    unit = unit_of(currency)
    return (
        f"**{called(one.channel)}**: {money(one.roi, currency)} per {unit} spent (90% interval "
        f"{money(one.roi_low, currency)} to {money(one.roi_high, currency)}); other choices give "
        f"{money(one.lowest, currency)} to {money(one.highest, currency)}{_turns(one)}"
    )


def _turns(one: MixStands) -> str:
    """Where it pays, or loses, or is unsure as the model stands, and is something else otherwise."""
    return f"; {one.verdict} as it stands, not so {', '.join(one.turns_under)}" if one.turns_under else ""


def what_follows(result: MixSensitivity) -> str:
    """What to do about what does not hold."""
    loose = [one for one in result.channels if one.depends_on]
    close = [one.channel for one in result.channels if one.turns_under and one.verdict != "unsure"]
    if not loose and close:
        return f"Close calls: the verdict on {listed(close)} turns with the choice; an experiment settles it."
    if not loose:
        return "Advice that rests on this model does not hang on these choices; go on to the budget."
    names = listed([one.channel for one in loose])
    return f"Before money is moved on {names}: make an experiment there, which settles what the choice cannot."


@answers(check_mix_sensitivity)
def checking(_outcome: Outcome[CheckMixSensitivityArguments, CheckMixSensitivity]) -> str:
    """The job that was started."""
    return (
        "**The marketing mix model is being checked by about ten short fits.** It runs in the background for a minute "
        "or two; ask “how far is the job?”, then “how sensitive is the mix model?”."
    )


@answers(mix_changes)
def changes(outcome: Outcome[MixChangesArguments, MixChanges]) -> str:
    """The verdict, each channel before and after, what changed in the data, and which advice to look at again."""
    result, currency = outcome.result, outcome.currency
    lines = [_moved(one, currency) for one in result.channels]
    over = (
        f"Over the same {count(result.weeks)} weeks ({day(result.first_week)} to the week of {day(result.last_week)}):"
    )
    return "\n\n".join(
        [f"**{_verdict(result)}**", f"{over}\n\n{bullets(lines)}", _data(result, currency), advice(result)]
    )


def _verdict(result: MixChanges) -> str:
    beyond = [one.channel for one in result.channels if one.verdict == "beyond"]
    within = [one.channel for one in result.channels if one.verdict == "within"]
    if beyond:
        return f"The model has moved: {listed(beyond)} left the range that the fit before gave."
    if within:
        return f"The model moved within its range: {listed(within)} shifted, no channel left its interval."
    return "The model is stable: no channel moved by more than a quarter of its interval."


def _moved(one: MixChange, currency: str) -> str:
    apart = "" if one.agree else "; the two intervals do not even overlap"
    return (
        f"**{called(one.channel)}**: {money(one.roi_before, currency)} before (90% interval "
        f"{money(one.before_low, currency)} to {money(one.before_high, currency)}), now "
        f"{money(one.roi_after, currency)} per {unit_of(currency)} spent: {VERDICTS[one.verdict]}{apart}"
    )


def _data(result: MixChanges, currency: str) -> str:
    """What the newest fit saw that the one before did not."""
    said = [f"{_weeks(result.weeks_added)} added"]
    if result.weeks_gone:
        said.append(f"{_weeks(result.weeks_gone)} gone")
    if result.channels_added:
        said.append(f"new: {listed(result.channels_added)}")
    if result.channels_gone:
        said.append(f"no longer there: {listed(result.channels_gone)}")
    if not result.restated_total:
        return f"In the data: {', '.join(said)}; no past week was stated anew."
    first = result.restated[0]
    what = "sales" if first.what == "sales" else f"spend on {called(first.what)}"
    return (
        f"In the data: {', '.join(said)}; {_stated(result.restated_total)} stated anew, such as {what} "
        f"of the week of {day(first.week)}: {money(first.before, currency)} before, {money(first.after, currency)} now."
    )


def _stated(number: int) -> str:
    return "one past figure was" if number == 1 else f"{count(number)} past figures were"


def _weeks(number: int) -> str:
    return f"{count(number) if number else 'no'} week{'' if number == 1 else 's'}"


def advice(result: MixChanges) -> str:
    """Whether advice made on the fit before still stands, and why it should be looked at again."""
    plans = _quoted(result.plans)
    if result.verdict != "beyond":
        kept = f" ({plans})" if plans else ""
        return f"Advice made on the fit before{kept} still stands."
    beyond = listed([one.channel for one in result.channels if one.verdict == "beyond"])
    whose = f"The budgets {plans} were" if len(result.plans) > 1 else f"The budget {plans} was" if plans else "Advice"
    made = "made" if plans else "made before"
    return (
        f"{whose} {made} on returns of {beyond} that no longer hold: what they moved there may now be too much or too "
        "little. Ask “how should I split the budget?” again."
    )


def _quoted(titles: Sequence[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)
