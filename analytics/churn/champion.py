"""The race: candidates trained on past cut-offs, judged on a later window, the best refitted on everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.churn.candidates import BoostedHazard, Candidate, CoxModel, PopulationCurve
from analytics.churn.deephit import DeepHit
from analytics.churn.definition import CEILING_DAYS, LeftDefinition, cutoffs, define_left
from analytics.churn.evaluation import calibration, calibration_error, concordance, integrated_brier
from analytics.churn.failure import FitFailure
from analytics.churn.training import FeaturesAt, Rows, numeric_names, rows_at, stacked
from core.errors import FixArguments

__all__ = ["ChurnModel", "ChurnSettings", "leaving_survival", "train_churn"]

Array = NDArray[np.float64]
TIE = 0.01  # integrated Brier scores closer than this share are a tie; concordance decides


@dataclass(frozen=True, slots=True)
class ChurnSettings:
    """How the race is run. Days throughout; `jobs` threads; `most_rows` customers a cut-off, of
    `most_customers` drawn beforehand (by the caller, see `training_customers`).

    The network takes part from `network_rows` training rows on: with fewer it is not worth its time.
    """

    horizons: tuple[int, ...] = (30, 60, 90)
    step_days: int = 30
    most_cutoffs: int = 6
    warm_up_days: int = 60
    least_events: int = 30
    least_test_events: int = 10
    most_rows: int = 50_000
    most_customers: int = 40_000
    network_rows: int = 20_000
    jobs: int = 1
    seed: int = 0

    @property
    def longest(self) -> int:
        """The farthest horizon: length of the test window."""
        return max(self.horizons)

    @property
    def reach_days(self) -> float:
        """How far before `as_of` the last order of somebody lies who had already left at the first cut-off."""
        return self.longest + self.step_days * self.most_cutoffs + CEILING_DAYS

    @property
    def times(self) -> Array:
        """Days at which survival curves are judged and returned."""
        return np.arange(5.0, self.longest + 1.0, 5.0)


@dataclass(frozen=True, slots=True)
class ChurnModel:
    """Outcome of the race: the refitted champion, and how every candidate did on the later window.

    comparison: candidate, integrated_brier, skill (1 − its Brier score over Kaplan-Meier's), concordance (IPCW),
    calibration_error_<h>d, note (why a candidate dropped out, else null).
    calibration: candidate, horizon_days, group, customers, predicted, observed.
    """

    status: Literal["ok", "not_enough_data"]
    reason: str | None
    definition: LeftDefinition
    settings: ChurnSettings
    champion: str | None = None
    candidate: Candidate | None = None
    names: list[str] = field(default_factory=list)
    comparison: pl.DataFrame = field(default_factory=pl.DataFrame)
    calibration: pl.DataFrame = field(default_factory=pl.DataFrame)
    test_cutoff: datetime | None = None
    trained_rows: int = 0
    trained_events: int = 0


def train_churn(
    orders: pl.DataFrame,
    features_at: FeaturesAt,
    *,
    as_of: datetime,
    settings: ChurnSettings | None = None,
    names: Sequence[str] | None = None,
    definition: LeftDefinition | None = None,
) -> ChurnModel:
    """Choose and fit the churn model of one organisation from data before `as_of`.

    orders: customer_id, ordered_at, revenue. features_at(t): customer_id and number columns known at t (unknown: null);
    it is called once a cut-off. names: which columns to use (all numbers otherwise). definition: what "left" means
    (fitted to `orders` otherwise).
    The race: cut-offs every `step_days`, each followed only until the test cut-off (`longest` days before `as_of`);
    judged on who was there at the test cut-off. Lowest integrated Brier score wins, within 1 % the higher
    concordance. The winner is refitted on cut-offs up to `as_of`. status is not_enough_data, with the reason, when
    history, customers who came back, or events are too few.
    """
    if as_of.tzinfo is None:
        raise FixArguments("as_of has no time zone: pass an aware UTC datetime.", field="as_of")
    how = settings or ChurnSettings()
    seen = orders.filter(pl.col("ordered_at") < as_of)
    definition = definition or define_left(seen, as_of=as_of)
    if not definition.is_known:
        return ChurnModel("not_enough_data", definition.in_words(), definition, how)
    test_cutoff = as_of - timedelta(days=how.longest)
    earliest = seen["ordered_at"].min() if seen.height else None
    race_cutoffs: list[datetime] = []
    if isinstance(earliest, datetime):
        first = earliest + timedelta(days=how.warm_up_days)
        latest = test_cutoff - timedelta(days=how.step_days)
        race_cutoffs = cutoffs(first, latest, every_days=how.step_days, most=how.most_cutoffs)
    if not race_cutoffs:
        least = how.warm_up_days + how.step_days + how.longest
        return ChurnModel("not_enough_data", f"History is shorter than {least} days.", definition, how)
    return _race(_Builder(seen, features_at, definition, how, names), race_cutoffs, test_cutoff, as_of)


def leaving_survival(candidate: Candidate, features: Array, names: list[str], times: Array) -> Array:
    """S(t) of a candidate, with what the definition makes certain: nobody leaves before reaching their limit."""
    survival = candidate.survival(features, times)
    if candidate.name == "kaplan_meier" or "days_to_limit" not in names:
        return survival
    to_limit = features[:, names.index("days_to_limit")]
    return np.where(times[None, :] < to_limit[:, None], 1.0, survival)


@dataclass(slots=True)
class _Builder:
    """Makes rows at cut-offs, asking for the features of each cut-off once."""

    orders: pl.DataFrame
    features_at: FeaturesAt
    definition: LeftDefinition
    settings: ChurnSettings
    wanted: Sequence[str] | None
    names: list[str] | None = None
    frames: dict[datetime, pl.DataFrame] = field(default_factory=dict)

    def rows(self, cutoff: datetime, followed_until: datetime) -> Rows:
        if cutoff not in self.frames:
            self.frames[cutoff] = self.features_at(cutoff)
        if self.names is None:
            self.names = numeric_names(self.frames[cutoff], self.wanted)
        return rows_at(
            self.orders,
            self.frames[cutoff],
            self.definition,
            self.names,
            cutoff=cutoff,
            followed_until=followed_until,
            most=self.settings.most_rows,
            seed=self.settings.seed,
        )

    def training(self, at: Sequence[datetime], followed_until: datetime) -> Rows:
        return stacked([self.rows(cutoff, followed_until) for cutoff in at])


def _race(builder: _Builder, race_cutoffs: list[datetime], test_cutoff: datetime, as_of: datetime) -> ChurnModel:
    how, definition = builder.settings, builder.definition
    train = builder.training(race_cutoffs, test_cutoff)
    test = builder.rows(test_cutoff, as_of)
    lacking = _lacking(train, test, how)
    if lacking is not None:
        return ChurnModel("not_enough_data", lacking, definition, how, test_cutoff=test_cutoff)
    comparison, tables = _judge(_candidates(how, len(train.duration)), train, test, how)
    champion = _best(comparison)
    again = cutoffs(
        race_cutoffs[0], as_of - timedelta(days=how.step_days), every_days=how.step_days, most=how.most_cutoffs
    )
    full = builder.training(again, as_of)
    candidate = _candidates(how, len(full.duration))[champion]()
    candidate.fit(full.features, full.names, full.duration, full.event.astype(np.float64))
    return ChurnModel(
        status="ok",
        reason=None,
        definition=definition,
        settings=how,
        champion=champion,
        candidate=candidate,
        names=list(builder.names or []),
        comparison=comparison,
        calibration=tables,
        test_cutoff=test_cutoff,
        trained_rows=len(full.duration),
        trained_events=full.events,
    )


def _candidates(how: ChurnSettings, rows: int) -> dict[str, Callable[[], Candidate]]:
    """Makers of the unfitted candidates by name, for so many training rows."""
    bins = int(np.ceil(how.longest / 10))
    makers: dict[str, Callable[[], Candidate]] = {
        "kaplan_meier": PopulationCurve,
        "cox": lambda: CoxModel(seed=how.seed),
        "boosted_hazard": lambda: BoostedHazard(bins=bins, jobs=how.jobs, seed=how.seed),
    }
    if rows >= how.network_rows:
        edges = tuple(10.0 * (k + 1) for k in range(bins))
        makers["deephit"] = lambda: DeepHit(edges=edges, epochs=12, patience=3, jobs=how.jobs, seed=how.seed)
    return makers


def _lacking(train: Rows, test: Rows, how: ChurnSettings) -> str | None:
    """Why the race cannot be run on these rows, or None."""
    if train.events < how.least_events:
        return f"{train.events} departures in the training window; at least {how.least_events} are needed."
    staying = len(test.event) - test.events
    if min(test.events, staying) < how.least_test_events:
        return (
            f"In the test window {test.events} customers left and {staying} stayed; "
            f"at least {how.least_test_events} of each are needed."
        )
    return None


def _judge(
    makers: dict[str, Callable[[], Candidate]], train: Rows, test: Rows, how: ChurnSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fit each candidate on `train`, score it on `test`: the comparison and the calibration table."""
    rows: list[dict[str, object]] = []
    groups: list[dict[str, object]] = []
    for name, make in makers.items():
        candidate = make()
        try:
            candidate.fit(train.features, train.names, train.duration, train.event.astype(np.float64))
        except FitFailure as failure:
            rows.append({"candidate": name, "note": str(failure)})
            continue
        score, tables = _score(candidate, test, how)
        rows.append({"candidate": name, **score, "note": None})
        groups += [{"candidate": name, **row} for row in tables]
    comparison = pl.DataFrame(rows, infer_schema_length=None)
    reference = comparison.filter(candidate="kaplan_meier")["integrated_brier"][0]
    skill = (1.0 - pl.col("integrated_brier") / reference).alias("skill")
    return comparison.with_columns(skill, pl.col("note").cast(pl.String)), pl.DataFrame(
        groups, infer_schema_length=None
    )


def _score(candidate: Candidate, test: Rows, how: ChurnSettings) -> tuple[dict[str, object], list[dict[str, float]]]:
    survival = leaving_survival(candidate, test.features, test.names, how.times)
    event = test.event.astype(np.float64)
    score: dict[str, object] = {
        "integrated_brier": integrated_brier(test.duration, event, survival, how.times),
        "concordance": concordance(
            test.duration, event, 1.0 - survival.mean(axis=1), horizon=float(how.longest), seed=how.seed
        ),
        "test_customers": len(event),
        "test_events": test.events,
    }
    tables: list[dict[str, float]] = []
    for horizon in how.horizons:
        left_by = 1.0 - leaving_survival(candidate, test.features, test.names, np.array([float(horizon)]))[:, 0]
        table = calibration(test.duration, event, left_by, float(horizon))
        score[f"calibration_error_{horizon}d"] = calibration_error(table)
        tables += [{"horizon_days": float(horizon), **row} for row in table]
    return score, tables


def _best(comparison: pl.DataFrame) -> str:
    """Lowest integrated Brier score; within 1 % of it, the highest concordance."""
    ran = comparison.drop_nulls("integrated_brier")
    lowest = ran["integrated_brier"].min()
    tied = ran.filter(pl.col("integrated_brier") <= pl.lit(lowest) * (1.0 + TIE))
    return str(tied.sort("concordance", descending=True, nulls_last=True)["candidate"][0])
