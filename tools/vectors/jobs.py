"""Learning vectors in the background: from scratch once a week, with the network trained last on other days."""

from __future__ import annotations

from pydantic import Field

from core.settings import get_settings
from tools.declaration import Every, Work, job
from tools.results import Arguments
from tools.vectors import training


class VectorsJobArguments(Arguments):
    """From scratch, or not."""

    only_refresh: bool = Field(default=False, description="True: new vectors from the network trained last.")
    only_first: bool = Field(default=False, description="True: only where nothing has been learnt yet.")


@job(every=(Every("0 3 * * sunday"), Every("0 3 * * 1-6", {"only_refresh": True})))
def train_vectors(work: Work, arguments: VectorsJobArguments) -> training.VectorReport:
    """Train and compare the organisation's network, or only embed everybody anew."""
    if arguments.only_first and (report := training.latest_report(work.database, work.identity)):
        return report
    home = get_settings().home
    if arguments.only_refresh:
        return training.refresh_vectors(work.database, work.identity, work.now, work.progress, home=home)
    return training.train_vectors(
        work.database, work.identity, work.now, work.progress, home=home, first=arguments.only_first
    )
