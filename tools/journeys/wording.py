"""Journeys in words."""

from __future__ import annotations

from collections.abc import Mapping

from language.format import bullets, capital, count, money, percent, points
from tools.declaration import answers
from tools.journeys.control import (
    ChangeJourneyArguments,
    JourneyChanged,
    end_journey,
    pause_journey,
    resume_journey,
)
from tools.journeys.draft import DraftJourneyArguments, JourneyDraft, draft_journey
from tools.journeys.dry_run import DryRunArguments, JourneyTrial, dry_run_journey
from tools.journeys.lift import JourneyLift, verdict_words
from tools.journeys.proposal import JourneyProposal, ProposeJourneyArguments, propose_journey
from tools.journeys.status import (
    OUTCOMES,
    Journeys,
    JourneyStatus,
    JourneyStatusArguments,
    ListJourneysArguments,
    journey_status,
    list_journeys,
)
from tools.outcome import Outcome

STATES = {
    "draft": "is a draft: nobody enters it before a person approves it",
    "running": "runs",
    "paused": "is paused: nobody enters or moves on, and nothing it sends goes out",
    "closing": "is being closed: nobody enters any more, who is inside goes on",
    "ended": "has ended",
}


@answers(list_journeys)
def listed(outcome: Outcome[ListJourneysArguments, Journeys]) -> str:
    """How many, and each in a line."""
    found, status = outcome.result.journeys, outcome.arguments.status
    if not found:
        which = f"No journey is {status}." if status else "There is no journey yet."
        return f"{which} Describe one on the page /journeys: who enters, and what happens then."
    what = "journey" if len(found) == 1 else "journeys"
    lines = [f"**{one.name}** {_line(one.status, one.inside, one.entered, one.goal)}" for one in found]
    return (
        f"**{count(len(found))}** {what}{f' that {_are(len(found))} {status}' if status else ''}:\n\n{bullets(lines)}"
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _line(status: str, inside: int, entered: int, goal: int) -> str:
    if status == "draft":
        return "is a draft"
    reached = f", {count(goal)} reached the goal" if goal else ""
    return f"{STATES[status].partition(':')[0]}: {count(inside)} inside, {count(entered)} entered so far{reached}"


@answers(journey_status)
def stands(outcome: Outcome[JourneyStatusArguments, JourneyStatus]) -> str:
    """Where people are, then how the others left; of its effect, that first."""
    found = outcome.result
    if outcome.arguments.about == "effect":
        return f"{effect_words(found, outcome.currency)}\n\n{_state(found)}"
    return _state(found)


def effect_words(found: JourneyStatus, currency: str) -> str:
    """What the journey changed, or what is missing to tell it."""
    one = found.compared
    if one is None:
        later = " Set a share to keep out when you change it: from then on its effect is measured."
        return (
            f"**Whether {found.name} works cannot be told: nobody is kept out of it at random**, so there is nobody to "
            f"compare those it wrote to with.{later}"
        )
    what = "ordered" if one.goal == "order" else f"did what it is for ({one.goal.replace('_', ' ')})"
    arms = (
        f"Within {one.days} days {_of(one.let_in_reached, one.let_in)} let in {what}, and "
        f"{_of(one.kept_out_reached, one.kept_out)} kept out at random."
    )
    told = [f"**{found.name}: {verdict_words(one.verdict)}.** {one.reason}", arms, _more(one, currency)]
    if one.waiting:
        told.append(f"For {count(one.waiting)} more these {one.days} days are not over.")
    return " ".join(part for part in told if part)


def _of(did: int, people: int) -> str:
    return f"{count(did)} of {count(people)} ({percent(did / people if people else 0)})"


def _more(one: JourneyLift, currency: str) -> str:
    """What a lift that is shown comes to."""
    if one.verdict != "lift shown" or one.extra is None:
        return ""
    money_too = any(lift.outcome == "revenue" and lift.low is not None and lift.low > 0 for lift in one.lifts)
    worth = f" The lift in revenue is {money(one.extra_revenue, currency)} in all." if money_too else ""
    return f"That makes {count(one.extra)} more customers.{worth}"


def _state(found: JourneyStatus) -> str:
    said = [f"**{found.name}** {STATES[found.status]}."]
    if found.status != "draft":
        said.append(f"{count(found.inside)} customers are inside, {count(found.entered)} have entered so far.")
    if left := _left(found.outcomes):
        said.append(f"Of the others, {left}.")
    sent = sum(node.sent for node in found.nodes)
    if messages := sum(node.messages for node in found.nodes):
        gone = sum(node.unsubscribed for node in found.nodes)
        said.append(f"Of {count(messages)} messages {count(sent)} were sent; {count(gone)} unsubscribed after one.")
    if (one := found.compared) and one.kept_out:
        said.append(f"Against those kept out at random: {_short(one)}.")
    lines = [*found.notes, *(fault["said"] for fault in found.faults)]
    if found.waiting is not None:
        lines.append("a proposal of it waits for a decision: see the page /approvals")
    told = " ".join(said) + (f"\n\n{found.words}" if found.words else "")
    return told + (f"\n\n{bullets([capital(line) for line in lines])}" if lines else "")


def _short(one: JourneyLift) -> str:
    """The verdict in a clause."""
    if one.verdict == "not enough data":
        return "no evidence yet whether it works"
    main = one.lifts[0]
    return f"{one.verdict}, {points(main.lift)} ({points(main.low)} to {points(main.high)}) within {one.days} days"


def _left(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{count(number)} {OUTCOMES.get(outcome, outcome)}" for outcome, number in outcomes.items())


@answers(draft_journey)
def drafted(outcome: Outcome[DraftJourneyArguments, JourneyDraft]) -> str:
    """What was understood, and what was not."""
    found = outcome.result.draft
    said = f"Drafted **{found.name}**, as I understood it:\n\n{found.words}"
    if outcome.result.unclear:
        parts = "; ".join(f"“{part}”" for part in outcome.result.unclear)
        said += f"\n\nI did not understand {parts}: nothing was made of it."
    if found.faults:
        said += "\n\nBefore it can be proposed:\n\n" + bullets([capital(fault["said"]) for fault in found.faults])
    return said


@answers(propose_journey)
def proposed(outcome: Outcome[ProposeJourneyArguments, JourneyProposal]) -> str:
    """What waits for a person."""
    proposal = outcome.result.proposal
    audience = proposal.audience
    words = (proposal.journey or {}).get("words", "")
    warned = f"\n\n{bullets(proposal.warnings)}" if proposal.warnings else ""
    return (
        f"**{proposal.title}** waits for a person's decision; nobody enters it before. {audience.description}: "
        f"{count(audience.count)} customers, {count(audience.reachable)} of them can be written to.\n\n{words}{warned}"
    )


@answers(dry_run_journey)
def tried(outcome: Outcome[DryRunArguments, JourneyTrial]) -> str:
    """What would have been."""
    found = outcome.result
    if not found.entered and not found.held_out:
        days = f"in the last {found.days} days"
        return f"Nobody would have entered **{found.name}** {days}, so nothing would have been sent."
    left = _left(found.outcomes)
    kept = f" {count(found.held_out)} would have been kept out at random." if found.held_out else ""
    cut = f" Only the latest {count(found.entered)} entries were looked at." if found.cut else ""
    return (
        f"In the last {found.days} days **{count(found.entered)}** would have entered **{found.name}**, and "
        f"**{count(found.messages)}** messages would have been sent. Nothing was.{kept}\n\n"
        f"{count(found.inside)} would still be inside{f'; {left}' if left else ''}.{cut}"
    )


@answers(pause_journey)
def paused(outcome: Outcome[ChangeJourneyArguments, JourneyChanged]) -> str:
    """What it is now."""
    return _changed(outcome.result)


@answers(resume_journey)
def resumed(outcome: Outcome[ChangeJourneyArguments, JourneyChanged]) -> str:
    """What it is now."""
    return _changed(outcome.result)


@answers(end_journey)
def closed(outcome: Outcome[ChangeJourneyArguments, JourneyChanged]) -> str:
    """What it is now."""
    return _changed(outcome.result)


def _changed(found: JourneyChanged) -> str:
    return f"**{found.name}** {STATES[found.status]}."
