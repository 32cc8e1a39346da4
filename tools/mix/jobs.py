"""The marketing mix model in the background: when asked for, and anew every month where it was fitted before."""

from __future__ import annotations

from sqlalchemy import Connection

from database.queries import model_runs
from tools.declaration import Every, Work, job
from tools.mix.fit import FitMixArguments, MixFitted, fit_and_keep
from tools.mix.stored import MODEL


def _was_fitted(connection: Connection) -> bool:
    return model_runs.latest(connection, MODEL) is not None


@job(every=(Every("40 4 2 * *"),), needs=_was_fitted)
def fit_mix(work: Work, arguments: FitMixArguments) -> MixFitted:
    """Fit it and keep the run."""
    return fit_and_keep(work.database, work.identity, work.now, work.progress, arguments)
