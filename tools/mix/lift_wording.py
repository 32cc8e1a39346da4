"""Experiments that calibrate the marketing mix, in words."""

from __future__ import annotations

from language.format import bullets, count, money
from tools.declaration import answers
from tools.mix.lift_files import LoadedLiftTests, LoadLiftTestsArguments, load_lift_tests
from tools.mix.lifts import (
    LeaveOutCampaignLiftArguments,
    LeftOutCampaignLift,
    LiftTest,
    LiftTests,
    ListLiftTestsArguments,
    RemovedLiftTest,
    RemoveLiftTestArguments,
    SavedLiftTest,
    SaveLiftTestArguments,
    leave_out_campaign_lift,
    list_lift_tests,
    remove_lift_test,
    save_lift_test,
)
from tools.mix.wording import called
from tools.outcome import Outcome

MOST = 12
BY_HAND = "entered by hand"


@answers(list_lift_tests)
def lifts(outcome: Outcome[ListLiftTestsArguments, LiftTests]) -> str:
    """The experiments, or how to come by one; then campaigns that could have been one."""
    tests, unused = outcome.result.lift_tests, outcome.result.unused
    parts = [_counted(tests, outcome.currency) if tests else NONE]
    if unused:
        lines = [f"“{trial.name}”: {trial.reason}" for trial in unused[:MOST]]
        parts.append(f"Campaigns with a control group that tell the mix nothing:\n\n{bullets(lines)}")
    return "\n\n".join(parts)


NONE = (
    "**No experiment calibrates the marketing mix model yet.** One on a channel (switched off, or turned up, in some "
    "places for some weeks) tells more than years of history. A campaign on a paid channel with a control group and a "
    "known cost counts by itself; enter others with save_lift_test (channel, spend a week, its change, the measured "
    "change of sales with its standard error), or drop a file of them into the chat."
)


def _counted(tests: list[LiftTest], currency: str) -> str:
    used = sum(test.counts for test in tests)
    one = "experiment calibrates" if used == 1 else "experiments calibrate"
    head = (
        f"{count(used)} {one} the marketing mix model"
        if used
        else "No experiment calibrates the marketing mix model now"
    )
    more = f"\n\nAnd {count(len(tests) - MOST)} more in the table." if len(tests) > MOST else ""
    lines = [_line(test, currency) for test in tests[:MOST]]
    return f"**{head}.**\n\n{bullets(lines)}{more}"


def _line(test: LiftTest, currency: str) -> str:
    by = "" if test.source == BY_HAND else f" ({test.source})"
    left = "" if test.counts else "; **left out** by a person"
    return (
        f"**{called(test.channel)}**{by}: spend moved by {money(test.change, currency)} a week from "
        f"{money(test.spend, currency)} changed sales by {money(test.lift, currency)} a week (95% interval "
        f"{money(test.low, currency)} to {money(test.high, currency)}){left}"
    )


@answers(save_lift_test)
def saved(outcome: Outcome[SaveLiftTestArguments, SavedLiftTest]) -> str:
    """What was kept, and that it counts from the next fit."""
    test = outcome.result.lift_test
    return (
        f"**The experiment on {called(test.channel)} is kept.** The next fit of the marketing mix model is calibrated "
        "by it; ask to fit it."
    )


@answers(remove_lift_test)
def removed(outcome: Outcome[RemoveLiftTestArguments, RemovedLiftTest]) -> str:
    """That it is gone."""
    if outcome.result.file is not None:
        gone = f"{count(len(outcome.result.removed))} experiments of “{outcome.result.file}”"
        return f"**{gone} are taken away.** The next fit of the marketing mix model does without them."
    return "**The experiment is taken away.** The next fit of the marketing mix model does without it."


@answers(leave_out_campaign_lift)
def left_out(outcome: Outcome[LeaveOutCampaignLiftArguments, LeftOutCampaignLift]) -> str:
    """Whether the campaign counts, and from when."""
    result = outcome.result
    what = "counts again" if result.counts else "is left out"
    return (
        f"**What “{result.name}” measured {what} in the marketing mix model**, from the next fit on; ask to fit it. "
        "Either can be changed at any time."
    )


@answers(load_lift_tests)
def loaded(outcome: Outcome[LoadLiftTestsArguments, LoadedLiftTests]) -> str:
    """How many are new and how many were known."""
    result = outcome.result
    known = f" Kept already, with the same figures: {count(result.known)}." if result.known else ""
    ignored = f" Columns not read: {', '.join(result.ignored)}." if result.ignored else ""
    new = f"{count(result.added)} experiment{' is' if result.added == 1 else 's are'}"
    if result.checked_only:
        return f"**The file can be read: {new} new.**{known}{ignored} Nothing was kept."
    if not result.added:
        return f"**Nothing changed: the file holds no experiment that is new.**{known}{ignored}"
    return (
        f"**{new} kept for the marketing mix.**{known}{ignored} The next fit of the model is calibrated by the file; "
        "ask to fit it."
    )
