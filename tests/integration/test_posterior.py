"""The full posterior of customer value as a job: kept as a model run, told in words, honest where data lack."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from analytics.value.posterior import Sampling
from core.clock import utc_now
from database.engine import Database
from database.queries import model_runs
from tests.conftest import person
from tools.catalogue import catalogue
from tools.runtime import Runtime
from tools.value.posterior import MODEL, fit_posterior

END = datetime(2026, 1, 1, tzinfo=UTC)


def silent(_share: float, _what: str) -> None:
    """Nobody watches."""


def test_a_shop_without_orders_gets_a_reason_instead_of_a_posterior(database: Database, organisation: UUID) -> None:
    report = fit_posterior(database, person(organisation), END, silent)
    assert report.status == "not_enough_data"
    assert "at least 20 are needed" in str(report.reason)
    with database.transaction(organisation) as connection:
        kept = model_runs.latest(connection, MODEL)
    assert kept is not None
    assert (kept.status, kept.champion) == ("not_enough_data", None)


@pytest.mark.slow
def test_the_posterior_of_a_shop_is_kept_beside_the_fast_fit(database: Database, retail: UUID) -> None:
    """A short sampling of published data; whether it converges is said, whatever it is."""
    report = fit_posterior(
        database, person(retail), utc_now(), silent, customers=800, seed=1, sampling=Sampling(tune=200, draws=200)
    )
    assert report.status in ("ok", "rejected")
    assert "effective sample size" in str(report.reason)
    runtime = Runtime(catalogue(), database, lambda *_: uuid4())
    result = runtime.call("model_report", {"model": MODEL}, person(retail)).model_dump()
    rows = {row["name"]: row for row in result["report"]["candidates"]}
    assert set(rows) == {"r", "alpha", "a", "b", "p", "q", "v"}
    assert all(row["low"] <= row["mean"] <= row["high"] for row in rows.values())
    assert rows["p"]["low"] <= rows["p"]["fast_fit"] <= rows["p"]["high"]
    told = result["report"]["backtest"]
    assert told["mean_value_low"] <= told["mean_value_of_the_fast_fit"] * 1.1
    assert result["used_for"] == ["judging the fast fit of lifetime value and its intervals"]
