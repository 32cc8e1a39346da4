"""The marketing mix model in the background: when asked for, and anew every month where it was fitted before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from database.queries import model_runs
from tools.declaration import Every, Work, job
from tools.mix.fit import FitMixArguments, MixFitted, fit_and_keep
from tools.mix.sensitivity import JOB, CheckMixSensitivityArguments, MixChecked, check_and_keep
from tools.mix.stored import MODEL


def _was_fitted(connection: Connection) -> bool:
    return model_runs.latest(connection, MODEL) is not None


def _check_it(_arguments: FitMixArguments) -> tuple[str, Mapping[str, Any]]:
    return JOB, {}


@job(every=(Every("40 4 2 * *"),), needs=_was_fitted, then=_check_it)
def fit_mix(work: Work, arguments: FitMixArguments) -> MixFitted:
    """Fit it and keep the run."""
    return fit_and_keep(work.database, work.identity, work.now, work.progress, arguments)


@job()
def check_mix(work: Work, arguments: CheckMixSensitivityArguments) -> MixChecked:
    """How sensitive the newest fit is; after each fit, and when asked for."""
    return check_and_keep(work.database, work.identity, work.progress)
