"""The full posterior of customer value, in the background."""

from __future__ import annotations

from tools.declaration import Work, job
from tools.value.posterior import PosteriorReport, ValuePosteriorArguments, fit_posterior


@job()
def value_posterior(work: Work, arguments: ValuePosteriorArguments) -> PosteriorReport:
    """Fit it and keep how it compares with the fast fit."""
    return fit_posterior(
        work.database,
        work.identity,
        work.now,
        work.progress,
        customers=arguments.customers,
        seed=arguments.seed,
    )
