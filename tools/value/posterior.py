"""The full posterior of customer value, on demand: how sure the fast fit behind lifetime value may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.identity import WRITE, Identity
from database.engine import Database
from database.queries import model_runs
from tools.context import Context
from tools.declaration import Effect, tool
from tools.results import Arguments, Evidence, ToolResult
from tools.scoring.history import history_of

if TYPE_CHECKING:
    import polars as pl

    from analytics.value.lifetime import ValueResult
    from analytics.value.posterior import PosteriorValue, Sampling

MODEL = "value_posterior"
CHAINS, TUNE, DRAWS = 2, 1_000, 1_200
USED_FOR = ["judging the fast fit of lifetime value and its intervals"]


class ValuePosteriorArguments(Arguments):
    """How many customers, and which draw of them."""

    customers: int = Field(
        default=4_000,
        ge=200,
        le=20_000,
        description="Customers drawn at random that it is fitted to; time and memory grow with them.",
    )
    seed: int = Field(default=0, ge=0, le=2**31 - 1, description="Seed of the drawing and of the chains.")


class ValuePosterior(ToolResult):
    """The job that was started."""

    job_id: UUID = Field(description="Ask job_status with this id for progress and result.")


class PosteriorReport(BaseModel):
    """What a run found; the parameters are in model_report."""

    as_of: datetime
    customers: int
    status: str
    reason: str | None


@tool(
    effect=Effect.COMPUTE,
    scope=WRITE,
    about="Started the full fit of customer value",
    agents=("analytics",),
    basis="record",
    examples=({}, {"customers": 1_000}),
    views=(),
    next=("How far is the job?", "Show me the posterior of customer value"),
)
def value_posterior(context: Context, arguments: ValuePosteriorArguments) -> ValuePosterior:
    """Fit the full Bayesian posterior of the customer value model in the background (minutes).

    Lifetime value itself comes from a fast fit with approximate intervals; this checks it on customers drawn at
    random: parameters with intervals, whether the chains agree, the mean value beside the fast fit's. model_report
    shows the result.
    """
    job_id = context.enqueue(context.identity, "value_posterior", arguments.model_dump())
    return ValuePosterior(job_id=job_id, evidence=Evidence(rows=0, as_of=context.now))


def fit_posterior(
    database: Database,
    identity: Identity,
    now: datetime,
    progress: Callable[[float, str], None],
    *,
    customers: int = 4_000,
    seed: int = 0,
    sampling: Sampling | None = None,
) -> PosteriorReport:
    """Draw customers, fit both models fast and in full on them, keep the comparison as a model run."""
    from analytics.value.lifetime import customer_value
    from analytics.value.posterior import Sampling, posterior_value
    from analytics.value.summary import transactions_of

    progress(0.0, "reading orders")
    history = history_of(database, identity, now)
    drawn = _drawn(transactions_of(history.orders), customers, seed)
    fast = customer_value(drawn, as_of=history.as_of)
    progress(0.1, f"sampling the posterior on {fast.customers.height:,} customers")
    how = sampling or Sampling(chains=CHAINS, tune=TUNE, draws=DRAWS, seed=seed)
    full = posterior_value(drawn, as_of=history.as_of, sampling=how)
    run = _run(history.as_of, fast, full, how)
    with database.transaction(identity.org_id) as connection:
        model_runs.keep(connection, run)
    progress(1.0, run.reason or run.status)
    return PosteriorReport(as_of=run.as_of, customers=run.rows, status=run.status, reason=run.reason)


def _drawn(transactions: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """The transactions of at most `most` customers."""
    everybody = transactions["customer_id"].unique().sort()
    if everybody.len() <= most:
        return transactions
    return transactions.filter(transactions["customer_id"].is_in(everybody.sample(most, seed=seed).implode()))


def _run(as_of: datetime, fast: ValueResult, full: PosteriorValue, how: Sampling) -> model_runs.Run:
    found, rows = full.posterior, full.value.customers.height
    if found is None or found.convergence is None or full.mean_value is None:
        return model_runs.Run(MODEL, full.value.status, as_of, rows, reason=full.value.reason)
    verdict, told = found.convergence.verdict, found.convergence
    return model_runs.Run(
        model=MODEL,
        status="rejected" if verdict == "rejected" else "ok",
        as_of=as_of,
        rows=rows,
        champion="BG/NBD + Gamma-Gamma, full posterior",
        reason=told.in_words() + ("" if verdict == "rejected" else f" {_beside(fast, full.mean_value)}"),
        candidates=[
            {"candidate": row["name"], **row, "fast_fit": fast.parameters[row["name"]]} for row in found.parameters
        ],
        parameters={"chains": how.chains, "tune": how.tune, "draws": how.draws, "seed": how.seed, "used_for": USED_FOR},
        backtest={
            "verdict": verdict,
            "r_hat": told.r_hat,
            "ess": told.ess,
            "divergences": told.divergences,
            "mean_value": full.mean_value[1],
            "mean_value_low": full.mean_value[0],
            "mean_value_high": full.mean_value[2],
            "mean_value_of_the_fast_fit": _mean(fast),
            **_widths(fast, full.value),
        },
    )


def _beside(fast: ValueResult, mean: tuple[float, float, float]) -> str:
    """The fast fit's mean value against the posterior's interval."""
    low, middle, high = mean
    inside = low <= _mean(fast) <= high
    return (
        f"The mean 12-month value of a drawn customer is {middle:,.2f} (90% interval {low:,.2f} to {high:,.2f}); the "
        f"fast fit has {_mean(fast):,.2f}, {'inside' if inside else 'outside of'} it."
    )


def _mean(result: ValueResult) -> float:
    return float(result.customers["value"].to_numpy().mean())


def _widths(fast: ValueResult, full: ValueResult) -> dict[str, Any]:
    """How wide the customers' own intervals are on average (money), by both."""
    return {
        name: float((r.customers["value_high"] - r.customers["value_low"]).to_numpy().mean())
        for name, r in (("interval_width", full), ("interval_width_of_the_fast_fit", fast))
    }
