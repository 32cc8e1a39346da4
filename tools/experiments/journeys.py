"""What journeys changed: those let in against those kept out at random, each over a window of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection

from database.queries import journey_trials
from database.queries.journey_trials import JourneyOutcome, JourneyTrial
from tools.experiments.measure import (
    SUSPECT_SPLIT,
    Verdict,
    effects_of,
    split_of,
    suspect,
    too_few,
    verdict_of,
)

if TYPE_CHECKING:
    from analytics.uplift.effects import ArmEffect

__all__ = ["MeasuredJourney", "journey_verdicts", "measured_journey", "measured_journeys"]

ORDER = "order"


@dataclass(frozen=True, slots=True)
class MeasuredJourney:
    """One journey: its arms, the effects by outcome (reached, bought, revenue; none: nothing can be said), and why.

    `main`: the outcome that the verdict is on; `did` how many of the let in and of the kept out did it.
    """

    trial: JourneyTrial
    main: str
    did: tuple[int, int]
    effects: dict[str, ArmEffect]
    split: float | None
    verdict: Verdict
    reason: str


def measured_journeys(
    connection: Connection, window: timedelta, until: datetime, journey: str | None = None
) -> list[MeasuredJourney]:
    """Every journey that keeps people out, by what they bought; or the one of that id."""
    if journey is not None and not _is_id(journey):
        return []
    wanted = UUID(journey) if journey is not None else None
    found = journey_trials.trials(connection, window=window, until=until, journey_id=wanted)
    return [_measured(connection, trial, window, until, None) for trial in found]


def journey_verdicts(connection: Connection, window: timedelta, until: datetime) -> dict[UUID, Verdict]:
    """The verdict on buying for every journey that keeps people out, from how many bought alone."""
    import numpy as np

    from analytics.uplift.effects import difference_in_means

    did, found = journey_trials.bought(connection, window=window, until=until), {}
    for trial in journey_trials.trials(connection, window=window, until=until):
        yes = did.get(trial.journey_id, (0, 0))
        effect = None
        unfit = suspect(split_of(trial.let_in, trial.kept_out, trial.planned))
        if not unfit and too_few(trial.let_in, trial.kept_out, sum(yes)) is None:
            counts = (yes[0], trial.let_in - yes[0], yes[1], trial.kept_out - yes[1])
            effect = difference_in_means(np.repeat([1, 0, 1, 0], counts), np.repeat([True, True, False, False], counts))
        found[trial.journey_id] = verdict_of(effect, None, "", "")[0]
    return found


def measured_journey(
    connection: Connection, journey_id: UUID, window: timedelta, until: datetime, goal: str | None
) -> MeasuredJourney | None:
    """One journey by what it is for, an order where it has no other goal; None where nobody was drawn."""
    found = journey_trials.trials(connection, window=window, until=until, journey_id=journey_id)
    event = None if goal == ORDER else goal
    return _measured(connection, found[0], window, until, event) if found else None


def _measured(
    connection: Connection, trial: JourneyTrial, window: timedelta, until: datetime, event: str | None
) -> MeasuredJourney:
    rows = journey_trials.outcomes(connection, trial.journey_id, window=window, until=until, event=event)
    main, does = ("bought", "buy") if event is None else ("reached", f"do what it is for ({event.replace('_', ' ')})")
    did = sum(_did(row, main) for row in rows if row.treated), sum(_did(row, main) for row in rows if not row.treated)
    split = split_of(trial.let_in, trial.kept_out, trial.planned)
    why = too_few(trial.let_in, trial.kept_out, sum(did), "did it so far" if event else "bought so far")
    effects = {} if why or suspect(split) else _effects(rows, main)
    verdict, reason = verdict_of(effects.get(main), why, "The journey", does)
    if suspect(split):
        verdict, reason = "not enough data", f"No effect is told. {SUSPECT_SPLIT}"
    return MeasuredJourney(trial, main, did, effects, split, verdict, reason)


def _did(row: JourneyOutcome, main: str) -> bool:
    return row.reached if main == "reached" else row.bought


def _effects(rows: list[JourneyOutcome], main: str) -> dict[str, ArmEffect]:
    from analytics.uplift.effects import difference_in_means

    effects = effects_of(rows)
    if main == "reached":
        reached = difference_in_means([float(row.reached) for row in rows], [row.treated for row in rows])
        effects = {"reached": reached, **effects}
    return effects


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
