"""Scores of a whole organisation: features → RFM segments → value → churn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.identity import Identity
from database.acts.packing import pack
from database.engine import Database
from tools.scoring.churn import keep_churn
from tools.scoring.features import feature_rows, features_of
from tools.scoring.history import history_of
from tools.scoring.rfm import keep_rfm
from tools.scoring.run import SCORES, Run, Score, ScoreReport
from tools.scoring.value import keep_value

__all__ = ["score_organisation"]


def score_organisation(
    database: Database,
    identity: Identity,
    now: datetime,
    progress: Callable[[float, str], None],
    what: tuple[Score, ...] = SCORES,
) -> ScoreReport:
    """Compute and keep the scores in `what` for everybody in `identity`'s organisation.

    Orders and events are packed first, for the figures of long periods (database/acts). Each score is replaced in a
    transaction of its own: a run that is killed leaves the older scores standing and is simply run again.
    `progress(share, words)` is called at each stage.
    """
    progress(0.0, "reading orders and events")
    pack(database, identity.org_id)
    history = history_of(database, identity, now)
    features = features_of(history)
    report = ScoreReport(as_of=history.as_of, customers=features.height)
    if features.is_empty():
        report.notes.append("There are no customers with orders or events yet.")
        progress(1.0, "no customers to score yet")
        return report
    run = Run(database, identity, history, features, report)
    stages = [(name, keep) for name, keep in _STAGES.items() if name in what]
    for position, (name, keep) in enumerate(stages, 1):
        progress(position / (len(stages) + 1), f"computing {name} for {features.height:,} customers")
        keep(run)
    progress(1.0, f"scored {features.height:,} customers as of {history.last_day}")
    return report


def _keep_features(run: Run) -> None:
    run.keep("features", feature_rows(run.features, run.history))


_STAGES: dict[Score, Callable[[Run], None]] = {
    "features": _keep_features,
    "rfm": keep_rfm,
    "value": keep_value,
    "churn": keep_churn,
}
